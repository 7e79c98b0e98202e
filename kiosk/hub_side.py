"""This kiosk's side of the hub: who we are, whom we trust, and what is fetched in the background.

Enrolment, key directory and catalog are looked after on a thread of their own ("upkeep"); the
outbox is emptied by `Sync` on others; questions of a visit run on the workers' "hub" lane with a
line of their own, so that none waits for another.
"""

import logging
import secrets
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from kiosk.cases import DIRECTORY_FILE, Directory
from kiosk.city_clock import CityClock, read_time
from kiosk.clock import Clock
from kiosk.config import keep_hub_layers
from kiosk.contract.catalog import CatalogError
from kiosk.contract.contact import ContactReply
from kiosk.contract.messages import SignedReceipt
from kiosk.contract.options import Config
from kiosk.contract.signing import SignatureError
from kiosk.delivery import Delivery
from kiosk.device_identity import (
    DeviceIdentity,
    NotEnrolled,
    adopt_directory,
    enrol,
    load_identity,
)
from kiosk.draft_lane import DraftLane
from kiosk.hub_contact import HubContact, Standing
from kiosk.hub_line import HubFault, HubLine
from kiosk.published_catalog import PublishedCatalog
from kiosk.rounds import Rounds, stop_together
from kiosk.sync import Sync, backoff
from kiosk.timings import Timings
from offline_store.database import Store

log = logging.getLogger(__name__)

LANES = 2
"""Submissions on their way at once: what one waits for, the other uses. More would only share the
same line."""


class HubSide:
    def __init__(
        self,
        config: Config,
        store: Store,
        clock: Clock,
        timings: Timings,
        confirmed: Callable[[SignedReceipt], None],
        failed: Callable[[str], None],
        changed: Callable[[], None],
        quiet: Callable[[], bool] = lambda: True,
        standing: Callable[[], Standing] = Standing,
    ) -> None:
        """All are called on worker threads: a receipt came; an attempt to hand in failed
        (fault code); identity or catalog are new; `quiet`: does nobody stand here? `standing`:
        is what the hub is told beside what is counted here."""
        self._config = config
        self._folder: Path = config.data
        self._timings = timings
        self._changed = changed
        self.clock = CityClock(clock, store.settings)
        """The city's time, for everything this kiosk does."""
        self._tell_failed = failed
        self.settings_came = threading.Event()
        """The hub's settings are others than those this process began with."""
        self._failures = 0
        """Rounds of upkeep in a row that did not go through."""
        self._upkeep = Rounds("upkeep", self._round, self._pause)
        self._upkeep_line = self._new_line()
        self._sync_lines = [self._new_line() for _ in range(LANES)]
        self._drafts_line = self._new_line()
        self.line = self._new_line()
        """For questions of a visit; only on the "hub" lane."""
        self.last_contact: datetime | None = None
        """When keys and catalog were last looked through with the hub, in this process."""
        self.directory: Directory | None = None
        self.identity: DeviceIdentity | None = None
        self.catalog = PublishedCatalog(config.data, store, self.clock, quiet)
        self.sync = Sync(
            store.outbox, self._sync_lines, lambda: self.identity, self.clock, timings,
            confirmed, self._failed, config.hub.keep_sealed_days > 0,
        )
        self.drafts = DraftLane(
            store.drafts, self._drafts_line, lambda: self.identity, self.clock, timings,
            self.sync.busy,
        )
        self._contact = HubContact(
            store, self._upkeep_line, self.clock,
            Delivery(store.outbox, self._upkeep_line, timings, self._upkeep.stopping),
            config.hub.keep_sealed_days, config.data, standing,
        )

    def start(self) -> None:
        """Load what is known, then look after the rest in the background."""
        try:
            identity = load_identity(self._folder)
        except NotEnrolled as error:
            # Out of order, and honest about it, until somebody enrols this kiosk again.
            log.error("%s", error)
            identity = None
        if identity is not None:
            self._become(identity)
        self.sync.start()
        self.drafts.start()
        self._upkeep.start()

    def stop(self) -> None:
        stop_together(self._upkeep, *self.sync.lanes, self.drafts.rounds)
        for line in self._lines():
            line.close()

    def _new_line(self) -> HubLine:
        return HubLine(self._config.hub.url, self._timings.hub_timeout, self.clock.now)

    def _lines(self) -> tuple[HubLine, ...]:
        return (self._upkeep_line, *self._sync_lines, self._drafts_line, self.line)

    def _failed(self, code: str) -> None:
        if code == "hub.clock_skew":
            self._upkeep.wake()  # ask for the time now, not in a minute
        self._tell_failed(code)

    def _become(self, identity: DeviceIdentity) -> None:
        for line in self._lines():
            line.sign_as(identity.kiosk_id, identity.private_key)
        if self.directory is None:
            self.directory = Directory(identity.hub, self._folder / DIRECTORY_FILE)
        self.identity = identity

    def _round(self) -> float:
        self._failures += 1  # until it went through, also when it ends in a way nobody foresaw
        try:
            self._swap_catalog()  # what is due may be here already, also without a line
            self._look_after()
            self._failures = 0
        except (HubFault, SignatureError, ValidationError) as error:
            log.info("upkeep: %s", getattr(error, "code", type(error).__name__))
        return self._pause()

    def _pause(self) -> float:
        """Seconds until keys and catalog are asked for again."""
        upkeep = self._timings.upkeep
        return min(upkeep, backoff(self._failures, self._timings)) if self._failures else upkeep

    def _look_after(self) -> None:
        """Enrol when we are not, else keep keys and catalog up to date. Raises HubFault."""
        if self.identity is None:
            code = self._config.hub.enrolment_code
            if not code:
                return
            name = self._config.place.hall.get("zh", "")
            self._become(enrol(self._folder, self._upkeep_line, code, name))
            self.catalog.forget()
            self._changed()
        identity, directory = self.identity, self.directory
        assert identity is not None and directory is not None
        identity = adopt_directory(self._folder, identity, directory.refresh(self._upkeep_line))
        self._become(identity)
        self._ask_time(identity)
        self.sync.wake()
        if not self.sync.busy():  # what people handed in comes before what counts it
            self._take_settings(self._contact.exchange(identity))
        self.catalog.fetch(self._upkeep_line, identity.hub)
        self.last_contact = self.clock.now()
        self._swap_catalog()

    def _take_settings(self, reply: ContactReply) -> None:
        """Keep what the hub sets for this place; it holds from the next start on."""
        if keep_hub_layers(self._folder, reply.settings):
            log.info("upkeep: new settings from the hub")
            self.settings_came.set()

    def _ask_time(self, identity: DeviceIdentity) -> None:
        """Follow the hub's signed time. Raises HubFault, SignatureError."""
        nonce = secrets.token_urlsafe(16)
        asked = self.clock.monotonic()
        signed = self._upkeep_line.get(f"/v1/time?nonce={nonce}", signed=False)
        time = read_time(signed, identity.hub, nonce)
        self.clock.correct(time, asked, self.clock.monotonic())

    def _swap_catalog(self) -> None:
        try:
            if self.catalog.swap():
                self._changed()
        except CatalogError as error:
            log.error("upkeep: the published catalog: %s", error)
