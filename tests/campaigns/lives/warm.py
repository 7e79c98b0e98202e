"""The warm process: has every module of kiosk and hub imported, and gives birth to lives.

    python -m tests.campaigns.lives.warm

Standard input: one JSON object a line, {"life": "kiosk" | "hub", "wire": PATH, "log": PATH, …}; the
answer on standard output is the new process's id. A fork starts with nothing but code: no store, no
thread, no socket. What it knows comes from its files, as after a cold start.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from tests.campaigns.lives import hub_life, kiosk_life
from tests.campaigns.lives.wire import Wire

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_LIVES = {"kiosk": kiosk_life.live, "hub": hub_life.live}


def main() -> None:
    answers = os.dup(1)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them here
    for life in (kiosk_life, hub_life):
        life.warm_up()
    gc.collect()
    gc.freeze()
    os.write(answers, b"0\n")
    for line in sys.stdin:
        given = json.loads(line)
        child = os.fork()
        if child == 0:
            _be_born(given, answers)
        os.write(answers, f"{child}\n".encode())


def _be_born(given: dict[str, Any], answers: int) -> None:
    """Runs in the child and never returns."""
    try:
        # With the warm process all lives end.
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.close(answers)
        nothing = os.open(os.devnull, os.O_RDONLY)
        log = os.open(given["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for descriptor, target in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(descriptor, target)
        _LIVES[given["life"]](given, Wire(Path(given["wire"])))
    except EOFError:
        os._exit(0)  # the campaign hung up
    except BaseException:  # noqa: BLE001 - the fork must never run on into its parent's code
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    main()
