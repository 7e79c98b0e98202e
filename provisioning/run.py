"""`yimen run` on a real screen: the kiosk's window and the testbed's, until the kiosk is closed."""

import os
import time
from pathlib import Path

from rich.console import Console
from Xlib.display import Display

from provisioning.embedded import DESK_NAME, DESK_PASSWORD, Embedded, Screen
from provisioning.processes import Children

_RESTART_FIRST = 0.5
_RESTART_CAP = 30.0
_GAP = 24
"""Pixels around the two windows."""
_MARGIN = 0.88
"""Share of the desk screen's height that the kiosk's window takes."""


def run_on_screen(data: Path) -> None:
    console = Console(stderr=True)
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with Children(data / "log") as children:
        city = Embedded(data, children)
        with console.status("Starting the hub…"):
            city.start_hub()
            city.open_desk()
        with console.status("Starting the testbed…"):
            scale = scale_of_desk()
            city.start_testbed(panel_left=round(Screen.width_px * scale) + 2 * _GAP)
        with console.status("Starting the kiosk…"):
            config = city.write_config(Screen(scale=scale, left=_GAP, top=_GAP), observe=False)
            kiosk = city.start_kiosk(config, {})
        console.print(f"The desk is at {city.hub_url}/desk "
                      f"(name {DESK_NAME}, password {DESK_PASSWORD}). Close the kiosk to end.")
        pause = _RESTART_FIRST
        while True:
            code = kiosk.process.wait()
            if code == 0:
                return
            # A kiosk comes back by itself, but not in a tight loop.
            console.print(f"The kiosk ended with {code}; starting again in {pause:.1f} s.")
            time.sleep(pause)
            pause = min(pause * 2, _RESTART_CAP)
            kiosk = city.start_kiosk(config, {})


def scale_of_desk() -> float:
    """How small the portrait panel must be to fit the screen at hand."""
    height = Display(os.environ["DISPLAY"]).screen().height_in_pixels
    return float(min(1.0, round(height * _MARGIN / Screen.height_px, 3)))
