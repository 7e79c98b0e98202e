"""Draws the screens before the form, and those of cases and drafts, from samples into PNG files.

    python -m tests.screens.pictures --out DIR …    # see tests/screens/drawing.py
"""

from typing import Any

from kiosk.draft_views import DraftPhase, ResumePhase
from kiosk.guide_views import PaperState
from kiosk.steps import Step
from kiosk.views import IdentifyState, Looks
from tests.screens.drawing import Stage, draw
from tests.screens.samples import SampleVisit


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


def _scene(stage: Stage, name: str, language: str, looks: Looks) -> None:
    visit = SampleVisit(language=language, looks=looks)
    sheet, over = SHEETS.get(name, ("", {}))
    for attribute, value in variants(visit).get(name, over).items():
        setattr(visit, attribute, value)
    stage.show(visit, sheet)


if __name__ == "__main__":
    draw(__doc__, [*variants(SampleVisit()), *SHEETS], SampleVisit(), _scene, 2.0)
