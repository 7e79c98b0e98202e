"""One visit of the canary at the real app, from outside, up to the ending that is wanted."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, Self

from devices.testbed.control import ask as tell_testbed
from devices.testbed.sound import SoundServer
from provisioning.display import Hand, virtual_screen
from provisioning.embedded import Embedded, Screen
from provisioning.outside import Outside
from provisioning.processes import Child, Children, NotReady, wait_until
from provisioning.tour_visits import VISITS
from tests.campaigns.lives.disk import LoopDisk, NoDisk
from tests.campaigns.theft import search
from tests.campaigns.theft.canaries import CARD, Person

ENDINGS = ("finish", "quit", "time-out", "crash", "killed")
ENGLISH = next(visit for visit in VISITS if visit.language == "en")
SIGNATURE = [[(0.213, 0.317), (0.2571, 0.4713), (0.3119, 0.6937)],
             [(0.4517, 0.5123), (0.5391, 0.3377), (0.6113, 0.6171)]]  # fmt: skip
_DAEMONS = ("pcscd", "cupsd", "pulseaudio")
_IDLE_WARNING = 45
"""Seconds; while everything is searched nobody touches the screen."""
_SETTLE = 0.5
_PINYIN_TO_LATIN = 2
"""Touches of the keyboard's language key."""
_DISK_MEGABYTES = 1024
"""A kiosk whose disk is nearly full takes no visitors."""


class KioskToRob:
    """The city with a kiosk on a disk of its own, so that the raw disk can be searched as well."""

    def __init__(self, folder: Path, who: Person, seed: int) -> None:
        self._who, self._seed = who, seed
        self._stack = ExitStack()
        self.raw: Path | None = None
        box = folder / "box"
        try:
            disk = LoopDisk(box, _DISK_MEGABYTES)
            self._stack.callback(disk.dismantle)
            self.raw = disk.image
        except NoDisk:
            box.mkdir(exist_ok=True)
        self.box = box
        for name in ("tmp", "home", "run"):
            (box / name).mkdir(mode=0o700)
        children = self._stack.enter_context(Children(box / "log"))
        self._city = _City(box, folder / "outside", children, seed)
        self._children = children
        self._folder = folder

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _start(self) -> None:
        screen = Screen(scale=0.5)
        display = self._stack.enter_context(
            virtual_screen(self._children, screen.width_px // 2, screen.height_px // 2)
        )
        self.sound = self._stack.enter_context(SoundServer(self.box / "run" / "sound"))
        self._city.start_hub()
        self._testbed = self._city.start_testbed()
        self._config = self._city.write_config(screen, observe=True)
        self._environment = {
            "DISPLAY": display, "SDL_VIDEODRIVER": "x11", "PULSE_SERVER": self.sound.address,
            "TMPDIR": str(self.box / "tmp"), "HOME": str(self.box / "home"),
            "XDG_RUNTIME_DIR": str(self.box / "run"), "YIMEN_RUN": str(self.box / "run"),
        }  # fmt: skip
        self._hand = Hand(display)
        self._stack.callback(self._hand.close)
        self.person = Outside(self._city.kiosk_socket, self._hand)
        self.start_kiosk()

    def start_kiosk(self) -> None:
        """Start the app and wait until it stands ready."""
        self.kiosk: Child = self._city.start_kiosk(self._config, self._environment)
        wait_until(lambda: self.person.screen == "attract", self.kiosk, "attract screen", 60)

    def processes(self) -> list[tuple[int, str]]:
        """All that run on a kiosk: the app, its children, those that outlived a killed app too,
        and the daemons."""
        own = search.family(self.kiosk.process.pid)
        left = search.heirs("YIMEN_RUN", self._environment["YIMEN_RUN"])
        return list(dict([*left, *own, *self.middleware()]).items())

    def middleware(self) -> list[tuple[int, str]]:
        """Daemons between the kiosk and its devices: they run on a real kiosk as well."""
        found = search.family(self._testbed.process.pid) + search.family(self.sound._process.pid)
        return [(pid, name) for pid, name in found if _program(name) in _DAEMONS]

    def spools(self) -> list[Path]:
        """Where the spooler keeps documents and what it makes of them."""
        for _, command in self.middleware():
            if _program(command) == "cupsd":
                folder = Path(command.split()[-1]).parents[1]
                return [folder / name for name in ("spool", "tmp", "cache", "log")
                        if (folder / name).exists()]  # fmt: skip
        raise NotReady("no spooler runs")

    def write_out(self) -> None:
        """Everything that waits in memory goes to the disk's image."""
        subprocess.run(["sync", "-f", str(self.box)], check=True)

    def bench(self, verb: str, **arguments: Any) -> Mapping[str, Any]:
        return tell_testbed(self._city.control, verb, **arguments)

    # ---- the visit

    def fill_in(self, pages: int = len(ENGLISH.pages)) -> None:
        """From the first touch to this page of the form."""
        person, visit = self.person, ENGLISH
        person.tap("attract.start")
        person.wait_for("language")
        person.tap("language.en")
        person.wait_for("home")
        person.tap(f"home.group.{visit.group}")
        person.wait_for("group")
        if visit.item:
            person.tap(f"group.item.{visit.item}")
        person.tap(f"home.service.{visit.service}")
        person.wait_for("service")
        person.tap("service.begin")
        person.wait_for("consent")
        person.tap("consent.agree")
        person.wait_for("identify")
        self.bench("card.insert", name=CARD)
        person.wait_for("form")
        for number, page in enumerate(visit.pages[:pages]):
            for act, what in page:
                if act == "tap":
                    person.tap(what)
                elif act == "write":
                    self._write(what)
            if number + 1 < pages:
                person.tap("form.next" if person.sees("form.next") else "key.done")

    def _write(self, written: str) -> None:
        """What she writes where the tour's visitor writes this. Her relative's name twice: in
        pinyin, which becomes Chinese, and in Latin letters."""
        if written == "lili":
            self.person.write(self._who.relative)
            for _ in range(_PINYIN_TO_LATIN):
                self.person.tap("key.mode")
            self.person.write(self._who.relative)
        else:
            self.person.write({"13900004321": self._who.phone}.get(written, written))

    def bring_papers_and_sign(self) -> None:
        """On to the review."""
        person = self.person
        person.tap("form.next" if person.sees("form.next") else "key.done")
        person.wait_for("material")
        for material, paper in ENGLISH.papers:
            person.tap(f"material.scan.{material}")
            person.wait_for("scan")
            self.bench("camera.lay", name=paper)
            person.wait(lambda: person.sees("scan.keep"), "the flattened page")
            time.sleep(_SETTLE)
            person.tap("scan.keep")
            person.wait_for("material")
            self.bench("camera.take")
        person.tap("material.next")
        person.wait_for("sign")
        person.wait(lambda: person.sees("sign.pad"), "the pad")
        person.bring_into_view("sign.pad")
        person.draw("sign.pad", SIGNATURE)
        person.tap("sign.next")
        person.wait_for("review")

    def places_of_the_pen(self) -> tuple[float, ...]:
        """What the hub got of the newest signature, in 0…1 of the pad. The pen goes the same way
        in each visit, over the same pixels."""
        case = self._newest_case()
        strokes = [] if case is None else case["signature"]["strokes"]
        return tuple(point[axis] for stroke in strokes for point in stroke for axis in "xy")

    def check_what_was_written(self) -> None:
        """Raises NotReady when the form held other words than those that are looked for."""
        wait_until(lambda: self._newest_case() is not None, self.kiosk, "the case at the hub")
        case = self._newest_case()
        assert case is not None
        written = (case["answers"]["relative_name"], case["answers"]["phone"])
        if written != (self._who.written() + self._who.relative, self._who.phone):
            raise NotReady(f"the form held {written}")

    def _newest_case(self) -> dict[str, Any] | None:
        with closing(sqlite3.connect(self._city.folder / "hub" / "hub.sqlite3")) as connection:
            row = connection.execute(
                "SELECT body FROM cases ORDER BY received_at DESC LIMIT 1"
            ).fetchone()
        found: dict[str, Any] | None = None if row is None else json.loads(row[0])
        return found

    # ---- the endings

    def end(self, ending: str) -> None:
        """Bring the visit to this ending; afterwards a fresh kiosk waits for the next person."""
        person = self.person
        if person.sees("idle.extend") and ending != "time-out":
            person.tap("idle.extend")
        if ending in ("crash", "killed"):
            number = signal.SIGSEGV if ending == "crash" else signal.SIGKILL
            self.kiosk.process.send_signal(number)
            died = os.waitid(os.P_PID, self.kiosk.process.pid, os.WEXITED | os.WNOWAIT)
            if died is None or died.si_code != os.CLD_KILLED:
                raise NotReady(f"the app left a core dump, or did not die: {died}")
            self.kiosk.process.wait(30)
            self.bench("card.remove")
            self.start_kiosk()
            return
        if ending == "finish":
            person.tap("review.submit")
            person.wait_for("done")
            person.tap("done.finish")
        elif ending == "quit":
            person.tap("nav.quit")
            person.tap("nav.quit.confirm")
        self.bench("card.remove")
        if ending == "time-out":
            person.wait(lambda: person.sees("idle.extend"), "the question", patience=90)
        person.wait_for("attract", patience=120)

    def settle(self) -> None:
        """Until processes that were of the visit are gone; those of a fresh kiosk come later."""
        limit = time.monotonic() + 10
        while self._engines() and time.monotonic() < limit:
            time.sleep(0.05)

    def _engines(self) -> list[int]:
        return [pid for pid, name in search.family(self.kiosk.process.pid) if "devices.ocr" in name]


def _program(command: str) -> str:
    return Path(command.split()[0]).name if command else ""


class _City(Embedded):
    """The kiosk's files are on its own disk; hub and testbed, the outside world, are not."""

    def __init__(self, box: Path, outside: Path, children: Children, seed: int) -> None:
        super().__init__(outside, children)
        self._box, self._seed = box, seed
        outside.mkdir()

    @property
    def kiosk_socket(self) -> Path:
        return self._box / "kiosk" / "kiosk.sock"

    def start_testbed(self, panel_left: int | None = None) -> Child:
        folder = self.folder / "testbed"
        wires = folder / "wires.json"
        testbed = self.children.python(
            "testbed", "-m", "tests.campaigns.theft.testbed", str(self._seed), "--dir", folder,
            "--page-printer",
        )  # fmt: skip
        wait_until(wires.exists, testbed, "wires")
        self.wires = json.loads(wires.read_text())
        return testbed

    def write_config(self, screen: Screen, observe: bool) -> Path:
        path = super().write_config(screen, observe)
        text = path.read_text()
        text = text.replace(str(self.folder / "kiosk"), str(self._box / "kiosk"), 1)
        text = text.replace("observe =", f"idle_warning = {_IDLE_WARNING}\nobserve =", 1)
        more = 'speaker = "speaker"\nearphone = "earphone"\n'
        if "page_printer" in self.wires:
            more += f'page_printer = "{self.wires["page_printer"]}"\n'
        text = text.replace("[devices]\n", "[devices]\n" + more, 1)
        inside = self._box / "kiosk.toml"
        inside.write_text(text)
        return inside
