"""The catalog of faults (faults.toml): each expected fault once, for everyone who shows it."""

import tomllib
from dataclasses import dataclass, fields
from importlib.resources import files
from types import MappingProxyType


@dataclass(frozen=True)
class Fault:
    """One expected fault; see the head of faults.toml for what each text is for."""

    code: str
    retryable: bool
    resident: str
    way_on: str
    staff: str
    board: str


class FaultCatalogError(Exception):
    """faults.toml is not as it must be."""


def load() -> dict[str, Fault]:
    """Read all faults by code. FaultCatalogError when an entry is incomplete."""
    return parse(files(__package__).joinpath("faults.toml").read_text("utf-8"))


def parse(text: str) -> dict[str, Fault]:
    """Read faults from TOML text; every entry has exactly the fields of Fault."""
    wanted = {field.name for field in fields(Fault)} - {"code"}
    faults = {}
    for code, entry in tomllib.loads(text).items():
        if not isinstance(entry, dict) or set(entry) != wanted:
            raise FaultCatalogError(f"{code}: needs exactly {', '.join(sorted(wanted))}")
        if not isinstance(entry["retryable"], bool):
            raise FaultCatalogError(f"{code}: retryable is true or false")
        texts = {name: entry[name] for name in wanted - {"retryable"}}
        if not all(isinstance(value, str) for value in texts.values()):
            raise FaultCatalogError(f"{code}: texts are strings")
        if not (entry["resident"] and entry["way_on"] and entry["staff"]):
            raise FaultCatalogError(f"{code}: a fault says what happened and what to do")
        faults[code] = Fault(code=code, retryable=entry["retryable"], **texts)
    return faults


FAULTS = MappingProxyType(load())
"""All faults by code, read once; the file is a part of the program."""

CLOSES = (
    "store.full", "store.damaged", "store.schema", "kiosk.not_enrolled", "kiosk.no_catalog",
)
"""With these a kiosk takes nobody in; its screen says to staff, too, what is to be done."""
