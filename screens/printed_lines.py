"""The printed lines of a passport: shown to the camera, or typed as three answers."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from kivy.uix.widget import Widget

from kiosk.printed_lines import BIRTH
from kiosk.steps import Step
from kiosk.views import FieldView
from screens.form import Asking, FormScreen
from screens.look import Look
from screens.screen import Front
from screens.tokens import GAP_L, GAP_M, HEADING
from screens.widgets.arrange import Column, Row
from screens.widgets.button import Button
from screens.widgets.camera_picture import CameraPicture
from screens.widgets.card import Card
from screens.widgets.filling import Filling
from screens.widgets.photo_page import PhotoPage
from screens.widgets.question import Question
from screens.widgets.text import Text

if TYPE_CHECKING:
    from kiosk.visit import Visit

COMMON_AGE, COMMON_REST = 35, 5
"""Years before and after today where the wheels of an empty date begin."""
SKETCH = 78.0
"""Height of the drawn photo page, mm."""


class PrintedLinesScreen(FormScreen):
    step: ClassVar[Step] = Step.PRINTED_LINES

    def __init__(self, look: Look, visit: "Visit", front: Front) -> None:
        super().__init__(look, visit, front)
        self._live: CameraPicture | None = None
        self._advice: Text | None = None

    @property
    def asks(self) -> Asking:
        return self.visit.printed_lines

    def state(self, visit: "Visit") -> object:
        view = visit.lines
        if view.way == "camera":
            return (view.way, view.fault)
        return (view.way, view.camera, view.fault, super().state(visit))

    def content(self, visit: "Visit") -> Sequence[Widget]:
        self._forget()
        if visit.lines.way == "camera":
            self._let_go()
            return self._shown_to_camera(visit)
        return self._typed_by_hand(visit)

    def actions(self, visit: "Visit") -> Sequence[Widget]:
        view = visit.lines
        if view.way == "camera":
            return [Button(self.look, self.say("I would rather type"), "lines.type",
                           visit.type_lines, kind="quiet", icon="keyboard")]
        following = Button(self.look, self.say("Next"), "form.next", self._next_page,
                           icon_after="caret-right")
        if not view.camera:
            return [following]
        return [Button(self.look, self.say("Use the camera"), "lines.show",
                       visit.show_lines, kind="quiet", icon="camera"), following]

    def dock(self, visit: "Visit") -> Widget | None:
        return None if visit.lines.way == "camera" else super().dock(visit)

    def first_date(self, field: FieldView) -> str:
        today = date.today()
        years = -COMMON_AGE if field.id == BIRTH else COMMON_REST
        return date(today.year + years, 1 if field.id == BIRTH else today.month, 1).isoformat()

    def frame(self, passed: float) -> None:
        if self._live is None:
            return
        live = self.visit.lines_live()
        self._live.look_at(live)
        if self._advice is not None and live.advice != self._advice.text:
            self._advice.text = live.advice
            self.arrange()

    def leave(self) -> None:
        self._forget()
        super().leave()

    # The two ways.

    def _shown_to_camera(self, visit: "Visit") -> Sequence[Widget]:
        look, fault = self.look, visit.lines.fault
        self._live = CameraPicture(look, "lines.picture")
        self._advice = Text(look, self.say("Lay the open photo page flat under the camera."),
                            size=HEADING, bold=True, colour=look.theme.primary, align="center",
                            sid="lines.advice")
        why = self.lead(self.say("They stand at the bottom of the photo page and open the chip. "
                                 "They are read by themselves."))
        below: Widget = (
            self.fault(fault) if fault is not None
            else Card(look, self._advice, ground=look.theme.primary_soft, edge=look.theme.primary)
        )
        title = self.title(self.say("Show the printed lines"))
        if look.portrait:
            roomy = not look.low_reach and not look.tokens.large_text
            sketch = [PhotoPage(look, "lines", size=SKETCH)] if roomy else []
            told = [] if look.low_reach and look.tokens.large_text else [why]
            return [title, *told, *sketch, below, Filling(look, self._live, 80)]
        words = Column(look, [title, why, below], gap=look.mm(GAP_M))
        row = Row(look, [(words, 0.42), (self._live, 0.58)], gap=look.mm(GAP_L))
        return [Filling(look, row, 120)]

    def _typed_by_hand(self, visit: "Visit") -> Sequence[Widget]:
        look, view, form = self.look, visit.lines, self.asks.form
        items: list[Widget] = [self.title(form.title)]
        if view.fault is not None:
            items.append(self.fault(view.fault))
        elif not self._focus:
            items.append(self.lead(self.say("Number and two dates from the photo page open the "
                                            "chip.")))
        if not self._focus and view.fault is None and look.portrait and not look.low_reach:
            items.append(PhotoPage(look, "values", size=SKETCH))
        self._questions = {
            field.id: Question(look, field, self.focus, self._choose) for field in form.fields
        }
        for field in form.fields:
            self._questions[field.id].show(field, active=field.id == self._focus)
        return [*items, *self._questions.values()]

    def _forget(self) -> None:
        """No picture of a passport stays behind, on the graphics card neither."""
        if self._live is not None:
            self._live.clear()
        self._live = self._advice = None
