"""The line from `yimen testbed` to the testbed that runs, and what to say when there is none."""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from devices.testbed.control import ControlRefused, ask
from provisioning.processes import NotReady

EXIT_REFUSED = 1
CONTROL = "control.sock"


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
    typer.echo(
        f"yimen: no {kind.removesuffix('s')} is called {name}{hint} All names: "
        f"yimen testbed {'card' if kind == 'cards' else 'camera'} list",
        err=True,
    )
    raise typer.Exit(EXIT_REFUSED)


def listed(context: typer.Context, kind: str) -> None:
    for name, title in tell(context, "status")[kind].items():
        typer.echo(f"{name:22} {title}")
