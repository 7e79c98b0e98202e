"""The part of a sample visit that looks for a service: the city's own catalog, standing still."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

import numpy as np

from kiosk import guide
from kiosk.drawn_sheets import draw_sheet
from kiosk.guide_views import (
    CheckOutcome,
    CheckView,
    ConsentView,
    GroupView,
    ItemRow,
    PaperState,
    ServiceRow,
    ServiceView,
    SheetPicture,
    SheetView,
)
from kiosk.promise import Promise
from kiosk.words import Words
from tests.shipped_catalog import service as service_of
from tests.shipped_catalog import whole

PROMISED = Promise(date(2026, 12, 31), about=True)
"""The longest way of telling a day."""
CERTIFICATE = "social_insurance_participation_certificate"


@cache
def ranked() -> list[dict[str, Any]]:
    """All services, the most used first."""
    return sorted(whole()["services"], key=lambda one: (-one["popularity"], one["code"]))


def largest_group() -> tuple[str, int]:
    """The group with the most services, and how many."""
    sizes = Counter(group for one in ranked() for group in {one["group"], one["also"]} - {None})
    return sizes.most_common(1)[0]


@cache
def _picture(sheet_id: str, language: str, sample: bool) -> SheetPicture:
    sheet = next(one for one in whole()["sheets"] if one["id"] == sheet_id)
    return SheetPicture(np.asarray(draw_sheet(sheet, language, sample)))


class SampleCatalog:
    """`audience`, `group_id`, `item`, `slug` and the like may be set to whatever is wanted."""

    words: Words
    on_change: Callable[[], None]

    def __init__(self) -> None:
        self.audience = "person"
        self.group_id = "social"
        self.item = ""
        self.slug = CERTIFICATE
        self.missing: tuple[str, ...] = ()
        self.can_print = True
        self.slip = PaperState.NONE
        self.checked = 0
        self.check_failed = False
        self.sheet_id = "rental_contract"
        self.sample = False
        self.drawn = True
        self.nothing_found = False

    def choose_audience(self, audience: str) -> None:
        self.audience = audience
        self.on_change()

    def open_item(self, item_id: str) -> None:
        self.item = "" if self.item == item_id else item_id
        self.on_change()

    def show_sample(self, sample: bool) -> None:
        self.sample = sample
        self.on_change()

    def answer_check(self, yes: bool) -> None:
        self.checked += yes
        self.check_failed = not yes
        self.on_change()

    @property
    def groups(self) -> tuple[GroupView, ...]:
        groups = [one for one in whole()["groups"] if one["audience"] == self.audience]
        return tuple(self._group(group) for group in groups)

    @property
    def group(self) -> GroupView:
        return self._group(next(g for g in whole()["groups"] if g["id"] == self.group_id))

    @property
    def popular(self) -> tuple[ServiceRow, ...]:
        ids = {group.id for group in self.groups}
        return self._rows([one for one in ranked() if one["group"] in ids][:4])

    @property
    def items(self) -> tuple[ItemRow, ...]:
        behind = [one for one in ranked() if self.group_id in (one["group"], one["also"])]
        return guide.item_rows(behind, self.words, lambda one: bool(one["complete"]), self.item)

    def search(self, text: str) -> tuple[ServiceRow, ...]:
        if self.nothing_found:
            return ()
        return self._rows([one for one in ranked() if text in one["name"]["zh"]] or ranked())[:20]

    def nearest_groups(self, text: str) -> tuple[GroupView, ...]:
        return self.groups[:3]

    @property
    def service(self) -> ServiceView:
        document = service_of(self.slug)
        missing = self.missing or (() if document["complete"] else ("service.unavailable",))
        view = guide.service_view(
            document, self.words, missing, [one["id"] for one in whole()["sheets"]], PROMISED
        )
        return ServiceView(**{**vars(view), "can_print": self.can_print, "paper": self.slip})

    @property
    def check_view(self) -> CheckView:
        document = service_of(self.slug)
        checks = document["checks"]
        outcome, sentence = CheckOutcome.CAN, ""
        if self.checked < len(checks):
            said = "otherwise" if self.check_failed else "question"
            outcome = CheckOutcome.CANNOT if self.check_failed else CheckOutcome.ASKING
            sentence = self.words.pick(checks[self.checked][said])
        return CheckView(self.words.pick(document["name"]), outcome,
                         min(self.checked + 1, len(checks)), len(checks), sentence)

    @property
    def sheet_view(self) -> SheetView:
        title = next(one["title"] for one in whole()["sheets"] if one["id"] == self.sheet_id)
        picture = _picture(self.sheet_id, self.words.language, self.sample) if self.drawn else None
        return SheetView(self.words.pick(title), self.sample, picture, self.can_print, self.slip)

    @property
    def consent(self) -> ConsentView:
        return guide.consent_view(service_of(CERTIFICATE), self.words)

    def _rows(self, documents: list[dict[str, Any]]) -> tuple[ServiceRow, ...]:
        return tuple(guide.service_row(one, self.words, bool(one["complete"]))
                     for one in documents)

    def _group(self, group: dict[str, Any]) -> GroupView:
        pick = self.words.pick
        return GroupView(group["id"], pick(group["name"]), pick(group["hint"]), group["icon"],
                         group["colour"])
