"""`yimen testbed …`: work the simulated devices of a running kiosk from another terminal.

Exit codes: 0 done, 1 the testbed refused (it says why), 2 wrong usage, 3 no testbed runs.
"""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from devices.testbed.faults import COUNTED_IN, LOOKS, NO_SUCH, Wire, WireFault
from provisioning.processes import ROOT
from provisioning.testbed_devices import camera, card, code, pages, printer
from provisioning.testbed_line import tell

app = typer.Typer(
    name="testbed",
    help="Lay cards and papers, take paper out, cut cables: work the simulated devices of a kiosk "
    "that runs. Each command has --help.",
    no_args_is_help=True,
)
for group, name in (
    (card, "card"), (printer, "printer"), (camera, "camera"), (code, "code"), (pages, "pages"),
):  # fmt: skip
    app.add_typer(group, name=name, no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="The testbed's own JSON.")]


@app.callback()
def choose_folder(
    context: typer.Context,
    data: Annotated[
        Path, typer.Option(help="Folder of the city whose testbed runs, or the testbed's own.")
    ] = ROOT / ".yimen",
) -> None:
    context.obj = data


@app.command()
def fault(
    context: typer.Context,
    wire: Annotated[Wire, typer.Argument(help="Which wire.")],
    kind: Annotated[WireFault, typer.Argument(help="What is wrong; “faults” explains each.")],
    after: Annotated[
        int | None,
        typer.Option(min=0, help="Where it strikes; “faults” says what a wire counts in."),
    ] = None,
) -> None:
    """Let a wire have a fault, until “heal”."""
    tell(context, "fault", wire=wire, kind=kind, **({} if after is None else {"after": after}))


@app.command()
def heal(
    context: typer.Context,
    wire: Annotated[Wire | None, typer.Argument(help="Which wire; without it: every one.")] = None,
) -> None:
    """Everything is right with a wire again; paper, cover and cards stay as they are."""
    tell(context, "heal", **({} if wire is None else {"wire": wire}))


@app.command()
def reset(context: typer.Context) -> None:
    """As at the start: wires healed, cards and papers taken away, nothing printed."""
    tell(context, "reset")


@app.command()
def faults() -> None:
    """Explain every fault of every wire, and why a wire cannot have one. Needs no testbed."""
    console = Console()
    for wire in Wire:
        table = Table(title=f"{wire}: --after counts {COUNTED_IN[wire]}", title_justify="left")
        table.add_column("fault", no_wrap=True)
        table.add_column("how it looks")
        for kind, looks in LOOKS[wire].items():
            table.add_row(kind, looks)
        for kind, why in NO_SUCH[wire].items():
            table.add_row(kind, f"never: {why}", style="dim")
        console.print(table)


@app.command()
def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Say what lies where, and what is wrong."""
    state = tell(context, "status")
    if as_json:
        typer.echo(json.dumps(state, ensure_ascii=False))
        return
    for reader, lying in state["readers"].items():
        typer.echo(f"{reader:12} {lying or 'no card'}")
    wrong = ", ".join(name.replace("_", " ") for name in state["printer"]["faults"])
    typer.echo(f"{'printer':12} {state['printer']['finished']} printed; {wrong or 'all right'}")
    blurred = ", out of focus" if state["camera"]["blurred"] else ""
    typer.echo(f"{'camera':12} {state['camera']['paper'] or 'no paper'}{blurred}")
    for wire, kind in state["faults"].items():
        typer.echo(f"{wire:12} FAULT: {LOOKS[Wire(wire)][WireFault(kind)]}")
