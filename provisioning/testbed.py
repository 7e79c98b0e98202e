"""`yimen testbed …`: work the simulated devices of a running kiosk from another terminal.

Exit codes: 0 done, 1 the testbed refused (it says why), 2 wrong usage, 3 no testbed runs.
"""

import difflib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from devices.testbed.control import ControlRefused, ask
from devices.testbed.faults import COUNTED_IN, LOOKS, NO_SUCH, Wire, WireFault
from provisioning.processes import ROOT, NotReady

EXIT_REFUSED = 1
CONTROL = "control.sock"

app = typer.Typer(
    name="testbed",
    help="Lay cards and papers, take paper out, cut cables: work the simulated devices of a kiosk "
    "that runs. Each command has --help.",
    no_args_is_help=True,
)
card = typer.Typer(help="Lay sample cards on the readers and take them away.")
printer = typer.Typer(help="Paper, cover and cable of the receipt printer.")
camera = typer.Typer(help="Papers under the document camera, its lens and its cable.")
code = typer.Typer(help="Codes held before the code reader.")
for group, name in ((card, "card"), (printer, "printer"), (camera, "camera"), (code, "code")):
    app.add_typer(group, name=name, no_args_is_help=True)

Off = Annotated[bool, typer.Option("--off", help="The other way round: not any more.")]
AsJson = Annotated[bool, typer.Option("--json", help="The testbed's own JSON.")]


def control_socket(data: Path) -> Path:
    """The socket of the testbed that runs for `data`: a city's folder, or the testbed's own."""
    for path in (data / "testbed" / CONTROL, data / CONTROL):
        if path.is_socket():
            return path
    raise NotReady(
        f"no testbed runs for {data}. Start everything with “yimen run”, or the testbed alone "
        f"with “python -m devices.testbed --dir {data / 'testbed'}”; another folder: "
        "yimen testbed --data FOLDER …"
    )


@app.callback()
def choose_folder(
    context: typer.Context,
    data: Annotated[
        Path, typer.Option(help="Folder of the city whose testbed runs, or the testbed's own.")
    ] = ROOT / ".yimen",
) -> None:
    context.obj = data


def tell(context: typer.Context, verb: str, /, **arguments: Any) -> dict[str, Any]:
    """Ask the running testbed. Ends the command with EXIT_REFUSED when it says no."""
    path = control_socket(context.obj)
    try:
        return ask(path, verb, **arguments)
    except ControlRefused as refusal:
        typer.echo(f"yimen: {refusal}", err=True)
        raise typer.Exit(EXIT_REFUSED) from refusal
    except OSError as error:
        raise NotReady(
            f"the testbed at {path} does not answer; end it and start it again"
        ) from error


def known(context: typer.Context, kind: str, name: str) -> str:
    """The name, if the testbed has such a card or paper; else ends with the nearest names."""
    names: Mapping[str, str] = tell(context, "status")[kind]
    if name in names:
        return name
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    typer.echo(f"yimen: no {kind.removesuffix('s')} is called {name}{hint} All names: "
               f"yimen testbed {'card' if kind == 'cards' else 'camera'} list", err=True)
    raise typer.Exit(EXIT_REFUSED)


def listed(context: typer.Context, kind: str) -> None:
    for name, title in tell(context, "status")[kind].items():
        typer.echo(f"{name:22} {title}")


# ---- cards


@card.command("insert")
def card_insert(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A sample card; “card list” shows them.")],
    reader: Annotated[
        str | None,
        typer.Option(help="id_card or smartcard; without it the one the card is made for."),
    ] = None,
) -> None:
    """Lay a sample card on its reader, in place of the one that lies there."""
    name = known(context, "cards", name)
    where = tell(context, "card.insert", name=name, **({"reader": reader} if reader else {}))
    typer.echo(f"{name} lies on {where['reader']}")


@card.command("remove")
def card_remove(
    context: typer.Context,
    reader: Annotated[
        str | None, typer.Option(help="Only from this reader: id_card or smartcard.")
    ] = None,
) -> None:
    """Take the card away, from one reader or from all."""
    tell(context, "card.remove", **({"reader": reader} if reader else {}))


@card.command("list")
def card_list(context: typer.Context) -> None:
    """Show every sample card: its name for “card insert”, and whose card of what kind it is."""
    listed(context, "cards")


@card.command("pull")
def card_pull(
    context: typer.Context,
    reader: Annotated[str, typer.Option(help="id_card or smartcard.")] = "id_card",
) -> None:
    """The next card that is read is lifted while its chip still speaks."""
    more: dict[str, Any] = {"on": "3001"} if reader == "id_card" else {"after": 2}
    tell(context, "card.fault", reader=reader, fault="pulled", times=1, **more)


# ---- printer


@printer.command("paper-out")
def printer_paper_out(context: typer.Context) -> None:
    """Take the roll of paper out of the printer."""
    tell(context, "printer.paper_out")


@printer.command("paper-in")
def printer_paper_in(context: typer.Context) -> None:
    """Put a full roll of paper into the printer."""
    tell(context, "printer.paper_in")
    tell(context, "printer.near_end", on=False)


@printer.command("near-end")
def printer_near_end(context: typer.Context, off: Off = False) -> None:
    """The roll is nearly used up; it still prints."""
    tell(context, "printer.near_end", on=not off)


@printer.command("cover-open")
def printer_cover_open(context: typer.Context) -> None:
    """Open the printer's cover."""
    tell(context, "printer.cover_open")


@printer.command("cover-close")
def printer_cover_close(context: typer.Context) -> None:
    """Close the printer's cover."""
    tell(context, "printer.cover_close")


@printer.command("jam")
def printer_jam(context: typer.Context, off: Off = False) -> None:
    """The knife jams, or is freed."""
    tell(context, "printer.error", on=not off)


@printer.command("gone")
def printer_gone(context: typer.Context) -> None:
    """Pull the printer's cable (the same as “fault printer absent”)."""
    tell(context, "fault", wire=Wire.PRINTER, kind=WireFault.ABSENT)


@printer.command("back")
def printer_back(context: typer.Context) -> None:
    """Plug the printer's cable in (the same as “heal printer”)."""
    tell(context, "heal", wire=Wire.PRINTER)


@printer.command("cut-after")
def printer_cut_after(
    context: typer.Context,
    count: Annotated[int, typer.Argument(min=0, metavar="N", help="Bytes still to be printed.")],
) -> None:
    """The connection breaks once, after N more bytes of print data."""
    tell(context, "printer.cut_after", bytes=count)


@printer.command("picture")
def printer_picture(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Where the picture goes (PNG).")],
) -> None:
    """Save the paper that was printed last as a picture."""
    typer.echo(tell(context, "printer.picture", path=str(file.resolve()))["path"])


# ---- camera


@camera.command("lay")
def camera_lay(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A sample paper; “camera list” shows them.")],
) -> None:
    """Lay a sample paper under the document camera, in place of the one there."""
    tell(context, "camera.lay", paper=known(context, "papers", name))


@camera.command("take")
def camera_take(context: typer.Context) -> None:
    """Take the paper away."""
    tell(context, "camera.take")


@camera.command("list")
def camera_list(context: typer.Context) -> None:
    """Show every sample paper: its name for “camera lay”, and its title."""
    listed(context, "papers")


@camera.command("blur")
def camera_blur(context: typer.Context, off: Off = False) -> None:
    """The lens loses its focus, or finds it again."""
    tell(context, "camera.blur", on=not off)


@camera.command("stall")
def camera_stall(context: typer.Context, off: Off = False) -> None:
    """No more pictures come while the connection stays (“fault camera stalled”)."""
    kind = WireFault.RECOVER if off else WireFault.STALLED
    tell(context, "fault", wire=Wire.CAMERA, kind=kind)


@camera.command("gone")
def camera_gone(context: typer.Context, off: Off = False) -> None:
    """Pull the camera's cable, or plug it in (“fault camera absent”)."""
    kind = WireFault.RECOVER if off else WireFault.ABSENT
    tell(context, "fault", wire=Wire.CAMERA, kind=kind)


# ---- codes


@code.command("show")
def code_show(
    context: typer.Context,
    text: Annotated[
        str | None, typer.Argument(help="What the code says; without it: the last receipt's code.")
    ] = None,
) -> None:
    """Hold a code before the code reader."""
    arguments: dict[str, Any] = {"last_receipt": True} if text is None else {"text": text}
    typer.echo(tell(context, "code.show", **arguments)["text"])


# ---- any wire


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
