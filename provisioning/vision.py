"""`yimen vision`: read picture files as the kiosk reads its camera's; take its empty mat."""

import sys
from pathlib import Path
from typing import Annotated

import typer

EXIT_NOT_TAKEN = 1
app = typer.Typer(
    name="vision",
    help="The kiosk's eyes: codes and pages in picture files, and its own empty mat.",
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


@app.command()
def mat(
    data: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="The kiosk's data folder.")
    ],
    camera: Annotated[
        str, typer.Option(help="The camera as in the configuration: 0, /dev/video0, http://…")
    ] = "",
    from_: Annotated[
        list[Path] | None,
        typer.Option("--from", help="A picture of the empty mat instead; several are better."),
    ] = None,
    printed: Annotated[
        bool, typer.Option("--printed", help="A place printed on the mat looks like a sheet.")
    ] = False,
) -> None:
    """Show the kiosk its empty mat: faint pages are found with it, and what is printed is none.

    A running kiosk uses it at once. Exit code 1 when the mat was not taken.
    """
    from provisioning.pictures import take_mat

    if bool(camera) == bool(from_):
        raise typer.BadParameter("give either --camera or --from")
    problem = take_mat(data, camera, from_ or [], printed)
    if problem:
        print(f"yimen: {problem}", file=sys.stderr)
        raise typer.Exit(EXIT_NOT_TAKEN)
    print(f"The empty mat is taken: {data}")
