"""`python -m hub`: serve the city's side, and its few chores."""

import json
import logging
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from hub import (
    cases,
    contact,
    enrolment,
    importing,
    key_commands,
    kiosk_commands,
    publishing_commands,
    retention,
    settings_commands,
    staff_commands,
)
from hub import city as cities
from hub.desk import accounts
from hub.tables import Case
from kiosk.contract.catalog import CatalogError

Data = Annotated[Path, typer.Option("--data", help="Folder of this hub: database, keys, cases.")]

app = typer.Typer(
    help="The city's side: publishes the catalog, takes in cases, shows them at the desk.",
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
app.add_typer(staff_commands.app, name="staff")
app.add_typer(kiosk_commands.app, name="kiosks")
app.add_typer(key_commands.app, name="keys")
app.add_typer(settings_commands.app, name="settings")
app.add_typer(publishing_commands.app, name="catalog")
app.add_typer(publishing_commands.root_app, name="root")


@app.callback(invoke_without_command=True)
def serve(
    context: typer.Context,
    data: Annotated[
        Path | None, typer.Option("--data", help="Folder of this hub; made on the first start.")
    ] = None,
    port: Annotated[int, typer.Option(help="Port to listen at; 0 picks a free one.")] = 8080,
    host: Annotated[str, typer.Option(help="Address to listen at.")] = "127.0.0.1",
    ready_file: Annotated[
        Path | None, typer.Option(help='Written once the hub listens: {"url": …, "pid": …}.')
    ] = None,
    public_url: Annotated[
        str | None, typer.Option(help="Address kiosks use, when a proxy stands in front.")
    ] = None,
    catalog: Annotated[
        Path | None, typer.Option(help="Catalog folder, or a bundle as .json.")
    ] = None,
) -> None:
    """Serve (when no other command is named)."""
    if context.invoked_subcommand is not None:
        return
    if data is None:
        raise typer.BadParameter("needed to serve", param_hint="--data")
    # Only here: the chores start in a third of the time without the web server.
    from hub import serve as serving

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    try:
        serving.serve(data, host, port, ready_file, public_url, catalog)
    except cities.AlreadyRunning:
        typer.echo(f"another hub serves {data}", err=True)
        raise typer.Exit(3) from None
    except serving.PortTaken as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(5) from None
    except CatalogError as error:
        typer.echo(f"the catalog: {error}", err=True)
        raise typer.Exit(4) from None


@app.command("enrol-code")
def enrol_code(
    data: Data,
    approval: Annotated[
        bool, typer.Option("--approval", help="It may send only after `kiosks approve`.")
    ] = False,
    hall: Annotated[str, typer.Option(help="Where the kiosk will stand.")] = "",
) -> None:
    """Print a code that enrols one kiosk, once, within 15 minutes."""
    with cities.open_database(data).transaction() as session:
        code = enrolment.new_code(session, datetime.now(UTC), approval=approval, hall=hall)
    typer.echo(code)


@app.command()
def account(
    data: Data,
    name: Annotated[str, typer.Option(help="Name to sign in with.")],
    password: Annotated[
        str, typer.Option(help="At least 8 characters.", prompt=True, hide_input=True)
    ],
    role: Annotated[str, typer.Option(help="What the account may do: intake, admin.")] = "intake",
) -> None:
    """Make a desk account, or give it a new password."""
    try:
        with cities.open_database(data).transaction() as session:
            accounts.put(session, name, password, role)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


@app.command()
def revoke(
    data: Data,
    kiosk: Annotated[str, typer.Option(help="Id of the kiosk, e.g. K0001.")],
    undo: Annotated[bool, typer.Option("--undo", help="Let it send again.")] = False,
) -> None:
    """Refuse everything from a kiosk from now on."""
    kiosk_commands.revoke(data, kiosk, undo)


@app.command("cases")
def list_cases(data: Data) -> None:
    """List all cases, one JSON object a line; nothing personal."""
    with cities.open_database(data).transaction() as session:
        for case in session.query(Case).order_by(Case.received_at):
            line = {
                "case_number": case.case_number,
                "receipt_number": case.receipt_number,
                "submission_id": case.submission_id,
                "service_code": case.service_code,
                "kiosk_id": case.kiosk_id,
                "state": case.state,
                "reasons": case.reasons,
                "pages": case.pages,
                "received_at": case.received_at.isoformat(),
            }
            typer.echo(json.dumps(line, ensure_ascii=False))


@app.command("close")
def close_case(
    data: Data, case: Annotated[str, typer.Option("--case", help="Number of the case.")]
) -> None:
    """Close an accepted case; retention counts from now."""
    try:
        with cities.open_database(data).transaction() as session:
            cases.close(session, case, "command line", datetime.now(UTC))
    except cases.NotOpen as error:
        raise typer.BadParameter("not an accepted case", param_hint="--case") from error


@app.command()
def retain(data: Data) -> None:
    """Archive or delete what is closed, by retention.toml; a running hub does it daily."""
    try:
        rules = retention.read_rules(data)
    except retention.RulesError as error:
        raise typer.BadParameter(str(error), param_hint="--data") from error
    done = retention.run(cities.at_rest(data), rules)
    typer.echo(json.dumps(asdict(done)))


@app.command()
def escalations(
    data: Data,
    close: Annotated[int | None, typer.Option(help="Number that somebody has seen to.")] = None,
) -> None:
    """List stuck submissions that staff at kiosks escalated, one JSON object a line."""
    with cities.open_database(data).transaction() as session:
        if close is not None:
            try:
                contact.close_escalation(session, close, datetime.now(UTC))
            except cases.NotOpen as error:
                raise typer.BadParameter("no such number", param_hint="--close") from error
        for row in contact.escalations(session):
            line = {"number": row.number, "at": row.at.isoformat(), "kiosk_id": row.kiosk_id}
            typer.echo(json.dumps(line | row.report, ensure_ascii=False))


@app.command("import")
def import_sealed(
    data: Data,
    files: Annotated[list[Path], typer.Argument(help="Sealed exports (.ymn) of kiosks.")],
) -> None:
    """File submissions that a kiosk exported to a USB stick; prints each case number."""
    city = cities.at_rest(data)
    for file in files:
        try:
            typer.echo(f"{file.name} {importing.take_in(city, file)}")
        except importing.NotImported as error:
            typer.echo(f"{file.name}: {error}", err=True)
            raise typer.Exit(6) from None


if __name__ == "__main__":
    app()
