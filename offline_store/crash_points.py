"""Named moments at which a test may cut the power.

Set ``YIMEN_STORE_CRASH_AT`` to one of :data:`POINTS`,
:data:`DRAFT_POINTS` or :data:`RECOVERY_POINTS` and the process dies by SIGKILL there: no
handler runs, no buffer is flushed, exactly as when the plug is pulled under a running kernel.
Unset, passing a point costs one look into the environment.
"""

from __future__ import annotations

import os
import signal

VARIABLE = "YIMEN_STORE_CRASH_AT"

POINTS = (
    "outbox.commit.header",
    "outbox.commit.bytes",
    "outbox.commit.receipt",
    "outbox.commit.audit",
    "outbox.commit.done",
    "outbox.confirm.receipt",
    "outbox.confirm.bytes",
    "outbox.confirm.done",
    "outbox.printed.done",
    "catalog.import.emptied",
    "catalog.import.filled",
    "catalog.import.done",
    "migrate.applied",
    "migrate.done",
)

DRAFT_POINTS = (
    "draft.keep.bytes",
    "draft.keep.done",
    "draft.drop.done",
)
"""Passed only where somebody takes an application with them (drafts.py)."""

RECOVERY_POINTS = (
    "recover.built",
    "recover.ready",
    "recover.moved",
    "recover.done",
)
"""Passed only where a damaged store is recovered (recovery.py)."""


def reach(point: str) -> None:
    """Die here if the environment asks for it. Raises ValueError for a point nobody declared."""
    if point not in POINTS + DRAFT_POINTS + RECOVERY_POINTS:
        raise ValueError(f"undeclared crash point {point!r}")
    if os.environ.get(VARIABLE) == point:
        os.kill(os.getpid(), signal.SIGKILL)
