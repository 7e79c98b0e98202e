"""The city's time on a machine whose own clock may be wrong.

The kiosk never sets the machine's clock: that is the operator's business, and TLS and logs go by
it. It keeps an anchor instead: the hub's signed time, with the monotonic clock and the boot at
that moment. In the same boot the time is the anchor plus what has passed since, whatever is done
to the wall clock; after a boot, the wall clock corrected by the same difference as before, and
never earlier than the anchor (a dead battery starts in the past).
"""

import threading
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from pydantic import ValidationError

from kiosk.clock import Clock
from kiosk.contract.contact import TIME, HubTime
from kiosk.contract.keys import signing_public_key
from kiosk.contract.messages import HubKeys
from kiosk.contract.signing import SignatureError, verify_document
from offline_store.moment import boot_id
from offline_store.settings import Settings

SETTING = "clock.anchor"
LONGEST_ROUND = 10.0
"""Seconds between question and answer beyond which a time says too little."""
WORTH_KEEPING = 1.0
"""Seconds of difference worth a write to the disk."""


@dataclass(frozen=True)
class Anchor:
    """The city's time at one moment. Times are Unix seconds, UTC."""

    time: float
    monotonic: float
    wall: float
    boot: str


class CityClock:
    """kiosk.clock.Clock that follows the hub's signed time."""

    def __init__(self, clock: Clock, settings: Settings) -> None:
        """`clock`: the machine's own."""
        self._clock = clock
        self._settings = settings
        self._lock = threading.Lock()
        self._kept = self._anchor = _read(settings.get(SETTING))
        if self._anchor is not None and not self._of_this_boot(self._anchor):
            self._anchor = self._carried_over(self._anchor)

    def now(self) -> datetime:
        """The city's time, as well as this kiosk knows it; aware, UTC."""
        with self._lock:
            anchor = self._anchor
            if anchor is None:
                return self._clock.now()
            passed = self._clock.monotonic() - anchor.monotonic
            return datetime.fromtimestamp(anchor.time, UTC) + timedelta(seconds=passed)

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return self._clock.monotonic()

    @property
    def offset(self) -> float:
        """Seconds by which the machine's own clock is behind the city's; 0 while unknown."""
        return (self.now() - self._clock.now()).total_seconds()

    def correct(self, time: datetime, asked: float, answered: float) -> None:
        """Take over the hub's verified time. asked, answered: monotonic seconds around it.

        An answer that took longer than LONGEST_ROUND changes nothing.
        """
        if not 0 <= answered - asked <= LONGEST_ROUND:
            return
        middle = time.timestamp() + (answered - asked) / 2
        passed = self._clock.monotonic() - answered
        anchor = Anchor(
            middle + passed, answered + passed, self._clock.now().timestamp(), boot_id()
        )
        with self._lock:
            self._anchor = anchor
            kept, self._kept = self._kept, anchor
            if kept is not None and self._same(kept, anchor):
                self._kept = kept
                return
        self._settings.put(SETTING, asdict(anchor))

    def _same(self, kept: Anchor, new: Anchor) -> bool:
        drift = (new.time - kept.time) - (new.monotonic - kept.monotonic)
        wall = (new.time - new.wall) - (kept.time - kept.wall)
        return self._of_this_boot(kept) and max(abs(drift), abs(wall)) < WORTH_KEEPING

    def _of_this_boot(self, anchor: Anchor) -> bool:
        return anchor.boot == boot_id() and anchor.monotonic <= self._clock.monotonic()

    def _carried_over(self, anchor: Anchor) -> Anchor:
        wall = self._clock.now().timestamp()
        time = max(anchor.time, wall + anchor.time - anchor.wall)
        return Anchor(time, self._clock.monotonic(), wall, boot_id())


def read_time(signed: object, hub: HubKeys, nonce: str) -> datetime:
    """The time of a GET /v1/time answer, when our hub signed it for this question.

    Raises SignatureError.
    """
    document = verify_document(signed, signing_public_key(hub.signing), TIME)
    try:
        told = HubTime.model_validate(document)
    except ValidationError:
        raise SignatureError("a time of another shape") from None
    if told.nonce != nonce:
        raise SignatureError("the time for another question")
    return told.time


def _read(value: object) -> Anchor | None:
    if not isinstance(value, dict):
        return None
    try:
        return Anchor(
            float(value["time"]), float(value["monotonic"]), float(value["wall"]),
            str(value["boot"]),
        )
    except (KeyError, TypeError, ValueError):
        return None
