"""When something happened, in a way that survives a wrong clock.

The wall clock of a kiosk may jump; the monotonic clock counts within one boot. Order comes from
sequence numbers, these three stand beside it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Moment:
    """``at`` ISO 8601 in UTC, ``monotonic_ms`` since ``boot`` (the kernel's boot id)."""

    at: str
    monotonic_ms: int
    boot: str

    @classmethod
    def now(cls) -> Moment:
        """This moment, by the clocks of this machine."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        return cls(at, time.monotonic_ns() // 1_000_000, boot_id())


@cache
def boot_id() -> str:
    """Linux's random id of this boot, or "unknown" on a system that has none."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return "unknown"
