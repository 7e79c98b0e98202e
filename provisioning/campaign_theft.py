"""`yimen campaign theft`: nothing of a person is left, however a visit ended.

One visit per ending at the real app on a virtual screen, by a person made up for this run; then
memory, files, spool and raw disk are searched for her (tests.campaigns.theft).
"""

import json
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from provisioning.processes import ROOT, NotReady

RUNNER = (sys.executable, "-m", "tests.campaigns.theft.run")
ENDINGS = ("finish", "quit", "time-out", "crash", "killed")
EXIT_FAILED = 1
KINDS = {"name", "number", "address", "face", "phone", "typed text", "typed Chinese", "signature"}
"""What must be found while the person is there, or the search is blind."""


def theft(
    rounds: Annotated[int, typer.Option(min=1, help="How often through all endings.")] = 1,
    seed: Annotated[
        int | None, typer.Option(min=0, help="The same seed, the same person; else by chance.")
    ] = None,
    ending: Annotated[
        list[str] | None, typer.Option(help=f"Only these: {', '.join(ENDINGS)}.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--json", help="Also write everything to this file.")
    ] = None,
) -> None:
    """Search memory, files and raw disk for a person after her visit ended.

    Her name, number, address, face, typed words and signature in several encodings, and hashes of
    her number. Exit code 1 when anything is found, or was not found while she was there.
    """
    if unknown := set(ending or ()) - set(ENDINGS):
        raise typer.BadParameter(f"no such ending: {', '.join(unknown)}", param_hint="--ending")
    first = secrets.randbits(32) if seed is None else seed
    endings = [name for name in ENDINGS if not ending or name in ending]
    visits: list[dict[str, Any]] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TimeElapsedColumn())  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(f"theft, seed {first}", total=rounds * len(endings))
        for number in range(rounds):
            for told in _visits(first + number, endings):
                visits.append({"seed": first + number, **told})
                progress.update(task, completed=len(visits))
    Console(width=None if sys.stdout.isatty() else 140).print(_table(visits, first))
    if report is not None:
        report.write_text(json.dumps({"seed": first, "visits": visits}, indent=2))
    raise typer.Exit(EXIT_FAILED if any(one["hits"] or blind(one) for one in visits) else 0)


def blind(visit: dict[str, Any]) -> list[str]:
    """What the search could not find even while the person was there.

    How her signature looks is known from the first visit that reaches the hub on.
    """
    looked_for = KINDS if visit["pen_known"] else KINDS - {"signature"}
    return sorted(looked_for - set(visit["found_during"]))


def _visits(seed: int, endings: list[str]) -> Any:
    command = [*RUNNER, "--seed", str(seed)]
    for name in endings:
        command += ["--ending", name]
    with tempfile.TemporaryFile() as log, subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            yield json.loads(line)
        if process.wait() != 0:
            log.seek(0)
            said = log.read().decode(errors="replace")
            raise NotReady(f"the campaign's process ended:\n{said[-1500:]}")


def _table(visits: list[dict[str, Any]], seed: int) -> Table:
    hits = sum(len(one["hits"]) for one in visits)
    table = Table(title=f"theft: {len(visits)} visits of seed {seed}: {hits} hits",
                  title_justify="left")  # fmt: skip
    table.add_column("ending", no_wrap=True)
    table.add_column("traces looked for", justify="right")
    table.add_column("found while she was there")
    table.add_column("found afterwards")
    table.add_column("raw disk", no_wrap=True)
    for one in visits:
        found = "; ".join(f"{hit['kind']} as {hit['form']}: {hit['place']}" for hit in one["hits"])
        seen = ", ".join(one["found_during"])
        if lacking := blind(one):
            seen += f"; NOT {', '.join(lacking)}"
        table.add_row(one["ending"], str(one["forms"]), seen, escape(found) or "nothing",
                      "searched" if one["raw_disk"] else "no loop device")  # fmt: skip
    return table
