"""`yimen tour`: whole visits, driven from outside on the wall clock, with pictures of everything.

Three people, three languages, three services; the desk accepts one case in a real browser; each
comes back with the receipt, sees the status, lays the card and sees the case. Leaves *.png,
receipt.escpos, receipt.png and summary.json, and says 0 only when the hub really holds the cases
and the second visits saw them.
"""

import base64
import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from devices.testbed.control import ask as tell_testbed
from provisioning.desk_browser import Desk
from provisioning.display import Hand, virtual_screen
from provisioning.embedded import Embedded, Screen
from provisioning.outside import Outside
from provisioning.processes import ROOT, Children, NotReady
from provisioning.tour_visits import VISITS, Act, TourVisit

EXIT_FAILED = 1
# language, out-of-order, …: what one visit in one language counts in the progress bar
_STEPS_A_VISIT = 22


@dataclass
class TourStep:
    name: str
    seconds: float
    screen: str


@dataclass
class Outcome:
    """What one person's two visits came to."""

    language: str
    service: str
    card: str
    receipt_number: str = ""
    submission_id: str = ""
    case_number: str = ""
    hub_state: str = ""
    second_visit_saw: str = ""
    steps: list[TourStep] = field(default_factory=list)


def run_tour(out: Path, languages: tuple[str, ...], console: Console) -> int:
    """Run the tour into `out`; 0 when every case is really there. Raises NotReady."""
    if unknown := set(languages) - {visit.language for visit in VISITS}:
        raise NotReady(f"no such language: {', '.join(sorted(unknown))}; there are zh, en, ko")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    start = time.monotonic()
    # Short, since Unix sockets in it may not exceed 107 characters.
    with tempfile.TemporaryDirectory(prefix="yimen-tour-") as scratch:
        folder = Path(scratch)
        progress = Progress(
            TextColumn("{task.description:<42}"), BarColumn(), TimeElapsedColumn(),
            console=console,
        )
        with progress, Children(folder / "log") as children:
            total = _STEPS_A_VISIT * len(languages)
            tour = Tour(out, folder, children, progress, total)
            try:
                outcomes = tour.run(languages)
            except Exception:
                for log in sorted((folder / "log").glob("*.log")):
                    shutil.copy(log, out / log.name)
                raise
    summary = {
        "seconds": round(time.monotonic() - start, 1),
        "visits": [asdict(outcome) for outcome in outcomes],
        "pictures": sorted(path.name for path in out.glob("*.png")),
        "ok": all(map(_is_good, outcomes)),
    }
    (out / "summary.json").write_text(json.dumps(summary, ensure_ascii=False, indent=1))
    _print_summary(summary, outcomes, out, console)
    return 0 if summary["ok"] else EXIT_FAILED


def _is_good(outcome: Outcome) -> bool:
    """The hub holds the case, and the second visit saw exactly it."""
    return bool(outcome.case_number) and outcome.second_visit_saw == outcome.receipt_number


class Tour:
    def __init__(
        self, out: Path, folder: Path, children: Children, progress: Progress, total: int
    ) -> None:
        self._out = out
        self._city = Embedded(folder, children)
        self._children = children
        self._progress = progress
        self._task = progress.add_task("starting", total=total)
        self._count = 0
        self._receipts: set[str] = set()

    def run(self, languages: tuple[str, ...]) -> list[Outcome]:
        screen = Screen()
        with virtual_screen(self._children, screen.width_px, screen.height_px) as display:
            self._note("hub, testbed, kiosk")
            hub = self._city.start_hub()
            self._city.open_desk()
            self._city.start_testbed()
            config = self._city.write_config(screen, observe=True)
            hub.stop()
            kiosk = self._city.start_kiosk(
                config, {"DISPLAY": display, "SDL_VIDEODRIVER": "x11"}
            )
            hand = Hand(display)
            person = Outside(self._city.kiosk_socket, hand)
            try:
                self._before_the_hub(languages, person)
                self._city.start_hub()
                chosen = [visit for visit in VISITS if visit.language in languages]
                outcomes = [self._two_visits(visit, person) for visit in chosen]
            finally:
                hand.close()
            kiosk.stop()
            return outcomes

    def _before_the_hub(self, languages: tuple[str, ...], person: Outside) -> None:
        """A kiosk that no hub knows yet says so, in every language; it mends itself later."""
        self._note("a kiosk before it is enrolled")
        person.wait_for("out_of_order", patience=60)
        for language in languages:
            person.tap(f"header.language.{language}")
            person.wait(lambda: person.where().get("language") == language, language)  # noqa: B023
            time.sleep(0.4)
            self._picture(language, "out-of-order", person)

    def _two_visits(self, visit: TourVisit, person: Outside) -> Outcome:
        outcome = Outcome(visit.language, visit.service, visit.card)
        self._first_visit(visit, person, outcome)
        self._at_the_desk(outcome)
        self._second_visit(visit, person, outcome)
        return outcome

    # ---- the first visit

    def _first_visit(self, visit: TourVisit, person: Outside, outcome: Outcome) -> None:
        with self._step("attract", person, outcome):
            person.wait_for("attract", patience=60)
        with self._step("language", person, outcome):
            person.tap("attract.start")
            person.wait_for("language")
        with self._step("home", person, outcome):
            person.tap(f"language.{visit.language}")
            person.wait_for("home")
        if visit.looks:
            self._looks(visit, person, "home")
        with self._step("help", person, outcome):
            person.tap("bar.help")
            person.wait(lambda: person.sees("help.close"), "help")
        person.tap("help.close")
        with self._step("search", person, outcome):
            person.tap("home.search")
            person.wait_for("search")
            person.write(visit.query)
            person.wait(lambda: person.sees(f"home.service.{visit.service}"), "a search result")
        with self._step("group", person, outcome):
            person.tap("nav.back")
            person.wait_for("home")
            person.tap(f"home.group.{visit.group}")
            person.wait_for("group")
        with self._step("service", person, outcome):
            if visit.item:
                person.tap(f"group.item.{visit.item}")
            person.tap(f"home.service.{visit.service}")
            person.wait_for("service")
        with self._step("consent", person, outcome):
            person.tap("service.begin")
            person.wait_for("consent")
        with self._step("identify", person, outcome):
            person.tap("consent.agree")
            person.wait_for("identify")
            time.sleep(0.6)
        with self._step("recognised", person, outcome, picture=False):
            self._bench("card.insert", name=visit.card)
            person.wait_for("form")
        for number, page in enumerate(visit.pages, start=1):
            with self._step(f"form {number}", person, outcome):
                self._fill(page, person, visit, number)
            person.tap("form.next" if person.sees("form.next") else "key.done")
        with self._step("material", person, outcome):
            person.wait_for("material")
        for material, paper in visit.papers:
            with self._step(f"scan {material}", person, outcome):
                person.tap(f"material.scan.{material}")
                person.wait_for("scan")
                self._bench("camera.lay", name=paper)
                time.sleep(0.7)
                self._picture(visit.language, f"scan-live-{material}", person)
                person.wait(lambda: person.sees("scan.keep"), "the flattened page")
            person.tap("scan.keep")
            person.wait_for("material")
            self._bench("camera.take")
        with self._step("sign without paper", person, outcome):
            self._bench("printer.paper_out")
            person.tap("material.next")
            person.wait_for("sign")
            person.wait(lambda: person.sees("fault.retry"), "the fault in words")
            time.sleep(0.3)
        with self._step("sign", person, outcome):
            self._bench("printer.paper_in")
            person.wait(lambda: person.sees("sign.pad"), "the pad, once there is paper")
            person.draw("sign.pad", visit.signature)
            time.sleep(0.3)
        with self._step("review", person, outcome):
            person.tap("sign.next")
            person.wait_for("review")
        # As slow as the slowest printer, so that the sending screen can be seen. Each line is
        # printed as a picture.
        self._bench("printer.pace", bytes_a_second=24_000)
        with self._step("sending", person, outcome):
            person.tap("review.submit")
            person.wait_for("sending", "done")
        with self._step("done", person, outcome):
            person.wait_for("done")
            time.sleep(0.4)
        self._bench("printer.pace", bytes_a_second=None)
        self._keep_receipt(visit, outcome)
        with self._step("goodbye", person, outcome):
            person.tap("done.finish")
            self._bench("card.remove")
            person.wait_for("goodbye")
        with self._step("wiped", person, outcome, picture=False):
            person.wait(lambda: person.screen == "attract", "a fresh kiosk", patience=30)

    def _fill(
        self, page: tuple[Act, ...], person: Outside, visit: TourVisit, number: int
    ) -> None:
        for act, what in page:
            if act == "tap":
                person.tap(what)
            elif act == "write":
                person.write(what)
            elif act == "picture":
                time.sleep(0.3)
                self._picture(visit.language, f"form-{number}-{what}", person)
            else:
                raise ValueError(act)

    def _looks(self, visit: TourVisit, person: Outside, screen: str) -> None:
        """The same screen in large text, in high contrast, and within low reach."""
        switches = (
            ("large_text", "large_text"), ("contrast", "high_contrast"), ("low_reach", "low_reach"),
        )
        for switch, look in switches:
            self._switch(person, switch, look, True)
            self._picture(visit.language, f"{screen}-{switch.replace('_', '-')}", person)
            self._switch(person, switch, look, False)

    def _switch(self, person: Outside, switch: str, look: str, on: bool) -> None:
        person.tap(f"bar.{switch}")
        person.wait(lambda: person.where().get("looks", {}).get(look) is on, f"{look} {on}")
        # The answer came at the start of a frame; two more, and what it says is on the glass.
        person.where()
        person.where()
        time.sleep(0.3)

    def _keep_receipt(self, visit: TourVisit, outcome: Outcome) -> None:
        """The exact bytes the printer got, the paper they became, and what the hub made of it."""
        paper = self._bench("printer.paper")
        suffix = "" if visit.language == "zh" else f"-{visit.language}"
        (self._out / f"receipt{suffix}.escpos").write_bytes(base64.b64decode(paper["escpos"]))
        self._bench("printer.picture", path=str(self._out / f"receipt{suffix}.png"))
        outcome.receipt_number = str(paper["codes"][-1]).split(":")[1]
        if outcome.receipt_number in self._receipts:
            raise NotReady(f"no new receipt was printed after {outcome.receipt_number}")
        self._receipts.add(outcome.receipt_number)
        limit = time.monotonic() + 20
        while not (case := self._case(outcome.receipt_number)):
            if time.monotonic() > limit:
                raise NotReady(f"the hub has no case for {outcome.receipt_number}")
            time.sleep(0.2)
        outcome.case_number = case["case_number"]
        outcome.submission_id = case["submission_id"]
        outcome.hub_state = case["state"]

    def _case(self, receipt_number: str) -> dict[str, Any]:
        for line in self._city.hub_command("cases").splitlines():
            case: dict[str, Any] = json.loads(line)
            if case["receipt_number"] == receipt_number:
                return case
        return {}

    # ---- the desk

    def _at_the_desk(self, outcome: Outcome) -> None:
        self._note("the desk accepts the case")
        start = time.monotonic()
        with Desk(self._city.hub_url) as desk:
            desk.accept(outcome.case_number, self._out, outcome.language)
        outcome.steps.append(TourStep("desk", round(time.monotonic() - start, 2), "desk"))
        outcome.hub_state = self._case(outcome.receipt_number)["state"]

    # ---- the second visit

    def _second_visit(self, visit: TourVisit, person: Outside, outcome: Outcome) -> None:
        person.wait_for("attract", patience=30)
        person.tap("attract.start")
        person.wait_for("language")
        person.tap(f"language.{visit.language}")
        person.wait_for("home")
        with self._step("status", person, outcome):
            self._bench("code.show", last_receipt=True)
            person.wait_for("status")
            person.wait(lambda: person.sees("status.open_case"), "the status")
            time.sleep(0.5)
        with self._step("own case", person, outcome):
            person.tap("status.open_case")
            person.wait_for("identify")
            self._bench("card.insert", name=visit.card)
            person.wait_for("case")
            shown = f"case.{outcome.receipt_number}"
            person.wait(lambda: person.sees(shown), "the case")
            time.sleep(0.3)
        outcome.second_visit_saw = outcome.receipt_number
        person.tap("case.finish")
        self._bench("card.remove")
        person.wait_for("goodbye")
        person.wait(lambda: person.screen == "attract", "a fresh kiosk")

    # ---- around a step

    @contextmanager
    def _step(
        self, name: str, person: Outside, outcome: Outcome, picture: bool = True
    ) -> Iterator[None]:
        self._note(f"{outcome.language}: {name}")
        start = time.monotonic()
        yield
        seconds = round(time.monotonic() - start, 2)
        outcome.steps.append(TourStep(name, seconds, person.screen))
        if picture:
            self._picture(outcome.language, name, person)

    def _picture(self, language: str, name: str, person: Outside) -> None:
        self._count += 1
        file = f"{language}-{self._count:02d}-{name.replace(' ', '-').replace('_', '-')}.png"
        person.picture(self._out / file)

    def _bench(self, verb: str, **arguments: Any) -> dict[str, Any]:
        return tell_testbed(self._city.control, verb, **arguments)

    def _note(self, what: str) -> None:
        self._progress.update(self._task, description=what, advance=1)


def renew_docs(out: Path) -> None:
    """Put a strip of the tour's Chinese pictures into docs/pictures, at a third of their size."""
    names = ("home", "identify", "scan-live-social-security-card", "done")
    shots = [Image.open(next(out.glob(f"zh-??-{name}.png"))).convert("RGB") for name in names]
    width, height = (side // 3 for side in shots[0].size)
    strip = Image.new("RGB", (len(shots) * (width + 16) - 16, height), "white")
    for place, shot in enumerate(shots):
        strip.paste(shot.resize((width, height), Image.Resampling.LANCZOS),
                    (place * (width + 16), 0))
    target = ROOT / "docs" / "pictures" / "visit.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    strip.quantize(192).save(target, optimize=True)


def _print_summary(
    summary: dict[str, Any], outcomes: list[Outcome], out: Path, console: Console
) -> None:
    table = Table(title=f"Tour: {summary['seconds']} s, pictures in {out}")
    for column in ("language", "service", "receipt", "case at the hub", "state", "second visit"):
        table.add_column(column)
    for outcome in outcomes:
        table.add_row(
            outcome.language, outcome.service, outcome.receipt_number, outcome.case_number,
            outcome.hub_state, "saw the case" if _is_good(outcome) else "did NOT see the case",
        )
    console.print(table)
