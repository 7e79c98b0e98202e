"""The form: one group of questions a page, prefilled, answered by keyboard, wheels or choices."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Protocol

from kivy.uix.widget import Widget

from kiosk.steps import Step
from kiosk.views import FieldView, FormView
from screens.input.keyboard import Keyboard
from screens.input.layouts import Mode
from screens.input.rime import shared_engine
from screens.look import Look
from screens.screen import Front, Screen
from screens.widgets.block import Block
from screens.widgets.button import Button
from screens.widgets.card import Notice
from screens.widgets.choices import Choices
from screens.widgets.date_wheel import DateWheels
from screens.widgets.keyboard import KeyboardPanel
from screens.widgets.question import Question, is_inline
from screens.widgets.scroll import Scroll
from screens.widgets.sheet import Sheet
from screens.widgets.slide import SlideIn

if TYPE_CHECKING:
    from kiosk.visit import Visit

MODES: dict[str, Mode] = {
    "latin": "latin",
    "pinyin": "pinyin",
    "digits": "digits",
    "hangul": "hangul",
    "document": "document",
}


class Asking(Protocol):
    """Who asks the questions: the visit for a service's form, its printed lines for theirs."""

    @property
    def form(self) -> FormView: ...

    def set_answer(self, field_id: str, value: str) -> None: ...

    def leave_field(self, field_id: str) -> None: ...

    def next(self) -> None: ...


class FormScreen(Screen):
    """Keeps which field has the keyboard; what was entered lives in the visit."""

    step: ClassVar[Step] = Step.FORM

    def __init__(self, look: Look, visit: "Visit", front: Front) -> None:
        super().__init__(look, visit, front)
        self._keyboard = Keyboard(shared_engine())
        self._focus = ""
        self._page = -1
        self._questions: dict[str, Question] = {}
        self._panel: KeyboardPanel | None = None
        self._comes_up = False

    @property
    def asks(self) -> Asking:
        return self.visit

    # What stands on the screen.

    def state(self, visit: "Visit") -> object:
        form = self.asks.form
        return (
            form.title,
            form.page,
            form.pages,
            self._focus,
            form.paper and not self._focus,
            form.note,
            tuple((field.id, field.kind, field.label, field.choices) for field in form.fields),
        )

    def content(self, visit: "Visit") -> Sequence[Widget]:
        form = self.asks.form
        if form.page != self._page:
            self._page = form.page
            self._let_go()
        items: list[Widget] = [self.title(form.title)]
        if form.pages > 1:
            items.append(self.lead(self.say("Page {page} of {pages}",
                                            page=form.page + 1, pages=form.pages)))
        items += self._paper(form)
        self._questions = {
            field.id: Question(self.look, field, self.focus, self._choose) for field in form.fields
        }
        for field in form.fields:
            self._questions[field.id].show(field, active=field.id == self._focus)
        return [*items, *self._questions.values()]

    def _paper(self, form: FormView) -> list[Widget]:
        """What was just read from a paper, and the offer to read one."""
        items: list[Widget] = []
        if self._focus:
            return items
        if form.note:
            items.append(Notice(self.look, form.note, tone="good", sid="form.note"))
        if form.paper:
            text = self.say("Read another paper") if form.note else self.say("Fill from a paper")
            items.append(Button(self.look, text, "form.paper", self.visit.fill_from_paper,
                                kind="quiet", icon="camera"))
        return items

    def actions(self, visit: "Visit") -> Sequence[Widget]:
        following = Button(self.look, self.say("Next"), "form.next", self._next_page,
                           icon_after="caret-right")
        return [*self.take_along(visit), following]

    def dock(self, visit: "Visit") -> Widget | None:
        self._panel = None
        field = self._field(self._focus)
        if field is None:
            return None
        return SlideIn(self.look, self._tool(field), moving=self._comes_up)

    def _tool(self, field: FieldView) -> Block:
        """What this field is answered with: keyboard, wheels or a long list."""
        done = self.say("Next field") if self._after(field.id) else self.say("Continue")
        if field.kind == "date":
            wheels = DateWheels(self.look, field.value or self.first_date(field),
                                lambda value: self._answer(field.id, value))
            return Sheet(self.look, wheels, done, lambda: self._take_date(wheels))
        if field.kind == "choice":
            choices = Choices(self.look, field.choices, field.value, f"form.choice.{field.id}",
                              lambda value: self._choose(field.id, value))
            return Sheet(self.look, choices, done, self._go_on, scrolls=True)
        self._panel = KeyboardPanel(self.look, self._keyboard, self._typed, self._go_on,
                                    self.arrange)
        self._panel.done_text = done
        self._panel.refresh()
        return self._panel

    def first_date(self, field: FieldView) -> str:
        """Where the wheels of an empty date begin, ISO; "" is today."""
        return ""

    def update(self, visit: "Visit") -> bool:
        if self.state(visit) != self._shown:
            return False
        self._sync()
        return True

    def leave(self) -> None:
        self._let_go()
        self._page = -1
        self._questions, self._panel = {}, None
        super().leave()

    # Layout: the field that has the keyboard stays in view.

    def rebuild(self, visit: "Visit") -> None:
        super().rebuild(visit)
        self._keep_in_view()

    def arrange(self) -> None:
        super().arrange()
        self._keep_in_view()

    def _keep_in_view(self) -> None:
        body = self._frame_parts.get("body")
        if self._focus in self._questions and isinstance(body, Scroll):
            body.reveal(self._questions[self._focus])

    # What the resident does.

    def focus(self, field_id: str) -> None:
        """Give the keyboard (wheels, list) to this field; "" puts it away."""
        if field_id == self._focus:
            return
        before, had_dock = self._focus, "dock" in self._frame_parts
        self._let_go()
        self._focus = field_id
        if before:
            self.asks.leave_field(before)
        field = self._field(field_id)
        if field is None:
            self._focus = ""
        elif field.kind not in ("date", "choice"):
            self._keyboard.open(MODES.get(field.keyboard, "latin"), field.value, field.max_length,
                                field.kind)
        self._comes_up = not had_dock
        self.rebuild(self.visit)
        self._comes_up = False

    def _let_go(self) -> None:
        self._focus = ""
        self._keyboard.close()

    def _field(self, field_id: str) -> FieldView | None:
        fields = {field.id: field for field in self.asks.form.fields}
        return fields.get(field_id)

    def _typed(self) -> None:
        text = self._keyboard.text
        question = self._questions.get(self._focus)
        if question is None:
            return
        self.asks.set_answer(self._focus, text)
        if question.write(text):
            self.arrange()

    def _answer(self, field_id: str, value: str) -> None:
        self.asks.set_answer(field_id, value)
        self._sync()

    def _choose(self, field_id: str, value: str) -> None:
        if self._focus and self._focus != field_id:
            self.focus("")
        self.asks.set_answer(field_id, value)
        self.asks.leave_field(field_id)
        if field_id == self._focus:
            self._go_on()  # a touch in the long list is the whole answer
        else:
            self._sync()

    def _take_date(self, wheels: DateWheels) -> None:
        self.asks.set_answer(self._focus, wheels.value)
        self._go_on()

    def _after(self, field_id: str) -> FieldView | None:
        """The next question that still wants something."""
        fields = self.asks.form.fields
        ids = [field.id for field in fields]
        start = ids.index(field_id) + 1 if field_id in ids else 0
        open_fields = (field for field in fields[start:] if not field.value or field.problem)
        return next(open_fields, None)

    def _go_on(self) -> None:
        here = self._focus
        self.asks.leave_field(here)
        following = self._after(here)
        if following is None:
            self._next_page()
        elif is_inline(following):
            self.focus("")
            self._reveal(following.id)
        else:
            self.focus(following.id)

    def _next_page(self) -> None:
        if self._focus:
            self.focus("")
        page = self.asks.form.page
        self.asks.next()
        if self.visit.step is not self.step or self.asks.form.page != page:
            return
        wrong = next((field for field in self.asks.form.fields if field.problem), None)
        self._sync()
        if wrong is not None:
            self._reveal(wrong.id)

    def _reveal(self, field_id: str) -> None:
        body, question = self._frame_parts.get("body"), self._questions.get(field_id)
        if isinstance(body, Scroll) and question is not None:
            body.reveal(question)

    def _sync(self) -> None:
        """Show values and problems as the visit has them now."""
        if self.state(self.visit) != self._shown:
            self.rebuild(self.visit)
            return
        changed = False
        for field in self.asks.form.fields:
            question: Question | None = self._questions.get(field.id)
            if question is not None:
                changed |= question.show(field, active=field.id == self._focus)
        if changed:
            self.arrange()


