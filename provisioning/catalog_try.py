"""`yimen catalog try`: a small city of its own whose kiosk begins at one service's guide."""

import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console

from provisioning.display import Hand, virtual_screen
from provisioning.embedded import Embedded, Screen
from provisioning.outside import Outside
from provisioning.processes import Children
from provisioning.run import scale_of_desk

_PATIENCE = 120.0
"""Seconds until the guide stands: a slow machine takes in the whole catalog first."""


def run_try(bundle: dict[str, Any], code: str, picture: Path, console: Console) -> None:
    """Show the guide until the kiosk is closed; without a display only take its picture.

    Nothing is left behind: the city lives in a folder that goes at the end. Raises NotReady.
    """
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="yimen-try-") as name:
        folder = Path(name)
        written = folder / "catalog.json"
        written.write_text(json.dumps(bundle, ensure_ascii=False), "utf-8")
        with Children(folder / "log") as children:
            city = Embedded(folder, children)
            with console.status("Starting hub and testbed…"):
                city.start_hub("--catalog", written)
            if os.environ.get("DISPLAY"):
                scale = scale_of_desk()
                city.start_testbed(panel_left=round(Screen.width_px * scale) + 48)
                config = city.write_config(Screen(scale=scale, left=24, top=24), observe=False)
                console.print("Close the kiosk's window to end.")
                kiosk = city.start_kiosk(config, {}, "--open", code)
                kiosk.process.wait()
                return
            city.start_testbed()
            screen = Screen()
            with virtual_screen(children, screen.width_px, screen.height_px) as display:
                config = city.write_config(screen, observe=True)
                environment = {"DISPLAY": display, "SDL_VIDEODRIVER": "x11"}
                kiosk = city.start_kiosk(config, environment, "--open", code)
                person = Outside(city.kiosk_socket, Hand(display))
                person.wait_for("service", patience=_PATIENCE)
                person.picture(picture)
                kiosk.stop()
    console.print(f"No display here: {picture} shows the guide "
                  f"({time.monotonic() - began:.0f} s).")
