"""A kiosk's life: the real rooms of main.py without a window, handing in what it is told to.

Tells the campaign: "state" (taken, waiting, shelved, catalog, enrolled) whenever one changes,
"committed" and "printed" with the receipt number once the store has it on its disk.
"""

from __future__ import annotations

import importlib
import logging
import os
import random
import uuid
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from kiosk.application import Application, KeptPage
from kiosk.clock import SystemClock
from kiosk.contract.catalog import check_bundle
from kiosk.contract.options import Config
from kiosk.printing import PrintJob
from kiosk.receipt_paper import receipt_layout
from kiosk.sending import Sending
from kiosk.submission import Committed, commit
from kiosk.timings import Timings
from kiosk.views import StageState
from kiosk.words import Words
from main import Kiosk
from tests.campaigns.lives import sabotage, states
from tests.campaigns.lives.editions import edition
from tests.campaigns.lives.wire import Wire
from tests.hub.rig import jpeg
from tests.kiosk.rig import ANSWERS, CERTIFICATE, STROKES, consent, person, service

QUICK = Timings(
    hub_timeout=(1.0, 2.0), hub_poll=0.01, sync_idle=0.2, retry_first=0.02, retry_cap=0.1,
    upkeep=0.15,
)  # fmt: skip
"""Pauses shortened: it is the order of things that counts, not how long a kiosk waits."""
_LOOK_SECONDS = 0.004
_ON_FIRST_USE = (
    "cryptography.hazmat.backends.openssl.backend", "encodings.gb18030", "escpos.printer", "qrcode",
    "pypinyin",
)  # fmt: skip


def warm_up() -> None:
    """Read what every life needs and none changes."""
    Words("zh")
    person()
    jpeg(1)
    service(CERTIFICATE)
    check_bundle(edition(0))
    for name in _ON_FIRST_USE:
        importlib.import_module(name)


def live(given: dict[str, Any], wire: Wire) -> None:
    """given: config (as JSON), die_at, sabotage."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("urllib3").setLevel(logging.WARNING)
    if given["die_at"]:
        states.arm(given["die_at"])
    sabotage.begin(given["sabotage"])
    kiosk = Kiosk(Config.model_validate(given["config"]), SystemClock(), QUICK)
    sabotage.spoil(given["sabotage"], kiosk.store)
    _Counter(kiosk, wire).serve()


class _Counter:
    """Somebody at the kiosk who hands in one application after the other."""

    def __init__(self, kiosk: Kiosk, wire: Wire) -> None:
        self._kiosk = kiosk
        self._wire = wire
        self._sizes: deque[int] = deque()
        self._taken = 0
        self._state: dict[str, Any] = {}
        self._work: Iterator[None] | None = None

    def serve(self) -> None:
        while True:
            for order in self._wire.told(_LOOK_SECONDS):
                if order["what"] == "arm":
                    states.arm(order["point"])
                    self._wire.tell("armed")
                else:
                    self._sizes.extend(order["sizes"])
                    self._taken += len(order["sizes"])
            self._kiosk.frame()
            self._go_on()
            self._tell_state()

    def _go_on(self) -> None:
        if self._work is None and self._sizes and self._ready:
            self._work = self._hand_in(self._sizes.popleft())
        if self._work is not None and next(self._work, self) is self:
            self._work = None

    @property
    def _ready(self) -> bool:
        return self._kiosk.hub.identity is not None and self._kiosk.store.catalog.version() != ""

    def _tell_state(self) -> None:
        outbox = self._kiosk.store.outbox
        now = {
            "taken": self._taken,
            "waiting": len(outbox.waiting()) + len(self._sizes) + (self._work is not None),
            "shelved": [item.last_error for item in outbox.shelf()],
            "catalog": self._kiosk.store.catalog.version(),
            "enrolled": self._kiosk.hub.identity is not None,
        }
        if now != self._state:
            self._state = now
            self._wire.tell("state", **now)

    def _hand_in(self, size: int) -> Iterator[None]:
        """One application from the signature on, its pages about `size` bytes; a step a frame."""
        kiosk, words = self._kiosk, Words("zh")
        rooms, visit = kiosk.rooms, uuid.uuid4().hex
        application, identity = _application(kiosk, size), kiosk.hub.identity
        assert identity is not None
        place = rooms.config.place

        def paper(done: Committed) -> PrintJob:
            layout = receipt_layout(
                words, words.pick(place.hall), words.pick(application.service["name"]),
                done.receipt_number, done.receipt_qr, done.committed, place.phone,
            )  # fmt: skip
            return PrintJob(visit, f"receipt {done.receipt_number}", layout)

        sending = Sending(
            commit=lambda: commit(
                application, consent(), "zh", datetime.now(UTC), identity, kiosk.store.outbox
            ),
            paper=paper, visit_id=visit, print_wanted=True, outbox=kiosk.store.outbox,
            printing=rooms.printing, workers=rooms.workers, clock=rooms.clock,
            timings=rooms.timings, committed=kiosk.hub.sync.wake, changed=lambda: None,
        )  # fmt: skip
        while sending.committed is None:
            if sending.fault_code is not None:
                self._wire.tell("refused", code=sending.fault_code)
                return
            yield
        number = sending.committed.receipt_number
        self._wire.tell("committed", number=number)
        while sending.states["printing"] is StageState.ACTIVE:
            yield
        if sending.states["printing"] is StageState.DONE:
            self._wire.tell("printed", number=number)


def _application(kiosk: Kiosk, size: int) -> Application:
    """Signed, with everything it needs; its page is a picture with `size` bytes behind its end."""
    code = service(CERTIFICATE)["code"]
    application = Application(kiosk.store.catalog.service(code), person())
    for field, value in ANSWERS[CERTIFICATE].items():
        application.set_answer(field, value)
    page = KeptPage(jpeg(1) + random.Random(os.urandom(8)).randbytes(size), 400, 566)
    for material in application.pages:
        application.keep_page(material, page)
    application.sign(STROKES, ("I declare it.",))
    return application
