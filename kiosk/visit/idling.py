"""The time a visit has: whoever is gone is asked whether they are still there, then forgotten."""

import math
from collections.abc import Callable

from kiosk.printed_lines import Way
from kiosk.rooms import Rooms
from kiosk.steps import Step
from kiosk.visit.advising import Advising
from kiosk.visit.closing import Closing
from kiosk.visit.paper_filling import PaperFilling
from kiosk.visit.returning import Returning
from kiosk.visit.settling import Settling
from kiosk.visit.speaking import Speaking
from kiosk.visit.staffing import STAFF_STEPS
from kiosk.visit.taking import Taking

_NEVER_IDLE = (Step.ATTRACT, Step.GOODBYE, Step.OUT_OF_ORDER)


class Idling(Taking, Advising, Settling, Closing, PaperFilling, Returning, Speaking):
    """All stretches of a visit, and whether one of them keeps time from running out."""

    def __init__(self, rooms: Rooms, over: Callable[[], None]) -> None:
        super().__init__(rooms, over)
        self.idle_left: int | None = None
        """Seconds left to answer "Are you still there?"; None while nobody is asked."""

    def touched(self) -> None:
        self._last_touch = self._now()
        if self.idle_left is not None:
            self.idle_left = None
            self._hush()
            self._changed()

    def extend(self) -> None:
        self.touched()

    def _tick_idle(self, now: float) -> None:
        if self.step in _NEVER_IDLE:
            return
        if self._busy():
            self._last_touch = now
        quiet = now - self._last_touch
        timings = self._rooms.timings
        limit, answer = timings.idle_warning, timings.idle_answer
        if self.step in STAFF_STEPS:
            limit, answer = timings.staff_idle_warning, timings.staff_idle_answer
        left = None
        if quiet >= limit:
            left = max(0, math.ceil(answer - (quiet - limit)))
        if left != self.idle_left:
            if self.idle_left is None:
                self._say_idle_question()
            self.idle_left = left
            self._changed()
        if left == 0:
            self.quit()

    def _busy(self) -> bool:
        """A card is read, something is printed or sent: no time runs out."""
        return (
            (self._identification is not None and self._identification.busy)
            or (self._sending is not None and self._sending.busy)
            or self._cases_loading
            or self._printing_owed
            or self._staff_busy
            or self._reading is not None
            or self._paper_busy
            or self._keeping
            or self._searching
        )

    @property
    def on_a_wire(self) -> bool:
        """Something outside has to happen next: a card, a picture, the printer, the hub. Journeys
        let no virtual time pass meanwhile (architecture, Habits)."""
        identification, sending = self._identification, self._sending
        return (
            (
                identification is not None and identification.person is None
                and (self.step is Step.IDENTIFY or self.printed_lines.way is Way.CAMERA)
            )
            or (self._scanning is not None and self._captured is None)
            or (sending is not None and sending.busy)
            or self._keeping
        )
