"""The catalog of this kiosk as the hub publishes it: what is in force, what comes, what is wrong.

Looked after by the upkeep thread. A swap is one transaction, and happens while nobody stands here;
a visit that is open keeps the documents it has read, an application its service (decision 17).
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kiosk.catalog_updates import CatalogUpdates, FileDamaged
from kiosk.clock import Clock
from kiosk.contract.catalog import CatalogError, check_bundle
from kiosk.contract.messages import HubKeys
from kiosk.contract.working_days import WorkingCalendar
from kiosk.hub_line import HubFault, HubLine
from offline_store.database import Store

log = logging.getLogger(__name__)

FOLDER = "published"
"""In the data folder: what was fetched and verified."""
_FAULT = "published_fault"


@dataclass(frozen=True)
class CatalogState:
    """How this kiosk's catalog stands."""

    fault: str | None = None
    """Why it may be old: catalog.expired, .rollback, .altered, .unfit."""
    next_from: date | None = None
    """When the next one comes into force, if it was published ahead."""


class PublishedCatalog:
    """Works on the upkeep thread; `state` and `calendar` may be read on any."""

    def __init__(
        self, folder: Path, store: Store, clock: Clock, quiet: Callable[[], bool]
    ) -> None:
        """`quiet`: nobody stands at this kiosk."""
        self._updates = CatalogUpdates(folder / FOLDER)
        self._store = store
        self._clock = clock
        self._quiet = quiet
        self._unfit = ""
        kept = store.settings.get(_FAULT)
        self._fault = kept if isinstance(kept, str) else None
        self._expires = self._updates.expires()
        self.calendar: WorkingCalendar = self._updates.calendar()
        """The official calendar as it was published last."""
        self._next_from: date | None = None
        self.is_here = bool(store.catalog.version())
        """There is a catalog; False before the first one came, and after one was lost."""
        self._look()

    @property
    def state(self) -> CatalogState:
        """As it is now: what is not confirmed for long expires also while nobody answers."""
        fault, expires = self._fault, self._expires
        if fault is None and expires is not None and self._clock.now() >= expires:
            fault = "catalog.expired"
        return CatalogState(fault, self._next_from)

    def forget(self) -> None:
        """This kiosk is enrolled anew: whom it trusts begins anew, too."""
        self._updates.forget()
        self._note(None)

    def fetch(self, line: HubLine, hub: HubKeys) -> None:
        """Bring what is new here. Raises HubFault, SignatureError, OSError; nothing is lost."""
        try:
            self._updates.fetch(line, hub, self._clock.now())
        except HubFault as fault:
            if fault.code.startswith("catalog."):
                self._note(fault.code)
            raise
        self._note("catalog.unfit" if self._unfit else None)
        self._look()

    def swap(self) -> bool:
        """Take in the edition that is due, fetched now or long ago; True when it is a new one.

        Raises CatalogError when it cannot be used here; StoreError when the store is full.
        """
        due = self._updates.in_force(self._clock.now())
        known = self._store.catalog.version()
        if due is None:
            return False
        if due.edition.version == known:
            self._fits()
            return False
        if due.edition.version == self._unfit or (known and not self._quiet()):
            return False
        try:
            bundle = due.bundle()
            check_bundle(bundle)
        except FileDamaged:
            due.path.unlink(missing_ok=True)  # the next fetch brings it again
            raise
        except CatalogError:
            # Not asked again and again: another version, or another program, will do.
            self._unfit = due.edition.version
            self._note("catalog.unfit")
            raise
        self._store.catalog.import_bundle(bundle)
        self.is_here = True
        self._fits()
        log.info("catalog %s is in force", due.edition.version[:12])
        self._look()
        return True

    def _fits(self) -> None:
        self._unfit = ""
        if self._fault == "catalog.unfit":
            self._note(None)

    def _look(self) -> None:
        now = self._clock.now()
        self._expires = self._updates.expires()
        self.calendar = self._updates.calendar()
        days = [here.edition.effective_from for here in self._updates.editions()
                if not here.edition.in_force(now)]
        self._next_from = days[0] if days else None

    def _note(self, fault: str | None) -> None:
        """Remember over restarts, which come after every visit; said once, not every minute."""
        if fault == self._fault:
            return
        self._fault = fault
        self._store.settings.put(_FAULT, fault)
        if fault is None:
            log.info("catalog: trusted again")
        else:
            log.warning("catalog: %s", fault)
        self._store.audit.append("publishing.trust", {"fault": fault or ""})
