"""The panel: cards, camera, code reader and printer on the left, the paper on the right."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

from kivy.app import App
from kivy.clock import Clock
from kivy.core.window import Window
from kivy.graphics import Color, SmoothRoundedRectangle
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.gridlayout import GridLayout
from kivy.uix.widget import Widget

from devices.testbed import papers
from devices.testbed.panel_state import CARDS, Bench
from devices.testbed.panel_widgets import (
    FAULT,
    GROUND,
    ON,
    SLOT,
    WHITE,
    Chip,
    Colour,
    Roll,
    Sheet,
    grid,
    words,
)

_POLL_SECONDS = 0.4


class PanelApp(App):  # type: ignore[misc]  # Kivy is untyped
    """The window. A thread of its own asks the testbed; the window never waits."""

    title = "一门 · 测试台  Yimen testbed"

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._bench = Bench(folder / "control.sock")
        self._work: Queue[tuple[str, dict[str, Any]]] = Queue()
        self._chips: list[tuple[Chip, Callable[[Bench], bool]]] = []
        self._reader: str | None = None
        self._roll = Roll()
        self._line = words("", 14, FAULT, height=22)
        Thread(target=self._ask_on, name="panel", daemon=True).start()

    def build(self) -> Widget:
        """The widgets: buttons on the left, the printer on the right."""
        Window.clearcolor = GROUND
        root = BoxLayout(padding=16, spacing=16)
        left = BoxLayout(orientation="vertical", spacing=12, size_hint_x=0.6)
        for part in (self._cards(), self._papers(), self._code(), self._printer()):
            left.add_widget(part)
        left.add_widget(self._line)
        left.add_widget(Widget())
        root.add_widget(left)
        root.add_widget(self._printer_mouth())
        return root

    def _cards(self) -> Widget:
        sheet = Sheet("卡片", "Cards")
        where = GridLayout(cols=3, spacing=8, size_hint_y=None, height=40)
        readers = (
            (None, "放到合适的读卡器"),
            ("id_card", "身份证读卡器"),
            ("smartcard", "社保卡槽"),
        )
        for reader, text in readers:
            chip = Chip(text, partial(self._choose_reader, reader), SLOT)
            where.add_widget(chip)
            self._chips.append((chip, partial(self._chosen, reader)))
        sheet.add_widget(where)
        buttons = grid(2)
        for name, text in CARDS:
            self._chip(buttons, text, partial(self._insert, name), partial(_lies, name))
        sheet.add_widget(buttons)
        self._chip(sheet, "取走卡片  Take away", lambda: self._do("card.remove"), _never)
        return sheet

    def _papers(self) -> Widget:
        sheet = Sheet("高拍仪", "Document camera")
        buttons = grid(4)
        for name, title in papers.TITLES.items():
            lay = partial(self._do, "camera.lay", paper=name)
            self._chip(buttons, title, lay, partial(_lies_under_camera, name))
        self._chip(buttons, "取走", partial(self._do, "camera.take"), _never)
        self._chip(
            buttons,
            "模糊",
            partial(self._switch_camera, "blurred", "blur"),
            partial(_camera_is, "blurred"),
            FAULT,
        )
        sheet.add_widget(buttons)
        return sheet

    def _code(self) -> Widget:
        sheet = Sheet("扫码器", "Code reader")
        show = partial(self._do, "code.show", last_receipt=True)
        self._chip(sheet, "出示最近一张回执的二维码  Show the last receipt", show, _never)
        return sheet

    def _printer(self) -> Widget:
        sheet = Sheet("打印机", "Receipt printer")
        buttons = grid(4)
        faults = (
            ("缺纸", "paper_out", "printer.paper_out", "printer.paper_in"),
            ("开盖", "cover_open", "printer.cover_open", "printer.cover_close"),
            ("卡刀", "error", "printer.error", "printer.error"),
        )
        for text, fault, on, off in faults:
            self._chip(
                buttons,
                text,
                partial(self._switch_printer, fault, on, off),
                partial(_printer_is, fault),
                FAULT,
            )
        sheet.add_widget(buttons)
        return sheet

    def _printer_mouth(self) -> Widget:
        column = BoxLayout(orientation="vertical", size_hint_x=0.4)
        column.add_widget(self._roll)
        slot = words("打印口  Printer", 13, WHITE, height=34, halign="center")
        with slot.canvas.before:
            Color(*SLOT)
            back = SmoothRoundedRectangle(radius=[6])
        slot.bind(pos=lambda _, pos: setattr(back, "pos", pos))
        slot.bind(size=lambda _, size: setattr(back, "size", size))
        column.add_widget(slot)
        return column

    def _chip(
        self,
        parent: Widget,
        text: str,
        act: Callable[[], None],
        lit: Callable[[Bench], bool],
        on_colour: Colour = ON,
    ) -> None:
        chip = Chip(text, act, on_colour)
        parent.add_widget(chip)
        self._chips.append((chip, lit))

    @property
    def paper_shown(self) -> bool:
        """Whether printed paper is to be seen."""
        return self._roll.paper_shown

    # What the buttons do ------------------------------------------------------------------------

    def _do(self, verb: str, **arguments: Any) -> None:
        self._work.put((verb, arguments))

    def _chosen(self, reader: str | None, _: Bench) -> bool:
        return self._reader == reader

    def _choose_reader(self, reader: str | None) -> None:
        self._reader = reader
        self._show()

    def _insert(self, name: str) -> None:
        if _lies(name, self._bench):
            self._do("card.remove")
        elif self._reader is None:
            self._do("card.insert", name=name)
        else:
            self._do("card.insert", name=name, reader=self._reader)

    def _switch_camera(self, field: str, verb: str) -> None:
        on = _camera_is(field, self._bench)
        self._do(f"camera.{verb}", on=not on)

    def _switch_printer(self, fault: str, on_verb: str, off_verb: str) -> None:
        on = self._bench.printer_fault(fault)
        if on_verb == off_verb:
            self._do(on_verb, on=not on)
        else:
            self._do(off_verb if on else on_verb)

    # The thread that asks -----------------------------------------------------------------------

    def _ask_on(self) -> None:
        printed = 0
        said = ""
        while True:
            try:
                verb, arguments = self._work.get(timeout=_POLL_SECONDS)
                said = self._bench.act(verb, **arguments)
            except Empty:
                pass  # nobody pressed anything; look what changed meanwhile
            self._bench.refresh()
            if self._bench.printed != printed:
                printed = self._bench.printed
                picture = self._bench.paper_picture() if printed else None
                if picture is not None:
                    Clock.schedule_once(lambda _, png=picture: self._roll.print_out(png))
            Clock.schedule_once(lambda _, words=self._bench.error or said: self._show(words))

    def _show(self, words: str = "") -> None:
        self._line.text = words
        for chip, lit in self._chips:
            chip.show(lit(self._bench))


def _lies(name: str, bench: Bench) -> bool:
    return name in (bench.lying_card("id_card"), bench.lying_card("smartcard"))


def _lies_under_camera(name: str, bench: Bench) -> bool:
    return bench.lying_paper == name


def _camera_is(state: str, bench: Bench) -> bool:
    return bool(bench.state.get("camera", {}).get(state))


def _printer_is(fault: str, bench: Bench) -> bool:
    return bench.printer_fault(fault)


def _never(_: Bench) -> bool:
    return False
