"""The code of a slip, typed: right when it is right, told kindly when it is not."""

from kiosk.contract.draft_keys import DraftKey
from kiosk.slip_code import FIELD, SlipCode
from kiosk.words import Words


class Typing:
    """Somebody types; what came of it."""

    def __init__(self) -> None:
        self.found: list[DraftKey] = []
        self.changes = 0
        self.code = SlipCode(lambda: Words("en"), self.found.append, self._changed)

    def _changed(self) -> None:
        self.changes += 1

    @property
    def problem(self) -> str:
        return self.code.form.fields[0].problem


def test_right_code_is_taken_however_it_is_written_and_then_forgotten() -> None:
    for write in (str, str.lower, lambda text: text.replace("-", "")):
        typing, key = Typing(), DraftKey.new()
        typing.code.set_answer(FIELD, write(key.text))
        assert len(key.text) <= typing.code.form.fields[0].max_length
        typing.code.next()
        assert typing.found == [key]
        assert not typing.code.started
        assert key.symbols not in repr(vars(typing.code))


def test_wrong_code_is_told_beside_the_question_once_it_was_left() -> None:
    typing, text = Typing(), DraftKey.new().text
    wrong = ("0" if text[0] != "0" else "1") + text[1:]
    typing.code.set_answer(FIELD, wrong)
    assert typing.problem == ""
    typing.code.leave_field(FIELD)
    assert "not quite the code of a slip" in typing.problem
    typing.code.set_answer(FIELD, text)
    assert typing.problem == ""
    typing.code.set_answer("another", "x")
    typing.code.set_answer(FIELD, "")
    typing.code.next()
    assert "Please fill this in." in typing.problem
    assert typing.found == []
