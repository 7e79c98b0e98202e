"""The window: shows the screen of the visit's step, lays sheets over it, drives the frames.

One way: touch → visit method → `visit.on_change` → refresh before the next frame is drawn.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

from kivy.app import App
from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.config import Config
from kivy.input.motionevent import MotionEvent
from kivy.uix.widget import Widget

from kiosk.steps import Step
from kiosk.views import Looks
from screens import fonts
from screens.look import Look, look_of
from screens.overlays import IdleSheet, Overlay, help_sheet, quit_sheet
from screens.registry import screen_class
from screens.screen import Screen
from screens.tokens import PanelSize
from screens.widgets.block import Block, Rect, each
from screens.widgets.scroll import Scroll

if TYPE_CHECKING:
    from kiosk.visit import Visit

FRAMES_IN_USE = 120
"""Frames a second while somebody is here; this also bounds how late a touch is seen."""
FRAMES_AT_REST = 30
"""On the attract screen."""


def prepare_window(
    panel: PanelSize, *, fullscreen: bool = False, left: int | None = None, top: int | None = None
) -> None:
    """Set Kivy up for this window, in memory only; call before the window is made."""
    if left is not None and top is not None:
        Config.set("graphics", "position", "custom")
        Config.set("graphics", "left", str(left))
        Config.set("graphics", "top", str(top))
    Config.set("kivy", "exit_on_escape", "0")
    Config.set("graphics", "width", str(panel.width_px))
    Config.set("graphics", "height", str(panel.height_px))
    Config.set("graphics", "fullscreen", "auto" if fullscreen else "0")
    Config.set("graphics", "borderless", "1" if fullscreen else "0")
    Config.set("graphics", "resizable", "0")
    Config.set("graphics", "multisamples", "0")
    Config.set("graphics", "maxfps", str(FRAMES_IN_USE))
    Config.set("graphics", "show_cursor", "0" if fullscreen else "1")
    for name, _ in Config.items("input"):
        Config.remove_option("input", name)
    # Touch comes through SDL; probing /dev/input beside it would deliver each touch twice.
    Config.set("input", "mouse", "mouse,disable_multitouch")


class Stage(Widget):
    """The root: one screen, at most one sheet over it."""

    def __init__(self, on_touched: Callable[[], None]) -> None:
        super().__init__()
        self.screen: Screen | None = None
        self.overlay: Overlay | None = None
        self._on_touched = on_touched

    def put(self, screen: Screen) -> None:
        """Show this screen instead of the present one."""
        if self.screen is screen:
            return
        if self.screen is not None:
            self.remove_widget(self.screen)
        self.screen = screen
        self.add_widget(screen, index=len(self.children))

    def lay(self, overlay: Overlay | None) -> None:
        """Lay this sheet over the screen, or none."""
        if self.overlay is not None:
            self.remove_widget(self.overlay)
        self.overlay = overlay
        if overlay is not None:
            self.add_widget(overlay)
            overlay.place(0, 0, self.width, self.height)

    def on_touch_down(self, touch: MotionEvent) -> bool:
        self._on_touched()
        return bool(super().on_touch_down(touch))


class KioskApp(App):
    """One visit on one panel."""

    title = "Yimen"

    def __init__(self, open_visit: "Callable[[], Visit]", before_frame: Callable[[], None],
                 panel: PanelSize, on_over: Callable[[], None],
                 now: Callable[[], datetime] = datetime.now,
                 tidy: Callable[[], object] = lambda: None) -> None:
        """`before_frame` delivers results of workers and lets time pass for the visit. `on_over`
        is called when the app has stopped (`stop()` or a closed window), so that the process can
        start afresh. `now` is the clock people see. `tidy` is called in the first frame that
        changes nothing after one that built a screen: what the last one left is taken away then,
        and does not pile up until it holds up somebody's tap."""
        super().__init__()
        self._open_visit, self._before_frame = open_visit, before_frame
        self._panel, self._on_over, self._tidy = panel, on_over, tidy
        self.now = now
        self._screens: dict[Step, Screen] = {}
        self._sheet = ""
        self._changed = True
        self._untidy = False
        self._stopped = False

    def on_stop(self) -> None:
        if not self._stopped:  # Kivy says it twice: on `stop()` and when the loop has ended
            self._stopped = True
            self._on_over()

    def open_settings(self, *_: object) -> bool:
        """A kiosk has no settings panel of Kivy's."""
        return False

    def build(self) -> Stage:
        from kivy.core.window import Window

        fonts.register()
        self.window = Window
        self.visit = self._open_visit()
        self.visit.on_change = self._note_change
        self.stage = Stage(on_touched=lambda: self.visit.touched())
        self._looks: Looks | None = None
        self._look = self._make_look()
        Window.clearcolor = self._look.theme.page
        Window.bind(size=self._on_size)
        self.stage.size = Window.size
        Clock.schedule_interval(self._frame, 0)
        self.show()
        return self.stage

    # The frame.

    def _note_change(self) -> None:
        self._changed = True

    def _frame(self, passed: float) -> None:
        self._before_frame()
        if self._changed and not self._is_pressed():
            self.show()
        elif self._untidy:
            self._untidy = False
            self._tidy()
        if self.stage.screen is not None:
            each(self.stage.screen, lambda block: block.frame(passed))
        if self.stage.overlay is not None:
            each(self.stage.overlay, lambda block: block.frame(passed))

    def _is_pressed(self) -> bool:
        """A finger is down on a screen that stays: building it anew would lose the press."""
        shown = self.stage.screen
        pressed = any(touch.is_touch for touch in EventLoop.touches)
        return pressed and shown is not None and shown.step is self.visit.step

    def show(self) -> None:
        """Bring the window up to the state of the visit."""
        self._changed = False
        visit = self.visit
        if visit.looks != self._looks or visit.language != self._look.words.language:
            self._renew()
        screen = self._screen(visit.step)
        last = self.stage.screen
        if last is not screen:
            if last is not None:
                last.leave()
            Clock._max_fps = FRAMES_AT_REST if visit.step is Step.ATTRACT else FRAMES_IN_USE
        screen.pos, screen.size = (0, 0), self.stage.size
        self._untidy |= screen.refresh(visit)
        self.stage.put(screen)
        self._show_overlay()

    def _screen(self, step: Step) -> Screen:
        if step not in self._screens:
            self._screens[step] = screen_class(step)(self._look, self.visit, self)
        return self._screens[step]

    def _make_look(self) -> Look:
        width, height = self.window.size
        panel = PanelSize(int(width), int(height), self._panel.diagonal_inch)
        self._looks = self.visit.looks
        return look_of(panel, self.visit.looks, self.visit.words)

    def _renew(self) -> None:
        """Other words, colours or sizes: every screen is made anew when it is shown."""
        self._look = self._make_look()
        self.window.clearcolor = self._look.theme.page
        if self.stage.screen is not None:
            self.stage.remove_widget(self.stage.screen)
            self.stage.screen = None
        self._screens.clear()
        self.stage.lay(None)

    def _on_size(self, *_: object) -> None:
        self.stage.size = self.window.size
        self._looks = None
        self._changed = True

    # Sheets.

    def open_help(self) -> None:
        self._sheet = "help"
        self._changed = True

    def ask_quit(self) -> None:
        if self.visit.entered_anything:
            self._sheet = "quit"
            self._changed = True
        else:
            self._quit()

    def _close_sheet(self) -> None:
        self._sheet = ""
        self._changed = True

    def _open_staff(self) -> None:
        self._close_sheet()
        self.visit.open_staff()

    def _take(self) -> None:
        self._close_sheet()
        self.visit.take_with_you()

    def _quit(self) -> None:
        self._sheet = ""
        self._changed = True
        self.visit.quit()

    def _show_overlay(self) -> None:
        left, present = self.visit.idle_left, self.stage.overlay
        if left is not None:
            if isinstance(present, IdleSheet):
                present.count(left)
            else:
                self.stage.lay(IdleSheet(self._look, self.visit, left))
            return
        if self.visit.step in (Step.ATTRACT, Step.GOODBYE):
            self._sheet = ""
        if self._sheet == "help":
            self.stage.lay(
                help_sheet(self._look, self.visit, self._close_sheet, self._open_staff)
            )
        elif self._sheet == "quit":
            self.stage.lay(
                quit_sheet(self._look, self.visit, self._close_sheet, self._quit, self._take)
            )
        elif present is not None:
            self.stage.lay(None)

    # The seam for tests, tour and speech.

    def where(self) -> dict[str, object]:
        """Where everything with a semantic id is, in window pixels from the top left.

        `widgets` holds what can be touched or read right now; `beyond` what must be scrolled into
        view first, with the place it has outside its column, and `within` that column's window.
        No texts.
        """
        layer: Widget = self.stage.overlay or self.stage.screen or self.stage
        seen: dict[str, list[int]] = {}
        beyond: dict[str, list[int]] = {}
        within: dict[str, list[int]] = {}
        for sid, rect, clip in _named(layer, None):
            inside = _cut(rect, clip)
            share = inside[3] / rect[3] if rect[3] else 1.0
            if share >= 0.5 or clip is None:
                seen[sid] = self._from_top(inside)
            else:
                beyond[sid] = self._from_top(rect)
                within[sid] = self._from_top(clip)
        return {"screen": self.visit.step.value, "language": self.visit.language,
                "looks": asdict(self.visit.looks), "widgets": seen, "beyond": beyond,
                "within": within}

    def _from_top(self, rect: Rect) -> list[int]:
        x, y, width, height = rect
        return [round(x), round(self.stage.height - y - height), round(width), round(height)]

    def find(self, sid: str) -> Widget | None:
        """The widget with this semantic id on what is shown now."""
        layer = self.stage.overlay or self.stage.screen or self.stage
        shown = layer.walk(restrict=True)
        return next((widget for widget in shown if getattr(widget, "sid", "") == sid), None)


def _named(widget: Widget, clip: Rect | None) -> "Iterator[tuple[str, Rect, Rect | None]]":
    if widget.opacity == 0:
        return
    if isinstance(widget, Block) and not widget.disabled:
        if widget.sid:
            yield widget.sid, (widget.x, widget.y, widget.width, widget.height), clip
        for sid, rect in widget.parts():
            yield sid, rect, clip
    box = (widget.x, widget.y, widget.width, widget.height)
    inner = box if isinstance(widget, Scroll) else clip
    for child in reversed(widget.children):
        yield from _named(child, inner)


def _cut(rect: Rect, clip: Rect | None) -> Rect:
    if clip is None:
        return rect
    left, bottom = max(rect[0], clip[0]), max(rect[1], clip[1])
    right = min(rect[0] + rect[2], clip[0] + clip[2])
    top = min(rect[1] + rect[3], clip[1] + clip[3])
    return (left, bottom, max(0.0, right - left), max(0.0, top - bottom))
