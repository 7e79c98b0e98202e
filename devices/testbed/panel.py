"""python -m devices.testbed.panel --dir D: a window with the testbed's buttons.

A process of its own, since Kivy has one window a process. It talks through control.sock only, so
it may be closed and opened again at any time.
"""

import argparse
import os
import sys
from pathlib import Path

from devices.testbed.panel_font import chinese_font

_SETTINGS = {"KIVY_NO_ARGS": "1", "KIVY_NO_FILELOG": "1"}


def main() -> int:
    """Open the window and stay until it is closed."""
    parser = argparse.ArgumentParser(prog="python -m devices.testbed.panel", description=__doc__)
    parser.add_argument("--dir", type=Path, required=True, help="the testbed's folder")
    parser.add_argument("--left", type=int, help="where the window stands, pixels from the left")
    given = parser.parse_args()
    folder = given.dir.resolve()
    # Before Kivy comes, which turns every library's log into a flood.
    regular, bold = (str(chinese_font(folder, weight)) for weight in ("Regular", "Bold"))
    # Kivy reads these as it is imported, and opens its window when the window module is.
    os.environ.update(_SETTINGS)
    from kivy.config import Config

    Config.set("kivy", "log_level", "warning")
    Config.set("graphics", "width", "1280")
    Config.set("graphics", "height", "900")
    Config.set("graphics", "multisamples", "0")
    if given.left is not None:
        Config.set("graphics", "position", "custom")
        Config.set("graphics", "left", str(given.left))
        Config.set("graphics", "top", "24")
    Config.set("input", "mouse", "mouse,disable_multitouch")
    from kivy.core.text import LabelBase

    from devices.testbed.panel_window import PanelApp

    LabelBase.register("Roboto", regular, fn_bold=bold)
    PanelApp(folder).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
