"""The code of a slip, typed: one question, asked as a form asks."""

from collections.abc import Callable

from kiosk.contract.draft_keys import LENGTH, DraftCodeError, DraftKey
from kiosk.fault_views import Sentences
from kiosk.views import FieldView, FormView
from kiosk.words import Words

FIELD = "slip_code"
_GROUPS = 9


class SlipCode:
    """What is typed of a slip's code. Lives on the UI thread; offers what a visit's form does."""

    def __init__(
        self, words: Callable[[], Words], done: Callable[[DraftKey], None],
        changed: Callable[[], None],
    ) -> None:
        """`done` is called when `next` found the code right."""
        self._words, self._done, self._changed = words, done, changed
        self._text = ""
        self._left = False

    @property
    def started(self) -> bool:
        return bool(self._text)

    @property
    def form(self) -> FormView:
        words = self._words()
        problem = self._problem()
        field = FieldView(
            id=FIELD,
            label=words("Code on your slip"),
            hint=words("Letters and digits, three by three. The dashes can be left out."),
            kind="text",
            keyboard="document",
            value=self._text,
            display=self._text,
            source="",
            choices=(),
            required=True,
            problem=Sentences(words)[problem] if problem and self._left else "",
            max_length=LENGTH + _GROUPS - 1,
        )
        return FormView(words("Go on with what you began"), 0, 1, (field,), not problem)

    def set_answer(self, field_id: str, value: str) -> None:
        if field_id == FIELD:
            self._text, self._left = value, False

    def leave_field(self, field_id: str) -> None:
        """From now on a problem is shown."""
        if field_id == FIELD:
            self._left = True
            self._changed()

    def next(self) -> None:
        """Take the code when it is right; else say what is wrong beside the question."""
        self._left = True
        if self._problem():
            self._changed()
        else:
            key = DraftKey.parse(self._text)
            self.wipe()
            self._done(key)

    def wipe(self) -> None:
        """Forget it."""
        self._text, self._left = "", False

    def _problem(self) -> str:
        if not self._text:
            return "field.required"
        try:
            DraftKey.parse(self._text)
        except DraftCodeError:
            return "field.slip_code"
        return ""

    def __repr__(self) -> str:
        return "SlipCode()"
