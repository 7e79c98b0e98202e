"""`yimen bench SUITE`: figures, each beside its peer or limit from the same run.

Every topic is measured by a process of its own (tests.benchmarks.rows says how topics are found),
so that one cannot slow down, warm up or break another. A new suite needs one command here.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from kiosk.durable import write_durably
from provisioning.processes import ROOT, NotReady

RUNNER = (sys.executable, "-m", "tests.benchmarks.rows")
EXIT_MISSED = 1
PAPER_COLUMNS = 160  # of a table that goes into a file or a pipe
CAPTION = "Measured against our own testbed, on this machine, in one run."
_VERDICTS = {True: "[green]holds[/]", False: "[red]missed[/]", None: ""}

app = typer.Typer(
    name="bench",
    help="Measure the kiosk; every figure stands beside its peer or limit from the same run.",
    no_args_is_help=True,
)
JsonFile = Annotated[
    Path | None, typer.Option("--json", help="Also write machine and figures to this file.")
]
Only = Annotated[
    list[str] | None, typer.Option("--only", help="Only this topic; may be given several times.")
]


@app.command()
def devices(json_file: JsonFile = None, only: Only = None) -> None:
    """Cards, codes, pages, text, printers, speech. Exit code 1 when a goal is missed."""
    raise typer.Exit(measure("devices", json_file, only or []))


@app.command("testbed")
def simulated_wires(json_file: JsonFile = None, only: Only = None) -> None:
    """Whether the simulated wires are as slow as real ones: what the other figures rest on."""
    raise typer.Exit(measure("testbed", json_file, only or []))


@app.command()
def store(json_file: JsonFile = None, only: Only = None) -> None:
    """Handing in, starting with a full store, emptying the outbox to a hub."""
    raise typer.Exit(measure("store", json_file, only or []))


@app.command()
def search(json_file: JsonFile = None, only: Only = None) -> None:
    """What residents say, found among the city's services and among a hundred times as many."""
    raise typer.Exit(measure("search", json_file, only or []))


@dataclass
class Figures:
    """What a run brought: topic → rows, and topic → why it could not be measured."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        every = [row for rows in self.rows.values() for row in rows]
        return not self.failed and all(row["holds"] is not False for row in every)


def measure(
    suite: str, json_file: Path | None, only: Sequence[str] = (), runner: Sequence[str] = RUNNER
) -> int:
    """Run the topics of `suite` (those in `only`, if any); print the table, write the file.

    runner: the command that lists the topics, and with a topic's name measures it.
    Raises NotReady when there is nothing to run.
    """
    machine = machine_facts()
    figures = Figures()
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=Console(stderr=True), transient=True,
    ) as progress:
        topics = _topics(suite, only, runner)
        task = progress.add_task("", total=len(topics))
        for topic in topics:
            figures.rows[topic] = []
            progress.update(task, description=topic)
            for row in _rows([*runner, topic], topic, figures):
                figures.rows[topic].append(row)
                progress.update(task, description=f"{topic}: {row['name']}")
            progress.advance(task)
    width = None if sys.stdout.isatty() else PAPER_COLUMNS
    Console(width=width).print(table(suite, figures))
    if json_file is not None:
        rows = [{"topic": topic, **row} for topic, rows in figures.rows.items() for row in rows]
        content = {
            "suite": suite, "machine": machine, "caption": CAPTION, "rows": rows,
            "failed": figures.failed,
        }
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        write_durably(json_file, text.encode(), mode=0o644)
    return 0 if figures.good else EXIT_MISSED


def machine_facts() -> dict[str, Any]:
    """What the figures depend on, beside the code."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "cpus": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def table(suite: str, figures: Figures) -> Table:
    """The figures for a terminal, with what could not be measured at the end."""
    drawn = Table(title=f"yimen bench {suite}", caption=CAPTION, title_justify="left",
                  caption_justify="left")
    for heading in ("topic", "figure"):
        drawn.add_column(heading, overflow="fold")
    drawn.add_column("value", justify="right", no_wrap=True)
    drawn.add_column("peer or limit", overflow="fold")
    drawn.add_column("its value", justify="right", no_wrap=True)
    for heading in ("goal", "", "note"):
        drawn.add_column(heading, overflow="fold")
    for topic, rows in figures.rows.items():
        for row in rows:
            drawn.add_row(
                topic, escape(row["name"]), _amount(row["value"], row["unit"]),
                escape(row["peer"]), _amount(row["peer_value"], row["unit"]),
                escape(row["goal"]), _VERDICTS[row["holds"]], escape(row["note"]),
            )
        drawn.add_section()
    for topic, reason in figures.failed.items():
        drawn.add_row(topic, "[red]not measured[/]", "", "", "", "", "", escape(reason))
    return drawn


def _amount(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    digits = 0 if abs(value) >= 100 or value == int(value) else 1 if abs(value) >= 10 else 3
    return f"{value:,.{digits}f} {unit}"


def _topics(suite: str, only: Sequence[str], runner: Sequence[str]) -> list[str]:
    """The topics to run, in order. Raises NotReady for a name that is none, naming those that are.
    """
    if not (ROOT / "tests" / "benchmarks").is_dir():
        raise NotReady("the benchmarks are part of the source tree (tests/benchmarks), not of a "
                       "kiosk; run this in a checkout.")
    listed = subprocess.run(runner, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
    topics = [topic for topic, its_suite in json.loads(listed).items() if its_suite == suite]
    for name in only:
        if name not in topics:
            raise NotReady(f"no topic {name!r} in {suite}; there are: {', '.join(topics)}.")
    if not topics:
        raise NotReady(f"nothing to measure in {suite} yet.")
    return list(only) or topics


def _rows(command: list[str], topic: str, figures: Figures) -> Iterator[dict[str, Any]]:
    """Rows as the topic's process prints them. A process that fails is noted, not raised."""
    with tempfile.TemporaryFile() as errors, subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            yield json.loads(line)
        if process.wait() != 0:
            errors.seek(0)
            said = errors.read().decode(errors="replace").split("\n")
            last = [line.strip() for line in said if line.strip()][-1:]
            figures.failed[topic] = "".join(last) or f"exit code {process.returncode}"
