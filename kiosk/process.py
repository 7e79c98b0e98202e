"""The process a visit lives in: nothing of it is dumped, and its end is told without quoting."""

import ctypes
import logging
import resource
import traceback
from pathlib import Path

log = logging.getLogger(__name__)

_PR_SET_DUMPABLE = 4  # linux/prctl.h


def forbid_dumps() -> None:
    """No core dump and no debugger: a stranger's papers are in this memory (decision 4)."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def report(error: Exception) -> None:
    """Log where it happened and what kind it is; its message could quote what somebody typed."""
    steps = traceback.extract_tb(error.__traceback__)
    way = " < ".join(f"{Path(step.filename).name}:{step.lineno}" for step in reversed(steps))
    log.critical("unexpected %s at %s", type(error).__name__, way)
