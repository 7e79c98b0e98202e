"""Draws screens from samples into PNG files, to be looked at; what the pictures_… scripts share.

    --out DIR [--lang zh,en,ko] [--looks normal,large,contrast,low,all] [--only NAME,NAME]
    [--size 1080x1920] [--after SECONDS]
"""

import argparse
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from kiosk.views import Looks
from tests.harness import Hands, KioskApp, PanelSize

LOOKS = {
    "normal": Looks(),
    "large": Looks(large_text=True),
    "contrast": Looks(high_contrast=True),
    "low": Looks(low_reach=True),
    "all": Looks(True, True, True),
}
NOON = datetime(2026, 11, 23, 9, 41)


@dataclass(frozen=True)
class Stage:
    """A window on which one visit after another stands still."""

    hands: Hands
    app: KioskApp

    def show(self, visit: Any, sheet: str = "") -> None:
        """Put a visit on, with a sheet ("help", "quit") over it if wanted."""
        self.app.visit = cast(Any, visit)
        visit.on_change = self.app._note_change
        self.app._renew()
        self.app._sheet = sheet
        self.app.show()


Scene = Callable[[Stage, str, str, Looks], None]
"""Shows the picture of a name, in a language and a look."""


def draw(about: str | None, names: Sequence[str], first: Any, scene: Scene, after: float) -> None:
    """Draw every picture asked for on the command line, `after` seconds after it was shown."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--lang", default="zh,en,ko")
    parser.add_argument("--looks", default="normal")
    parser.add_argument("--only", default=",".join(names))
    parser.add_argument("--size", default="1080x1920")
    parser.add_argument("--after", type=float, default=after, help="seconds before the picture")
    arguments = parser.parse_args()
    os.environ.setdefault("YIMEN_FONTS", str(Path(".venv/share/yimen/fonts").resolve()))
    width, height = (int(part) for part in arguments.size.split("x"))
    panel = PanelSize(width, height, 27.0)
    app = KioskApp(lambda: first, lambda: None, panel, lambda: None,
                   now=lambda: NOON)
    with Hands(app, panel=panel) as hands:
        for language in arguments.lang.split(","):
            for looks in arguments.looks.split(","):
                for name in arguments.only.split(","):
                    scene(Stage(hands, app), name, language, LOOKS[looks])
                    hands.wait(arguments.after)
                    hands.picture(arguments.out / f"{name}_{language}_{looks}.png")
                    print(f"{name}_{language}_{looks}", flush=True)
