"""A hub's life: the real hub, served until it is killed."""

from __future__ import annotations

import importlib
import logging
import threading
from pathlib import Path
from typing import Any

from hub import serve as serving
from tests.campaigns.lives import sabotage, states
from tests.campaigns.lives.wire import Wire

_ON_FIRST_USE = (
    "anyio._backends._asyncio", "cryptography.hazmat.backends.openssl.backend", "h11",
    "sqlalchemy.dialects.sqlite", "uvicorn.lifespan.on", "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto", "uvicorn.protocols.websockets.auto",
)  # fmt: skip
"""What a server otherwise imports with its first request."""


def warm_up() -> None:
    """Import what every life needs."""
    for name in _ON_FIRST_USE:
        importlib.import_module(name)


def live(given: dict[str, Any], wire: Wire) -> None:
    """given: data, port, catalog, ready (paths), url (public), die_at, sabotage."""
    if given["die_at"]:
        states.arm(given["die_at"])
    sabotage.begin(given["sabotage"])
    threading.Thread(target=_obey, args=(wire,), daemon=True).start()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    serving.serve(
        Path(given["data"]), "127.0.0.1", given["port"], Path(given["ready"]), given["url"],
        Path(given["catalog"]),
    )  # fmt: skip


def _obey(wire: Wire) -> None:
    while True:
        try:
            orders = wire.told(None)
        except EOFError:
            states.die()
            return
        for order in orders:
            states.arm(order["point"])
            wire.tell("armed")
