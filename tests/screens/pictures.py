"""Draws the screens from samples into PNG files, to be looked at.

    python -m tests.screens.pictures --out DIR [--lang zh,en,ko] [--looks normal,large,contrast]
        [--only home,service] [--size 1080x1920]
"""

import argparse
import os
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from kiosk.draft_views import DraftPhase, ResumePhase
from kiosk.guide_views import PaperState
from kiosk.steps import Step
from kiosk.views import IdentifyState, Looks
from tests.harness import Hands, KioskApp, PanelSize
from tests.screens.samples import SampleVisit

LOOKS = {
    "normal": Looks(),
    "large": Looks(large_text=True),
    "contrast": Looks(high_contrast=True),
    "low": Looks(low_reach=True),
    "all": Looks(True, True, True),
}
NOON = datetime(2026, 11, 23, 9, 41)


def variants(visit: SampleVisit) -> dict[str, dict[str, Any]]:
    """Picture name → what to set on the visit before it is drawn."""
    return {
        "attract": {"step": Step.ATTRACT},
        "language": {"step": Step.LANGUAGE},
        "home": {"step": Step.HOME},
        "home_company": {"step": Step.HOME, "audience": "company"},
        "search": {"step": Step.SEARCH},
        "group": {"step": Step.GROUP},
        "group_open": {"step": Step.GROUP, "group_id": "biz_start",
                       "item": "sole_trader_registration"},
        "service": {"step": Step.SERVICE},
        "service_checks": {"step": Step.SERVICE, "slug": "provident_fund_rent_withdrawal",
                           "slip": PaperState.PRINTED},
        "service_missing": {"step": Step.SERVICE, "missing": ("hub.unreachable",)},
        "service_elsewhere": {"step": Step.SERVICE, "slug": "homestead_house_approval"},
        "check": {"step": Step.CHECK, "slug": "driving_licence_renewal"},
        "check_can": {"step": Step.CHECK, "slug": "driving_licence_renewal", "checked": 3},
        "check_cannot": {"step": Step.CHECK, "slug": "driving_licence_renewal",
                         "check_failed": True},
        "sheet": {"step": Step.SHEET},
        "sheet_sample": {"step": Step.SHEET, "sample": True, "can_print": False},
        "sheet_drawing": {"step": Step.SHEET, "drawn": False, "slip": PaperState.PRINTING},
        "sheet_fault": {"step": Step.SHEET,
                        "fault": visit.real_fault_view("page_printer.paper_out")},
        "consent": {"step": Step.CONSENT},
        "identify": {"step": Step.IDENTIFY},
        "identify_reading": {"step": Step.IDENTIFY, "identify_state": IdentifyState.READING},
        "identify_recognised": {"step": Step.IDENTIFY, "identify_state": IdentifyState.RECOGNISED},
        "identify_fault": {"step": Step.IDENTIFY, "identify_state": IdentifyState.FAULT},
        "identify_passport": {"step": Step.IDENTIFY, "lines_known": True},
        "lines_camera": {"step": Step.PRINTED_LINES, "lines_way": "camera"},
        "lines_typed": {"step": Step.PRINTED_LINES},
        "lines_wrong": {"step": Step.PRINTED_LINES, "lines_fault": "card.wrong_mrz"},
        "draft": {"step": Step.DRAFT},
        "draft_fault": {"step": Step.DRAFT, "draft_fault": "draft.not_printed", "from_slip": True},
        "draft_keeping": {"step": Step.DRAFT, "draft_phase": DraftPhase.KEEPING},
        "draft_kept": {"step": Step.DRAFT, "draft_phase": DraftPhase.KEPT},
        "resume": {"step": Step.RESUME},
        "resume_searching": {"step": Step.RESUME, "resume_phase": ResumePhase.SEARCHING},
        "resume_found": {"step": Step.RESUME, "resume_phase": ResumePhase.FOUND},
        "resume_fault": {"step": Step.RESUME, "resume_phase": ResumePhase.FAULT,
                         "resume_fault": "draft.line"},
        "status": {"step": Step.STATUS},
        "status_loading": {"step": Step.STATUS, "loading": True},
        "case": {"step": Step.CASE, "purpose": "case"},
        "goodbye": {"step": Step.GOODBYE},
        "out_of_order": {"step": Step.OUT_OF_ORDER},
        "idle": {"step": Step.HOME, "idle_left": 42},
        "fault": {"step": Step.CONSENT, "fault": visit.fault_view("hub.unreachable")},
    }


SHEETS: dict[str, tuple[str, dict[str, Any]]] = {
    "help": ("help", {"step": Step.SERVICE}),
    "quit": ("quit", {"step": Step.SERVICE}),
    "help_closed": ("help", {"step": Step.OUT_OF_ORDER}),
    "help_unknown": ("help", {"step": Step.OUT_OF_ORDER, "closed_by": "kiosk.not_enrolled",
                              "can_open_staff": False}),
}
"""Sheets that lie over a screen: which one, and what to set on the visit beneath."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--lang", default="zh,en,ko")
    parser.add_argument("--looks", default="normal")
    parser.add_argument("--only", default="")
    parser.add_argument("--size", default="1080x1920")
    parser.add_argument("--after", type=float, default=2.0, help="seconds before the picture")
    arguments = parser.parse_args()
    os.environ.setdefault("YIMEN_FONTS", str(Path(".venv/share/yimen/fonts").resolve()))
    width, height = (int(part) for part in arguments.size.split("x"))
    panel = PanelSize(width, height, 27.0)
    only = [name for name in arguments.only.split(",") if name]
    visit = SampleVisit()
    app = KioskApp(lambda: cast(Any, visit), lambda: None, lambda: None, panel, lambda: None,
                   now=lambda: NOON)
    with Hands(app, panel=panel) as hands:
        for language in arguments.lang.split(","):
            for looks in arguments.looks.split(","):
                fresh = SampleVisit(language=language, looks=LOOKS[looks])
                for name in [*variants(fresh), *SHEETS]:
                    if only and name not in only:
                        continue
                    app.visit = cast(Any, SampleVisit(language=language, looks=LOOKS[looks]))
                    app.visit.on_change = app._note_change
                    sheet, over = SHEETS.get(name, ("", {}))
                    changes = variants(fresh).get(name, over)
                    for attribute, value in changes.items():
                        setattr(app.visit, attribute, value)
                    app._renew()
                    app._sheet = sheet
                    app.show()
                    hands.wait(arguments.after)
                    hands.picture(arguments.out / f"{name}_{language}_{looks}.png")
                    print(f"{name}_{language}_{looks}", flush=True)


if __name__ == "__main__":
    main()
