"""`yimen settings`: what holds at one kiosk, by whose word, and changing the kiosk's own layer.

What holds for a whole city, county or street is set at the hub: `python -m hub settings`.
"""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from kiosk.config import ConfigError, in_force, put
from kiosk.contract.settings import InForce, Layer, Option, SettingError, from_text, options
from kiosk.local_socket import ask
from provisioning.processes import ROOT

app = typer.Typer()
settings = typer.Typer(
    help="What holds at a kiosk (default < city < county < street < kiosk), and changing it.",
    no_args_is_help=True,
)
app.add_typer(settings, name="settings")

File = Annotated[Path, typer.Option("--config", help="The kiosk's TOML file.")]
Name = Annotated[str, typer.Argument(help="Name of the option, e.g. store.least_mb.")]
FILE = ROOT / ".yimen" / "kiosk.toml"
EXIT_WRONG = 2
_HIDDEN = "(not shown)"


@settings.command("list")
def list_settings(
    config: File = FILE,
    changed: Annotated[
        bool, typer.Option("--changed", help="Only what some layer says something about.")
    ] = False,
    json_lines: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="The table of docs/settings.md; no kiosk needed.")
    ] = False,
) -> None:
    """List every option: what holds, which layer says so, and what it is for."""
    if markdown:
        print(documentation())
        return
    held = _held(config)
    shown = [
        option for option in options().values()
        if not changed or held.layer(option.name) is not Layer.DEFAULT
    ]
    if json_lines:
        for option in shown:
            line = {
                "name": option.name, "value": _value(option, held),
                "layer": held.layer(option.name).value, "default": option.default,
                "bounds": option.bounds, "shared": option.shared, "text": option.text,
            }
            print(json.dumps(line, ensure_ascii=False))
        return
    table = Table("option", "value", "said by", "what it is for")
    for option in shown:
        table.add_row(
            option.name, _text(_value(option, held)), held.layer(option.name).value, option.text
        )
    Console().print(table)


@settings.command()
def get(name: Name, config: File = FILE) -> None:
    """Print what holds for one option, as TOML has it."""
    option = _option(name)
    print(_text(_value(option, _held(config))))


@settings.command("set")
def set_option(
    name: Name,
    value: Annotated[str, typer.Argument(help="Its value, as TOML has it; a plain text will do.")],
    config: File = FILE,
) -> None:
    """Set an option at this kiosk; it holds after the visit that is under way."""
    _put(config, name, value)


@settings.command()
def unset(name: Name, config: File = FILE) -> None:
    """Take an option out of the kiosk's file; the layer behind it decides again."""
    _put(config, name, None)


def documentation() -> str:
    """The options as docs/settings.md lists them."""
    lines = ["| option | default | bounds | set by | what it is for |", "|---|---|---|---|---|"]
    for option in options().values():
        who = "city, county, street, kiosk" if option.shared else "kiosk"
        cells = (f"`{option.name}`", f"`{_text(option.default)}`" if option.default not in
                 (None, "") else "", option.bounds, who, option.text)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def _put(config: Path, name: str, text: str | None) -> None:
    try:
        put(config, name, None if text is None else from_text(name, text))
    except (ConfigError, SettingError) as error:
        typer.echo(f"yimen: {error}", err=True)
        raise typer.Exit(EXIT_WRONG) from error
    try:
        ask(Path(in_force(config).value("data")) / "kiosk.sock", "settings")
    except (OSError, ValueError):
        typer.echo("No kiosk runs here; it holds from its next start on.", err=True)


def _held(config: Path) -> InForce:
    try:
        return in_force(config)
    except ConfigError as error:
        typer.echo(f"yimen: {error}", err=True)
        raise typer.Exit(EXIT_WRONG) from error


def _option(name: str) -> Option:
    if name not in options():
        typer.echo(f"yimen: {name}: there is no such option (yimen settings list)", err=True)
        raise typer.Exit(EXIT_WRONG)
    return options()[name]


def _value(option: Option, held: InForce) -> Any:
    value = held.value(option.name)
    return _HIDDEN if option.secret and value else value


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        inside = ", ".join(f"{key} = {json.dumps(text, ensure_ascii=False)}"
                           for key, text in value.items())
        return f"{{ {inside} }}"
    return value if isinstance(value, str) else json.dumps(value)
