"""What the on-screen keyboard does, without any widget: keys in, text and candidates out.

The caret always stands at the end of the text. Everything typed is gone after `close`.
"""

from dataclasses import dataclass
from typing import Literal

from screens.input import hangul
from screens.input.layouts import Layout, Mode, layout
from screens.input.rime import Composition, PinyinEngine

Shift = Literal["off", "once", "lock"]
Outcome = Literal["none", "text", "keys", "done"]
"""What a key press changed: nothing, the text or candidates, the keys themselves; or "done"."""

CYCLE: dict[Mode, Mode] = {"pinyin": "hangul", "hangul": "latin", "latin": "pinyin"}
LOOK = 12
"""Candidates fetched at once; how many fit is for the strip to say."""


@dataclass(frozen=True)
class Candidates:
    """The strip above the keys: letters typed so far and what they may mean."""

    preedit: str = ""
    texts: tuple[str, ...] = ()
    first: int = 0
    """Index of texts[0] among all candidates."""
    more: bool = False


class Keyboard:
    """State of one keyboard. `text` is what the field holds, a composing syllable included."""

    def __init__(self, pinyin: PinyinEngine) -> None:
        self._pinyin = pinyin
        self._committed = ""
        self._jamo = ""
        self._letters = 0
        self._first = 0
        self._limit = 0
        self._field_kind = ""
        self._before_symbols: Mode = "latin"
        self.mode: Mode = "latin"
        self.shift: Shift = "off"

    def open(self, mode: Mode, text: str, max_length: int = 0, field_kind: str = "") -> None:
        """Begin with a field; `max_length` 0 means no limit, in characters."""
        self.close()
        self.mode = mode
        self._committed, self._limit, self._field_kind = text, max_length, field_kind

    def close(self) -> None:
        """Forget everything typed."""
        self._pinyin.clear()
        self._committed = self._jamo = ""
        self._letters = self._first = 0
        self.shift = "off"

    @property
    def text(self) -> str:
        return self._committed + self._composing()

    @property
    def composing(self) -> int:
        """How many characters at the end of `text` may still change (a Hangul syllable)."""
        return len(self._composing())

    @property
    def layout(self) -> Layout:
        return layout(self.mode, self._field_kind)

    @property
    def candidates(self) -> Candidates:
        if not self._letters:
            return Candidates()
        seen = self._pinyin.look(self._first, LOOK)
        return Candidates(seen.preedit, seen.candidates, self._first, seen.more)

    def press(self, key: str) -> Outcome:
        """One touch of the key with this id ("a", "space", "delete", …)."""
        match key:
            case "shift":
                self.shift = self._next_shift()
                return "keys"
            case "mode":
                self._settle()
                self.mode, self.shift = CYCLE.get(self.mode, "latin"), "off"
                return "keys"
            case "symbols":
                self._settle()
                self._before_symbols, self.mode, self.shift = self.mode, "symbols", "off"
                return "keys"
            case "letters":
                self.mode = self._before_symbols
                return "keys"
            case "delete":
                return self._delete()
            case "clear":
                self._clear()
                return "text"
            case "space":
                return self._space()
            case "done":
                self._settle()
                return "done"
            case _:
                return self._character(key)

    def choose(self, index: int) -> Outcome:
        """Take candidate `index`, counted over all pages."""
        if not self._letters:
            return "none"
        chosen = self._pinyin.select(index)
        self._first = 0
        if chosen:
            self._letters = 0
            self._append(chosen)
        return "text"

    def more(self, shown: int) -> Outcome:
        """The next candidates, after the `shown` ones; from the last back to the first."""
        seen = self._pinyin.look(self._first, shown)
        self._first = self._first + shown if seen.more else 0
        return "text"

    def _next_shift(self) -> Shift:
        if self.shift == "off":
            return "once"
        return "lock" if self.shift == "once" and self.mode == "latin" else "off"

    def _composing(self) -> str:
        return "".join(part.text for part in hangul.compose(self._jamo))

    def _character(self, char: str) -> Outcome:
        if self.mode == "pinyin" and self._pinyin.ready and (char in _PINYIN or self._apart(char)):
            self._pinyin.type(char)
            self._letters += 1
            self._first = 0
            return "text"
        changed_keys = self.shift == "once"
        if changed_keys:
            self.shift = "off"
        if self.mode == "hangul" and char in hangul.JAMO:
            self._add_jamo(char)
        else:
            self._settle()
            self._append(char)
        return "keys" if changed_keys else "text"

    def _apart(self, char: str) -> bool:
        """Whether `char` is the separator within what is being composed (xi'an)."""
        return char == "'" and self._letters > 0

    def _add_jamo(self, jamo: str) -> None:
        parts = hangul.compose(self._jamo + jamo)
        finished, last = parts[:-1], parts[-1]
        text = self._committed + "".join(part.text for part in finished)
        if self._limit and len(text) + 1 > self._limit:
            return
        self._committed, self._jamo = text, last.keys

    def _delete(self) -> Outcome:
        if self._letters:
            self._pinyin.delete()
            self._first = 0
            seen: Composition = self._pinyin.look(0, 1)
            self._letters = self._letters - 1 if seen.preedit else 0
        elif self._jamo:
            self._jamo = self._jamo[:-1]
        elif self._committed:
            self._committed = self._committed[:-1]
        else:
            return "none"
        return "text"

    def _clear(self) -> None:
        self._pinyin.clear()
        self._committed = self._jamo = ""
        self._letters = self._first = 0

    def _space(self) -> Outcome:
        if self._letters:
            return self.choose(self._first)
        self._settle()
        self._append(" ")
        return "text"

    def _settle(self) -> None:
        """Finish what is being composed: first candidates for pinyin, syllables for jamo."""
        # Each choice turns at least one syllable, so this ends; the bound guards against librime.
        for _ in range(self._letters):
            if not self._letters:
                break
            self.choose(self._first)
        self._pinyin.clear()
        self._letters = self._first = 0
        self._committed, self._jamo = self._committed + self._composing(), ""

    def _append(self, text: str) -> None:
        if self._limit:
            text = text[: max(0, self._limit - len(self._committed))]
        self._committed += text


_PINYIN = frozenset("abcdefghijklmnopqrstuvwxyz")
