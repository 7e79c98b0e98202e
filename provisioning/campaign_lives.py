"""`yimen campaign kill`, `powercut` and `network`: nothing handed in is lost, whatever dies.

The rounds run in a process of their own (tests.campaigns.lives.run). The same seed plans the same
rounds; how threads and processes run into each other is up to the machine.
"""

import json
import platform
import secrets
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from provisioning.processes import ROOT, NotReady

RUNNER = (sys.executable, "-m", "tests.campaigns.lives.run")
EXIT_FAILED = 1
DEVICES = ("auto", "loop", "fuse")
SABOTAGES = ("synchronous-off", "rename-unsynced")
_SHOWN = 5

Seed = Annotated[
    int | None, typer.Option(min=0, help="The same seed, the same plan; else by chance.")
]
First = Annotated[int, typer.Option(min=0, help="Number of the first round, to repeat one.")]
Report = Annotated[Path | None, typer.Option("--json", help="Also write everything to this file.")]


def kill(
    rounds: Annotated[int, typer.Option(min=1, help="How many deaths.")] = 1000,
    seed: Seed = None,
    first: First = 0,
    report: Report = None,
) -> None:
    """Kill kiosk and hub at every named state and at random moments; check the receipt law.

    Commit, print, upload, delete, migrate, catalog swap, enrolment; the hub's filing. After each
    death: start again, and every receipt has its case. Exit code 1 when one has not.
    """
    run = LifeCampaign("kill", secrets.randbits(32) if seed is None else seed, first, rounds)
    raise typer.Exit(show(run, report))


def powercut(
    rounds: Annotated[int, typer.Option(min=1, help="How many cuts.")] = 500,
    seed: Seed = None,
    first: First = 0,
    prove: Annotated[
        bool, typer.Option("--prove", help="Show that the cuts find a kiosk that syncs too little.")
    ] = False,
    device: Annotated[
        str, typer.Option(help="loop: ext4, needs root. fuse: keeps what was synced. auto: either.")
    ] = "auto",
    report: Report = None,
) -> None:
    """Cut the power of kiosk and hub at every named state and at random moments.

    Each has a disk of its own: an ext4 on a loop device, or where there is none a file system in
    FUSE. What was not synced is gone. With --prove: the same against a store with synchronous=OFF,
    and against renames without the fsync of their folder; exit code 1 when a campaign does not
    notice.
    """
    if device not in DEVICES:
        raise typer.BadParameter(f"one of {', '.join(DEVICES)}", param_hint="--device")
    chosen = secrets.randbits(32) if seed is None else seed
    options = ("--device", device)
    if not prove:
        raise typer.Exit(show(LifeCampaign("powercut", chosen, first, rounds, options), report))
    blind = []
    for kind in SABOTAGES:
        run = LifeCampaign("powercut", chosen, first, rounds, (*options, "--sabotage", kind))
        for _ in run.go():
            if run.broken:
                break
        if run.broken:
            found = run.broken[0]
            typer.echo(f"{kind}: noticed on {run.device} after {len(run.done)} cuts, "
                       f"{found['what']}: {found['broken'][0][:200]}")  # fmt: skip
        else:
            blind.append(kind)
            typer.echo(f"{kind}: NOT noticed on {run.device} in {len(run.done)} cuts")
    raise typer.Exit(EXIT_FAILED if blind else 0)


def network(
    rounds: Annotated[int, typer.Option(min=1, help="How many rounds of bad weather.")] = 240,
    seed: Seed = None,
    first: First = 0,
    report: Report = None,
) -> None:
    """Let the line between kiosk and hub do its worst; check the receipt law.

    Latency, loss, resets in the middle of a chunk, answers cut, lost, doubled and out of order,
    captive portals, storms of errors, and a hub restored from an earlier backup. Exit code 1 when a
    receipt has no case in the end.
    """
    run = LifeCampaign("network", secrets.randbits(32) if seed is None else seed, first, rounds)
    raise typer.Exit(show(run, report))


@dataclass
class LifeCampaign:
    """One campaign; `go` runs it and yields how many rounds are done."""

    name: str
    seed: int
    first: int
    rounds: int
    options: tuple[str, ...] = ()
    device: str = ""
    """What the power was cut of, once it is known."""
    done: list[dict[str, Any]] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def broken(self) -> list[dict[str, Any]]:
        return [one for one in self.done if one["broken"]]

    def go(self) -> Iterator[int]:
        """Raises NotReady when its process ends before it is through, or this machine cannot."""
        begin = time.monotonic()
        with tempfile.TemporaryFile() as log, subprocess.Popen(
            [*RUNNER, self.name, "--seed", str(self.seed), "--first", str(self.first),
             "--count", str(self.rounds), *self.options],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            try:
                for line in process.stdout:
                    told = json.loads(line)
                    if "cannot" in told:
                        raise NotReady(told["cannot"])
                    if "device" in told:
                        self.device = told["device"]
                        continue
                    self.done.append(told)
                    yield len(self.done)
            finally:
                process.terminate()
            if len(self.done) < self.rounds:
                log.seek(0)
                said = log.read().decode(errors="replace")
                raise NotReady(f"the campaign's process ended:\n{said[-1500:]}")
        self.seconds = time.monotonic() - begin

    def report(self) -> dict[str, Any]:
        return {
            "campaign": self.name,
            "device": self.device,
            "seed": self.seed,
            "rounds": len(self.done),
            "submissions": sum(one["submissions"] for one in self.done),
            "seconds": round(self.seconds, 1),
            "machine": f"{platform.machine()}, Python {platform.python_version()}",
            "stages": {stage: len(of) for stage, of in self.stages().items()},
            "states": dict(Counter(one["what"] for one in self.done)),
            "broken": self.broken,
        }

    def stages(self) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        for one in self.done:
            found.setdefault(one["stage"], []).append(one)
        return found

    def table(self) -> Table:
        submissions = sum(one["submissions"] for one in self.done)
        verdict = f"{len(self.broken)} BROKEN" if self.broken else "the receipt law held"
        name = f"{self.name} on {self.device}" if self.device else self.name
        title = (
            f"{name}: {len(self.done):,} rounds of seed {self.seed}, {submissions:,} "
            f"submissions, {self.seconds:.0f} s: {verdict}"
        )
        table = Table(title=title, title_justify="left")
        table.add_column("stage", no_wrap=True)
        for heading in ("rounds", "broken", "median", "longest"):
            table.add_column(heading, justify="right")
        table.add_column("states")
        for stage, of in self.stages().items():
            times = [one["seconds"] for one in of]
            counts = Counter(one["what"] for one in of)
            at_work = sum(one["at_work"] for one in of)
            said = ", ".join(f"{what} {count}" for what, count in sorted(counts.items()))
            if at_work < len(of):
                said += f" ({at_work} of them in the middle of work)"
            table.add_row(
                stage, f"{len(of):,}", str(sum(bool(one["broken"]) for one in of)),
                f"{median(times):.2f} s", f"{max(times):.2f} s", escape(said),
            )  # fmt: skip
        return table


def show(run: LifeCampaign, report: Path | None) -> int:
    """Run it with a progress bar, print the table and what broke; the exit code."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(f"{run.name}, seed {run.seed}", total=run.rounds)
        for done in run.go():
            progress.update(task, completed=done)
    Console(width=None if sys.stdout.isatty() else 140).print(run.table())
    for one in run.broken[:_SHOWN]:
        said = "\n  ".join(one["broken"])
        typer.echo(f"\nBROKEN  round {one['round']}, {one['what']}\n  {said}\nagain:  "
                   f"yimen campaign {run.name} --seed {run.seed} --first {one['round']} --rounds 1")
    if report is not None:
        report.write_text(json.dumps(run.report(), indent=2))
    return EXIT_FAILED if run.broken else 0
