"""The kiosk's configuration file (TOML), and the hub's settings above it.

The file is the nearest layer: it says what is plugged in, where the kiosk stands and which hub it
has (kiosk/contract/options.py declares all of it). An unknown key, a wrong type or an impossible
value is an error that names the key and the file. What the hub sets for city, county and street is
kept beside the store; nothing there can stop a kiosk.
"""

import json
import logging
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import ValidationError

from kiosk.contract.canonical import canonical
from kiosk.contract.options import Config
from kiosk.contract.settings import (
    InForce,
    Layer,
    SettingError,
    Values,
    check,
    flat,
    nested,
    options,
    problems,
    usable,
)
from kiosk.durable import write_durably

log = logging.getLogger(__name__)

HUB_LAYERS = "settings.json"
"""In the data folder: the hub's layers as they last came, {"city": {"idle_warning": 60}, …}."""


class ConfigError(Exception):
    """The configuration cannot be used; the text names the file, the key and the fix."""


def read_config(path: Path) -> Config:
    """What holds at this kiosk: its file over the hub's layers. Raises ConfigError."""
    return Config.model_validate(nested(in_force(path).values()))


def in_force(path: Path) -> InForce:
    """The same by layers. Raises ConfigError."""
    own = _read_file(path)
    above, refused = usable(hub_layers(Path(own["data"])))
    for name in refused:
        log.warning("settings: %s cannot be used here", name)
    return InForce({**above, Layer.KIOSK: own})


def put(path: Path, name: str, value: Any) -> None:
    """Set an option in the file; None takes it out. The rest stays as it is, comments too.

    Raises ConfigError for the file and SettingError for the value.
    """
    _read_file(path)
    if name not in options():
        raise SettingError(f"{name}: there is no such option")
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    *folders, last = name.split(".")
    part: Any = document
    for folder in folders:
        if folder not in part:
            part[folder] = tomlkit.table()
        part = part[folder]
    if value is not None:
        checked = check(name, value)
        if isinstance(checked, Mapping):
            inline = tomlkit.inline_table()
            inline.update(checked)
            checked = inline
        part[last] = checked
    elif name == "data":
        raise SettingError("data: a kiosk needs its folder")
    elif last in part:
        del part[last]
    write_durably(path, tomlkit.dumps(document).encode())


def hub_layers(data: Path) -> dict[str, Values]:
    """The hub's layers as they last came; none when there are none, or the file is damaged."""
    try:
        kept = json.loads((data / HUB_LAYERS).read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        log.warning("settings: what came from the hub cannot be read; it will come again")
        return {}
    if not isinstance(kept, dict):
        return {}
    return {layer: values for layer, values in kept.items() if isinstance(values, dict)}


def keep_hub_layers(data: Path, layers: Mapping[str, Values]) -> bool:
    """Keep what the hub says now; whether it says something new. Raises OSError."""
    if canonical(dict(layers)) == canonical(hub_layers(data)):
        return False
    write_durably(data / HUB_LAYERS, canonical(dict(layers)))
    return True


def _read_file(path: Path) -> dict[str, Any]:
    """The file's own layer, every value as its option's type has it. Raises ConfigError."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: is not valid TOML: {error}.") from error
    try:
        config = Config.model_validate(raw)
    except ValidationError as error:
        raise ConfigError("\n".join(f"{path}: {text}" for text in problems(error))) from error
    return flat(config.model_dump(mode="json", exclude_unset=True))
