"""Errors as the kiosk reads them: RFC 9457 problem details from the catalog of faults."""

import logging
import traceback
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kiosk.contract.faults import FAULTS
from kiosk.contract.messages import Problem

log = logging.getLogger("hub")


class Refusal(Exception):
    """An expected fault, answered as a problem. `code` stands in faults.toml."""

    def __init__(self, status: int, code: str, detail: str = "", **more: Any) -> None:
        super().__init__(f"{code}: {detail}")
        self.status = status
        self.fault = FAULTS[code]
        self.detail = detail
        self.more = more
        self.headers: dict[str, str] = {}

    def response(self) -> JSONResponse:
        """Return the problem response. `detail` is technical English, nothing personal."""
        problem = Problem(
            type=f"urn:yimen:fault:{self.fault.code}",
            title=self.fault.resident,
            status=self.status,
            detail=self.detail,
            code=self.fault.code,
            retryable=self.fault.retryable,
            **self.more,
        )
        return JSONResponse(
            problem.model_dump(mode="json"),
            self.status,
            {"Cache-Control": "no-store", **self.headers},
            "application/problem+json",
        )


def install(app: FastAPI) -> None:
    """Make every error of the app a problem."""
    app.add_exception_handler(Refusal, _refusal)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_middleware(_Unexpected)


class _Unexpected:
    """Answers "unexpected" and logs type and place only.

    The web server would log the whole exception, and its message may quote a person.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001 - the last net before the web server's log
            place = "".join(traceback.format_tb(error.__traceback__))
            log.error("unexpected %s\n%s", type(error).__name__, place)
            if not started:
                await Refusal(500, "unexpected").response()(scope, receive, send)


def _refusal(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refusal)
    return error.response()


def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    # Only where, never what: the values may be personal.
    places = ", ".join(".".join(str(part) for part in e["loc"]) for e in error.errors()[:5])
    return Refusal(422, "hub.invalid_message", places).response()


def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = "hub.not_found" if error.status_code == 404 else "hub.invalid_message"
    return Refusal(error.status_code, code, str(error.detail)).response()
