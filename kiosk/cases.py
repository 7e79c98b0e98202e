"""Asking the hub about what was handed in: a status for a code, the cases for a person.

Runs on the "hub" lane. What a code shows and what a person is shown are two different questions
(decision 6): the first needs only the number, the second a person who identified in this visit.
"""

import json
import logging
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import ValidationError

from kiosk.contract import case_search
from kiosk.contract.key_chain import read_directory
from kiosk.contract.keys import sealing_public_key, signing_public_key
from kiosk.contract.messages import (
    CaseQuery,
    CaseView,
    HubKeys,
    KeyDirectory,
    KioskEntry,
    PromisedTime,
    ReceiptStatus,
)
from kiosk.contract.receipts import ReceiptCode, ReceiptCodeError, parse_qr
from kiosk.contract.sealing import SealError
from kiosk.contract.signing import SignatureError
from kiosk.device_identity import DeviceIdentity
from kiosk.durable import write_durably
from kiosk.hub_line import HubFault, HubLine
from kiosk.person import Person
from offline_store.outbox import Outbox

log = logging.getLogger(__name__)

DIRECTORY_FILE = "directory.json"


@dataclass(frozen=True)
class KnownStatus:
    """What may be said about a receipt number without knowing who asks."""

    number: str
    status: str
    here_only: bool
    """True while it lies in this kiosk's own outbox and the hub has not confirmed it."""
    shelved: bool = False
    """The hub refused it for good; a member of staff has to look at it."""
    promised: PromisedTime | None = None
    """While an answer is due, as the hub says; it knows nothing of what lies here only."""


def receipt_status(text: str, outbox: Outbox, line: HubLine, directory: "Directory") -> KnownStatus:
    """Read a receipt's code, check its signature, and ask how far it is.

    Raises ReceiptCodeError (code.unknown, code.forged) and HubFault.
    """
    code = parse_qr(text)
    number = str(code.number)
    mine = outbox.find_receipt(number)
    if mine is not None:
        if not mine.receipt_qr:  # put together again after damage, without the printed code
            directory.check(code, line)
        elif mine.receipt_qr != text.strip():
            raise ReceiptCodeError("code.forged", "not the code this kiosk printed")
        if mine.state != "confirmed":
            return KnownStatus(number, "received", here_only=True, shelved=mine.state == "shelved")
    else:
        directory.check(code, line)
    try:
        status = ReceiptStatus.model_validate(line.get(f"/v1/receipts/{number}/status"))
    except ValidationError as error:
        raise HubFault("hub.unreachable", True, "a status that is none") from error
    return KnownStatus(number, status.status, here_only=False, promised=status.promised)


class Directory:
    """The hub's signed directory of kiosk keys, kept for verifying other kiosks' receipts."""

    def __init__(self, hub: HubKeys, file: Path | None = None) -> None:
        """file: where it is kept as the hub signed it, for the time without a line. What is
        there and not the hub's is as good as nothing."""
        self._hub = hub
        self._file = file
        self._keys: dict[str, list[Ed25519PublicKey]] = {}
        self._kiosks: tuple[KioskEntry, ...] = ()
        if file is not None:
            with suppress(OSError, ValueError, SignatureError):
                kept = json.loads(file.read_bytes())
                self._take(read_directory(kept, signing_public_key(hub.signing)))

    def refresh(self, line: HubLine) -> KeyDirectory:
        """Fetch and verify the directory. Raises HubFault; SignatureError when it is forged."""
        signed = line.get("/v1/keys", signed=False)
        directory = read_directory(signed, signing_public_key(self._hub.signing))
        # Its time is new in every answer; nothing is written for that alone.
        if (directory.kiosks, directory.hub) != (self._kiosks, self._hub):
            self._keep(signed)
        self._take(directory)
        return directory

    def _take(self, directory: KeyDirectory) -> None:
        # Also of boards that were swapped: their receipts are still in people's hands.
        self._keys = {
            kiosk.kiosk_id: [signing_public_key(k) for k in (kiosk.public_key, *kiosk.old_keys)]
            for kiosk in directory.kiosks
        }
        self._kiosks, self._hub = directory.kiosks, directory.hub

    def _keep(self, signed: object) -> None:
        if self._file is None:
            return
        try:
            write_durably(self._file, json.dumps(signed).encode())
        except OSError as error:  # a full disk: what is known is known until the next start
            log.warning("directory not kept: %s", error.strerror)

    def check(self, code: ReceiptCode, line: HubLine) -> None:
        """Verify another kiosk's signature. Raises ReceiptCodeError, HubFault."""
        if code.kiosk_id not in self._keys:
            try:
                self.refresh(line)
            except SignatureError as error:
                raise HubFault("hub.unreachable", True, "keys of somebody else") from error
        keys = self._keys.get(code.kiosk_id)
        if not keys:
            raise ReceiptCodeError("code.forged", "no such kiosk")
        for key in keys[:-1]:
            try:
                return code.verify(key)
            except ReceiptCodeError:
                continue
        return code.verify(keys[-1])


def cases_of(
    person: Person, visit_id: str, identity: DeviceIdentity, line: HubLine
) -> tuple[CaseView, ...]:
    """The cases of a person who identified in this visit. Raises HubFault.

    The question is sealed to the hub and the answer to a key made for this question, so neither
    a proxy nor a log on the way sees who asked.
    """
    query = CaseQuery(
        number=person.document.number,
        name=person.document.name or person.document.name_latin,
        assurance=person.assurance,
        visit=visit_id,
    )
    search, reply_key = case_search.ask(
        query, sealing_public_key(identity.hub.sealing), identity.kiosk_id
    )
    answer = line.post("/v1/cases/search", search.model_dump_json().encode())
    try:
        return case_search.read(
            answer, reply_key, signing_public_key(identity.hub.signing), identity.kiosk_id
        ).cases
    except (SealError, SignatureError) as error:
        raise HubFault("hub.unreachable", True, "an answer that is not for us") from error
