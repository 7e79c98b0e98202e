"""Settings in layers: default < city < county < street < kiosk. The nearest layer that says
something about an option decides.

A layer is a mapping from option names ("store.least_mb") to values as JSON and TOML have them.
City, county and street come from the hub, signed, and may hold shared options only; the kiosk's own
layer is its configuration file.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import ValidationError

from kiosk.contract.options import Config

Values = Mapping[str, Any]
"""One layer."""


class Layer(StrEnum):
    """Who says so, the farthest first."""

    DEFAULT = "default"
    CITY = "city"
    COUNTY = "county"
    STREET = "street"
    KIOSK = "kiosk"


ABOVE = (Layer.CITY, Layer.COUNTY, Layer.STREET)
"""The layers a hub keeps, the farthest first."""


class SettingError(ValueError):
    """A setting that cannot be; the text names the option and what is wrong, never a value."""


@dataclass(frozen=True)
class Option:
    """One declared option."""

    name: str
    schema: Mapping[str, Any]
    """Its JSON Schema (2020-12): type, bounds, choices, default."""

    @property
    def text(self) -> str:
        """What it is for: an English message id, one line."""
        return " ".join(str(self.schema["description"]).split())

    @property
    def shared(self) -> bool:
        """May be set for a city, a county or a street."""
        return bool(self.schema.get("shared"))

    @property
    def secret(self) -> bool:
        return bool(self.schema.get("secret"))

    @property
    def default(self) -> Any:
        return self.schema.get("default")

    @property
    def kind(self) -> str:
        """boolean, integer, number, string, or object for a text in each language."""
        for choice in (self.schema, *self.schema.get("anyOf", ())):
            if "type" in choice:
                return str(choice["type"])
        return "string"

    @property
    def step(self) -> float | None:
        """What a touch adds or takes; None where numbers are not stepped."""
        step = self.schema.get("step")
        return None if step is None else float(step)

    @property
    def bounds(self) -> str:
        """"10 … 600", "48, 32", "> 5"; "" where anything of its kind will do."""
        schema = self.schema
        if "enum" in schema:
            return ", ".join(str(value) for value in schema["enum"])
        least = schema.get("minimum", schema.get("exclusiveMinimum"))
        most = schema.get("maximum", schema.get("exclusiveMaximum"))
        if least is None and most is None:
            return ""
        sign = ">" if "exclusiveMinimum" in schema else "≥"
        return f"{sign} {least}" if most is None else f"{least} … {most}"


@cache
def options() -> Mapping[str, Option]:
    """Every option by its name, in the order they are declared."""
    schema = Config.model_json_schema()
    return {option.name: option for option in _options(schema, schema["$defs"], "")}


def _options(schema: Mapping[str, Any], parts: Mapping[str, Any], before: str) -> Iterator[Option]:
    for name, declared in schema["properties"].items():
        if "$ref" in declared:
            part = parts[declared["$ref"].rpartition("/")[2]]
            yield from _options(part, parts, f"{before}{name}.")
        else:
            yield Option(before + name, declared)


def check(name: str, value: Any) -> Any:
    """The value as this option's type has it. Raises SettingError."""
    if name not in options():
        raise SettingError(f"{name}: there is no such option")
    try:
        config = Config.model_validate(nested({"data": "/", name: value}))
    except ValidationError as error:
        raise SettingError("; ".join(problems(error))) from None
    checked = flat(config.model_dump(mode="json"))[name]
    # 300 for "300" is meant; 1 for True is a slip.
    if isinstance(value, bool) != isinstance(checked, bool) and not isinstance(value, str):
        raise SettingError(f"{name}: {options()[name].kind} wanted")
    return checked


def check_above(name: str, value: Any) -> Any:
    """The same for a layer above the kiosk: shared options only. Raises SettingError."""
    checked = check(name, value)
    if not options()[name].shared:
        raise SettingError(f"{name}: can be set at the kiosk only")
    return checked


def from_text(name: str, text: str) -> Any:
    """A value somebody typed: as TOML has it, else the text itself. Raises SettingError."""
    if name in options() and options()[name].kind == "string":
        return check(name, text)
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text
    return check(name, value)


def problems(error: ValidationError) -> list[str]:
    """"store.least_mb: Input should be …", for each; what was given is never quoted."""
    return [
        f"{'.'.join(str(part) for part in one['loc'] if part != '[key]')}: {one['msg']}"
        for one in error.errors(include_input=False, include_url=False)
    ]


def flat(tree: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """{"store": {"least_mb": 1}} → {"store.least_mb": 1}. A text in each language stays whole."""
    values: dict[str, Any] = {}
    for key, value in tree.items():
        name = f"{before}{key}"
        if isinstance(value, Mapping) and name not in options():
            values |= flat(value, f"{name}.")
        else:
            values[name] = value
    return values


def nested(values: Values) -> dict[str, Any]:
    """The reverse of `flat`."""
    tree: dict[str, Any] = {}
    for name, value in values.items():
        *folders, last = name.split(".")
        part = tree
        for folder in folders:
            part = part.setdefault(folder, {})
        part[last] = value
    return tree


@dataclass(frozen=True)
class InForce:
    """What holds at one kiosk, and by whose word."""

    layers: Mapping[Layer, Values]

    def value(self, name: str) -> Any:
        layer = self.layer(name)
        return options()[name].default if layer is Layer.DEFAULT else self.layers[layer][name]

    def layer(self, name: str) -> Layer:
        """The nearest layer that says something about an option."""
        for layer in reversed(Layer):
            if name in self.layers.get(layer, {}):
                return layer
        return Layer.DEFAULT

    def values(self) -> dict[str, Any]:
        """All that is said by any layer, as the nearest says it."""
        merged: dict[str, Any] = {}
        for layer in Layer:
            merged |= self.layers.get(layer, {})
        return merged


def usable(layers: Mapping[str, Values]) -> tuple[dict[Layer, Values], tuple[str, ...]]:
    """What a kiosk can use of a hub's layers, and "layer name" of what it cannot.

    A hub may be newer or older than a kiosk: an option that is unknown here, or a value out of
    bounds, is left out and named; the next farther layer then decides.
    """
    taken: dict[Layer, Values] = {}
    refused = []
    for layer in ABOVE:
        values = {}
        for name, value in layers.get(layer.value, {}).items():
            try:
                values[name] = check_above(name, value)
            except SettingError:
                refused.append(f"{layer} {name}")
        taken[layer] = values
    refused += [f"{layer} *" for layer in layers if layer not in {one.value for one in ABOVE}]
    return taken, tuple(refused)
