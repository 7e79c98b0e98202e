"""Our hub, spoilt in one thing each: what a city's own platform may get wrong."""

import json
import re
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub import city as cities
from hub import gate
from hub.app import create_app
from hub.city import City
from hub.gate import Caller
from hub.problems import Refusal
from hub.serve import listener
from kiosk.contract.signing import sign_document
from tests import shipped_catalog


@dataclass(frozen=True)
class Answer:
    """What the hub says to one request, before it is spoilt."""

    city: City
    asked: str
    """Method and path."""
    status: int
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def saying(self, status: int, value: Any) -> "Answer":
        body = b"" if value is None else json.dumps(value).encode()
        return replace(self, status=status, body=body)

    def signing(self, kind: str, **changes: Any) -> "Answer":
        """The same document with other content, rightly signed."""
        document = self.json["document"] | changes
        return self.saying(self.status, sign_document(document, self.city.keys.signing, kind))

    @property
    def problem(self) -> str:
        """Its code; "" when it is none."""
        is_one = self.headers.get("content-type") == "application/problem+json"
        return str(self.json["code"]) if is_one else ""


@dataclass(frozen=True)
class Fault:
    """One thing a server gets wrong."""

    answer: Callable[[Answer], Answer] = lambda answer: answer
    lets_pass: str = ""
    """Refusals of the gate that match are no refusals."""
    deaf_to: bytes = b""
    """A header field it does not read."""


class WrongServer:
    """Serves a hub of its own; `fault` is what it gets wrong at present."""

    def __init__(self, data: Path) -> None:
        self._listener = listener("127.0.0.1", 0)
        self._listener.listen()  # who calls before the server runs waits for it
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.city = cities.found(data, shipped_catalog.written(data.parent), self.url)
        self.fault = Fault()
        app = create_app(self.city)
        app.dependency_overrides[gate.signed] = self._gate
        config = uvicorn.Config(self._spoilt(app), log_level="warning", access_log=False)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._listener],))

    @contextmanager
    def serving(self) -> Iterator["WrongServer"]:
        self._thread.start()
        try:
            yield self
        finally:
            self._server.should_exit = True
            self._thread.join(10)
            self._listener.close()
            self.city.database.close()

    async def _gate(self, request: Request) -> Caller:
        body = await request.body()
        try:
            return await gate.signed(request)
        except Refusal as refusal:
            if not self.fault.lets_pass or not re.search(self.fault.lets_pass, str(refusal)):
                raise
            found = re.search(r'keyid="([^"]+)"', request.headers.get("signature-input", ""))
            return Caller(found[1] if found else "nobody", body)

    def _spoilt(self, app: ASGIApp) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            parts: list[Message] = []

            async def collect(message: Message) -> None:
                parts.append(message)

            heard = [(k, v) for k, v in scope["headers"] if k != self.fault.deaf_to]
            await app({**scope, "headers": heard}, receive, collect)
            answer = self.fault.answer(Answer(
                self.city,
                f"{scope['method']} {scope['path']}",
                parts[0]["status"],
                {k.decode(): v.decode() for k, v in parts[0]["headers"]},
                b"".join(part.get("body", b"") for part in parts[1:]),
            ))
            headers = answer.headers
            if scope["method"] != "HEAD":
                headers = headers | {"content-length": str(len(answer.body))}
            told = [(k.encode(), v.encode()) for k, v in headers.items()]
            await send({**parts[0], "status": answer.status, "headers": told})
            await send({"type": "http.response.body", "body": answer.body})

        return serve


# ---- what they get wrong


def at(asked: str, spoil: Callable[[Answer], Answer], status: int = 0) -> Fault:
    """Spoil the answers to this question (a pattern), of one status or (0) of all."""
    return Fault(
        lambda answer: spoil(answer)
        if re.fullmatch(asked, answer.asked) and status in (0, answer.status)
        else answer
    )


def instead_of(problem: str, status: int, value: Any, asked: str = ".*") -> Fault:
    """Answer something else where this problem is right."""
    return at(asked, lambda a: a.saying(status, value) if a.problem == problem else a)


def without(member: str) -> Callable[[Answer], Answer]:
    """Leave out a member of a problem, or of any other answer."""
    def spoil(answer: Answer) -> Answer:
        value = answer.json
        value.pop(member, None)
        return answer.saying(answer.status, value)

    return spoil


def _unsigned(answer: Answer) -> Answer:
    return answer.saying(answer.status, answer.json | {"signature": "A" * 86 + "=="})


def _another_receipt() -> Fault:
    given = iter(range(10_000))
    return at("POST /v1/submissions",
              lambda a: a.signing("receipt", case_number=f"again-{next(given)}"), 200)


_TIME, _KEYS, _HEAD = "GET /v1/time", "GET /v1/keys", "HEAD /v1/uploads/.*"

FAULTS: dict[str, tuple[Fault, str]] = {
    "takes a code twice": (
        instead_of("hub.code_refused", 201, {}), "enrolment"),
    "does not check signatures": (
        Fault(lets_pass="^hub.bad_signature: (?!.*seen before)"), "signatures"),
    "takes a request twice": (
        Fault(lets_pass="seen before"), "signatures"),
    "does not know that it knows nobody": (
        instead_of("hub.unknown_kiosk", 401, {}), "signatures"),
    "takes an old signature": (
        Fault(lets_pass="^hub.clock_skew"), "time"),
    "does not say what time it is": (
        at("POST .*", without("time"), 401), "time"),
    "signs the time of another question": (
        at(_TIME, lambda a: a.signing("time", nonce="another-question")), "time"),
    "does not sign the time": (
        at(_TIME, _unsigned), "time"),
    "signs the time as a receipt": (
        at(_TIME, lambda a: a.signing("receipt")), "time"),
    "does not name this kiosk": (
        at(_KEYS, lambda a: a.signing("keys", kiosks=[])), "keys"),
    "does not sign the directory": (
        at(_KEYS, _unsigned), "keys"),
    "does not say whether to try again": (
        at(".*", without("retryable"), 404), "problems"),
    "answers errors as plain JSON": (
        at(".*", lambda a: replace(a, headers=a.headers | {"content-type": "application/json"}),
           404), "problems"),
    "answers 200 where nothing is": (
        instead_of("hub.not_found", 200, {}), "problems"),
    "forgets how far an upload was": (
        at(_HEAD, lambda a: replace(a, headers=a.headers | {"upload-offset": "0"}), 200),
        "upload: tus 1.0"),
    "says it wants all of it again": (
        at("POST /v1/submissions", lambda a: a.saying(201, a.json | {"offset": 0}), 201),
        "upload: tus 1.0"),
    "reads no checksum": (
        Fault(deaf_to=b"upload-checksum"), "upload: checksum"),
    "gives another receipt each time": (
        _another_receipt(), "receipt"),
    "takes another digest for the same id": (
        instead_of("hub.digest_conflict", 201, {"upload_url": ""}), "same id, other digest"),
    "takes another digest once it has a receipt": (
        Fault(lambda a: replace(a, headers=a.headers | {"content-type": "text/plain"})
              if a.problem == "hub.digest_conflict" else a), "same id, other digest"),
    "takes what somebody else sealed": (
        at("PATCH .*", lambda a: a.saying(204, None), 422), "envelope of somebody else"),
    "says it has everything": (
        at("POST /v1/submissions/known", lambda a: a.saying(200, {"submission_ids": []})),
        "restore"),
    "has no epoch": (
        at("POST /v1/contact", lambda a: a.signing("contact", epoch="")), "restore"),
    "links no new key to the old": (
        at(_KEYS, lambda a: a.signing("keys", chain=[])), "rotation"),
}
"""What is wrong, how, and the beginning of the one rule that must fail."""
