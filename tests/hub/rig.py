"""A real hub process and a kiosk's side of the protocol, for the tests of the hub."""

import hashlib
import io
import json
import os
import secrets
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
from PIL import Image
from pydantic import JsonValue
from typer.testing import CliRunner

from hub.__main__ import app
from kiosk.contract import case_search, keys, payload, receipts, sealing, signing
from kiosk.contract.messages import (
    CaseList,
    CaseQuery,
    MaterialPages,
    Person,
    Point,
    Signature,
    SubmissionBody,
)
from tests import shipped_catalog

ROOT = Path(__file__).parents[2]
TUS = {"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}
ZHANG = Person(
    number="220102199003071235",
    name="张伟",
    sex="1",
    ethnic_group="01",
    birth_date=datetime(1990, 3, 7).date(),
    address="长春市南关区人民大街1号",
    document_kind="resident_card",
)
ANSWERS: dict[str, JsonValue] = {
    "name": "张伟",
    "sex": "1",
    "id_number": "220102199003071235",
    "registered_address": "长春市南关区人民大街1号",
    "phone": "13900000000",
    "district": "220102",
    "present_address": "长春市朝阳区同志街100号3单元502室",
    "living_since": "2025-09-01",
    "housing": "own",
    "reason": "other",
    "collection": "police_station",
}


class HubProcess:
    """`python -m hub` on a free port; `crash_at` names a point at which it dies."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None
        self.log = data.with_name(f"{data.name}.log")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, crash_at: str = "") -> "HubProcess":
        ready = self.data.with_name("ready.json")
        ready.unlink(missing_ok=True)
        catalog = shipped_catalog.written(self.data.parent)
        command = [sys.executable, "-m", "hub", "--data", str(self.data), "--port"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, str(self.port), "--ready-file", str(ready), "--catalog", str(catalog)],
                cwd=ROOT,
                env=os.environ | {"YIMEN_HUB_CRASH_AT": crash_at},
                stdout=log,
                stderr=log,
            )
        limit = time.monotonic() + 30
        while not ready.exists():
            if self.process.poll() is not None or time.monotonic() > limit:
                raise RuntimeError(self.log.read_text())
            time.sleep(0.02)
        self.port = int(json.loads(ready.read_text())["url"].rsplit(":", 1)[1])
        return self

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(20)

    def wait_until_dead(self) -> int:
        assert self.process is not None
        return self.process.wait(20)

    def run(self, *arguments: str) -> str:
        """Run one of the hub's chores beside it and return what it printed."""
        chore = 2 if arguments[0] in (
            "staff", "kiosks", "keys", "catalog", "root", "settings",
        ) else 1
        line = [*arguments[:chore], "--data", str(self.data), *arguments[chore:]]
        done = CliRunner().invoke(app, line)
        assert done.exit_code == 0, done.output
        return done.stdout

    def cases(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.run("cases").splitlines()]


@dataclass(frozen=True)
class Sealed:
    """A submission, sealed and ready to go."""

    body: SubmissionBody
    data: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    def announcement(self) -> dict[str, Any]:
        return {
            "submission_id": self.body.id,
            "digest": self.digest,
            "size": len(self.data),
            "receipt_number": self.body.receipt_number,
        }


class KioskSide:
    """What a kiosk does towards the hub, with the contract and plain requests."""

    def __init__(self, hub: HubProcess) -> None:
        self.hub = hub
        self.key = keys.new_signing_key()
        self.kiosk_id = ""
        self.kiosk_code = ""
        self.sequence = 0

    def enrol(self, code: str) -> requests.Response:
        body = {
            "code": code,
            "public_key": keys.public_text(self.key.public_key()),
            "name": "南关区桃源街道",
        }
        reply = self.call("POST", "/v1/enrolments", body, key_id=keys.key_id(self.key.public_key()))
        if reply.status_code == 201:
            told = reply.json()
            self.kiosk_id, self.kiosk_code = told["kiosk_id"], told["kiosk_code"]
            self.hub_signing = keys.signing_public_key(told["hub"]["signing"])
            self.hub_sealing = keys.sealing_public_key(told["hub"]["sealing"])
        return reply

    def prepare(
        self,
        method: str,
        path: str,
        body: Any = None,
        key_id: str = "",
        created: datetime | None = None,
    ) -> requests.PreparedRequest:
        request = requests.Request(method, self.hub.url + path, json=body).prepare()
        return signing.sign_request(request, key_id or self.kiosk_id, self.key, created)

    def send(self, request: requests.PreparedRequest) -> requests.Response:
        with requests.Session() as session:
            return session.send(request, timeout=20)

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        return self.send(self.prepare(method, path, body, **more))

    def compose(self, service: dict[str, Any] | None = None, **changes: Any) -> Sealed:
        """Seal a residence permit application with two pages; `changes` go into the body."""
        service = service or residence_permit()
        self.sequence += 1
        now = datetime.now(UTC)
        sheets = [payload.page_image(i, jpeg(i), 400, 566) for i in (1, 2)]
        number = receipts.make(self.kiosk_code, now.date(), self.sequence)
        body = SubmissionBody(
            id=secrets.token_urlsafe(18),
            receipt_number=str(number),
            service_code=service["code"],
            service_version=service["version"],
            language="zh",
            created=now,
            applicant=ZHANG,
            answers=ANSWERS,
            materials=(
                MaterialPages(id="proof_of_address", pages=tuple(ref for ref, _ in sheets)),
            ),
            signature=signature(),
        ).model_copy(update=changes)
        pages = [image for _, image in sheets] if body.materials else []
        return self.seal(body, payload.pack(body, pages))

    def seal(self, body: SubmissionBody, plain: bytes) -> Sealed:
        header = sealing.EnvelopeHeader(
            submission_id=body.id,
            service_code=body.service_code,
            service_version=body.service_version,
            kiosk_id=self.kiosk_id,
            created=body.created.isoformat(),
        )
        return Sealed(body, sealing.seal(plain, header, self.hub_sealing, self.key))

    def announce(self, sealed: Sealed, **changes: Any) -> requests.Response:
        return self.call("POST", "/v1/submissions", sealed.announcement() | changes)

    def patch(self, url: str, data: bytes, offset: int) -> requests.Response:
        return requests.patch(url, data, headers=TUS | {"Upload-Offset": str(offset)}, timeout=20)

    def deliver(self, sealed: Sealed) -> dict[str, Any]:
        """Announce and upload at once; return the verified receipt."""
        reply = self.announce(sealed)
        if reply.status_code == 201:
            offer = reply.json()
            sent = self.patch(offer["upload_url"], sealed.data[offer["offset"] :], offer["offset"])
            assert sent.status_code == 204, sent.text
            reply = self.announce(sealed)
        assert reply.status_code == 200, reply.text
        return self.verified(reply.json(), sealed)

    def verified(self, signed: Any, sealed: Sealed) -> dict[str, Any]:
        receipt = signing.verify_document(signed, self.hub_signing, "receipt")
        assert receipt["submission_id"] == sealed.body.id
        assert receipt["digest"] == sealed.digest
        assert receipt["receipt_number"] == sealed.body.receipt_number
        return receipt

    def search(self, person: Person) -> CaseList:
        query = CaseQuery(
            number=person.number, name=person.name, assurance="card_present", visit="visit-0001"
        )
        question, reply_key = case_search.ask(query, self.hub_sealing, self.kiosk_id)
        reply = self.call("POST", "/v1/cases/search", question.model_dump(mode="json"))
        assert reply.status_code == 200, reply.text
        return case_search.read(reply.json(), reply_key, self.hub_signing, self.kiosk_id)


def residence_permit() -> dict[str, Any]:
    """Return the residence permit service of the city's catalog."""
    return shipped_catalog.service("residence_permit")


def jpeg(number: int) -> bytes:
    """Draw a small page as JPEG."""
    out = io.BytesIO()
    image = Image.new("RGB", (400, 566), "white")
    for line in range(12):
        box = (40, 60 + line * 36, 360 - (line * number * 13) % 120, 70 + line * 36)
        image.paste((90, 100, 120), box)
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def signature() -> Signature:
    """A signature of two strokes."""
    first = tuple(
        Point(x=0.1 + i * 0.02, y=0.5 + 0.3 * ((i % 7) - 3) / 3, t=i * 0.02) for i in range(20)
    )
    second = tuple(Point(x=0.55 + i * 0.02, y=0.3 + i * 0.02, t=1 + i * 0.02) for i in range(18))
    return Signature(strokes=(first, second), aspect=3.2, digest_of_what_was_shown="0" * 64)


def enrolled(hub: HubProcess) -> KioskSide:
    """Enrol a new kiosk with a code of the hub's command line."""
    side = KioskSide(hub)
    reply = side.enrol(hub.run("enrol-code").strip())
    assert reply.status_code == 201, reply.text
    return side
