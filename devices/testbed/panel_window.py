"""The panel: cards and wires on the left, camera, codes and printer in the middle, paper on the
right."""

from collections.abc import Callable
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics import Color, SmoothRoundedRectangle
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from devices.testbed.panel_sheets import Camera, Cards, Codes, Printer, Wires
from devices.testbed.panel_state import Bench
from devices.testbed.panel_widgets import (
    FAULT,
    GROUND,
    ON,
    SLOT,
    WHITE,
    Chip,
    Colour,
    Roll,
    words,
)

_POLL_SECONDS = 0.4


def _never(_: Bench) -> bool:
    return False


class PanelApp(App):  # type: ignore[misc]  # Kivy is untyped
    """The window. A thread of its own asks the testbed; the window never waits."""

    title = "一门 · 测试台  Yimen testbed"

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.bench = Bench(folder / "control.sock")
        self._work: Queue[tuple[str, dict[str, Any]]] = Queue()
        self._chips: list[tuple[Chip, Callable[[Bench], bool]]] = []
        self._roll = Roll()
        self._line = words("", 14, FAULT, height=22)
        Thread(target=self._ask_on, name="panel", daemon=True).start()

    def build(self) -> Widget:
        """The widgets."""
        Window.clearcolor = GROUND
        root = BoxLayout(padding=14, spacing=12)
        left = BoxLayout(orientation="vertical", spacing=12, size_hint_x=0.42)
        for part in (Cards(self), Wires(self)):
            left.add_widget(part)
        middle = BoxLayout(orientation="vertical", spacing=12, size_hint_x=0.3)
        for part in (Camera(self), Codes(self), Printer(self), self._line, Widget()):
            middle.add_widget(part)
        for column in (left, middle, self._printer_mouth()):
            root.add_widget(column)
        self._show()
        return root

    def _printer_mouth(self) -> Widget:
        column = BoxLayout(orientation="vertical", size_hint_x=0.28)
        column.add_widget(self._roll)
        slot = words("打印口  Printer", 13, WHITE, height=34, halign="center")
        with slot.canvas.before:
            Color(*SLOT)
            back = SmoothRoundedRectangle(radius=[6])
        slot.bind(pos=lambda _, pos: setattr(back, "pos", pos))
        slot.bind(size=lambda _, size: setattr(back, "size", size))
        column.add_widget(slot)
        return column

    def chip(
        self,
        parent: Widget,
        sid: str,
        text: str,
        act: Callable[[], None],
        lit: Callable[[Bench], bool] = _never,
        on_colour: Colour = ON,
    ) -> Chip:
        """A button on `parent` that is lit while `lit` holds."""

        def pressed() -> None:
            act()
            self._light()

        chip = Chip(sid, text, pressed, on_colour)
        parent.add_widget(chip)
        self._chips.append((chip, lit))
        return chip

    def do(self, verb: str, **arguments: Any) -> None:
        """Ask the testbed, later, on another thread."""
        self._work.put((verb, arguments))

    @property
    def paper_shown(self) -> bool:
        """Whether printed paper is to be seen."""
        return self._roll.paper_shown

    def _ask_on(self) -> None:
        printed = 0
        said = ""
        while True:
            try:
                verb, arguments = self._work.get(timeout=_POLL_SECONDS)
                said = self.bench.act(verb, **arguments)
            except Empty:
                pass  # nobody pressed anything; look what changed meanwhile
            self.bench.refresh()
            if self.bench.printed != printed:
                printed = self.bench.printed
                picture = self.bench.paper_picture() if printed else None
                Clock.schedule_once(lambda _, png=picture: self._roll.print_out(png))
            Clock.schedule_once(lambda _, words=self.bench.error or said: self._show(words))

    def _show(self, words: str = "") -> None:
        self._line.text = words
        self._light()

    def _light(self) -> None:
        for chip, lit in self._chips:
            chip.show(lit(self.bench))
