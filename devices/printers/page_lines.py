"""What is asked over IPP (RFC 8011): the queue of CUPS, and the printer behind it where it answers.

pyipp speaks the protocol; here stands what is asked, and what an answer means.
"""

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from devices.printers.page_status import PageStatus, judge, read_reasons

if TYPE_CHECKING:
    from pyipp import IPP
    from pyipp.enums import IppOperation

_log = logging.getLogger(__name__)

REQUEST_SECONDS = 4
POLL_SECONDS = 0.05
CANCEL_SECONDS = 15.0
# IPP enumerations, RFC 8011 sections 5.3.7 and 5.4.11.
HELD, STOPPED_JOB, CANCELED, ABORTED, COMPLETED = 4, 6, 7, 8, 9
_PROCESSING, _STOPPED = 4, 5
_NOT_FOUND = 0x0406
_SAID = ["printer-state", "printer-state-reasons", "printer-is-accepting-jobs", "device-uri"]


class Refused(Exception):
    """The other side answered, and said no; `status` is its IPP status or None."""

    def __init__(self, text: str, status: int | None = None) -> None:
        super().__init__(text)
        self.status = status


class Silent(Exception):
    """The other side did not answer."""


class PageLines:
    """The line to the queue and, where there is one, the line to the printer behind it."""

    def __init__(self, address: str) -> None:
        self._queue = _ipp(address)
        self._printer: IPP | None = None
        self._behind = ""
        self.doubtful = False
        """Whether the last status was silence, or hearsay of the queue."""

    async def close(self) -> None:
        for line in (self._queue, self._printer):
            if line is not None:
                await line.close()

    async def status(self, under_way: bool) -> PageStatus:
        """Raises Silent, Refused when the queue does not answer or says no."""
        said = await self._asked(self._queue)
        own = await self._asked_printer(str(said.get("device-uri") or ""))
        queue = read_reasons(said.get("printer-state-reasons"))
        self.doubtful = False
        if own == "silent":
            self.doubtful = True
            return PageStatus("page_printer.unreachable")
        if isinstance(own, dict):
            return judge(read_reasons(own.get("printer-state-reasons")))
        if not said.get("device-uri"):
            return judge(queue)  # it is the printer itself
        # Nobody to ask but the queue, and an idle queue only remembers.
        self.doubtful = True
        return judge(queue if under_way else frozenset())

    async def recover(self) -> None:
        """Let a queue run that was stopped, held or told to refuse jobs."""
        said = await self._asked(self._queue)
        operation = _operations()
        if said.get("printer-is-accepting-jobs") is False:
            await _ask(self._queue, operation.CUPS_ACCEPT_JOBS, {})
        reasons = said.get("printer-state-reasons")
        if "hold-new-jobs" in ([reasons] if isinstance(reasons, str) else reasons or []):
            await _ask(self._queue, operation.RELEASE_HELD_NEW_JOBS, {})
        if said.get("printer-state") == _STOPPED and said.get("device-uri"):
            await _ask(self._queue, operation.RESUME_PRINTER, {})

    async def submit(self, job: dict[str, Any]) -> int:
        answer = await _ask(self._queue, _operations().PRINT_JOB, job)
        try:
            return int(answer["jobs"][0]["job-id"])
        except (LookupError, TypeError, ValueError) as error:
            raise Refused("the queue gave no job number") from error

    async def job_state(self, number: int) -> tuple[int | None, str]:
        """(state, reasons); state None when the spooler does not know the job any more."""
        asked = {"job-id": number, "requested-attributes": ["job-state", "job-state-reasons"]}
        try:
            answer = await _ask(
                self._queue, _operations().GET_JOB_ATTRIBUTES, {"operation-attributes-tag": asked}
            )
        except Refused as refused:
            if refused.status == _NOT_FOUND:
                return None, "forgotten by the spooler (PreserveJobHistory must not be No)"
            raise
        said = (answer["jobs"] or [{}])[0]
        return int(said.get("job-state", ABORTED)), str(said.get("job-state-reasons", ""))

    async def release(self, number: int) -> None:
        wanted = {"operation-attributes-tag": {"job-id": number}}
        await _ask(self._queue, _operations().RELEASE_JOB, wanted)

    async def waiting(self) -> list[int]:
        """Numbers of the jobs that are not over."""
        asked = {"which-jobs": "not-completed", "requested-attributes": ["job-id"]}
        answer = await _ask(
            self._queue, _operations().GET_JOBS, {"operation-attributes-tag": asked}
        )
        return [int(job["job-id"]) for job in answer["jobs"] if "job-id" in job]

    async def clear(self) -> int:
        """Cancel and forget every job of the queue; returns how many were waiting."""
        numbers = await self.waiting()
        for number in numbers:
            await self.forget(number, cancel=True)
        return len(numbers)

    async def forget(self, number: int, cancel: bool) -> None:
        """Cancel the job, wait until it is over, and take it out of the spooler's history.

        Raises Silent, Refused when it could not be cancelled: then its pages may still come.
        """
        operation, wanted = _operations(), {"operation-attributes-tag": {"job-id": number}}
        if cancel:
            try:
                await _ask(self._queue, operation.CANCEL_JOB, wanted)
            except Refused as refused:
                state, _ = await self.job_state(number)
                if state is not None and state < CANCELED:
                    raise Refused(f"job cannot be cancelled: {refused}") from refused
        limit = time.monotonic() + CANCEL_SECONDS
        while (state := (await self.job_state(number))[0]) is not None and state < CANCELED:
            if time.monotonic() > limit:
                raise Refused("the cancelled job does not end")
            await asyncio.sleep(POLL_SECONDS)
        # A job is called over before its last process is; purged then, it would leave its name.
        while (await self._asked(self._queue)).get("printer-state") == _PROCESSING:
            if time.monotonic() > limit:
                break
            await asyncio.sleep(POLL_SECONDS)
        try:
            await _ask(self._queue, operation.PURGE_JOBS, {})
        except Refused as refused:  # a printer of its own has no such thing; its list is short
            _log.info("history of the page printer not purged: %s", refused)

    async def _asked(self, line: "IPP") -> dict[str, Any]:
        asked = {"operation-attributes-tag": {"requested-attributes": _SAID}}
        answer = await _ask(line, _operations().GET_PRINTER_ATTRIBUTES, asked)
        return dict((answer["printers"] or [{}])[0])

    async def _asked_printer(self, uri: str) -> dict[str, Any] | str | None:
        """What the printer behind the queue says; "silent", or None where it cannot be asked."""
        if not uri.startswith(("ipp://", "ipps://")):
            return None
        if self._printer is None or uri != self._behind:
            self._behind, self._printer = uri, _ipp(uri)
        try:
            return await self._asked(self._printer)
        except (Silent, Refused):
            return "silent"


def _ipp(address: str) -> "IPP":
    from pyipp import IPP

    return IPP(address, request_timeout=REQUEST_SECONDS)


def _operations() -> "type[IppOperation]":
    from pyipp.enums import IppOperation

    return IppOperation


async def _ask(
    line: "IPP", operation: "IppOperation", message: Mapping[str, Any]
) -> dict[str, Any]:
    """One exchange. Raises Silent, Refused."""
    from aiohttp import ClientError
    from pyipp.exceptions import IPPConnectionError, IPPError

    try:
        # pyipp limits the wait for the head of an answer, not for the whole of it.
        async with asyncio.timeout(2 * REQUEST_SECONDS):
            return await line.execute(operation, dict(message))
    except (IPPConnectionError, ClientError, TimeoutError, OSError) as error:
        raise Silent(f"{operation.name}: {type(error).__name__}") from error
    except (IPPError, ValueError) as error:
        told = next((part for part in error.args if isinstance(part, dict)), {})
        status = told.get("status-code")
        text = f"{operation.name}: {type(error).__name__} {status}"
        raise Refused(text, status if isinstance(status, int) else None) from error
