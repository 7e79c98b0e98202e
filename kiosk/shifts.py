"""Shift tokens kept on this kiosk, so that who signed in today can do so without a line.

A token is locked, not hashed: AES-GCM under a key that argon2id derives from PIN and card, with a
secret of this device. Opening the lock *is* the check of card and PIN, so nothing lies on the
disk that a number or PIN could be compared with at the speed of a plain hash (decision 13), and a
copy of the store alone opens nothing. Wrong tries are counted durably before they are made. See
docs/decisions/0012-staff-cards.md for what this does not do.
"""

import base64
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

import rfc8785
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import ValidationError

from kiosk.clock import Clock
from kiosk.contract.keys import signing_public_key
from kiosk.contract.messages import SignedDocument
from kiosk.contract.signing import SignatureError
from kiosk.contract.staff import ShiftToken, StaffCard, TokenExpired, check_token
from kiosk.device_identity import DeviceIdentity
from offline_store.moment import boot_id
from offline_store.settings import Settings

TRIES = 5
"""Wrong tries without a line until only the hub can open this kiosk again."""
MOST_HELD = 4
"""Shifts kept at a time: each costs one derivation at every try without a line."""
CLOCK_TOLERANCE = timedelta(seconds=60)
"""A wall clock this far behind what was seen before is small drift, further it was set back."""
_HELD, _TRIES, _SEEN, _LAPSED = "shift.held", "shift.tries", "shift.seen", "shift.lapsed"


class StaffFault(Exception):
    """A member of staff cannot sign in; `code` is in faults.toml."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Cost:
    """What one derivation costs (RFC 9106): some 0.2 s and 64 MiB on a kiosk's processor."""

    memory_kib: int = 64 * 1024
    passes: int = 4


@dataclass(frozen=True)
class Held:
    """One locked token. Everything beside `sealed` is bound to it by the seal."""

    staff_id: str
    expires: str
    received: str
    """Wall clock when it came, ISO 8601; beside it the monotonic clock of that boot."""
    monotonic: float
    boot: str
    salt: str
    sealed: str


class Shifts:
    """The locked tokens of one kiosk. Every method may take a second: not on the UI thread."""

    def __init__(self, settings: Settings, clock: Clock, cost: Cost | None = None) -> None:
        self._settings = settings
        self._clock = clock
        self._cost = cost or Cost()

    @property
    def any_held(self) -> bool:
        return bool(self._settings.get(_HELD))

    def keep(
        self,
        signed: SignedDocument,
        token: ShiftToken,
        card: StaffCard,
        pin: str,
        identity: DeviceIdentity,
    ) -> None:
        """Lock a token that just came from the hub, in place of an older one of the same person.

        The hub has just vouched for person and clock, so tries and last seen time begin anew.
        """
        now = self._clock.now()
        clear = Held(
            staff_id=token.staff_id,
            expires=token.expires.isoformat(),
            received=now.isoformat(),
            monotonic=self._clock.monotonic(),
            boot=boot_id(),
            salt=_text(secrets.token_bytes(16)),
            sealed="",
        )
        key = self._key(clear, card, pin, identity)
        nonce = secrets.token_bytes(12)
        plain = signed.model_dump_json().encode()
        sealed = nonce + AESGCM(key).encrypt(nonce, plain, _bound(clear, identity))
        held = [other for other in self._held() if other.staff_id != token.staff_id]
        fresh = Held(**asdict(clear) | {"sealed": _text(sealed)})
        self._put([fresh, *held][:MOST_HELD])
        self._settings.put(_TRIES, 0)
        self._settings.put(_LAPSED, False)
        self._settings.put(_SEEN, now.isoformat())

    def open(self, card: StaffCard, pin: str, identity: DeviceIdentity) -> ShiftToken:
        """The token that this card and PIN lock up here, when its time is not over.

        Raises StaffFault: staff.needs_line, staff.offline_locked, staff.clock_doubtful,
        staff.token_expired, staff.offline_refused.
        """
        if not self._held():
            raise StaffFault(self._nothing_held())
        if self.tries >= TRIES:
            raise StaffFault("staff.offline_locked")
        if self._clock.now() < self._seen() - CLOCK_TOLERANCE:
            raise StaffFault("staff.clock_doubtful")
        self.note_time()
        if not self._held():
            raise StaffFault(self._nothing_held())
        before = self.tries
        self._settings.put(_TRIES, before + 1)  # first: a power cut must not give a try for free
        for held in self._held():
            signed = self._opened(held, card, pin, identity)
            if signed is None:
                continue
            # Only a right try is given back; what others tried before stays counted until the
            # hub has been asked, or one member of staff could guess for another.
            self._settings.put(_TRIES, before)
            return self._judged(held, signed, identity)
        locked = before + 1 >= TRIES
        raise StaffFault("staff.offline_locked" if locked else "staff.offline_refused")

    def forget(self, card: StaffCard, pin: str, identity: DeviceIdentity) -> None:
        """The hub refused this card and PIN: what they open here must not open any more."""
        for held in self._held():
            if self._opened(held, card, pin, identity) is not None:
                self.drop(held.staff_id)

    def drop(self, staff_id: str) -> None:
        """End somebody's shift here."""
        self._put([held for held in self._held() if held.staff_id != staff_id])

    def count_wrong(self) -> None:
        """The hub found the PIN wrong: that try counts here as well, should the line go now."""
        self._settings.put(_TRIES, min(TRIES, self.tries + 1))

    def lock(self) -> None:
        """The hub has locked somebody: cutting the line must not give more tries."""
        self._settings.put(_TRIES, TRIES)

    @property
    def tries(self) -> int:
        tries = self._settings.get(_TRIES, 0)
        return tries if isinstance(tries, int) and tries >= 0 else TRIES

    def note_time(self) -> None:
        """Remember the latest time seen, and drop what is over. Called every minute: a clock set
        back later then ends no later than by that minute."""
        now = max(self._clock.now(), self._seen())
        self._settings.put(_SEEN, now.isoformat())
        held = self._held()
        over = [one for one in held if datetime.fromisoformat(one.expires) <= self._at(one)]
        if over:
            self._lapse(held, *over)

    # ---- inside

    def _nothing_held(self) -> str:
        return "staff.token_expired" if self._settings.get(_LAPSED) else "staff.needs_line"

    def _lapse(self, held: list[Held], *over: Held) -> None:
        self._settings.put(_LAPSED, True)
        self._put([one for one in held if one not in over])

    def _judged(self, held: Held, signed: SignedDocument, identity: DeviceIdentity) -> ShiftToken:
        hub_key = signing_public_key(identity.hub.signing)
        try:
            return check_token(signed, hub_key, identity.kiosk_id, self._at(held))
        except TokenExpired as error:
            self._lapse(self._held(), held)
            raise StaffFault(error.code) from None
        except SignatureError:  # locked by us, but not for this hub or kiosk any more
            self.drop(held.staff_id)
            raise StaffFault("staff.needs_line") from None

    def _at(self, held: Held) -> datetime:
        """The time it must be at least: a clock that was set back does not make a shift longer."""
        times = [self._clock.now(), self._seen()]
        passed = self._clock.monotonic() - held.monotonic
        if held.boot == boot_id() and passed > 0:
            times.append(datetime.fromisoformat(held.received) + timedelta(seconds=passed))
        return max(times)

    def _seen(self) -> datetime:
        seen = self._settings.get(_SEEN)
        return datetime.fromisoformat(seen) if isinstance(seen, str) else _LONG_AGO

    def _opened(
        self, held: Held, card: StaffCard, pin: str, identity: DeviceIdentity
    ) -> SignedDocument | None:
        sealed = base64.b64decode(held.sealed)
        key = self._key(held, card, pin, identity)
        try:
            plain = AESGCM(key).decrypt(sealed[:12], sealed[12:], _bound(held, identity))
            return SignedDocument.model_validate_json(plain)
        except (InvalidTag, ValidationError):
            return None

    def _key(self, held: Held, card: StaffCard, pin: str, identity: DeviceIdentity) -> bytes:
        raw = identity.private_key.private_bytes_raw()
        device = HKDF(SHA256(), 32, None, b"yimen shift lock 1").derive(raw)
        return Argon2id(
            salt=base64.b64decode(held.salt), length=32, iterations=self._cost.passes, lanes=1,
            memory_cost=self._cost.memory_kib, secret=device,
        ).derive(pin.encode() + b"\0" + card.canonical())

    def _held(self) -> list[Held]:
        stored = self._settings.get(_HELD)
        try:
            return [Held(**one) for one in json.loads(stored)] if isinstance(stored, str) else []
        except (ValueError, TypeError):  # of another version: whoever is on shift asks the hub
            return []

    def _put(self, held: list[Held]) -> None:
        self._settings.put(_HELD, json.dumps([asdict(one) for one in held]) if held else None)


_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def _bound(held: Held, identity: DeviceIdentity) -> bytes:
    clear = asdict(held) | {"sealed": "", "kiosk": identity.kiosk_id}
    return b"yimen shift lock 1\0" + rfc8785.dumps(clear)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
