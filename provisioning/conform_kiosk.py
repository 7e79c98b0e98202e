"""A kiosk made for one conformance run: it speaks docs/protocol.md and nothing else."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from kiosk.contract import key_chain, keys, payload, receipts, sealing, signing
from kiosk.contract.messages import HubKeys, KeyDirectory, Person, SubmissionBody

TUS = {"Tus-Resumable": "1.0.0"}
OFFSET = {"Content-Type": "application/offset+octet-stream"}
SECONDS = 30.0
_PROBLEM = "application/problem+json"


class Broken(Exception):
    """The server did not do what the protocol says; the text says what it did."""


@dataclass(frozen=True)
class Sealed:
    """A submission, sealed and ready to go."""

    submission_id: str
    receipt_number: str
    data: bytes = field(repr=False)

    def announcement(self) -> dict[str, Any]:
        """The body of POST /v1/submissions."""
        return {
            "submission_id": self.submission_id,
            "digest": hashlib.sha256(self.data).hexdigest(),
            "size": len(self.data),
            "receipt_number": self.receipt_number,
        }


class ProbeKiosk:
    """One kiosk's key and what the server told it."""

    def __init__(self, url: str) -> None:
        """url: as the server names itself, without a slash at its end: it is signed."""
        self.url = url.rstrip("/")
        self.key = keys.new_signing_key()
        self.kiosk_id = ""
        self.kiosk_code = "0000"
        self.hub: HubKeys | None = None
        self._count = 0
        self._session = requests.Session()
        self._session.trust_env = False

    def prepare(
        self, method: str, path: str, body: Any = None, key_id: str = "", skew: float = 0.0
    ) -> requests.PreparedRequest:
        """A signed request."""
        request = requests.Request(method, self.url + path, json=body).prepare()
        created = datetime.now(UTC) + timedelta(seconds=skew)
        return signing.sign_request(request, key_id or self.kiosk_id, self.key, created)

    def send(self, request: requests.PreparedRequest) -> requests.Response:
        """Send it as it is. Raises Broken when nobody answers."""
        try:
            return self._session.send(request, timeout=SECONDS, allow_redirects=False)
        except requests.RequestException as error:
            raise Broken(f"no answer ({type(error).__name__})") from error

    def call(self, method: str, path: str, body: Any = None) -> requests.Response:
        """Sign and send."""
        return self.send(self.prepare(method, path, body))

    def plain(
        self, method: str, url: str, data: bytes | None = None, **fields: str
    ) -> requests.Response:
        """Send without a signature; `url` whole or a path, an underscore in a field is a dash."""
        whole = url if url.startswith("http") else self.url + url
        headers = {name.replace("_", "-"): value for name, value in fields.items()}
        return self.send(requests.Request(method, whole, data=data, headers=headers).prepare())

    def tus(
        self, method: str, url: str, data: bytes | None = None, **fields: str
    ) -> requests.Response:
        """A tus request at an upload address."""
        content = OFFSET if data is not None else {}
        headers = TUS | content | {name.replace("_", "-"): v for name, v in fields.items()}
        return self.send(requests.Request(method, url, data=data, headers=headers).prepare())

    def compose(self, key: Any = None, hub: HubKeys | None = None) -> Sealed:
        """Seal a submission that says on its face that it is a test; signed with `key`."""
        hub = hub or self.hub
        assert hub is not None, "enrolled"
        self._count += 1
        now = datetime.now(UTC)
        number = str(receipts.make(self.kiosk_code, now.date(), self._count))
        body = SubmissionBody(
            id=secrets.token_urlsafe(18), receipt_number=number,
            service_code="CONFORMANCE", service_version="0" * 64, language="en", created=now,
            applicant=Person(number="CONFORMANCE", name="CONFORMANCE TEST"),
            answers={"text": "x" * 20_000},
        )
        header = sealing.EnvelopeHeader(
            body.id, body.service_code, body.service_version, self.kiosk_id, now.isoformat()
        )
        data = sealing.seal(
            payload.pack(body, []), header, keys.sealing_public_key(hub.sealing), key or self.key
        )
        return Sealed(body.id, number, data)

    def receipt(self, signed: Any, sealed: Sealed) -> dict[str, Any]:
        """The document of a receipt for exactly this. Raises Broken."""
        document = self.verified(signed, "receipt")
        for name in ("submission_id", "digest", "receipt_number"):
            expect(document.get(name) == sealed.announcement()[name], f"receipt: {name} differs")
        return document

    def verified(self, signed: Any, kind: str) -> dict[str, Any]:
        """A document that the server signed as this kind. Raises Broken."""
        assert self.hub is not None, "enrolled"
        try:
            key = keys.signing_public_key(self.hub.signing)
            return signing.verify_document(signed, key, kind)
        except signing.SignatureError as error:
            raise Broken(f"{kind}: {error}") from error

    def directory(self) -> KeyDirectory:
        """GET /v1/keys, followed from the key we trust; its keys are ours from now on."""
        assert self.hub is not None, "enrolled"
        trusted = keys.signing_public_key(self.hub.signing)
        try:
            found = key_chain.read_directory(json_of(self.plain("GET", "/v1/keys")), trusted)
        except signing.SignatureError as error:
            raise Broken(f"key directory: {error}") from error
        self.hub = found.hub
        return found

    def offer(self, sealed: Sealed) -> dict[str, Any]:
        """Announce something new; the offer."""
        reply = self.call("POST", "/v1/submissions", sealed.announcement())
        expect(reply.status_code == 201, f"announce: {told(reply)} instead of 201")
        answer = json_of(reply)
        expect(str(answer.get("upload_url", "")).startswith(self.url), "upload_url elsewhere")
        return dict(answer)

    def patch(self, url: str, data: bytes, offset: int, **fields: str) -> requests.Response:
        """Append bytes at an offset."""
        return self.tus("PATCH", url, data, Upload_Offset=str(offset), **fields)

    def deliver(self, sealed: Sealed) -> dict[str, Any]:
        """Announce, upload at once; the verified receipt's document."""
        sent = self.patch(self.offer(sealed)["upload_url"], sealed.data, 0)
        expect(sent.status_code == 204, f"PATCH: {told(sent)} instead of 204")
        return self.receipt(self.known(sealed), sealed)

    def known(self, sealed: Sealed) -> Any:
        """Announce something the server has; its signed receipt."""
        reply = self.call("POST", "/v1/submissions", sealed.announcement())
        expect(reply.status_code == 200, f"announced again: {told(reply)} instead of 200")
        return json_of(reply)


def expect(holds: bool, otherwise: str) -> None:
    """Raise Broken unless it holds."""
    if not holds:
        raise Broken(otherwise)


def json_of(reply: requests.Response) -> Any:
    """The JSON of an answer. Raises Broken."""
    try:
        return reply.json()
    except ValueError as error:
        raise Broken(f"not JSON: {told(reply)}") from error


def expect_problem(reply: requests.Response, status: int, code: str, retryable: bool) -> None:
    """Raise Broken unless this is exactly that problem (RFC 9457)."""
    kind = reply.headers.get("Content-Type", "").partition(";")[0]
    expect(kind == _PROBLEM, f"{told(reply)} as {kind or 'nothing'} instead of a problem")
    problem = json_of(reply)
    found = (reply.status_code, problem.get("code"), problem.get("retryable"))
    expect(found == (status, code, retryable),
           f"{found} instead of {(status, code, retryable)}")
    expect(problem.get("type") == f"urn:yimen:fault:{code}", f"type {problem.get('type')}")


def told(reply: requests.Response) -> str:
    """An answer in a few words."""
    try:
        return f"{reply.status_code} {reply.json().get('code', '')}".strip()
    except (ValueError, AttributeError):
        return str(reply.status_code)
