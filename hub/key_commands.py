"""`python -m hub keys …`: new keys, and when old ones may go."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from hub import city as cities
from hub import key_rotation, keyring

Data = Annotated[Path, typer.Option("--data", help="Folder of this hub.")]

app = typer.Typer(help="The hub's own keys. Back up keys/ after each rotation.")


@app.command("list")
def list_keys(data: Data) -> None:
    """List the keys, one JSON object a line, oldest first; public parts only."""
    ring = _files(data).ring
    for name in ring.sealing:
        typer.echo(json.dumps({"kind": "sealing", "id": name, "in_use": name == ring.current}))
    signing = ring.public().signing_id
    for name in (key_id for key_id in _signed_with(ring)):
        typer.echo(json.dumps({"kind": "signing", "id": name, "in_use": name == signing}))


@app.command()
def rotate(
    data: Data,
    signing: Annotated[
        bool, typer.Option("--signing", help="The signing key instead of the sealing key.")
    ] = False,
) -> None:
    """Make a new key; the running hub uses it at once, kiosks from their next contact."""
    folder = cities.Folders(data).keys
    _files(data)
    if signing:
        typer.echo(key_rotation.rotate_signing(folder, datetime.now(UTC)))
    else:
        typer.echo(key_rotation.rotate_sealing(folder))


@app.command()
def prune(data: Data) -> None:
    """Delete old sealing keys that nobody needs any more; name who still needs the others."""
    folders = cities.Folders(data)
    _files(data)
    with cities.open_database(data).transaction() as session:
        kept = key_rotation.prune(session, data, folders.keys)
    for name, whom in kept.items():
        typer.echo(json.dumps({"kept": name, "needed_by": whom}))


def _files(data: Path) -> keyring.KeyFiles:
    return keyring.KeyFiles(cities.Folders(data).keys)


def _signed_with(ring: keyring.Keyring) -> list[str]:
    from kiosk.contract.keys import key_id

    return [key_id(key) for key in ring.signed_with]
