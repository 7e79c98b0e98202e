"""Out of order: said honestly, open again by itself where that can be, and staff are let in.

A kiosk that is closed needs a technician. Where it has its own store and the hub knows it, staff
sign in as ever. Without either nobody can be known here: then the help sheet says what is to be
done, and whoever stands there may start the app afresh, which such a kiosk does now and then
anyway.
"""

import math

from kiosk.contract.faults import FAULTS
from kiosk.staff_views import ClosedView
from kiosk.steps import Step
from kiosk.views import FaultView
from kiosk.visit.staffing import Staffing
from offline_store.errors import FULL

NOT_ENROLLED = "kiosk.not_enrolled"
NO_CATALOG = "kiosk.no_catalog"
_BY_ITSELF = (FULL, NO_CATALOG)
"""Room is made and the catalog comes without a start."""


class Closing(Staffing):
    @property
    def out_of_order(self) -> FaultView:
        return self._view(self._why_closed, ("help",))

    @property
    def closed(self) -> ClosedView | None:
        """What staff read while nobody is taken in; None while the kiosk is open."""
        if self.step is not Step.OUT_OF_ORDER:
            return None
        words, code = self.words, self._why_closed
        door = ""
        if not self.can_open_staff:
            door = words("Nobody can sign in here before that is done.")
        return ClosedView(code, words(FAULTS[code].staff), door)

    def restart_closed(self) -> None:
        """Start the app afresh where nobody can sign in to do so; nobody is served meanwhile."""
        self._need(Step.OUT_OF_ORDER)
        if not self.can_open_staff:
            self._start_afresh()

    @property
    def _at_closed_door(self) -> bool:
        """Staff were asked for their card while nobody is taken in: there is no way into a visit
        from here."""
        part = self._identification
        return part is not None and part.purpose == "staff" and self._door_from_closed

    @property
    def _why_closed(self) -> str:
        return self._rooms.closed() or NOT_ENROLLED

    @property
    def _is_closed(self) -> bool:
        return self._rooms.closed() is not None or self._rooms.hub.identity is None

    def _tick_closed(self, now: float) -> None:
        """Closed to new visits, or open again. What only a start can mend is given one."""
        closed = self._rooms.closed()
        if self.step is Step.ATTRACT and closed is not None:
            self._go(Step.OUT_OF_ORDER)
        elif self.step is Step.OUT_OF_ORDER:
            # Without its own store a kiosk knows nobody.
            known = self._rooms.hub.identity is not None
            by_itself = closed is None or (closed in _BY_ITSELF and known)
            if not self._is_closed:
                self._go(Step.ATTRACT)
            elif not by_itself and now - self._since >= self._rooms.timings.closed_look:
                self._start_afresh()

    def _start_afresh(self) -> None:
        if self._since != math.inf:
            self._since = math.inf
            self._over()
