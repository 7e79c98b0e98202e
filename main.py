"""Starts one kiosk: reads the configuration, wires the rooms together, opens the window.

`python main.py --config kiosk.toml`. After every visit the process replaces itself by a fresh
one (decision 4), so that nothing of a person is left in its memory.
"""

import argparse
import ctypes
import logging
import os
import queue
import resource
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

EXIT_CONFIG = 2
EXIT_LOCKED = 4
_PR_SET_DUMPABLE = 4  # linux/prctl.h


def main() -> int:
    arguments = _arguments()
    _forbid_dumps()
    _prepare_kivy()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    # After the environment is set, since these load Kivy.
    from kiosk.config import ConfigError, read_config
    from offline_store.errors import StoreError

    try:
        config = read_config(arguments.config)
        again = _run(config)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return EXIT_CONFIG
    except StoreError as error:
        print(f"{error.code}: {error}", file=sys.stderr)
        return EXIT_LOCKED
    if again:
        os.execv(sys.executable, [sys.executable, *sys.argv])
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run one kiosk.")
    parser.add_argument("--config", type=Path, required=True, help="the kiosk's TOML file")
    return parser.parse_args()


def _forbid_dumps() -> None:
    """No core dump and no debugger: a stranger's papers are in this memory (decision 4)."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _prepare_kivy() -> None:
    """Kivy keeps its own files on tmpfs and its hands off our arguments and logs."""
    if "YIMEN_RUN" not in os.environ:
        memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
        os.environ["YIMEN_RUN"] = tempfile.mkdtemp(prefix="yimen-", dir=memory)
    os.environ["KIVY_HOME"] = os.environ["YIMEN_RUN"] + "/kivy"
    Path(os.environ["KIVY_HOME"]).mkdir(exist_ok=True)
    os.environ.setdefault("KIVY_METRICS_DENSITY", "1")
    for name in ("KIVY_NO_ARGS", "KIVY_NO_FILELOG", "KIVY_NO_CONSOLELOG"):
        os.environ[name] = "1"


def _run(config: Any) -> bool:
    """Run until the visit is over (True: start afresh) or the window was closed (False)."""
    from devices.cards.events import CardReader
    from devices.cards.samv import SamvReader
    from devices.cards.social_security import SocialSecurityReader
    from devices.code_readers.serial_reader import CodeReader
    from devices.printers.receipt_printer import ReceiptPrinter
    from devices.vision.camera import Camera
    from kiosk.clock import SystemClock
    from kiosk.hub_side import HubSide
    from kiosk.local_socket import LocalSocket, Verb
    from kiosk.printing import Printing
    from kiosk.rooms import Rooms
    from kiosk.timings import Timings
    from kiosk.visit import Visit
    from kiosk.workers import Workers
    from offline_store.database import Store
    from screens.app import KioskApp, prepare_window
    from screens.tokens import PanelSize

    config.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    plugged = config.devices
    timings = replace(Timings(), idle_warning=config.idle_warning)
    clock, workers = SystemClock(), Workers()
    store = Store.open(config.data / "kiosk.db")
    over = threading.Event()
    visits: list[Visit] = []

    def readers() -> Sequence[CardReader]:
        found: list[CardReader] = []
        if plugged.id_card:
            found.append(SamvReader(plugged.id_card, plugged.id_card_baud))
        if plugged.smartcard:
            found.append(SocialSecurityReader())
        return found

    hub = HubSide(
        config, store, clock, timings,
        confirmed=lambda receipt: workers.post(lambda: visits[-1].receipt_came(receipt)),
        failed=lambda code: workers.post(lambda: visits[-1].sync_failed(code)),
        changed=lambda: workers.post(lambda: visits[-1].on_change()),
    )
    printer = (
        ReceiptPrinter(plugged.printer, plugged.printer_columns) if plugged.printer else None
    )
    hub.start()
    rooms = Rooms(
        config=config, clock=clock, timings=timings, workers=workers, store=store, hub=hub,
        printing=Printing(printer), readers=readers,
        camera=(lambda: Camera(plugged.camera)) if plugged.camera else None,
    )

    def open_visit() -> Visit:
        visits.append(Visit(rooms, is_over))
        return visits[-1]

    def is_over() -> None:
        over.set()
        app.stop()

    def drain() -> None:
        workers.deliver()

    panel = config.panel
    size = PanelSize(
        round(panel.width_px * panel.scale), round(panel.height_px * panel.scale),
        panel.diagonal_inch,
    )
    prepare_window(size, fullscreen=panel.fullscreen)
    app = KioskApp(
        open_visit, drain, lambda: visits[-1].tick(), size, on_over=lambda: None
    )
    code_reader = None
    if plugged.code_reader:
        code_reader = CodeReader(
            plugged.code_reader,
            lambda event: workers.post(lambda: visits[-1].code_event(event)),
        )
        code_reader.start()

    def where(_: Mapping[str, Any]) -> dict[str, Any]:
        """Which screen, and where its widgets stand; no texts (see screens.app)."""
        answers: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        workers.post(lambda: answers.put(app.where()))
        return answers.get(timeout=5.0)

    def search(question: Mapping[str, Any]) -> dict[str, Any]:
        limit = int(question.get("limit", 20))
        return {"results": store.catalog.search(str(question["query"]), limit)}

    verbs: dict[str, Verb] = {"search": search}
    if config.observe:
        verbs["where"] = where
    local = LocalSocket(config.data / "kiosk.sock", verbs)
    try:
        app.run()
    finally:
        local.close()
        if code_reader is not None:
            code_reader.stop()
        hub.stop()
        workers.stop(timeout=1.0)
        store.close()
    return over.is_set()


if __name__ == "__main__":
    sys.exit(main())
