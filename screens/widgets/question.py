"""One question of a form: label, what was entered and where it comes from, hint, what is wrong."""

from collections.abc import Callable
from dataclasses import replace

from kivy.uix.widget import Widget

from kiosk.views import FieldView
from screens.look import Look
from screens.tokens import BODY, GAP_S, NOTE
from screens.widgets.arrange import Column, Row
from screens.widgets.block import Block
from screens.widgets.card import Badge
from screens.widgets.choices import Choices
from screens.widgets.field import TextLine
from screens.widgets.icon import Icon
from screens.widgets.text import Text

INLINE_CHOICES = 8
"""More choices than this open in a sheet of their own."""
ICONS = {
    "phone": "phone",
    "idnumber": "identification-card",
    "date": "calendar-blank",
    "address": "map-pin",
    "choice": "caret-down",
}
SHEETS = ("choice", "date")
"""Answered in a sheet; the line then shows words, never a raw value."""


def is_inline(view: FieldView) -> bool:
    """Whether it is answered in place by touching a choice, without keyboard or sheet."""
    return view.kind == "boolean" or (view.kind == "choice" and len(view.choices) <= INLINE_CHOICES)


class Question(Block):
    """Draws a FieldView; makes itself anew only when something visible has changed."""

    def __init__(
        self,
        look: Look,
        view: FieldView,
        on_focus: Callable[[str], None],
        on_choose: Callable[[str, str], None],
    ) -> None:
        super().__init__(look)
        self.view = view
        self._on_focus, self._on_choose = on_focus, on_choose
        self._active = False
        self._line: TextLine | None = None
        self._make()

    def show(self, view: FieldView, *, active: bool) -> bool:
        """Show this view; True when its height may have changed."""
        before, self.view = self.view, view
        was_active, self._active = self._active, active
        typing = active and was_active and self._line is not None
        same = before if not typing else replace(before, value=view.value, display=view.display)
        if same == view and was_active == active:
            return False
        self.clear_widgets()
        self._make()
        return True

    def write(self, text: str, composing: str = "") -> bool:
        """Show what is being typed; True when its height has changed."""
        if self._line is None:
            return False
        before = self.height_for(self.width)
        self._line.write(text, composing)
        return self.height_for(self.width) != before

    def _make(self) -> None:
        look, view = self.look, self.view
        items: list[Widget] = [self._head()]
        if view.hint and view.kind in ("choice", "boolean"):
            items.append(self._hint())
        self._line = None
        closed_sheet = view.kind in SHEETS and not self._active
        if is_inline(view):
            items.append(self._choices())
        else:
            self._line = TextLine(
                look,
                f"form.field.{view.id}",
                lambda: self._on_focus(view.id),
                text=view.value if self._active and view.kind not in SHEETS else view.display,
                hint=look.words("Touch to choose") if closed_sheet else "",
                icon=ICONS.get(view.kind, ""),
                active=self._active,
                wrong=bool(view.problem),
                doubtful=view.doubtful,
            )
            items.append(self._line)
        if view.problem:
            items.append(self._problem())
        elif view.doubtful:
            items.append(self._doubt())
        elif view.hint and view.kind not in ("choice", "boolean"):
            items.append(self._hint())
        self.add_widget(Column(look, items, gap=look.mm(1.6), padding=(0, look.mm(2.4), 0, 0)))

    def _head(self) -> Widget:
        look, view = self.look, self.view
        row = Row(look, gap=look.mm(GAP_S), stretch=False)
        row.add(Text(look, view.label, size=BODY, bold=True), 1)
        if view.source:
            theme = look.theme
            row.add(
                Badge(
                    look,
                    view.source,
                    icon="camera" if view.from_paper else "identification-card",
                    colour=theme.caution if view.from_paper else theme.good,
                    ground=theme.caution_soft if view.from_paper else theme.good_soft,
                )
            )
        elif not view.required:
            row.add(Text(look, look.words("optional"), size=NOTE, colour=look.theme.ink_soft))
        return row

    def _hint(self) -> Widget:
        return Text(self.look, self.view.hint, size=NOTE, colour=self.look.theme.ink_soft)

    def _problem(self) -> Widget:
        look, ink = self.look, self.look.theme.danger
        mark = Icon(look, "warning-circle", size=8.5, colour=ink, weight="bold")
        sentence = Text(look, self.view.problem, size=NOTE, bold=True, colour=ink,
                        sid=f"form.problem.{self.view.id}")
        return Row(look, [(mark, 0), (sentence, 1)], gap=look.mm(2), stretch=False)

    def _doubt(self) -> Widget:
        look, ink = self.look, self.look.theme.caution
        mark = Icon(look, "eye", size=8.5, colour=ink, weight="bold")
        words = look.words("This was hard to read. Please compare it with the paper.")
        sentence = Text(look, words, size=NOTE, bold=True, colour=ink,
                        sid=f"form.doubt.{self.view.id}")
        return Row(look, [(mark, 0), (sentence, 1)], gap=look.mm(2), stretch=False)

    def _choices(self) -> Widget:
        view, words = self.view, self.look.words
        choices = view.choices
        if view.kind == "boolean" and not choices:
            choices = (("true", words("Yes")), ("false", words("No")))
        return Choices(
            self.look,
            choices,
            view.value,
            f"form.choice.{view.id}",
            lambda value: self._on_choose(view.id, value),
        )
