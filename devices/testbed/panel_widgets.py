"""What the panel's window is made of: cards, buttons with a light, and the paper that comes out."""

import io
from collections.abc import Callable

from kivy.animation import Animation
from kivy.core.image import Image as CoreImage
from kivy.graphics import Color, Rectangle, SmoothRoundedRectangle
from kivy.properties import NumericProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.gridlayout import GridLayout
from kivy.uix.label import Label
from kivy.uix.scrollview import ScrollView
from kivy.uix.textinput import TextInput
from kivy.uix.widget import Widget

Colour = tuple[float, float, float, float]


def _rgb(code: int) -> Colour:
    return (code >> 16) / 255, (code >> 8 & 255) / 255, (code & 255) / 255, 1.0


GROUND, SHEET, CHIP = _rgb(0xE6EAEE), _rgb(0xFFFFFF), _rgb(0xEEF2F5)
INK, QUIET, ON, FAULT = _rgb(0x1D2A36), _rgb(0x5E6C7A), _rgb(0x0F7B6C), _rgb(0xB3402E)
SLOT = _rgb(0x2B3640)
WHITE = _rgb(0xFFFFFF)


class Sheet(BoxLayout):  # type: ignore[misc]  # Kivy is untyped
    """A white card with a heading; as high as what it holds, or (grows) as there is room."""

    def __init__(self, heading: str, below: str = "", grows: bool = False) -> None:
        super().__init__(orientation="vertical", padding=(16, 10, 16, 14), spacing=8)
        if not grows:
            self.size_hint_y = None
            self.bind(minimum_height=self.setter("height"))
        with self.canvas.before:
            Color(*SHEET)
            self._back = SmoothRoundedRectangle(radius=[12])
        self.bind(pos=self._place, size=self._place)
        markup = f"[b]{heading}[/b]  [size=13][color=#5E6C7A]{below}[/color][/size]"
        self.add_widget(words(markup, 17, INK, height=24))

    def _place(self, *_: object) -> None:
        self._back.pos, self._back.size = self.pos, self.size


class Chip(ButtonBehavior, Label):  # type: ignore[misc]  # Kivy is untyped
    """A button that shows whether what it stands for holds. sid: what tests call it."""

    def __init__(
        self, sid: str, text: str, act: Callable[[], None], on_colour: Colour = ON, size: int = 14
    ) -> None:
        super().__init__(
            text=text, font_size=size, color=INK, size_hint_y=None, height=34,
            halign="center", valign="middle", shorten=True, shorten_from="right",
        )  # fmt: skip
        self.sid = sid
        self._on_colour = on_colour
        with self.canvas.before:
            self._tint = Color(*CHIP)
            self._back = SmoothRoundedRectangle(radius=[8])
        self.bind(pos=self._place, size=self._place)
        self.bind(on_release=lambda _: act())
        self.bind(state=lambda *_: self._paint())
        self.is_on = False

    def show(self, is_on: bool) -> None:
        """Light up, or not."""
        self.is_on = is_on
        self._paint()

    def _paint(self) -> None:
        back = self._on_colour if self.is_on else CHIP
        shade = 0.88 if self.state == "down" else 1.0
        self._tint.rgba = (*(part * shade for part in back[:3]), 1)
        self.color = WHITE if self.is_on else INK

    def _place(self, *_: object) -> None:
        self._back.pos, self._back.size = self.pos, self.size
        self.text_size = (self.width - 8, self.height)


class Entry(TextInput):  # type: ignore[misc]  # Kivy is untyped
    """One line to type into; Enter does the same as the button beside it."""

    def __init__(self, hint: str, act: Callable[[str], None]) -> None:
        super().__init__(
            hint_text=hint, multiline=False, font_size=14, size_hint_y=None, height=34,
            padding=(10, 8), background_normal="", background_active="", background_color=CHIP,
            foreground_color=INK, hint_text_color=QUIET, cursor_color=INK,
            text_validate_unfocus=False,
        )  # fmt: skip
        self.bind(on_text_validate=lambda _: act(self.text))


class Roll(ScrollView):  # type: ignore[misc]  # Kivy is untyped
    """The paper, rising out of the printer's slot at the bottom."""

    out = NumericProperty(1.0)

    def __init__(self) -> None:
        super().__init__(bar_width=6, scroll_type=["bars", "content"])
        self._field = Widget(size_hint_y=None)
        with self._field.canvas:
            self._tint = Color(1, 1, 1, 0)
            self._paper = Rectangle()
        self.add_widget(self._field)
        self.bind(out=self._place, size=self._place)
        self._field.bind(pos=self._place)

    @property
    def paper_shown(self) -> bool:
        """Whether there is paper to be seen."""
        return self._paper.texture is not None

    def print_out(self, png: bytes | None) -> None:
        """Show new paper coming out, or none any more."""
        if png is None:
            self._paper.texture, self._tint.a = None, 0
            return
        texture = CoreImage(io.BytesIO(png), ext="png").texture
        self._paper.texture = texture
        self._tint.a = 1
        Animation.cancel_all(self)
        self.out, self.scroll_y = 0.0, 0.0
        rise = Animation(out=1.0, duration=min(1.6, texture.height / 900), t="linear")
        rise.bind(on_complete=lambda *_: Animation(scroll_y=1.0, duration=0.3).start(self))
        rise.start(self)

    def _place(self, *_: object) -> None:
        texture = self._paper.texture
        if texture is None or not texture.width:
            self._field.height = self.height
            return
        high = self.width * texture.height / texture.width
        self._field.height = max(self.height, high)
        self._paper.size = (self.width, high)
        # The first line printed is the first out: the top edge rises from the slot.
        self._paper.pos = (self._field.x, self._field.y + (self.out - 1) * high)


def grid(columns: int, spacing: int = 6) -> GridLayout:
    """Buttons side by side."""
    layout = GridLayout(cols=columns, spacing=spacing, size_hint_y=None)
    layout.bind(minimum_height=layout.setter("height"))
    return layout


def words(text: str, size: int, colour: Colour, height: int, halign: str = "left") -> Label:
    """A line of text as wide as there is room."""
    label = Label(
        text=text,
        font_size=size,
        color=colour,
        markup=True,
        halign=halign,
        valign="middle",
        size_hint_y=None,
        height=height,
    )
    label.bind(size=label.setter("text_size"))
    return label
