"""`yimen vision codes|page FILE…`: read picture files as the kiosk reads its camera's."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="vision",
    help="Read codes and find pages in picture files, as the kiosk does under its camera.",
    no_args_is_help=True,
)
Files = Annotated[list[Path], typer.Argument(help="Pictures: JPEG, PNG, WebP, BMP or TIFF.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line, also on a terminal.")]


@app.command()
def codes(files: Files, json_lines: AsJson = False) -> None:
    """Read every QR and bar code in the pictures. Exit code 1 when a file cannot be read."""
    from provisioning.pictures import codes_in, look_at

    raise typer.Exit(look_at(files, json_lines, codes_in))


@app.command()
def page(files: Files, json_lines: AsJson = False) -> None:
    """Find the sheet in each picture and say whether it can be read.

    Exit code 1 when a file cannot be read.
    """
    from provisioning.pictures import look_at, page_in

    raise typer.Exit(look_at(files, json_lines, page_in))
