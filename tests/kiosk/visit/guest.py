"""Somebody at a kiosk: walks a visit over real wires, on a clock moved by hand."""

import gc
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType, FunctionType, ModuleType
from typing import Any

from devices.cards.samv import SamvReader
from devices.printers.receipt_printer import ReceiptPrinter
from devices.testbed.cards import sample_card
from devices.testbed.printer_pty import PrinterPty
from devices.testbed.samv import SamvPty
from devices.vision.camera import Camera
from kiosk.steps import Step
from kiosk.timings import Timings
from kiosk.views import StageState
from kiosk.visit import Visit
from offline_store.database import Store
from tests.kiosk.rig import (
    ANSWERS,
    CERTIFICATE,
    PATIENCE,
    STROKES,
    City,
    Place,
    bundle,
    place,
    service,
)

BAUD = 115200  # the fastest the reader speaks; the testbed paces its bytes
PAPERLESS = "paperless"
TIMINGS = Timings(hub_timeout=(0.5, 1.0), hub_poll=0.02)


def catalog() -> dict[str, Any]:
    """The city's catalog, and one service more that asks for no scans and nothing beforehand."""
    paperless = dict(
        service(CERTIFICATE), code=PAPERLESS, slug=PAPERLESS, needs=["identity"], checks=[],
        materials=[m for m in service(CERTIFICATE)["materials"] if m["form"] == "paper"],
    )
    return {**bundle(), "services": [*bundle()["services"], paperless]}


class Guest:
    """The visit, the wires behind it, and a person's way through."""

    def __init__(
        self,
        folder: Path,
        store: Store,
        city: City,
        *,
        reader: SamvPty | None = None,
        printer: PrinterPty | None = None,
        camera_url: str = "",
        url: str = "http://127.0.0.1:9",
        timings: Timings = TIMINGS,
    ) -> None:
        self.reader = reader
        self.patience = PATIENCE
        self.place: Place = place(
            folder, store, city, timings=timings, url=url,
            devices={"id_card": reader.port if reader else "", "camera": camera_url,
                     "printer": printer.address if printer else ""},
            printer=ReceiptPrinter(printer.address) if printer else None,
            readers=lambda: [SamvReader(reader.port, BAUD)] if reader else [],
            camera=(lambda: Camera(camera_url)) if camera_url else None,
        )
        assert self.place.hub.identity is not None
        self.place.hub._become(self.place.hub.identity)
        self.over = 0
        self.changes = 0
        self.visit = self.new_visit()

    def new_visit(self) -> Visit:
        def over() -> None:
            self.over += 1

        def changed() -> None:
            self.changes += 1

        self.visit = Visit(self.place.rooms, over)
        self.visit.on_change = changed
        return self.visit

    def close(self) -> None:
        self.visit._close_parts()
        self.settle()  # the reader must be free for the next test
        self.place.workers.stop(2.0)

    # ---- time

    def frame(self) -> None:
        self.place.workers.deliver()
        self.visit.tick()

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Frames until it holds; no virtual time passes."""
        limit = time.monotonic() + self.patience
        while not condition():
            assert time.monotonic() < limit, f"{what}: on {self.visit.step}"
            time.sleep(0.002)
            self.frame()

    def settle(self) -> None:
        """Until no worker has anything to do."""
        self.until(lambda: self.place.workers.idle, "idle")

    def wait(self, seconds: float) -> None:
        """Let virtual time pass, a second at a time."""
        while seconds > 0:
            self.place.clock.pass_by(min(1.0, seconds))
            seconds -= 1.0
            self.frame()

    def at(self, step: Step) -> None:
        """The visit stands at this step now."""
        assert self.visit.step is step

    def on(self, step: Step) -> None:
        self.until(lambda: self.visit.step is step, f"wanted {step}")

    # ---- the way

    def to_home(self, language: str = "en") -> None:
        self.visit.start()
        self.visit.choose_language(language)

    def to_identify(self, code: str = PAPERLESS, language: str = "en") -> None:
        self.to_home(language)
        self.visit.open_service(code)
        self.visit.begin()
        self.visit.agree()

    def lay(self, card: str = "zhang_wei") -> None:
        assert self.reader is not None
        self.reader.insert(sample_card(card))

    def lift(self) -> None:
        """Take the card away, for long enough to be noticed."""
        assert self.reader is not None
        self.reader.heal()
        self.reader.remove()
        commands = self.reader.commands
        asked = len(commands)
        self.until(lambda: len(commands) >= asked + 10, "asked for the card")

    def recognised(self) -> None:
        """Until the card was read and its name stood long enough."""
        self.until(lambda: self.visit.step is not Step.IDENTIFY
                   or self.visit.identify.state.value == "recognised", "recognised")
        self.wait(1.0)

    def to_form(self, code: str = PAPERLESS, card: str = "zhang_wei", language: str = "en") -> None:
        self.to_identify(code, language)
        self.lay(card)
        self.recognised()
        self.at(Step.FORM)

    def fill(self, slug: str = CERTIFICATE) -> None:
        """Every page, until the form is left."""
        while self.visit.step is Step.FORM:
            page = self.visit.form.page
            for field in self.visit.form.fields:
                if not field.locked and field.id in ANSWERS[slug]:
                    self.visit.set_answer(field.id, ANSWERS[slug][field.id])
            self.visit.next()
            assert self.visit.step is not Step.FORM or self.visit.form.page > page

    def to_review(self, language: str = "en") -> None:
        self.to_form(language=language)
        self.fill()
        self.at(Step.SIGN)
        self.settle()
        self.visit.sign(STROKES)
        self.visit.next()
        self.at(Step.REVIEW)

    def to_done(self) -> None:
        """Handed in at a kiosk whose line is down."""
        self.to_review()
        self.visit.submit()
        self.finish_sending()

    def finish_sending(self) -> None:
        self.until(lambda: self.stage("printing") in (StageState.DONE, StageState.FAILED)
                   or self.visit.step is not Step.SENDING, "printed or not")
        while self.visit.step is Step.SENDING:
            self.wait(1.0)
            self.settle()
        self.at(Step.DONE)

    def stage(self, name: str) -> StageState:
        return next(stage.state for stage in self.visit.stages if stage.id == name)


def knows(visit: Visit, *personal: str) -> list[str]:
    """Which of these texts can still be reached from the visit (the kiosk's rooms and
    whoever listens apart)."""
    apart = ("_rooms", "_over", "on_change")
    seen = {id(visit), id(visit.__dict__), id(visit._rooms)}
    queue: list[object] = [v for k, v in visit.__dict__.items() if k not in apart]
    found: set[str] = set()
    while queue:
        thing = queue.pop()
        if id(thing) in seen or isinstance(thing, type | ModuleType | FrameType):
            continue
        seen.add(id(thing))
        if isinstance(thing, str):
            found.update(text for text in personal if text in thing)
        elif isinstance(thing, FunctionType):  # not its globals: they are the module's
            queue.extend(thing.__closure__ or ())
        else:
            queue.extend(gc.get_referents(thing))
    return sorted(found)
