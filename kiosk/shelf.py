"""What staff can do with a submission that does not reach the city: save it sealed, report it.

(Sending it again is the outbox's own.) A sealed export is two files, NUMBER.ymn with the sealed
bytes and NUMBER.json with their announcement; `python -m hub import` files them. The stick may be
lost: nobody but the hub can open it.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from kiosk.contract.contact import Escalation, EscalationReply
from kiosk.contract.messages import Announce
from kiosk.durable import write_durably
from kiosk.hub_line import HubFault, HubLine
from offline_store.outbox import Outbox, OutboxItem

STUCK = 4 * 3600.0
"""Seconds after which something that still waits for the line is shown to staff as stuck."""
_STICKS = ("/media/", "/run/media/", "/mnt/usb")
"""Where Debian's tools mount what is plugged in (udisks2, usbmount)."""


class StickFault(Exception):
    """No stick, or one that cannot be written. `code` is in faults.toml."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code


def stuck(
    waiting: Sequence[OutboxItem], shelf: Sequence[OutboxItem], now: datetime
) -> list[OutboxItem]:
    """What a person has to see to, oldest first: refused for good, or waiting for too long."""
    long = [
        item for item in waiting
        if (now - datetime.fromisoformat(item.created)).total_seconds() > STUCK
    ]
    return sorted([*shelf, *long], key=lambda item: item.created)


def export_folder(configured: str, mounts: Path = Path("/proc/mounts")) -> Path:
    """Where exports go: the configured folder, else the first USB stick that can be written.

    Raises StickFault "stick.absent".
    """
    if configured:
        folder = Path(configured)
        if not folder.is_dir():
            raise StickFault("stick.absent", "the configured folder is not there")
        return folder
    for line in mounts.read_text("utf-8").splitlines():
        _, place, _, options, *_ = line.split(" ")
        # mounts(5): a space in a name is written \\040.
        name = place.encode().decode("unicode_escape")
        if name.startswith(_STICKS) and "rw" in options.split(","):
            return Path(name)
    raise StickFault("stick.absent")


def export(outbox: Outbox, submission_id: str, folder: Path) -> str:
    """Write the sealed bytes and their announcement; the name of the file. They stay here too.

    Raises StickFault "stick.full" when it cannot be written.
    """
    item = outbox.item(submission_id)
    sealed = outbox.read(submission_id, 0, item.size)
    announcement = Announce(
        submission_id=item.submission_id, digest=item.digest, size=item.size,
        receipt_number=item.receipt_number,
    )
    told = {"announcement": announcement.model_dump(mode="json", exclude={"receipt"})}
    name = f"{item.receipt_number}.ymn"
    try:
        write_durably(folder / f"{item.receipt_number}.json", json.dumps(told).encode())
        write_durably(folder / name, sealed)
    except OSError as error:
        raise StickFault("stick.full", type(error).__name__) from error
    return name


def escalate(line: HubLine, outbox: Outbox, submission_id: str, staff_id: str) -> int:
    """Ask the operator to see to it; the number they see to it by. Raises HubFault."""
    item = outbox.item(submission_id)
    question = Escalation(
        submission_id=item.submission_id,
        digest=item.digest,
        receipt_number=item.receipt_number,
        service_code=item.service_code,
        code=item.last_error or "hub.unreachable",
        attempts=item.attempts,
        created=datetime.fromisoformat(item.created),
        staff_id=staff_id,
    )
    answer = line.post("/v1/escalations", question.model_dump_json().encode())
    try:
        return EscalationReply.model_validate(answer).number
    except ValidationError as error:
        raise HubFault("hub.unreachable", True, "an answer of another shape") from error
