"""Draws the staff's screens into PNG files, to be looked at.

    python -m tests.screens.pictures_staff --out DIR …    # see tests/screens/drawing.py
"""

from typing import Any

from kiosk.staff_views import StaffPhase
from kiosk.steps import Step
from kiosk.views import Looks
from tests.screens.drawing import Stage, draw
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


def _scene(stage: Stage, name: str, language: str, looks: Looks) -> None:
    visit = SampleStaffVisit(language=language, looks=looks)
    for attribute, value in variants()[name].items():
        setattr(visit, attribute, value)
    stage.show(visit)
    if visit.step is Step.STAFF_SIGN_IN and visit.phase is not StaffPhase.ASKING:
        for digit in "280":
            stage.hands.tap(f"key.{digit}")


if __name__ == "__main__":
    draw(__doc__, list(variants()), SampleStaffVisit(), _scene, 0.5)
