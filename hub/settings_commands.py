"""`python -m hub settings …`: what holds for the kiosks of the city, a county, a street."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from hub import city as cities
from hub import settings
from kiosk.contract.settings import Layer, SettingError, from_text, options

Data = Annotated[Path, typer.Option("--data", help="Folder of this hub.")]
County = Annotated[
    str, typer.Option(help="Only for the kiosks of this county (six digits of GB/T 2260).")
]
Street = Annotated[
    str, typer.Option(help="Only for the kiosks of this street's hall (its id in the catalog).")
]
Name = Annotated[str, typer.Argument(help="Name of the option, e.g. idle_warning.")]
_BY = "command line"

app = typer.Typer(help="Settings of city, counties and streets; kiosks hear of them by themselves.")


@app.command("list")
def list_settings(data: Data) -> None:
    """List what is set, one JSON object a line; and what could be (value null)."""
    with cities.open_database(data).transaction() as session:
        rows = list(settings.in_force(session))
    for row in rows:
        line = {"layer": row.layer, "area": row.area, "name": row.name, "value": row.value,
                "at": row.at.isoformat(), "by": row.actor}  # fmt: skip
        typer.echo(json.dumps(line, ensure_ascii=False))
    said = {row.name for row in rows}
    for option in options().values():
        if option.shared and option.name not in said:
            line = {"name": option.name, "value": None, "default": option.default,
                    "bounds": option.bounds, "text": option.text}  # fmt: skip
            typer.echo(json.dumps(line, ensure_ascii=False))


@app.command("set")
def set_option(
    data: Data,
    name: Name,
    value: Annotated[str, typer.Argument(help="Its value, as TOML has it; a plain text will do.")],
    county: County = "",
    street: Street = "",
) -> None:
    """Set an option for the whole city, or only for a county or a street."""
    _put(data, name, value, county, street)


@app.command()
def unset(data: Data, name: Name, county: County = "", street: Street = "") -> None:
    """Take back what was set; the layer behind it decides again."""
    _put(data, name, None, county, street)


@app.command()
def log(data: Data) -> None:
    """List every change ever made, one JSON object a line."""
    with cities.open_database(data).transaction() as session:
        for row in settings.changes(session):
            line = {"at": row.at.isoformat(), "by": row.actor, "layer": row.layer,
                    "area": row.area, "name": row.name, "value": row.value}  # fmt: skip
            typer.echo(json.dumps(line, ensure_ascii=False))


def _put(data: Path, name: str, text: str | None, county: str, street: str) -> None:
    if county and street:
        raise typer.BadParameter("a county or a street, not both", param_hint="--street")
    layer = Layer.STREET if street else Layer.COUNTY if county else Layer.CITY
    database = cities.open_database(data)
    halls = settings.Halls(cities.open_publisher(data, database))
    try:
        value = None if text is None else from_text(name, text)
        with database.transaction() as session:
            settings.put(
                session, halls, layer, street or county, name, value, _BY, datetime.now(UTC)
            )
    except settings.NoSuchArea as error:
        raise typer.BadParameter(str(error), param_hint=f"--{layer}") from error
    except SettingError as error:
        raise typer.BadParameter(str(error), param_hint="NAME VALUE") from error
