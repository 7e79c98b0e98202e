"""Going on with what was begun: the slip's code, held to the reader or typed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from kivy.uix.widget import Widget

from kiosk.draft_views import ResumePhase, ResumeView
from kiosk.steps import Step
from screens.form import Asking, FormScreen
from screens.tokens import BODY, GAP_L, GAP_M, GAP_S, HEADING, LEAD
from screens.widgets.arrange import Column, Row
from screens.widgets.button import Button
from screens.widgets.card import Card
from screens.widgets.icon import Icon, Tile
from screens.widgets.question import Question
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit


class ResumeScreen(FormScreen):
    step: ClassVar[Step] = Step.RESUME

    @property
    def asks(self) -> Asking:
        return self.visit.slip_code

    def state(self, visit: "Visit") -> object:
        view = visit.resume
        return (view, super().state(visit)) if view.phase is ResumePhase.CODE else view

    def content(self, visit: "Visit") -> Sequence[Widget]:
        view = visit.resume
        if view.phase is not ResumePhase.CODE:
            self._let_go()
            self._questions = {}
        match view.phase:
            case ResumePhase.SEARCHING:
                return self._searching()
            case ResumePhase.FOUND:
                return self._found(view)
            case ResumePhase.FAULT:
                title = self.title(self.say("Go on with what you began"))
                return [title, self.fault(view.fault)] if view.fault is not None else [title]
            case _:
                return self._code()

    def actions(self, visit: "Visit") -> Sequence[Widget]:
        view = visit.resume
        match view.phase:
            case ResumePhase.CODE:
                return [Button(self.look, self.say("Next"), "form.next", self._next_page,
                               icon_after="caret-right")]
            case ResumePhase.FAULT:
                return [Button(self.look, self.say("Type the code"), "resume.type",
                               visit.type_slip_code, kind="quiet", icon="keyboard")]
            case ResumePhase.FOUND if view.fault is None:
                return [Button(self.look, self.say("Go on"), "resume.go_on",
                               visit.go_on_with_draft, icon_after="arrow-right")]
            case _:
                return []

    def dock(self, visit: "Visit") -> Widget | None:
        return super().dock(visit) if visit.resume.phase is ResumePhase.CODE else None

    # The phases.

    def _code(self) -> Sequence[Widget]:
        look, form = self.look, self.asks.form
        items: list[Widget] = [self.title(form.title)]
        if not self._focus:
            items.append(Card(look, Row(look, [
                (Tile(look, "qr-code", "blue"), 0),
                (Text(look, self.say("Hold the code of your slip under the code reader. It is "
                                     "read by itself."), size=LEAD), 1),
            ], gap=look.mm(GAP_M), stretch=False), padding=(GAP_L, GAP_L)))
            items.append(self.lead(self.say("Or type it:")))
        self._questions = {
            field.id: Question(look, field, self.focus, self._choose) for field in form.fields
        }
        for field in form.fields:
            self._questions[field.id].show(field, active=field.id == self._focus)
        return [*items, *self._questions.values()]

    def _searching(self) -> Sequence[Widget]:
        return [self.title(self.say("Go on with what you began")),
                *self.waiting(self.say("One moment, I am looking for it…"))]

    def _found(self, view: ResumeView) -> Sequence[Widget]:
        look = self.look
        days: list[Widget] = [
            Column(look, [
                Text(look, label, size=BODY, colour=look.theme.ink_soft),
                Text(look, moment, size=HEADING, bold=True),
            ], gap=look.mm(0.6))
            for label, moment in ((self.say("Begun"), view.begun),
                                  (self.say("Kept until"), view.until))
        ]
        name = Row(look, [
            (Tile(look, "note-pencil", "blue"), 0),
            (Text(look, view.service, size=HEADING, bold=True, tight=True,
                  sid="resume.service"), 1),
        ], gap=look.mm(GAP_M), stretch=False)
        items: list[Widget] = [
            self.title(self.say("We found what you began")),
            Card(look, Column(look, [name, *days], gap=look.mm(GAP_M)), "resume.what",
                 padding=(GAP_L, GAP_L)),
        ]
        if view.fault is not None:
            items.append(self.fault(view.fault))
        items.append(Row(look, [
            (Icon(look, "identification-card", size=12), 0),
            (Text(look, self.say("It opens with the card it was begun with. Everything stands "
                                 "there as you left it."), size=LEAD), 1),
        ], gap=look.mm(GAP_S), stretch=False))
        return items
