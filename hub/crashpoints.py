"""Named moments at which a test lets the hub die as if the power were cut.

Set YIMEN_HUB_CRASH_AT to one of POINTS: the process ends there at once, with
nothing flushed or closed. Unset (always, outside tests) these calls do nothing.
"""

import os

POINTS = ("upload.complete", "envelope.filed", "case.committed")
VARIABLE = "YIMEN_HUB_CRASH_AT"


def reached(point: str) -> None:
    """End the process here when the environment asks for it."""
    if os.environ.get(VARIABLE) == point:
        os._exit(137)
