"""What this kiosk tells the hub about itself, and what it hands in again when the hub asks.

A hub that starts has a new epoch. It may have been restored from a backup, so this kiosk then
names everything it holds a receipt for; what the hub has forgotten is handed in again from the
sealed bytes kept for a while, together with the hub's own receipt, so that the case gets its
number back. Where the bytes are gone, the receipt alone is returned: the desk learns of it.
"""

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kiosk.city_clock import CityClock
from kiosk.config import hub_layers
from kiosk.contract.contact import (
    CONTACT,
    MAX_NAMED,
    MAX_NAMED_SETTINGS,
    Contact,
    ContactReply,
    Forgotten,
    Kept,
    KeptList,
    Returned,
)
from kiosk.contract.keys import signing_public_key
from kiosk.contract.messages import SignedDocument, SignedReceipt
from kiosk.contract.sealing import MAX_HEADER, SealError, read_header
from kiosk.contract.settings import usable
from kiosk.contract.signing import SignatureError, verify_document
from kiosk.delivery import Delivery, checked
from kiosk.device_identity import DeviceIdentity
from kiosk.hub_line import HubFault, HubLine
from offline_store.database import Store
from offline_store.outbox import OutboxItem

log = logging.getLogger(__name__)

EPOCH = "contact.epoch"
"""Setting: the epoch of the hub that has everything this kiosk holds receipts for."""
ASKED = "contact.asked"
"""Setting: what the hub asked for again, until its receipts for all of it are here."""
TOLD = "contact.audit"
"""Setting: the length of the audit chain the hub has on record."""
_HEAD = MAX_HEADER + 200
"""Bytes of an envelope that hold its header, with some to spare."""


@dataclass(frozen=True)
class Standing:
    """What only the composition root knows of this kiosk."""

    closed: str | None = None
    """Why it takes nobody in, as a fault code."""
    free_mb: int | None = None
    """MiB that may still be taken of its disk; None before it was looked at."""


class HubContact:
    """Works on the upkeep thread, over its line."""

    def __init__(
        self, store: Store, line: HubLine, clock: CityClock, delivery: Delivery, keep_days: float,
        folder: Path, standing: Callable[[], Standing],
    ) -> None:
        """keep_days: how long sealed bytes are kept after the hub's receipt; folder: of the kiosk's
        data, where the hub's settings are kept."""
        self._standing = standing
        self._store = store
        self._line = line
        self._clock = clock
        self._delivery = delivery
        self._keep_days = keep_days
        self._folder = folder
        self._sealed_to: dict[str, str] = {}

    def exchange(self, identity: DeviceIdentity) -> ContactReply:
        """Report, then hand in again what a restored hub asks for. Raises HubFault."""
        reply = self._report(identity)
        if reply.epoch != self._store.settings.get(EPOCH):
            self._hand_in_again(identity)
            self._store.settings.put(EPOCH, reply.epoch)
        self._store.settings.put(TOLD, reply.audit_seq)
        keep = timedelta(days=self._keep_days)
        gone = self._store.kept.forget_sealed((reply.time - keep).strftime("%Y-%m-%dT%H:%M:%S"))
        if gone:
            log.info("contact: %d sealed submissions kept long enough", gone)
        return reply

    def condition(self, identity: DeviceIdentity) -> Contact:
        """How this kiosk stands: counts, ages and key ids."""
        outbox = self._store.outbox
        waiting, shelf = outbox.waiting(), outbox.shelf()
        held = [item.submission_id for item in (*waiting, *shelf)] + self._store.kept.sealed()
        seq, head = self._store.audit.head()
        last = self._store.settings.get(TOLD)
        told = last if isinstance(last, int) else 0
        standing = self._standing()
        return Contact(
            waiting=len(waiting),
            shelved=len(shelf),
            oldest=min(
                (datetime.fromisoformat(item.created) for item in (*waiting, *shelf)), default=None
            ),
            sealed_to=tuple(sorted({identity.hub.sealing_id, *self._keys_of(held)})),
            audit_seq=seq,
            audit_head=head,
            audit_told=told,
            audit_told_hash=self._store.audit.hash_at(told) or "",
            catalog=self._store.catalog.version(),
            clock_offset=round(self._clock.offset, 1),
            closed=standing.closed or "",
            free_mb=standing.free_mb,
            settings_refused=self._settings_refused(),
        )

    def _settings_refused(self) -> tuple[str, ...]:
        return usable(hub_layers(self._folder))[1][:MAX_NAMED_SETTINGS]

    def _keys_of(self, held: Iterable[str]) -> set[str]:
        """Ids of the hub's keys that these submissions are sealed to; each is read once."""
        known, self._sealed_to = self._sealed_to, {}
        for submission_id in held:
            if submission_id not in known:
                head = self._store.outbox.read(submission_id, 0, _HEAD)
                try:
                    known[submission_id] = read_header(head).hub_key_id
                except SealError:
                    known[submission_id] = ""
            self._sealed_to[submission_id] = known[submission_id]
        return set(self._sealed_to.values()) - {""}

    def _report(self, identity: DeviceIdentity) -> ContactReply:
        body = self.condition(identity).model_dump_json().encode()
        signed = self._line.post("/v1/contact", body)
        try:
            document = verify_document(signed, signing_public_key(identity.hub.signing), CONTACT)
            reply = ContactReply.model_validate(document)
        except (SignatureError, ValidationError) as error:
            raise HubFault("hub.unreachable", True, "an answer not signed by our hub") from error
        if reply.kiosk_id != identity.kiosk_id:
            raise HubFault("hub.unreachable", True, "an answer to another kiosk")
        return reply

    def _hand_in_again(self, identity: DeviceIdentity) -> None:
        before = self._store.settings.get(ASKED)
        left = set(map(str, before)) if isinstance(before, list) else set()
        asked = 0
        for named in self._store.kept.confirmed(MAX_NAMED):
            forgotten = self._forgotten(named)
            ours = [name for name, _ in named if name in forgotten or name in left]
            if ours:
                # On the disk first: once the hub has made its case again it does not ask any
                # more, and the number it gave may be another one.
                still_open: list[Any] = sorted(left.union(ours))
                self._store.settings.put(ASKED, still_open)
            for submission_id in ours:
                asked += 1
                self._again(submission_id, identity)
        if asked or left:
            self._store.settings.put(ASKED, [])
        if asked:
            log.warning("contact: the hub had forgotten %d submissions; handed in again", asked)
            self._store.audit.append("contact.forgotten", {"submissions": asked})

    def _forgotten(self, named: list[tuple[str, str]]) -> frozenset[str]:
        """Which of these the hub asks for. Raises HubFault."""
        question = KeptList(
            kept=tuple(Kept(submission_id=name, digest=digest) for name, digest in named)
        )
        answer = self._line.post("/v1/submissions/known", question.model_dump_json().encode())
        try:
            return frozenset(Forgotten.model_validate(answer).submission_ids)
        except ValidationError as error:
            raise HubFault("hub.unreachable", True, "an answer of another shape") from error

    def _again(self, submission_id: str, identity: DeviceIdentity) -> None:
        item = self._store.outbox.item(submission_id)
        kept = self._store.outbox.signed_receipt(submission_id)
        assert kept is not None, "it is confirmed"
        before = SignedDocument.model_validate_json(kept)
        if self._store.outbox.read(submission_id, 0, 1):
            signed = self._delivery.deliver(item, before)
        else:
            body = Returned(receipt=before).model_dump_json().encode()
            signed = self._line.post("/v1/receipts/returned", body)
        self._take_in(signed, checked(signed, item, identity), item, before)

    def _take_in(
        self, signed: dict[str, Any], receipt: SignedReceipt, item: OutboxItem,
        before: SignedDocument,
    ) -> None:
        if receipt.case_number != before.document.get("case_number"):
            self._store.kept.renewed(
                item.submission_id, json.dumps(signed).encode(), receipt.case_number
            )
