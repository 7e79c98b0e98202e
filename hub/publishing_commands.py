"""`python -m hub catalog …` and `python -m hub root …`: publishing, beside a running hub."""

import shutil
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from hub import city as cities
from hub import durable, publishing_keys
from hub.publishing import Publisher
from kiosk.contract.catalog import CatalogError
from kiosk.contract.catalog_diff import diff
from kiosk.contract.publishing import CATALOG, NEXT_CATALOG, read_catalog

Data = Annotated[Path, typer.Option("--data", help="Folder of this hub: database, keys, cases.")]
Catalog = Annotated[Path, typer.Argument(help="Catalog folder, or a bundle (.json, .json.gz).")]

app = typer.Typer(help="What is published: look, compare, publish ahead.", no_args_is_help=True)
root_app = typer.Typer(help="The key that names all other keys.", no_args_is_help=True)


@app.command()
def status(data: Data) -> None:
    """Show what is in force, what comes next, and how long the signatures hold."""
    publisher = _publisher(data)
    for title, name in (("in force", CATALOG), ("next", NEXT_CATALOG)):
        edition = publisher.edition(name)
        if edition is not None:
            since = f", from {edition.effective_from}" if edition.effective_from else ""
            typer.echo(f"{title}: {edition.version}{since}")
    timestamp = publisher.repository.timestamp()
    typer.echo(f"timestamp {timestamp.version}, until {timestamp.expires.isoformat()}")


@app.command("diff")
def show_diff(old: Catalog, new: Catalog) -> None:
    """List which services and fields differ between two catalogs."""
    for line in diff(_read(old), _read(new)).lines():
        typer.echo(line)


@app.command("publish-ahead")
def publish_ahead(
    catalog: Catalog,
    data: Data,
    effective_from: Annotated[
        datetime,
        typer.Option("--from", formats=["%Y-%m-%d"], help="The day it comes into force."),
    ],
) -> None:
    """Publish a catalog that kiosks fetch now and use from a day on."""
    publisher = _publisher(data)
    changes = publisher.publish_ahead(_read(catalog), effective_from.date())
    for line in changes.lines():
        typer.echo(line)


@app.command()
def withdraw(data: Data) -> None:
    """Take back what was published ahead, before it comes into force."""
    _publisher(data).withdraw()


@root_app.command()
def export(
    data: Data,
    to: Annotated[Path, typer.Option(help="Where the key goes: a stick that is then locked up.")],
) -> None:
    """Move the root key out of the hub; it is needed only to rotate keys."""
    key = cities.Folders(data).keys / publishing_keys.ROOT
    if not key.exists():
        raise typer.BadParameter("the root key is not in this hub", param_hint="--data")
    if to.exists():
        raise typer.BadParameter("is there already", param_hint="--to")
    shutil.copyfile(key, to)
    to.chmod(0o600)
    durable.sync_file(to)
    durable.sync_folder(to.absolute().parent)
    key.unlink()
    durable.sync_folder(key.parent)
    typer.echo(f"{to} is now the only copy: lock it up, and a second copy elsewhere.")


@root_app.command()
def rotate(
    data: Data,
    key: Annotated[
        Path | None, typer.Option("--key", help="File of the root key, when it was exported.")
    ] = None,
    new_root: Annotated[
        bool, typer.Option("--new-root", help="Make a new root key as well.")
    ] = False,
) -> None:
    """Make new signing keys; kiosks follow by themselves."""
    try:
        version = _publisher(data).rotate(new_root, key)
    except (OSError, ValueError) as error:
        raise typer.BadParameter(f"no root key: {error}", param_hint="--key") from error
    typer.echo(f"root {version}: new keys sign from now on")


def _publisher(data: Path) -> Publisher:
    publisher = cities.open_publisher(data, cities.open_database(data))
    if not publisher.repository.founded:
        raise typer.BadParameter("nothing has been published here yet", param_hint="--data")
    return publisher


def _read(path: Path) -> dict[str, object]:
    try:
        return read_catalog(path)
    except (CatalogError, OSError) as error:
        typer.echo(f"{path}: {error}", err=True)
        raise typer.Exit(4) from None
