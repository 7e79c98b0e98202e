"""`python -m hub kiosks …`: who may send, from where, with which board."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from hub import city as cities
from hub import kiosks

Data = Annotated[Path, typer.Option("--data", help="Folder of this hub.")]
Id = Annotated[str, typer.Option("--kiosk", help="Id of the kiosk, e.g. K0001.")]
_BY = "command line"

app = typer.Typer(help="Kiosks: list, approve, revoke, give a new board, move.")


@app.command("list")
def list_kiosks(data: Data) -> None:
    """List all kiosks with their newest report, one JSON object a line."""
    with cities.open_database(data).transaction() as session:
        for line in kiosks.everybody(session):
            typer.echo(json.dumps(line, ensure_ascii=False))


@app.command()
def approve(data: Data, kiosk: Id) -> None:
    """Let a kiosk send that was enrolled with `enrol-code --approval`."""
    with _known(), cities.open_database(data).transaction() as session:
        kiosks.approve(session, kiosk, _BY, datetime.now(UTC))


@app.command()
def revoke(
    data: Data,
    kiosk: Id,
    undo: Annotated[bool, typer.Option("--undo", help="Admit again.")] = False,
) -> None:
    """Refuse everything from a kiosk from now on (stolen, scrapped)."""
    with _known(), cities.open_database(data).transaction() as session:
        kiosks.revoke(session, kiosk, _BY, datetime.now(UTC), undo)


@app.command()
def move(
    data: Data,
    kiosk: Id,
    hall: Annotated[str, typer.Option(help="Where it stands from now on.")],
    name: Annotated[str, typer.Option(help="Another name, if it gets one.")] = "",
) -> None:
    """Note that a kiosk stands in another hall; the kiosk hears of it at its next contact."""
    try:
        with _known(), cities.open_database(data).transaction() as session:
            kiosks.move(session, kiosk, hall, name, _BY, datetime.now(UTC))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--hall") from error


@app.command("new-board")
def new_board(
    data: Data,
    kiosk: Id,
    approval: Annotated[bool, typer.Option("--approval", help="Approve it afterwards.")] = False,
) -> None:
    """Print a one-time code with which a new board becomes this kiosk; the old key ends."""
    with _known(), cities.open_database(data).transaction() as session:
        code = kiosks.code_for_new_board(session, kiosk, approval, datetime.now(UTC))
    typer.echo(code)


@app.command()
def log(
    data: Data, kiosk: Annotated[str | None, typer.Option("--kiosk", help="Only this one.")] = None
) -> None:
    """List what happened to kiosks, one JSON object a line."""
    with cities.open_database(data).transaction() as session:
        for event in kiosks.events(session, kiosk):
            line = {
                "at": event.at.isoformat(), "kiosk": event.kiosk_id, "by": event.actor,
                "event": event.event, "detail": event.detail,
            }  # fmt: skip
            typer.echo(json.dumps(line, ensure_ascii=False))


@contextmanager
def _known() -> Iterator[None]:
    """Turn NoSuchKiosk into a wrong argument."""
    try:
        yield
    except kiosks.NoSuchKiosk as error:
        raise typer.BadParameter(f"no such kiosk: {error}", param_hint="--kiosk") from error
