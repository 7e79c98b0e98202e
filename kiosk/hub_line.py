"""The line to the hub: signed requests, answers or named faults. No retries here.

Every answer that is not the hub's own (captive portal, proxy page, wrong type) counts as
"not reached": only the hub's signed receipt makes a kiosk delete anything.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError
from urllib3.exceptions import HTTPError

from kiosk.contract.messages import Announce, Problem, SignedReceipt, UploadOffer
from kiosk.contract.signing import sign_request

CHUNK = 1 << 20
"""Bytes of one tus PATCH: small enough to resume soon on a bad line."""
MAX_ANSWER = 32 << 20
"""Bytes of an answer; nothing of ours is longer, a hostile one may be endless."""
ANSWER_SECONDS = 60.0
"""A whole answer must be here by then, however steadily it drips."""
NETWORK_SIGN_IN = 511
"""RFC 6585: Network Authentication Required."""
FILE_SECONDS = 600.0
"""The same for a published file: the city's catalog (1 MB) on a line of 14 kbit/s."""
TUS = {"Tus-Resumable": "1.0.0"}
_JSON = {"Content-Type": "application/json"}


class HubFault(Exception):
    """The hub could not be reached, or said no. `code` is in faults.toml."""

    def __init__(self, code: str, retryable: bool, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.retryable = retryable
        self.time: datetime | None = None
        """With hub.clock_skew: what time the hub says it is, not signed."""


@dataclass(frozen=True)
class _Answer:
    status: int
    content_type: str
    upload_offset: str
    body: bytes


class HubLine:
    """One hub address and this device's key. Safe to use from one thread at a time."""

    def __init__(
        self, url: str, timeout: tuple[float, float], now: Callable[[], datetime] | None = None
    ) -> None:
        """now: the time that requests are signed with; the machine's own by default."""
        self._now = now or (lambda: datetime.now(UTC))
        self._url = url.rstrip("/")
        self._timeout = timeout
        self._session = requests.Session()
        self._session.trust_env = False
        self._kiosk_id = ""
        self._key: Ed25519PrivateKey | None = None

    def sign_as(self, kiosk_id: str, key: Ed25519PrivateKey) -> None:
        self._kiosk_id, self._key = kiosk_id, key

    def get(self, path: str, signed: bool = True) -> Any:
        """GET, signed where the hub asks who we are; the JSON answer. Raises HubFault."""
        return self._json(self._send("GET", path, None, {}, signed))

    def pieces(self, path: str) -> Iterator[bytes]:
        """GET of a published file, piece by piece, for whoever knows how long it may be.

        Raises HubFault, also while it is read.
        """
        with self._exchange("GET", path, None, {}, signed=False) as response:
            kind = response.headers.get("Content-Type", "")
            if response.status_code != 200:
                raise _problem(_Answer(response.status_code, kind, "", _body(response)))
            if "json" not in kind and "gzip" not in kind:
                answer = _Answer(response.status_code, kind, "", b"")
                raise _not_ours(answer, "a file that is none of the hub's")
            yield from _pieces(response, FILE_SECONDS)

    def post(self, path: str, body: bytes) -> Any:
        """Signed POST of JSON; the JSON answer. Raises HubFault."""
        return self._json(self._send("POST", path, body, _JSON))

    def enrol(self, body: bytes) -> Any:
        """POST of an enrolment; the JSON answer. Raises HubFault.

        A kiosk fresh out of its box may have a wrong clock and knows no key yet to check a time
        with: it signs once more with the time the hub names, over the same protected line that
        its whole trust in this hub comes from.
        """
        try:
            return self.post("/v1/enrolments", body)
        except HubFault as fault:
            if fault.code != "hub.clock_skew" or fault.time is None:
                raise
            told, since, before = fault.time, time.monotonic(), self._now
        self._now = lambda: told + timedelta(seconds=time.monotonic() - since)
        try:
            return self.post("/v1/enrolments", body)
        finally:
            self._now = before

    def put(self, path: str, body: bytes, content_type: str) -> Any:
        """Signed PUT of bytes; the JSON answer. Raises HubFault."""
        return self._json(self._send("PUT", path, body, {"Content-Type": content_type}))

    def delete(self, path: str) -> Any:
        """Signed DELETE; the JSON answer. Raises HubFault."""
        return self._json(self._send("DELETE", path, None, {}))

    def get_bytes(self, path: str, content_type: str) -> bytes:
        """Signed GET of something that is no JSON. Raises HubFault."""
        answer = self._send("GET", path, None, {})
        if answer.content_type != content_type:
            raise HubFault("hub.unreachable", True, "an answer of another type")
        return answer.body

    def announce(self, announce: Announce) -> UploadOffer | dict[str, Any]:
        """Say what is coming: an upload offer, or the signed receipt when it is known."""
        body = announce.model_dump_json().encode()
        response = self._send("POST", "/v1/submissions", body, _JSON)
        answer = self._json(response)
        if response.status == 200:
            return _object(answer)
        try:
            return UploadOffer.model_validate(answer)
        except ValidationError as error:
            raise HubFault("hub.unreachable", True, "an offer that is none") from error

    def upload_chunk(self, url: str, offset: int, data: bytes) -> int:
        """tus PATCH of `data` at `offset`; the new offset."""
        headers = TUS | {
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": str(offset),
        }
        return self._offset(self._send("PATCH", url, data, headers, signed=False))

    def receipt(self, submission_id: str) -> dict[str, Any] | None:
        """The signed receipt of a submission; None while the hub still files it."""
        response = self._send("GET", f"/v1/submissions/{submission_id}/receipt", None, {})
        if response.status == 202:
            return None
        return _object(self._json(response))

    def close(self) -> None:
        self._session.close()

    def _send(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str],
        signed: bool = True,
    ) -> _Answer:
        with self._exchange(method, path, body, headers, signed) as response:
            answer = _Answer(
                response.status_code,
                response.headers.get("Content-Type", ""),
                response.headers.get("Upload-Offset", ""),
                _body(response),
            )
        if answer.status >= 300:
            raise _problem(answer)
        return answer

    @contextmanager
    def _exchange(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], signed: bool
    ) -> Iterator[requests.Response]:
        """Ask; the answer is read in the block. What breaks meanwhile is a HubFault."""
        url = path if path.startswith("http") else self._url + path
        if not url.startswith(self._url + "/"):
            raise HubFault("hub.unreachable", True, "an address of another server")
        try:
            request = self._session.prepare_request(
                requests.Request(method, url, data=body, headers=headers)
            )
            if signed and self._key is not None:
                sign_request(request, self._kiosk_id, self._key, self._now())
            with self._session.send(
                request, timeout=self._timeout, allow_redirects=False, stream=True
            ) as response:
                yield response
        except (requests.RequestException, HTTPError, OSError) as error:
            raise HubFault("hub.unreachable", True, type(error).__name__) from error

    def _json(self, answer: _Answer) -> Any:
        if "json" not in answer.content_type:
            raise _not_ours(answer, "an answer that is not JSON")
        try:
            return json.loads(answer.body)
        except (ValueError, RecursionError) as error:
            raise HubFault("hub.unreachable", True, "an answer that is not JSON") from error

    def _offset(self, answer: _Answer) -> int:
        try:
            return int(answer.upload_offset)
        except ValueError as error:
            raise _not_ours(answer, "no Upload-Offset") from error


def _body(response: requests.Response) -> bytes:
    """The whole body, decoded. HubFault when it is too long or takes too long."""
    body = bytearray()
    for piece in _pieces(response, ANSWER_SECONDS):
        body += piece
        if len(body) > MAX_ANSWER:
            raise HubFault("hub.unreachable", True, "an answer without an end")
    return bytes(body)


def _pieces(response: requests.Response, seconds: float) -> Iterator[bytes]:
    limit = time.monotonic() + seconds
    while piece := response.raw.read1(1 << 16, decode_content=True):
        if time.monotonic() > limit:
            raise HubFault("hub.unreachable", True, "an answer without an end")
        yield piece


def _object(answer: Any) -> dict[str, Any]:
    if not isinstance(answer, dict):
        raise HubFault("hub.unreachable", True, "an answer of another shape")
    return answer


def _problem(answer: _Answer) -> HubFault:
    """The hub's own RFC 9457 problem; anything else on the way is "not reached"."""
    if "problem+json" in answer.content_type:
        try:
            problem = Problem.model_validate(json.loads(answer.body))
        except (ValueError, RecursionError, ValidationError):
            pass
        else:
            fault = HubFault(problem.code, problem.retryable, problem.title)
            told = (problem.model_extra or {}).get("time")
            with suppress(ValueError):
                fault.time = datetime.fromisoformat(told) if isinstance(told, str) else None
            return fault
    return _not_ours(answer, f"status {answer.status}")


def _not_ours(answer: _Answer, detail: str) -> HubFault:
    """What answers in the hub's place: a sign-in page of the hall's network, or just no hub.

    Portals redirect, show their page as if it were the answer, or say 511 (RFC 6585); the hub
    itself does none of these under /v1.
    """
    shows_page = answer.status < 300 and "html" in answer.content_type
    if shows_page or 300 <= answer.status < 400 or answer.status == NETWORK_SIGN_IN:
        return HubFault("hub.captive_portal", True, detail)
    return HubFault("hub.unreachable", True, detail)


def receipt_of(document: dict[str, Any]) -> SignedReceipt:
    """Read a verified receipt document; HubFault when it has another shape."""
    try:
        return SignedReceipt.model_validate(document)
    except ValidationError as error:
        raise HubFault("hub.unreachable", True, "a receipt that is none") from error

