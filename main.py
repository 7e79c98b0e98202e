"""Starts one kiosk: reads the configuration, wires the rooms together, opens the window.

`python main.py --config kiosk.toml`. After every visit the process replaces itself by a fresh
one (decision 4), so that nothing of a person is left in its memory.
"""

import argparse
import gc
import logging
import os
import queue
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from devices.code_readers import CodeReader, EvdevReader, reader_at
from devices.errors import DeviceFault
from devices.ocr.text_reader import TextReader
from devices.vision.camera import Camera
from kiosk.clock import Clock, SystemClock
from kiosk.config import ConfigError, read_config
from kiosk.contract.messages import SignedReceipt
from kiosk.contract.options import Config, StoreLimits
from kiosk.desk_mat import DeskMat
from kiosk.hub_contact import Standing
from kiosk.hub_side import HubSide
from kiosk.local_socket import LocalSocket, Verb
from kiosk.plugged_in import card_readers, printing, trust_store, voice
from kiosk.process import forbid_dumps, report
from kiosk.rooms import Rooms
from kiosk.steps import Step
from kiosk.store_care import StoreCare
from kiosk.timings import Timings
from kiosk.visit import Visit
from kiosk.visit.closing import NO_CATALOG
from kiosk.workers import Workers
from offline_store.errors import LOCKED, StoreError
from offline_store.recovery import open_or_recover
from offline_store.space import MIB
from screens.environment import prepare_kivy

if TYPE_CHECKING:
    from screens.app import KioskApp

CITY_TIME = "Asia/Shanghai"
EXIT_CONFIG = 2
EXIT_STORE = 4
EXIT_UNEXPECTED = 70  # sysexits.h EX_SOFTWARE; whoever started us starts us again
_NOBODY_HERE = (Step.ATTRACT, Step.OUT_OF_ORDER)


class Kiosk:
    """The rooms of one kiosk, wired. Made once a process, by `main` or by a journey."""

    def __init__(
        self, config: Config, clock: Clock, timings: Timings, opens: str = "",
        closed: str | None = None, file: Path | None = None,
    ) -> None:
        """Opens the store, or recovers it, and starts the background work. Raises StoreError.

        `opens`: code of the service at which each visit begins, for those who try one out.
        `closed`: fault code of a kiosk that only says why it takes nobody in; it works with a
        store of its own in config.data and leaves the hub alone.
        `file`: where the configuration came from, for those who change it at the screen.
        """
        config.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        plugged = config.devices
        self._config = config
        self.workers = Workers()
        self.store, recovery = open_or_recover(config.data / "kiosk.db")
        self.care = StoreCare(
            self.store, config.store, clock, recovery, timings.store_look,
            changed=lambda: self._tell(lambda visit: visit.on_change()),
        )
        self.care.start()
        self.visit: Visit | None = None
        self._over: Callable[[], None] = lambda: None
        self._opens = opens
        self._code_reader: CodeReader | EvdevReader | None = None
        self._text_reader = TextReader() if plugged.camera else None
        self.hub = HubSide(
            config,
            self.store,
            clock,
            timings,
            confirmed=self._receipt_came,
            failed=lambda code: self._tell(lambda visit: visit.sync_failed(code)),
            changed=lambda: self._tell(lambda visit: visit.on_change()),
            quiet=lambda: self.visit is None or self.visit.step in _NOBODY_HERE,
            standing=self._standing,
        )
        self.rooms = Rooms(
            config=config,
            clock=self.hub.clock,
            timings=timings,
            workers=self.workers,
            store=self.store,
            hub=self.hub,
            printing=printing(plugged, self.store.settings),
            readers=partial(card_readers, plugged, trust_store(plugged)),
            camera=(lambda: Camera(plugged.camera)) if plugged.camera else None,
            store_state=lambda: self.care.state,
            closed=lambda: closed or self._why_closed(),
            text_reader=self._text_reader,
            desk_mat=DeskMat(config.data) if plugged.camera else None,
            voice=voice(plugged.earphone),
            speaker=voice(plugged.speaker),
            config_file=file,
        )
        if closed is None:
            self.hub.start()
        # A process that was killed may have left pages in the spooler; nobody is here for them.
        self.workers.submit(
            "pages", self.rooms.printing.clear_pages, lambda _: None, _tell_uncleared
        )
        if plugged.code_reader:
            self._code_reader = reader_at(
                plugged.code_reader,
                lambda event: self._tell(lambda visit: visit.code_event(event)),
            )
            self._code_reader.start()

    def open_visit(self, over: Callable[[], None]) -> Visit:
        self.visit, self._over = Visit(self.rooms, over), over
        return self.visit

    def frame(self) -> None:
        """Deliver what the workers brought, then let time pass; called before each frame."""
        self.workers.deliver()
        if self.visit is not None:
            if self._opens and self.visit.step is Step.ATTRACT and self.store.catalog.version():
                self._open_at(self.visit)
            self.visit.tick()
            if self.hub.settings_came.is_set() and self.visit.step in _NOBODY_HERE:
                self.hub.settings_came.clear()
                self._over()

    def _open_at(self, visit: Visit) -> None:
        visit.start()
        visit.choose_language("zh")
        visit.open_service(self._opens)
        self._opens = ""

    def _why_closed(self) -> str | None:
        """Why nobody is taken in, as a fault code; who is not enrolled is told that first."""
        # Nobody is shown an empty house.
        here = self.hub.catalog.is_here or self.hub.identity is None
        return self.care.closed() or (None if here else NO_CATALOG)

    def _standing(self) -> Standing:
        room = self.care.state.room
        return Standing(self._why_closed(), None if room is None else room.free // MIB)

    @property
    def idle(self) -> bool:
        """Nothing is under way on any worker or wire."""
        return self.workers.idle and (self.visit is None or not self.visit.on_a_wire)

    def close(self) -> None:
        """Let go of every wire. What is under way is safe to cut off at any moment."""
        if self.visit is not None:
            self.visit.close()
        if self._code_reader is not None:
            self._code_reader.stop()
        for part in (self._text_reader, self.rooms.voice, self.rooms.speaker):
            if part is not None:
                part.close()
        self.hub.stop()
        self.care.stop()
        self.workers.stop(timeout=1.0)
        self.store.close()

    def _receipt_came(self, receipt: SignedReceipt) -> None:
        self.care.deleted()
        self._tell(lambda visit: visit.receipt_came(receipt))

    def _tell(self, message: Callable[[Visit], None]) -> None:
        """Bring an event of a worker thread to the visit, on the UI thread."""

        def deliver() -> None:
            if self.visit is not None:
                message(self.visit)

        self.workers.post(deliver)


def _tell_uncleared(error: Exception) -> None:
    code = error.code if isinstance(error, DeviceFault) else type(error).__name__
    logging.getLogger("main").warning("spooler of the page printer not cleared: %s", code)


def main() -> int:
    arguments = _arguments()
    forbid_dumps()
    # People read local time; the hub's and the kiosk's records are in UTC.
    os.environ["TZ"] = CITY_TIME
    time.tzset()
    prepare_kivy()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    # At its finer levels it writes addresses, and those carry receipt numbers.
    logging.getLogger("urllib3").setLevel(logging.WARNING)
    try:
        again = _run(arguments.config, arguments.open)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return EXIT_CONFIG
    except StoreError as error:
        print(f"{error.code}: {error}", file=sys.stderr)
        return EXIT_STORE
    except Exception as error:  # noqa: BLE001 - decision 7: an unexpected fault ends the visit
        report(error)
        return EXIT_UNEXPECTED
    if again:
        os.execv(sys.executable, [sys.executable, *sys.argv])
    return 0


def _run(file: Path, opens: str) -> bool:
    """Run until the visit is over (True: start afresh) or the window was closed (False)."""
    config = read_config(file)
    # Kivy reads its environment when it is loaded, so only now.
    from screens.app import KioskApp, prepare_window
    from screens.tokens import PanelSize

    # Kivy opens the root logger for everybody's finest details; some would name a print job.
    logging.getLogger().setLevel(logging.INFO)
    timings = replace(
        Timings(), idle_warning=config.idle_warning, idle_answer=config.idle_answer,
        draft_kept=config.draft_days * 24 * 3600.0,
    )
    try:
        kiosk = Kiosk(config, SystemClock(), timings, opens, file=file)
    except StoreError as error:
        if error.code == LOCKED:
            raise
        # People read on the screen that this kiosk takes nothing in; then it is tried again.
        logging.getLogger("main").critical("%s", error)
        kiosk = Kiosk(_without_a_store(config), SystemClock(), timings, closed=error.code)
    visit_is_over = False

    def over() -> None:
        nonlocal visit_is_over
        visit_is_over = True
        app.stop()

    panel = config.panel
    size = PanelSize(
        round(panel.width_px * panel.scale),
        round(panel.height_px * panel.scale),
        panel.diagonal_inch,
    )
    prepare_window(size, fullscreen=panel.fullscreen, left=panel.left, top=panel.top)
    app = KioskApp(
        lambda: kiosk.open_visit(over), kiosk.frame, size, on_over=lambda: None, tidy=gc.collect,
    )
    local = LocalSocket(config.data / "kiosk.sock", _verbs(kiosk, app, config.observe))
    # What start-up made stays: no later collection has to walk through it with the UI waiting.
    gc.collect()
    gc.freeze()
    try:
        app.run()
    finally:
        local.close()
        kiosk.close()
    return visit_is_over


def _without_a_store(config: Config) -> Config:
    """The same place and panel, nothing plugged in, and an empty store in memory."""
    folder = Path(tempfile.mkdtemp(dir=os.environ["YIMEN_RUN"]))
    limits = StoreLimits(reserve_mb=0, least_mb=0)
    return Config(data=folder, place=config.place, panel=config.panel, store=limits,
                  observe=config.observe, idle_warning=config.idle_warning)


def _verbs(kiosk: Kiosk, app: "KioskApp", observe: bool) -> dict[str, Verb]:
    """What the local socket answers."""

    def search(question: Mapping[str, Any]) -> dict[str, Any]:
        limit = int(question.get("limit", 20))
        return {"results": kiosk.store.catalog.search(str(question["query"]), limit)}

    def where(_: Mapping[str, Any]) -> dict[str, Any]:
        """Which screen, and where its widgets stand; no texts (see screens.app)."""
        answers: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        kiosk.workers.post(lambda: answers.put(app.where()))
        return answers.get(timeout=5.0)

    def settings(_: Mapping[str, Any]) -> dict[str, Any]:
        """The configuration was changed: start afresh as soon as nobody is here."""
        kiosk.hub.settings_came.set()
        return {}

    verbs: dict[str, Verb] = {"search": search, "settings": settings}
    return verbs | {"where": where} if observe else verbs


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run one kiosk.")
    parser.add_argument("--config", type=Path, required=True, help="the kiosk's TOML file")
    parser.add_argument(
        "--open", default="", metavar="CODE", help="begin each visit at this service's guide"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
