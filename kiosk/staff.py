"""The staff's door of a kiosk: card and PIN, asked of the hub, or of this shift's lock without it.

Runs on the "hub" lane. What happened is noted in the audit with the staff id only.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.clock import Clock
from kiosk.contract import staff as contract
from kiosk.contract.keys import sealing_public_key, signing_public_key
from kiosk.contract.messages import SignedDocument
from kiosk.contract.sealing import SealError
from kiosk.contract.signing import SignatureError
from kiosk.contract.staff import (
    BindRequest,
    ShiftEnd,
    ShiftRequest,
    ShiftToken,
    StaffCard,
    TokenExpired,
    is_trivial_pin,
)
from kiosk.device_identity import DeviceIdentity
from kiosk.hub_line import HubFault, HubLine
from kiosk.person import Person
from kiosk.shifts import Shifts, StaffFault
from offline_store.audit import Audit, Scalar

log = logging.getLogger(__name__)

_NO_LINE = "hub.unreachable"
"""The one fault after which this kiosk's own lock is asked: nobody said no, nobody answered."""


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in, by whose word."""

    token: ShiftToken
    online: bool
    """The hub said so just now; False: this kiosk's lock did."""


def staff_card(person: Person) -> StaffCard:
    """What the hub is told of a card: the document, never a serial number of the plastic."""
    document = person.document
    return StaffCard(
        number=document.number,
        name=document.name or document.name_latin,
        document_kind=document.kind.value,
        assurance=person.assurance,
    )


class StaffDoor:
    """Signs staff in and out. Blocks on the line and on key derivation."""

    def __init__(
        self,
        line: HubLine,
        identity: Callable[[], DeviceIdentity | None],
        shifts: Shifts,
        audit: Audit,
        clock: Clock,
    ) -> None:
        self._line = line
        self._identity = identity
        self._shifts = shifts
        self._audit = audit
        self._clock = clock

    def sign_in(self, card: StaffCard, pin: str) -> SignedIn:
        """Open a shift. Raises StaffFault (codes "staff.…") and HubFault."""
        identity = self._who_we_are()
        try:
            token = self._ask("/v1/staff/shifts", ShiftRequest(card=card, pin=pin), identity)
        except HubFault as fault:
            if fault.code != _NO_LINE:
                self._said_no(fault.code, card, pin, identity)
                raise
            return self._without_a_line(card, pin, identity)
        self._note("shift.opened", staff=token.staff_id, role=token.role, online=True)
        return SignedIn(token, online=True)

    def bind(self, card: StaffCard, pin: str, code: str) -> SignedIn:
        """Bind a card with a one-time code and the PIN chosen for it; opens the first shift.

        Raises StaffFault staff.trivial_pin, staff.needs_line, and HubFault.
        """
        identity = self._who_we_are()
        if is_trivial_pin(pin, card.number):
            raise StaffFault("staff.trivial_pin")
        request = BindRequest(card=card, pin=pin, code=code)
        try:
            token = self._ask("/v1/staff/bindings", request, identity)
        except HubFault as fault:
            self._note("shift.refused", reason=fault.code, online=fault.code != _NO_LINE)
            raise
        self._note("shift.card_bound", staff=token.staff_id, role=token.role, online=True)
        return SignedIn(token, online=True)

    def sign_out(self, token: ShiftToken) -> None:
        """Leave; the shift goes on and opens this kiosk again without a line."""
        self._note("shift.left", staff=token.staff_id)

    def end_shift(self, token: ShiftToken) -> None:
        """The shift is over: its lock goes at once; the hub is told when it can be."""
        self._shifts.drop(token.staff_id)
        self._note("shift.ended", staff=token.staff_id)
        ended = ShiftEnd(token_id=token.token_id, staff_id=token.staff_id)
        try:
            self._line.post("/v1/staff/shifts/end", ended.model_dump_json().encode())
        except HubFault as fault:  # its log then shows the shift's end by time only
            log.info("end of a shift: %s", fault.code)

    def did(self, token: ShiftToken, event: str, **facts: Scalar) -> None:
        """Note in the audit what a member of staff did."""
        self._note(event, staff=token.staff_id, **facts)

    # ---- inside

    def _ask(self, path: str, request: ShiftRequest, identity: DeviceIdentity) -> ShiftToken:
        """Ask the hub for a token, check it, lock it up here. Raises HubFault."""
        hub_key = signing_public_key(identity.hub.signing)
        asked = contract.ask(request, sealing_public_key(identity.hub.sealing), identity.kiosk_id)
        answer = self._line.post(path, asked.question.model_dump_json().encode())
        try:
            signed: SignedDocument = contract.read(
                answer, asked.reply_key, hub_key, identity.kiosk_id
            )
            token = contract.check_token(signed, hub_key, identity.kiosk_id, self._clock.now())
        except (SignatureError, SealError, TokenExpired) as error:
            raise HubFault(_NO_LINE, True, "an answer that is none") from error
        self._shifts.keep(signed, token, request.card, request.pin, identity)
        return token

    def _said_no(self, code: str, card: StaffCard, pin: str, identity: DeviceIdentity) -> None:
        if code == "staff.wrong_pin":
            self._shifts.count_wrong()
        elif code == "staff.locked":
            self._shifts.lock()
        elif code == "staff.unknown_card":  # renewed or revoked since the shift began
            self._shifts.forget(card, pin, identity)
        self._note("shift.refused", reason=code, online=True)

    def _without_a_line(self, card: StaffCard, pin: str, identity: DeviceIdentity) -> SignedIn:
        try:
            token = self._shifts.open(card, pin, identity)
        except StaffFault as fault:
            self._note("shift.refused", reason=fault.code, online=False)
            raise
        self._note("shift.opened", staff=token.staff_id, role=token.role, online=False)
        return SignedIn(token, online=False)

    def _who_we_are(self) -> DeviceIdentity:
        identity = self._identity()
        if identity is None:
            raise StaffFault("staff.needs_line")
        return identity

    def _note(self, event: str, **facts: Scalar) -> None:
        self._audit.append(event, facts)
