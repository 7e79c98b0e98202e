"""What a salvage knows and finds: values."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Known:
    """What the audit tells of one submission."""

    receipt: str
    service: str
    digest: str
    size: int
    at: tuple[str, int, str]
    """Moment of the commit: wall clock, monotonic ms, boot id."""
    confirmed: bool = False
    printed: bool = False


@dataclass
class Salvaged:
    """What was found. ``lines_lost``: "" or the numbers of audit lines that are gone, "3-5,9"."""

    lines: int = 0
    lines_lost: str = ""
    whole: int = 0
    damaged: list[str] = field(default_factory=list)
    """Submissions whose sealed bytes are not complete any more; on the shelf."""
    unplaced: int = 0
    """Of those, the ones of which nothing but (part of) the sealed bytes is left."""
    settings: int = 0
    groups: list[Any] = field(default_factory=list)
    services: list[Any] = field(default_factory=list)
    others: dict[str, list[Any]] = field(default_factory=dict)
    """Further documents of the catalog by table."""


def sound(header: dict[str, Any]) -> bool:
    """Whether a row that was read can be one of ours: states and texts as the table has them."""
    try:
        names = json.loads(header["service_name"])
    except (TypeError, ValueError):
        return False
    return (
        isinstance(names, dict)
        and header["state"] in ("waiting", "shelved", "confirmed")
        and (header["state"] == "confirmed") == (header["signed_receipt"] is not None)
        and isinstance(header["digest"], str)
        and isinstance(header["receipt_qr"], str)
    )

