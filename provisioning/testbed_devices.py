"""`yimen testbed card|printer|camera|code|pages`: what a hand would do to each device."""

from pathlib import Path
from typing import Annotated, Any

import typer

from devices.testbed.faults import Wire, WireFault
from provisioning.testbed_line import known, listed, tell

card = typer.Typer(help="Lay sample cards on the readers and take them away.")
printer = typer.Typer(help="Paper, cover and cable of the receipt printer.")
camera = typer.Typer(help="Papers under the document camera, its lens and its cable.")
code = typer.Typer(help="Codes held before the code reader.")
pages = typer.Typer(help="The A4 printer, where the testbed was started with --page-printer.")
Off = Annotated[bool, typer.Option("--off", help="The other way round: not any more.")]


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


@card.command("after-read")
def card_after_read(
    context: typer.Context,
    hidden: Annotated[
        bool, typer.Option("--hidden", help="It is not found any more until it was lifted.")
    ] = False,
    unselectable: Annotated[
        bool, typer.Option("--unselectable", help="Nor can it be selected again.")
    ] = False,
) -> None:
    """How the identity card reader treats a card it has read: readers differ. Without options: it
    is found again."""
    find = "none" if hidden else "found"
    tell(context, "card.after_read", find=find, select=not unselectable)


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


# ---- the A4 printer

_PAGES = {
    "paper-out": "The tray is empty.",
    "jam": "Paper is jammed.",
    "cover-open": "The door stands open.",
    "toner-low": "Toner is nearly used up; it still prints.",
    "toner-out": "There is no toner left.",
    "heal": "Everything is right with the A4 printer again.",
    "gone": "Pull the A4 printer's cable.",
    "back": "Plug the A4 printer's cable in.",
}


def _pages_command(name: str, help_text: str) -> None:
    @pages.command(name, help=help_text)
    def act(context: typer.Context) -> None:
        tell(context, f"page_printer.{name.replace('-', '_')}")


for _name, _help in _PAGES.items():
    _pages_command(_name, _help)
