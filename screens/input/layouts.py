"""Key layouts as plain data. A key's `id` is its sid without "key."; widths in letter keys.

Hangul: KS X 5002 (두벌식). Latin: ISO/IEC 9995 QWERTY. Number pad as on a telephone (ITU-T E.161).
"""

from dataclasses import dataclass
from typing import Literal

Mode = Literal["latin", "pinyin", "hangul", "digits", "symbols", "document"]
Role = Literal["letter", "tool", "done", "space"]


@dataclass(frozen=True)
class Key:
    id: str
    """Sent to the model and used as sid."""
    shows: str
    """What stands on it: the character itself, or an English word the screen translates."""
    role: Role = "letter"
    width: float = 1.0
    shifted: str = ""
    """The key's id while shift is down; "" when it has none."""
    rows: int = 1
    """How many rows it is tall; the rows below leave its place free."""


@dataclass(frozen=True)
class Layout:
    rows: tuple[tuple[Key, ...], ...]
    columns: float
    """Letter keys that fit side by side; a shorter row is centred."""


SHIFT = Key("shift", "Shift", "tool", 1.5)
DELETE = Key("delete", "Delete", "tool", 1.5)
SYMBOLS = Key("symbols", "123", "tool", 1.5)
LETTERS = Key("letters", "Letters", "tool", 2.0)
MODE = Key("mode", "中/한/En", "tool", 2.0)
SPACE = Key("space", "Space", "space", 4.0)
DONE = Key("done", "Next", "done", 2.5)


def _letters(text: str, shifted: str = "") -> tuple[Key, ...]:
    pairs = zip(text, shifted or text, strict=True)
    return tuple(Key(char, char, shifted=up if up != char else "") for char, up in pairs)


def _row(text: str) -> tuple[Key, ...]:
    return _letters(text, text.upper())


def _jamo(text: str, shifted: str) -> tuple[Key, ...]:
    return _letters(text, shifted)


LATIN = Layout(
    (
        _row("qwertyuiop"),
        _row("asdfghjkl"),
        (SHIFT, *_row("zxcvbnm"), DELETE),
        (MODE, Key("symbols", "123", "tool", 1.25), Key(",", ",", width=1.0), Key("space", "Space",
         "space", 2.25), Key(".", ".", width=1.0), DONE),
    ),
    10,
)  # fmt: skip

PINYIN = Layout(
    (
        _letters("qwertyuiop"),
        _letters("asdfghjkl"),
        (SYMBOLS, *_letters("zxcvbnm"), DELETE),
        (MODE, Key("，", "，", width=1.25), Key("space", "Space", "space", 3.0), Key("。", "。",
         width=1.25), DONE),
    ),
    10,
)  # fmt: skip

HANGUL = Layout(
    (
        _jamo("ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ", "ㅃㅉㄸㄲㅆㅛㅕㅑㅒㅖ"),
        _jamo("ㅁㄴㅇㄹㅎㅗㅓㅏㅣ", "ㅁㄴㅇㄹㅎㅗㅓㅏㅣ"),
        (SHIFT, *_jamo("ㅋㅌㅊㅍㅠㅜㅡ", "ㅋㅌㅊㅍㅠㅜㅡ"), DELETE),
        (MODE, Key("symbols", "123", "tool", 1.25), Key("space", "Space", "space", 3.25),
         Key(".", ".", width=1.0), DONE),
    ),
    10,
)  # fmt: skip

SYMBOL = Layout(
    (
        _letters("1234567890"),
        _letters("-/:()@#&+"),
        (Key("·", "·"), *_letters("、，。；？！"), Key("'", "'"), DELETE),
        (LETTERS, Key("_", "_"), SPACE, Key(".", "."), Key("done", "Next", "done", 2.0)),
    ),
    10,
)  # fmt: skip

DOCUMENT = Layout(
    (
        _letters("1234567890"),
        _letters("QWERTYUIOP"),
        _letters("ASDFGHJKL"),
        (*_letters("ZXCVBNM"), DELETE, DONE),
    ),
    11,
)  # fmt: skip
"""For numbers of documents: capital letters and digits, nothing to change over to."""


def number_pad(corner: str = "") -> Layout:
    """The large number pad; `corner` ("X" for ID numbers, ".", or nothing) stands right of zero."""
    zero = (Key("0", "0"), Key(corner, corner)) if corner else (Key("0", "0", width=2.0),)
    return Layout(
        (
            (*_letters("123"), Key("delete", "Delete", "tool", rows=2)),
            _letters("456"),
            (*_letters("789"), Key("done", "Next", "done", rows=2)),
            (Key("clear", "Clear", "tool"), *zero),
        ),
        4,
    )


LAYOUTS: dict[Mode, Layout] = {
    "latin": LATIN, "pinyin": PINYIN, "hangul": HANGUL, "symbols": SYMBOL,
    "digits": number_pad(), "document": DOCUMENT,
}  # fmt: skip

CORNERS = {"idnumber": "X", "number": "."}
"""By kind of field: the extra key of the number pad."""


def layout(mode: Mode, field_kind: str = "") -> Layout:
    """The layout of `mode` for a field of this kind."""
    if mode == "digits" and field_kind in CORNERS:
        return number_pad(CORNERS[field_kind])
    return LAYOUTS[mode]
