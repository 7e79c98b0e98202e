"""Draws the staff's screens into PNG files, to be looked at.

python -m tests.screens.pictures_staff --out DIR [--lang zh,en,ko] [--looks normal,large]
"""

import argparse
import os
from pathlib import Path
from typing import Any, cast

from kiosk.staff_views import StaffPhase
from kiosk.steps import Step
from tests.harness import Hands, KioskApp, PanelSize
from tests.screens.pictures import LOOKS, NOON
from tests.screens.samples_staff import SampleStaffVisit


def variants() -> dict[str, dict[str, Any]]:
    """Picture name → what to set on the visit before it is drawn."""
    door, home = {"step": Step.STAFF_SIGN_IN}, {"step": Step.STAFF_HOME}
    return {
        "staff_pin": door,
        "staff_pin_wrong": {**door, "door_fault": "staff.wrong_pin"},
        "staff_locked": {**door, "door_fault": "staff.offline_locked"},
        "staff_code": {**door, "phase": StaffPhase.CODE},
        "staff_new_pin": {**door, "phase": StaffPhase.NEW_PIN},
        "staff_repeat_pin": {**door, "phase": StaffPhase.REPEAT_PIN},
        "staff_asking": {**door, "phase": StaffPhase.ASKING},
        "staff_home": home,
        "staff_home_broken": {**home, "broken": True, "online": False, "shelved": 2},
        "staff_home_said": {**home, "said": "OK"},
        "staff_home_busy": {**home, "busy": True},
        "staff_settings": {"step": Step.STAFF_SETTINGS},
        "staff_settings_broken": {"step": Step.STAFF_SETTINGS, "broken": True},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--lang", default="zh,en,ko")
    parser.add_argument("--looks", default="normal")
    parser.add_argument("--only", default="")
    parser.add_argument("--size", default="1080x1920")
    arguments = parser.parse_args()
    os.environ.setdefault("YIMEN_FONTS", str(Path(".venv/share/yimen/fonts").resolve()))
    width, height = (int(part) for part in arguments.size.split("x"))
    panel = PanelSize(width, height, 27.0)
    only = [name for name in arguments.only.split(",") if name]
    first = SampleStaffVisit()
    app = KioskApp(lambda: cast(Any, first), lambda: None, lambda: None, panel, lambda: None,
                   now=lambda: NOON)
    with Hands(app, panel=panel) as hands:
        for language in arguments.lang.split(","):
            for looks in arguments.looks.split(","):
                for name, changes in variants().items():
                    if only and name not in only:
                        continue
                    visit = SampleStaffVisit(language=language, looks=LOOKS[looks])
                    for attribute, value in changes.items():
                        setattr(visit, attribute, value)
                    app.visit = cast(Any, visit)
                    visit.on_change = app._note_change
                    app._renew()
                    app.show()
                    if visit.step is Step.STAFF_SIGN_IN and visit.phase is not StaffPhase.ASKING:
                        for digit in "280":
                            hands.tap(f"key.{digit}")
                    hands.wait(0.5)
                    hands.picture(arguments.out / f"{name}_{language}_{looks}.png")


if __name__ == "__main__":
    main()
