"""`yimen conform URL --code CODE`: does a server speak docs/protocol.md?

A kiosk made for this run enrols with the code and tries each rule, also what a kiosk never does.
It leaves a few submissions behind that say CONFORMANCE TEST: point it at a test server.
"""

import base64
import hashlib
import secrets
import shlex
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

import requests
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from kiosk.contract import keys
from kiosk.contract.messages import EnrolmentReply
from provisioning.conform_kiosk import (
    Broken,
    ProbeKiosk,
    expect,
    expect_problem,
    json_of,
    told,
)

app = typer.Typer()
EXIT_BROKEN = 1


@dataclass(frozen=True)
class Row:
    """One rule: whether it holds (None: it was not asked), and what was seen when not."""

    rule: str
    holds: bool | None
    seen: str = ""


class Run:
    """The rules in order; the first one, enrolment, is what all others stand on."""

    def __init__(self, url: str, code: str, rotate: str = "") -> None:
        """rotate: a command that rotates the server's keys, run twice; "--signing" is added to
        the second; "" leaves that rule unasked."""
        self._kiosk = ProbeKiosk(url)
        self._code = code
        self._rotate = rotate

    def rows(self) -> list[Row]:
        """Try every rule."""
        rules: list[tuple[str, Callable[[], None]]] = [
            ("enrolment: a code works once, and again for the same key", self.enrolment),
            ("signatures: missing, altered, repeated, unknown ones are refused", self.signatures),
            ("time: signed for the question; a wrong clock is told the time", self.time),
            ("keys: a signed directory that names this kiosk", self.directory),
            ("problems: RFC 9457 with code, type and retryable", self.problems),
            ("upload: tus 1.0, resumed after a cut", self.resume),
            ("upload: checksum, termination", self.tus_extensions),
            ("receipt: signed, the same however often it is asked for", self.idempotency),
            ("same id, other digest: refused by its own code", self.other_digest),
            ("envelope of somebody else: refused for good", self.forged),
            ("restore: epoch, and what the server does not know", self.restore),
        ]
        rows = [self._row(*rules[0])]
        if rows[0].holds:
            rows += [self._row(*rule) for rule in rules[1:]]
        name = "rotation: old keys open, new ones are reached by links"
        if not self._rotate:
            rows.append(Row(name, None, "not asked: needs --rotate"))
        elif rows[0].holds:
            rows.append(self._row(name, self.rotation))
        return rows

    @staticmethod
    def _row(name: str, rule: Callable[[], None]) -> Row:
        try:
            rule()
        except Broken as error:
            return Row(name, False, str(error))
        except (KeyError, TypeError, ValueError, ValidationError) as error:
            return Row(name, False, f"an answer of another shape ({type(error).__name__})")
        return Row(name, True)

    def enrolment(self) -> None:
        kiosk = self._kiosk
        body = {"code": self._code, "public_key": keys.public_text(kiosk.key.public_key()),
                "name": "conformance"}
        own_id = keys.key_id(kiosk.key.public_key())
        for _ in ("first", "again"):
            reply = kiosk.send(kiosk.prepare("POST", "/v1/enrolments", body, own_id))
            expect(reply.status_code == 201, f"{told(reply)} instead of 201")
            answer = EnrolmentReply.model_validate(json_of(reply))
            expect(kiosk.kiosk_id in ("", answer.kiosk_id), "another id for the same key")
            kiosk.kiosk_id, kiosk.kiosk_code, kiosk.hub = (
                answer.kiosk_id, answer.kiosk_code, answer.hub)
        thief = ProbeKiosk(kiosk.url)
        body["public_key"] = keys.public_text(thief.key.public_key())
        stolen = thief.prepare("POST", "/v1/enrolments", body, keys.key_id(thief.key.public_key()))
        expect_problem(thief.send(stolen), 403, "hub.code_refused", False)

    def signatures(self) -> None:
        kiosk, announced = self._kiosk, self._kiosk.compose().announcement()
        path = "/v1/submissions"
        unsigned = requests.Request("POST", kiosk.url + path, json=announced).prepare()
        expect_problem(kiosk.send(unsigned), 401, "hub.bad_signature", True)
        altered = kiosk.prepare("POST", path, announced)
        assert isinstance(altered.body, bytes)
        altered.body = altered.body.replace(b'"size": ', b'"size":1')
        altered.headers["Content-Length"] = str(len(altered.body))
        expect_problem(kiosk.send(altered), 401, "hub.bad_signature", True)
        moved = kiosk.prepare("GET", "/v1/receipts/YM0001-261123-0001-01/status")
        moved.url = kiosk.url + "/v1/receipts/YM0002-261123-0001-01/status"
        expect_problem(kiosk.send(moved), 401, "hub.bad_signature", True)
        once = kiosk.prepare("POST", path, announced)
        expect(kiosk.send(once).status_code == 201, "a right signature is refused")
        expect_problem(kiosk.send(once), 401, "hub.bad_signature", True)
        nobody = kiosk.prepare("POST", path, announced, key_id="K-nobody")
        expect_problem(kiosk.send(nobody), 403, "hub.unknown_kiosk", False)

    def time(self) -> None:
        kiosk, nonce = self._kiosk, secrets.token_urlsafe(16)
        document = kiosk.verified(json_of(kiosk.plain("GET", f"/v1/time?nonce={nonce}")), "time")
        expect(document.get("nonce") == nonce, "the time for another question")
        datetime.fromisoformat(str(document["time"]))
        body = kiosk.compose().announcement()
        for skew in (-120.0, 120.0):
            reply = kiosk.send(kiosk.prepare("POST", "/v1/submissions", body, skew=skew))
            expect_problem(reply, 401, "hub.clock_skew", True)
            told_time = datetime.fromisoformat(str(json_of(reply)["time"]))
            expect(abs((datetime.now(UTC) - told_time).total_seconds()) < 60, "another time")

    def directory(self) -> None:
        found = self._kiosk.directory()
        mine = [k.public_key for k in found.kiosks if k.kiosk_id == self._kiosk.kiosk_id]
        expect(mine == [keys.public_text(self._kiosk.key.public_key())], "this kiosk is not in it")

    def problems(self) -> None:
        kiosk = self._kiosk
        expect_problem(kiosk.plain("GET", "/v1/nothing"), 404, "hub.not_found", False)
        wrong = kiosk.compose().announcement() | {"digest": "short"}
        expect_problem(kiosk.call("POST", "/v1/submissions", wrong), 422, "hub.invalid_message",
                       False)
        unknown = kiosk.call("GET", f"/v1/submissions/{secrets.token_urlsafe(18)}/receipt")
        expect_problem(unknown, 404, "hub.not_found", False)
        gone = kiosk.tus("HEAD", f"{kiosk.url}/v1/uploads/{secrets.token_urlsafe(32)}")
        expect(gone.status_code in (404, 410), f"unknown upload address: {told(gone)}")

    def resume(self) -> None:
        kiosk, sealed = self._kiosk, self._kiosk.compose()
        url, half = kiosk.offer(sealed)["upload_url"], len(sealed.data) // 2
        first = kiosk.patch(url, sealed.data[:half], 0)
        expect(first.status_code == 204, f"PATCH: {told(first)} instead of 204")
        expect(first.headers.get("Upload-Offset") == str(half), "Upload-Offset differs")
        waiting = kiosk.call("GET", f"/v1/submissions/{sealed.submission_id}/receipt")
        expect(waiting.status_code == 202, f"receipt of half an upload: {told(waiting)}")
        wrong = kiosk.patch(url, sealed.data[:10], 0)
        expect(wrong.status_code == 409, f"wrong offset: {told(wrong)} instead of 409")
        head = kiosk.tus("HEAD", url)
        expect(head.headers.get("Upload-Offset") == str(half), "HEAD: another offset")
        expect(kiosk.offer(sealed)["offset"] == half, "announced again: another offset")
        more = kiosk.patch(url, sealed.data[half:] + b"x", half)
        expect(more.status_code == 413, f"more than announced: {told(more)} instead of 413")
        rest = kiosk.patch(url, sealed.data[half:], half)
        expect(rest.status_code == 204, f"the rest: {told(rest)} instead of 204")
        kiosk.receipt(kiosk.known(sealed), sealed)

    def tus_extensions(self) -> None:
        kiosk, sealed = self._kiosk, self._kiosk.compose()
        able = kiosk.plain("OPTIONS", f"{kiosk.url}/v1/uploads").headers
        named = set(able.get("Tus-Extension", "").split(","))
        expect({"checksum", "expiration", "termination"} <= named, f"Tus-Extension: {named}")
        url = kiosk.offer(sealed)["upload_url"]
        wrong = "sha1 " + base64.b64encode(hashlib.sha1(b"else").digest()).decode()
        refused = kiosk.patch(url, sealed.data, 0, Upload_Checksum=wrong)
        expect(refused.status_code == 460, f"wrong checksum: {told(refused)} instead of 460")
        expect(kiosk.offer(sealed)["offset"] == 0, "bytes with a wrong checksum were kept")
        expect(kiosk.tus("DELETE", url).status_code == 204, "DELETE: not 204")
        gone = kiosk.tus("HEAD", url)
        expect(gone.status_code in (404, 410), f"after DELETE: {told(gone)}")
        kiosk.deliver(sealed)

    def idempotency(self) -> None:
        kiosk, sealed = self._kiosk, self._kiosk.compose()
        first = kiosk.deliver(sealed)
        for _ in range(2):
            expect(kiosk.receipt(kiosk.known(sealed), sealed) == first, "another receipt")
        asked = kiosk.call("GET", f"/v1/submissions/{sealed.submission_id}/receipt")
        expect(asked.status_code == 200, f"receipt: {told(asked)} instead of 200")
        expect(kiosk.receipt(json_of(asked), sealed) == first, "another receipt")

    def other_digest(self) -> None:
        kiosk, sealed = self._kiosk, self._kiosk.compose()
        other = sealed.announcement() | {"digest": "0" * 64}
        kiosk.offer(sealed)
        while_uploading = kiosk.call("POST", "/v1/submissions", other)
        expect_problem(while_uploading, 409, "hub.digest_conflict", False)
        kiosk.deliver(sealed)
        once_receipted = kiosk.call("POST", "/v1/submissions", other)
        expect_problem(once_receipted, 409, "hub.digest_conflict", False)

    def forged(self) -> None:
        kiosk = self._kiosk
        forged = kiosk.compose(key=keys.new_signing_key())
        reply = kiosk.patch(kiosk.offer(forged)["upload_url"], forged.data, 0)
        expect_problem(reply, 422, "hub.invalid_message", False)
        again = kiosk.call("POST", "/v1/submissions", forged.announcement())
        expect_problem(again, 422, "hub.invalid_message", False)

    def restore(self) -> None:
        kiosk, sealed = self._kiosk, self._kiosk.compose()
        kiosk.deliver(sealed)
        answer = kiosk.verified(json_of(kiosk.call("POST", "/v1/contact", {})), "contact")
        expect(len(str(answer["epoch"])) >= 8, "no epoch")
        expect(answer["kiosk_id"] == kiosk.kiosk_id, "an answer to another kiosk")
        unknown = kiosk.compose()
        kept = [{"submission_id": one.submission_id, "digest": one.announcement()["digest"]}
                for one in (sealed, unknown)]
        forgotten = json_of(kiosk.call("POST", "/v1/submissions/known", {"kept": kept}))
        expect(forgotten == {"submission_ids": [unknown.submission_id]}, f"said {forgotten}")

    def rotation(self) -> None:
        kiosk, before = self._kiosk, self._kiosk.hub
        sealed, receipted = kiosk.compose(), kiosk.compose()
        document = kiosk.deliver(receipted)
        for more in ([], ["--signing"]):
            done = subprocess.run([*shlex.split(self._rotate), *more], capture_output=True)
            expect(done.returncode == 0, f"the rotate command ended with {done.returncode}")
        kiosk.directory()
        assert before is not None and kiosk.hub is not None
        expect(kiosk.hub.signing != before.signing, "the signing key is the same")
        expect(kiosk.hub.sealing != before.sealing, "the sealing key is the same")
        kiosk.deliver(sealed)
        expect(kiosk.receipt(kiosk.known(receipted), receipted) == document, "another receipt")
        kiosk.deliver(kiosk.compose())


@app.command()
def conform(
    url: Annotated[str, typer.Argument(help="Address of the server, as it names itself.")],
    code: Annotated[str, typer.Option(help="A one-time enrolment code of that server.")],
    rotate: Annotated[
        str, typer.Option(help="Command that rotates the server's keys (see docs/protocol.md).")
    ] = "",
) -> None:
    """Test whether a server speaks docs/protocol.md; 0 when every rule that was asked holds."""
    rows = Run(url, code, rotate).rows()
    table = Table("rule", "holds", "seen")
    for row in rows:
        holds = {True: "yes", False: "NO", None: "–"}[row.holds]
        table.add_row(row.rule, holds, row.seen)
    Console(width=None if Console().is_terminal else 140).print(table)
    raise typer.Exit(EXIT_BROKEN if any(row.holds is False for row in rows) else 0)
