"""The on-screen keyboard: draws `screens.input.keyboard.Keyboard` and gives it touches.

All keys lie on one canvas. Fingers are independent, so that fast typists may overlap their touches;
a key acts when its finger lifts, a held delete key repeats.
"""

from collections.abc import Callable, Iterable

from kivy.graphics import Canvas
from kivy.input import MotionEvent

from screens.input.keyboard import Keyboard, Outcome
from screens.input.layouts import Key, Mode
from screens.look import Look
from screens.tokens import GAP_S, VVSG_TARGET_GAP
from screens.widgets.block import Block, Rect
from screens.widgets.candidates import CandidateStrip
from screens.widgets.desk import Desk
from screens.widgets.keys import KeyCap

KEY_HEIGHT = 25.5
PAD_HEIGHT = 28.0
LANDSCAPE_SHARE = 0.72
"""On wide, low panels keys are this much of their height, so that fields stay in view."""
KEYS_MAX_WIDTH = 350.0
PAD_MAX_WIDTH = 262.0
HOLD, REPEAT = 0.55, 0.09
"""Seconds until a held delete key repeats, and between repeats."""
NAMES: dict[Mode, str] = {"pinyin": "拼音", "hangul": "한글", "latin": "English"}
"""What each keyboard is called by those who use it: the same in every language."""


class KeyboardPanel(Block):
    """`on_text` after every change of the text, `on_done` for "next", `on_resize` when its height
    changed."""

    def __init__(self, look: Look, model: Keyboard, on_text: Callable[[], None],
                 on_done: Callable[[], None],
                 on_resize: Callable[[], None] = lambda: None) -> None:
        super().__init__(look)
        self.model = model
        self.done_text = look.words("Next field")
        self._on_text, self._on_done, self._on_resize = on_text, on_done, on_resize
        self._caps: list[KeyCap] = []
        self._fingers: dict[object, KeyCap] = {}
        self._held = 0.0
        with self.canvas.before:
            self._ground = Desk(look)
        # A canvas of its own: clearing the widget's would take its children's with it.
        self._keys = Canvas()
        self.canvas.add(self._keys)
        self.strip = CandidateStrip(look)
        self.add_widget(self.strip)
        self._build()

    def refresh(self) -> None:
        """Draw the model anew after it was opened for another field."""
        self._build()
        self.arrange()

    @property
    def _pad(self) -> bool:
        return self.model.mode == "digits"

    def _row_height(self) -> float:
        share = 1.0 if self.look.portrait else LANDSCAPE_SHARE
        return self.look.mm((PAD_HEIGHT if self._pad else KEY_HEIGHT) * share)

    @property
    def _bare(self) -> bool:
        """Nothing to choose from and nothing to say: no strip above the keys."""
        return self.model.mode in ("digits", "document")

    def _strip_height(self, width: float) -> float:
        return 0.0 if self._bare else self.strip.height_for(width) + self.look.mm(GAP_S)

    def height_for(self, width: float) -> float:
        rows = len(self.model.layout.rows)
        gaps = self.look.mm(VVSG_TARGET_GAP) * (rows - 1)
        return self._strip_height(width) + rows * self._row_height() + gaps + 2 * self.look.mm(5)

    def _build(self) -> None:
        self._fingers.clear()
        self._keys.clear()
        model = self.model
        lit = model.shift != "off"
        with self._keys:
            self._caps = [
                KeyCap(self.look, key, self._shows(key), large=self._pad,
                       lit=lit and key.id == "shift")
                for row in model.layout.rows
                for key in (self._shifted(key) for key in row)
            ]
        self._show_candidates()

    def _shifted(self, key: Key) -> Key:
        if self.model.shift == "off" or not key.shifted:
            return key
        return Key(key.shifted, key.shifted, key.role, key.width, rows=key.rows)

    def _shows(self, key: Key) -> str:
        words = self.look.words
        match key.id:
            case "done":
                return self.done_text
            case "space":
                name = NAMES.get(self.model.mode)
                return f"{words('Space')} · {name}" if name else words("Space")
            case "clear":
                return words("Clear")
            case "letters":
                return words("Letters")
            case _:
                return key.shows

    def _show_candidates(self) -> None:
        self.strip.opacity = 0 if self._bare else 1
        hint = ""
        if self.model.mode == "pinyin":
            hint = self.look.words("Type pinyin, then touch the right word.")
        elif self.model.mode in ("latin", "hangul"):
            hint = self.look.words("Touch 中/한/En to write in another language.")
        elif self.model.mode == "symbols":
            hint = self.look.words("Touch Letters to write words again.")
        self.strip.show(self.model.candidates, hint)

    def arrange(self) -> None:
        look, gap = self.look, self.look.mm(VVSG_TARGET_GAP)
        self._ground.lay(self.x, self.y, self.width, self.height)
        limit = look.mm(PAD_MAX_WIDTH if self._pad else KEYS_MAX_WIDTH)
        width = min(self.width - 2 * look.mm(5), limit)
        left, top = self.x + (self.width - width) / 2, self.top - look.mm(5)
        if not self._bare:
            high = self.strip.height_for(width)
            self.strip.place(left, top - high, width, high)
            top -= high + look.mm(GAP_S)
        layout, row_height = self.model.layout, self._row_height()
        unit = (width + gap) / layout.columns
        caps = iter(self._caps)
        for number, row in enumerate(layout.rows):
            tall_above = number > 0 and any(key.rows > 1 for key in layout.rows[number - 1])
            own = sum(key.width for key in row)
            x = left if self._pad or tall_above else left + (layout.columns - own) * unit / 2
            y = top - row_height - number * (row_height + gap)
            for key in row:
                extra = (key.rows - 1) * (row_height + gap)
                next(caps).place(x, y - extra, key.width * unit - gap, row_height + extra)
                x += key.width * unit

    def parts(self) -> Iterable[tuple[str, Rect]]:
        for cap in self._caps:
            yield f"key.{cap.key.id}", cap.rect
        if not self._bare:
            yield from self.strip.parts()

    def frame(self, passed: float) -> None:
        """Repeat a held delete key."""
        if not any(cap.key.id == "delete" for cap in self._fingers.values()):
            self._held = 0.0
            return
        self._held += passed
        if self._held >= HOLD:
            self._held -= REPEAT
            self._after(self.model.press("delete"))

    def on_touch_down(self, touch: MotionEvent) -> bool:
        if touch.is_mouse_scrolling or not self.collide_point(*touch.pos):
            return False
        cap = self._cap_at(*touch.pos)
        if cap is not None:
            cap.press(True)
            self._fingers[touch.uid] = cap
        return True  # a touch between keys belongs to the keyboard, not to what lies under it

    def on_touch_move(self, touch: MotionEvent) -> bool:
        cap = self._fingers.get(touch.uid)
        if cap is None or cap.holds(*touch.pos):
            return cap is not None
        cap.press(False)
        del self._fingers[touch.uid]
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        cap = self._fingers.pop(touch.uid, None)
        if cap is not None:
            cap.press(False)
            if cap.key.id == "delete" and self._held >= HOLD - REPEAT:
                return True
            self._after(self.model.press(cap.key.id))
            return True
        if self.collide_point(*touch.pos) and not self._bare:
            return self._choose(self.strip.at(*touch.pos))
        return False

    def _cap_at(self, x: float, y: float) -> KeyCap | None:
        return next((cap for cap in self._caps if cap.holds(x, y)), None)

    def _choose(self, sid: str) -> bool:
        if sid == "candidate.more":
            self._after(self.model.more(self.strip.shown))
        elif sid:
            first = self.model.candidates.first
            self._after(self.model.choose(first + int(sid.removeprefix("candidate."))))
        return bool(sid)

    def _after(self, outcome: Outcome) -> None:
        if outcome == "none":
            return
        if outcome == "keys":
            height = self.height_for(self.width)
            self._build()
            if height == self.height:
                self.arrange()
            else:
                self._on_resize()
        self._show_candidates()
        self._on_text()
        if outcome == "done":
            self._on_done()
