"""A paper form as an A4 page: blank, or filled in as a sample; larger; on paper."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from kivy.uix.widget import Widget

from kiosk.guide_views import PaperState
from kiosk.steps import Step
from screens.look import Look
from screens.screen import Front, Screen
from screens.tokens import GAP_S, HEADING
from screens.widgets.arrange import Column
from screens.widgets.button import Button
from screens.widgets.card import Notice
from screens.widgets.page_view import PageView
from screens.widgets.tabs import Tab, tabs
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit

PAGE_SHARE = 0.64
"""Of a portrait panel's height; on one that lies the page is as wide as the column."""


class SheetScreen(Screen):
    step: ClassVar[Step] = Step.SHEET

    def __init__(self, look: Look, visit: "Visit", front: Front) -> None:
        super().__init__(look, visit, front)
        self._larger = False

    def state(self, visit: "Visit") -> object:
        return visit.sheet_view, self._larger

    def leave(self) -> None:
        self._larger = False
        super().leave()

    def content(self, visit: "Visit") -> Sequence[Widget]:
        look, view = self.look, visit.sheet_view
        items: list[Widget] = [
            Text(look, view.title, size=HEADING, bold=True, tight=True, sid="sheet.title"),
            tabs(look, [
                Tab(look, self.say("Blank form"), "file", "sheet.blank",
                    partial(visit.show_sample, False), chosen=not view.sample),
                Tab(look, self.say("Sample"), "pencil-simple-line", "sheet.sample",
                    partial(visit.show_sample, True), chosen=view.sample),
            ]),
        ]
        if view.paper is PaperState.PRINTED:
            items.append(Notice(look, self.say("Please take your page from the page printer."),
                                tone="good", sid="sheet.printed"))
        if view.picture is None:
            return [*items, *self.waiting(self.say("I am drawing the form…"))]
        roomy = look.portrait and not look.low_reach
        height = self.height * (PAGE_SHARE if roomy else 2.0)
        page = PageView(look, view.picture.pixels, "sheet.page", height_max=height,
                        larger=self._larger)
        return [Column(look, [*items, page], gap=look.mm(GAP_S))]

    def actions(self, visit: "Visit") -> Sequence[Widget]:
        look, view = self.look, visit.sheet_view
        buttons: list[Widget] = [Button(
            look, self.say("Smaller") if self._larger else self.say("Larger"), "sheet.larger",
            self._resize, kind="quiet",
            icon="minus" if self._larger else "plus",
        )]
        if view.can_print:
            printing = view.paper is PaperState.PRINTING
            buttons.append(Button(
                look, self.say("Printing…") if printing else self.say("Print this page"),
                "sheet.print", None if printing else visit.print_sheet, icon="printer",
            ))
        return buttons

    def _resize(self) -> None:
        self._larger = not self._larger
        self.rebuild(self.visit)
