"""`yimen campaign …`: long proofs. Here: `wires`, that no bytes on a wire harm a driver.

The cases run in a process of their own (tests.campaigns.run), so that one that never ends can be
named and left behind. The same seed gives the same cases; each failure says how to repeat it.
"""

import json
import platform
import queue
import secrets
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from provisioning.campaign_lives import kill, network, powercut
from provisioning.campaign_theft import theft
from provisioning.processes import ROOT, NotReady

RUNNER = (sys.executable, "-m", "tests.campaigns.run")
MARK = struct.Struct("<QQ32s")  # as in tests.campaigns.run: number of the case, its seed, its wire
HANG_SECONDS = 20.0
START_SECONDS = 60.0
EXIT_FAILED = 1
_LOOK_SECONDS = 0.5

app = typer.Typer(
    name="campaign",
    help="Long proofs: many thousands of cases, repeatable by their seed.",
    no_args_is_help=True,
)


for command in (kill, powercut, network, theft):
    app.command()(command)


@app.callback()
def campaign() -> None:
    """Long proofs: many thousands of cases, repeatable by their seed."""


@app.command()
def wires(
    rounds: Annotated[int, typer.Option(min=1, help="How many cases.")] = 100_000,
    seed: Annotated[
        int | None, typer.Option(min=0, help="The same seed, the same cases; else by chance.")
    ] = None,
    wire: Annotated[str | None, typer.Option(help="Only cases of this wire.")] = None,
    case: Annotated[
        int | None, typer.Option(help="Repeat the one case of this number; needs --wire.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--json", help="Also write everything to this file.")
    ] = None,
    patience: Annotated[
        float, typer.Option(min=0.1, help="Seconds after which a case counts as hanging.")
    ] = HANG_SECONDS,
) -> None:
    """Send spoiled frames, APDUs, status bytes, pictures and codes to every driver.

    Only documents and named faults may come of them, and no case may hang. Exit code 1 when one
    does otherwise.
    """
    if case is not None and wire is None:
        raise typer.BadParameter("--case needs the --wire it is of")
    run = WireCampaign(secrets.randbits(32) if seed is None else seed, rounds, wire, case, patience)
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(f"seed {run.seed}", total=run.rounds)
        for done in run.go():
            progress.update(task, completed=done)
    Console().print(run.table())
    for failure in run.failures:
        typer.echo(f"\nFAILED  {failure['what']}\nagain:  yimen campaign wires "
                   f"--wire {failure['wire']} --case {failure['case']}\n{failure['error']}")
    if report is not None:
        report.write_text(json.dumps(run.report(), indent=2))
    raise typer.Exit(EXIT_FAILED if run.failures else 0)


@dataclass
class WireCampaign:
    """One campaign; `go` runs it and yields how many cases are done."""

    seed: int
    rounds: int
    wire: str | None = None
    case: int | None = None
    patience: float = HANG_SECONDS
    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: dict[str, tuple[float, int]] = field(default_factory=dict)
    failures: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.case is not None:
            self.rounds = 1

    @property
    def done(self) -> int:
        return sum(self.outcomes.values())

    def go(self) -> Iterator[int]:
        begin = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="yimen-campaign-") as folder:
            first = 0
            while first < self.rounds:
                watched = _Runner(self, Path(folder), first)
                yield from watched.go()
                first = watched.following
        self.seconds = time.monotonic() - begin

    def take(self, told: dict[str, Any]) -> None:
        """One line of the runner."""
        self.outcomes.update(told.get("outcomes", {}))
        for wire, (seconds, case) in told.get("slowest", {}).items():
            self.slowest[wire] = max(self.slowest.get(wire, (0.0, 0)), (seconds, case))
        if "failure" in told:
            self.failures.append(told["failure"])

    def hung(self, wire: str, case: int) -> None:
        self.outcomes[f"{wire} failed"] += 1
        self.failures.append({
            "wire": wire, "case": case, "what": "it never ended",
            "error": f"no end after {self.patience:g} s",
        })  # fmt: skip

    def of(self, wire: str) -> dict[str, int]:
        """What came of the cases of a wire: code ("" when the driver lived with it) to count."""
        counts = {}
        for name, count in self.outcomes.items():
            owner, _, code = name.partition(" ")
            if owner == wire:
                counts[code] = count
        return dict(sorted(counts.items(), key=lambda item: -item[1]))

    @property
    def wires(self) -> list[str]:
        return sorted({name.partition(" ")[0] for name in self.outcomes})

    def report(self) -> dict[str, Any]:
        return {
            "seed": self.seed,
            "cases": self.done,
            "seconds": round(self.seconds, 1),
            "machine": f"{platform.machine()}, Python {platform.python_version()}",
            "wires": {
                wire: {
                    "outcomes": self.of(wire),
                    "slowest_seconds": round(self.slowest.get(wire, (0.0, 0))[0], 4),
                    "slowest_case": self.slowest.get(wire, (0.0, 0))[1],
                }
                for wire in self.wires
            },
            "failures": self.failures,
        }

    def table(self) -> Table:
        title = f"{self.done:,} cases of seed {self.seed} in {self.seconds:.0f} s: " + (
            f"{len(self.failures)} FAILED" if self.failures else "no failure, no hang"
        )
        table = Table(title=title, title_justify="left")
        table.add_column("wire", no_wrap=True)
        table.add_column("cases", justify="right")
        table.add_column("slowest", justify="right")
        table.add_column("what came of them")
        for wire in self.wires:
            counts = self.of(wire)
            said = ", ".join(f"{code or 'lived with'} {count:,}" for code, count in counts.items())
            slowest = self.slowest.get(wire, (0.0, 0))[0]
            table.add_row(wire, f"{sum(counts.values()):,}", f"{1000 * slowest:.1f} ms", said)
        return table


class _Runner:
    """One process that works through the cases from `first` on, watched by its mark."""

    def __init__(self, campaign: WireCampaign, folder: Path, first: int) -> None:
        self._campaign = campaign
        self._mark = folder / "mark"
        self._mark.write_bytes(bytes(MARK.size))
        self._log = folder / "log"
        self.following = first
        more = [] if campaign.wire is None else ["--wire", campaign.wire]
        more += [] if campaign.case is None else ["--case", str(campaign.case)]
        with self._log.open("wb") as log:  # libjpeg and the drivers have much to say
            self._process = subprocess.Popen(
                [*RUNNER, "--seed", str(campaign.seed), "--first", str(first),
                 "--count", str(campaign.rounds), "--mark", str(self._mark), *more],
                cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip
        self._lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def go(self) -> Iterator[int]:
        try:
            yield from self._go()
        finally:
            self._process.kill()
            self._process.wait()

    def _go(self) -> Iterator[int]:
        mark, since, patience = bytes(MARK.size), time.monotonic(), START_SECONDS
        while True:
            try:
                line = self._lines.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                line = ""
            if line is None:
                raise NotReady(f"the campaign's process ended:\n{self._log.read_text()[-1500:]}")
            if line:
                told = json.loads(line)
                self._campaign.take(told)
                yield self._campaign.done
                if told.get("end"):
                    self.following = self._campaign.rounds
                    return
            now = self._mark.read_bytes()
            if now != mark:
                mark, since, patience = now, time.monotonic(), self._campaign.patience
            elif time.monotonic() - since > patience:
                number, case, wire = MARK.unpack(mark)
                # What was told since the last line is lost with the process, and so not counted.
                self._campaign.hung(wire.rstrip(b"\0").decode(), case)
                self.following = number + 1
                return
