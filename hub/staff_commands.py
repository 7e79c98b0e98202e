"""`python -m hub staff …`: records of those who look after kiosks."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from hub import city as cities
from hub import staff, staff_secrets

Data = Annotated[Path, typer.Option("--data", help="Folder of this hub.")]
Id = Annotated[str, typer.Option("--id", help="Id of the record, e.g. S0001.")]
_BY = "command line"

app = typer.Typer(help="Who may sign in at kiosks with card and PIN.")


@app.command()
def add(
    data: Data,
    name: Annotated[str, typer.Option(help="Name shown at the desk and on the kiosk.")],
    role: Annotated[str, typer.Option(help="assistant or technician.")] = "assistant",
    hall: Annotated[str, typer.Option(help="Where they work.")] = "",
) -> None:
    """Make a record; print its id and the one-time code for binding a card (24 hours)."""
    database, key = cities.open_database(data), staff_secrets.binding_key(cities.Folders(data))
    try:
        with database.transaction() as session:
            staff_id, code = staff.add(session, key, name, role, hall, datetime.now(UTC))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    typer.echo(f"{staff_id} {code}")


@app.command("new-code")
def new_code(data: Data, staff_id: Id) -> None:
    """Forget card and PIN of a record; print a new one-time code."""
    database, key = cities.open_database(data), staff_secrets.binding_key(cities.Folders(data))
    try:
        with database.transaction() as session:
            code = staff.new_code(session, key, staff_id, _BY, datetime.now(UTC))
    except (staff.NoSuchStaff, ValueError) as error:
        raise typer.BadParameter("no such record, or revoked", param_hint="--id") from error
    typer.echo(code)


@app.command()
def unlock(data: Data, staff_id: Id) -> None:
    """Let a record that is locked after wrong PINs try again."""
    try:
        with cities.open_database(data).transaction() as session:
            staff.unlock(session, staff_id, _BY, datetime.now(UTC))
    except staff.NoSuchStaff as error:
        raise typer.BadParameter("no such record", param_hint="--id") from error


@app.command()
def revoke(data: Data, staff_id: Id) -> None:
    """End a record for good."""
    try:
        with cities.open_database(data).transaction() as session:
            staff.revoke(session, staff_id, _BY, datetime.now(UTC))
    except staff.NoSuchStaff as error:
        raise typer.BadParameter("no such record", param_hint="--id") from error


@app.command("list")
def list_staff(data: Data) -> None:
    """List all records, one JSON object a line."""
    now = datetime.now(UTC)
    with cities.open_database(data).transaction() as session:
        for member in staff.everybody(session):
            line = {
                "id": member.staff_id,
                "name": member.name,
                "hall": member.hall,
                "role": member.role,
                "state": staff.state(member, now),
            }
            typer.echo(json.dumps(line, ensure_ascii=False))


@app.command()
def log(data: Data) -> None:
    """List what happened, one JSON object a line; ids only."""
    with cities.open_database(data).transaction() as session:
        for event in staff.events(session):
            line = {
                "at": event.at.isoformat(),
                "id": event.staff_id,
                "by": event.actor,
                "event": event.event,
            }
            typer.echo(json.dumps(line))
