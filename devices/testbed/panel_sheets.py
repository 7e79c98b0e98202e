"""The panel's sheets: cards, camera, code reader, printer, and the faults of each wire."""

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from kivy.uix.boxlayout import BoxLayout
from kivy.uix.scrollview import ScrollView
from kivy.uix.widget import Widget

from devices.testbed import cards, papers
from devices.testbed.faults import NO_SUCH, Wire, WireFault
from devices.testbed.panel_state import FAULTS, PAPER_LEVELS, WIRES, Bench
from devices.testbed.panel_widgets import (
    FAULT,
    INK,
    ON,
    QUIET,
    SLOT,
    Chip,
    Colour,
    Entry,
    Sheet,
    grid,
    words,
)

_READERS = {None: "合适的读卡器", "id_card": "身份证读卡器", "smartcard": "社保卡槽"}
_WIRE_WIDTH = 56


class Desk(Protocol):
    """What the sheets need of the window."""

    @property
    def bench(self) -> Bench: ...

    def do(self, verb: str, **arguments: Any) -> None:
        """Ask the testbed, later, on another thread."""

    def chip(
        self,
        parent: Widget,
        sid: str,
        text: str,
        act: Callable[[], None],
        lit: Callable[[Bench], bool] = ...,
        on_colour: Colour = ...,
    ) -> Chip:
        """A button on `parent` that is lit while `lit` holds."""


class Cards(Sheet):
    """Every sample card; a second press takes it away."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("卡片", "Cards", grows=True)
        self._desk = desk
        self._reader: str | None = None
        where = grid(len(_READERS))
        for reader, text in _READERS.items():
            desk.chip(
                where, f"reader.{reader}", text, partial(self._choose, reader),
                partial(self._chosen, reader), SLOT,
            )  # fmt: skip
        self.add_widget(where)
        scroll = ScrollView(bar_width=6, scroll_type=["bars", "content"])
        buttons = grid(2)
        buttons.padding = (0, 0, 12, 0)  # the scroll bar runs there
        for name, title in cards.TITLES.items():
            desk.chip(
                buttons, f"card.{name}", title, partial(self._insert, name), partial(_lies, name)
            )
        scroll.add_widget(buttons)
        self.add_widget(scroll)
        desk.chip(self, "card.remove", "取走卡片  Take away", lambda: desk.do("card.remove"))

    def _chosen(self, reader: str | None, _: Bench) -> bool:
        return self._reader == reader

    def _choose(self, reader: str | None) -> None:
        self._reader = reader

    def _insert(self, name: str) -> None:
        if _lies(name, self._desk.bench):
            self._desk.do("card.remove")
        elif self._reader is None:
            self._desk.do("card.insert", name=name)
        else:
            self._desk.do("card.insert", name=name, reader=self._reader)


class Camera(Sheet):
    """Every sample paper, and the lens."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("高拍仪", "Document camera")
        buttons = grid(3)
        for name, title in papers.TITLES.items():
            desk.chip(
                buttons, f"paper.{name}", title, partial(desk.do, "camera.lay", paper=name),
                partial(_lies_under_camera, name),
            )  # fmt: skip
        desk.chip(buttons, "paper.take", "取走", partial(desk.do, "camera.take"))
        desk.chip(
            buttons, "camera.blur", "模糊",
            lambda: desk.do("camera.blur", on=not desk.bench.blurred),
            lambda bench: bench.blurred, FAULT,
        )  # fmt: skip
        self.add_widget(buttons)


class Codes(Sheet):
    """A code typed, or the one on the last receipt."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("扫码器", "Code reader")
        self.entry = Entry("二维码的内容  What the code says", self._show)
        self._desk = desk
        self.add_widget(self.entry)
        buttons = grid(2)
        desk.chip(buttons, "code.show", "出示  Show", lambda: self._show(self.entry.text))
        desk.chip(
            buttons, "code.last", "最近的回执  Last receipt",
            partial(desk.do, "code.show", last_receipt=True),
        )  # fmt: skip
        self.add_widget(buttons)

    def _show(self, text: str) -> None:
        if text:
            self._desk.do("code.show", text=text)


class Printer(Sheet):
    """Paper level, cover, knife."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("打印机", "Receipt printer")
        self._desk = desk
        levels = grid(len(PAPER_LEVELS))
        for level, text in PAPER_LEVELS.items():
            desk.chip(
                levels, f"printer.{level}", text, partial(self._fill, level),
                partial(_paper_is, level), ON if level == "full" else FAULT,
            )  # fmt: skip
        self.add_widget(levels)
        parts = grid(2)
        desk.chip(
            parts, "printer.cover", "开盖  Cover", self._cover,
            lambda bench: bench.printer_fault("cover_open"), FAULT,
        )  # fmt: skip
        desk.chip(
            parts, "printer.jam", "卡刀  Knife",
            lambda: desk.do("printer.error", on=not desk.bench.printer_fault("error")),
            lambda bench: bench.printer_fault("error"), FAULT,
        )  # fmt: skip
        self.add_widget(parts)

    def _fill(self, level: str) -> None:
        self._desk.do("printer.paper_out" if level == "out" else "printer.paper_in")
        self._desk.do("printer.near_end", on=level == "low")

    def _cover(self) -> None:
        is_open = self._desk.bench.printer_fault("cover_open")
        self._desk.do("printer.cover_close" if is_open else "printer.cover_open")


class Wires(Sheet):
    """Every fault of every wire; a second press heals it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("线路故障", "Faults of the wires")
        self._desk = desk
        head = BoxLayout(spacing=4, size_hint_y=None, height=16)
        head.add_widget(Widget(size_hint_x=None, width=_WIRE_WIDTH))
        for _, english in FAULTS.values():
            head.add_widget(words(english, 11, QUIET, height=16, halign="center"))
        self.add_widget(head)
        for wire, name in WIRES.items():
            row = BoxLayout(spacing=4, size_hint_y=None, height=34)
            label = words(name, 14, INK, height=34)
            label.size_hint_x, label.width = None, _WIRE_WIDTH
            row.add_widget(label)
            for kind, (text, _) in FAULTS.items():
                if WireFault(kind) in NO_SUCH[Wire(wire)]:
                    row.add_widget(words("–", 14, QUIET, height=34, halign="center"))
                else:
                    desk.chip(
                        row, f"fault.{wire}.{kind}", text, partial(self._press, wire, kind),
                        partial(_has, wire, kind), FAULT,
                    )  # fmt: skip
            self.add_widget(row)
        ends = grid(2)
        desk.chip(ends, "heal", "全部修好  Heal all", partial(desk.do, "heal"))
        desk.chip(ends, "reset", "从头开始  Reset", partial(desk.do, "reset"))
        self.add_widget(ends)

    def _press(self, wire: str, kind: str) -> None:
        if _has(wire, kind, self._desk.bench):
            self._desk.do("heal", wire=wire)
        else:
            self._desk.do("fault", wire=wire, kind=kind)


def _lies(name: str, bench: Bench) -> bool:
    return name in (bench.lying_card("id_card"), bench.lying_card("smartcard"))


def _lies_under_camera(name: str, bench: Bench) -> bool:
    return bench.lying_paper == name


def _paper_is(level: str, bench: Bench) -> bool:
    return bench.paper_level == level


def _has(wire: str, kind: str, bench: Bench) -> bool:
    return bench.wire_fault(wire) == kind
