"""Hands and eyes for tests: the real app, in process, on a clock that only moves when told.

    hands = Hands(app)                  # app: screens.app.KioskApp, not yet running
    hands.tap("language.zh")
    hands.wait_for("home")
    hands.picture(Path("home.png"))

Kivy is imported with its own home, without arguments, console log or configuration file; draws
off screen (SDL's offscreen driver) unless SDL_VIDEODRIVER says otherwise.
"""

import os
import tempfile
import time as real_time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

os.environ.setdefault("KIVY_NO_ARGS", "1")
os.environ.setdefault("KIVY_NO_CONSOLELOG", "1")
os.environ.setdefault("KIVY_NO_FILELOG", "1")
os.environ.setdefault("KIVY_NO_CONFIG", "1")
os.environ.setdefault("KIVY_METRICS_DENSITY", "1")
os.environ.setdefault("KIVY_HOME", tempfile.mkdtemp(prefix="yimen-kivy-"))
os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")

# Only now: Kivy reads its environment when it is first imported.
from screens.app import KioskApp, prepare_window
from screens.tokens import PanelSize

__all__ = ["Finger", "Hands", "KioskApp", "PanelSize", "VirtualTime", "open_window"]

PANEL = PanelSize(1080, 1920, 27.0)
FRAME = 1 / 60
PATIENCE = 20.0
"""Seconds of real time a condition on real wires may take before a test fails."""


class VirtualTime:
    """Seconds that pass only when told; what Kivy's clock and its touches read."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds

    def pass_by(self, seconds: float) -> None:
        self.seconds += seconds

    def install(self) -> None:
        from kivy.clock import Clock
        from kivy.input import motionevent

        clock = getattr(Clock, "_obj", Clock)
        clock.time = self

        def no_pause() -> float:
            clock._dt = self.seconds - clock._last_tick
            clock._last_tick = self.seconds
            return self.seconds

        clock.idle = no_pause
        clock._last_tick = clock._start_tick = clock._duration_ts0 = self.seconds
        motionevent.time = self


def open_window(panel: PanelSize = PANEL) -> Any:
    """The one window of this process, in the size of `panel`."""
    prepare_window(panel)
    from kivy.core.window import Window

    if tuple(Window.size) != (panel.width_px, panel.height_px):
        Window.size = (panel.width_px, panel.height_px)
    return Window


class Hands:
    """Touches, types and looks. A context manager: the app is taken off the window at the end."""

    def __init__(self, app: KioskApp, *, panel: PanelSize = PANEL,
                 idle: Callable[[], bool] = lambda: True,
                 time: VirtualTime | None = None) -> None:
        """`idle`: no worker has anything to do; only then does waiting let virtual time pass."""
        self.app, self.idle = app, idle
        self.time = time or VirtualTime()
        self.window = open_window(panel)
        self.time.install()
        app._run_prepare()
        self.frame()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        from kivy.clock import Clock

        Clock.unschedule(self.app._frame)
        self.window.remove_widget(self.app.stage)
        self.window.unbind(size=self.app._on_size)

    # Time.

    def frame(self, seconds: float = FRAME) -> None:
        """One frame, without drawing it."""
        from kivy.base import EventLoop
        from kivy.clock import Clock
        from kivy.lang import Builder

        self.time.pass_by(seconds)
        Clock.tick()
        EventLoop.dispatch_input()
        Builder.sync()
        Clock.tick_draw()
        Builder.sync()

    def wait(self, seconds: float) -> None:
        """Let virtual time pass, frame by frame."""
        end = self.time.seconds + seconds
        while self.time.seconds < end - 1e-9:
            self.frame(min(FRAME, end - self.time.seconds))

    def wait_until(self, condition: Callable[[], bool], what: str, *,
                   patience: float = PATIENCE) -> None:
        """Frames until the condition holds; AssertionError after `patience` real seconds."""
        end = real_time.monotonic() + patience
        while not condition():
            if real_time.monotonic() > end:
                raise AssertionError(f"{what}: not within {patience:.0f} s; on {self.step}: "
                                     f"{sorted(self.widgets())}")
            if self.idle():
                self.frame()
                # Threads on real time (the sync, a hub's answer) need their turn as well.
                real_time.sleep(0.002)
            else:  # a worker is on a real wire: real time must pass, virtual time must not
                real_time.sleep(0.002)
                self.frame(0.0)

    def wait_for(self, step: str, *, patience: float = PATIENCE) -> None:
        """Until this screen is shown."""
        self.wait_until(lambda: self.step == step, f"screen {step}", patience=patience)

    def wait_to_see(self, sid: str, *, patience: float = PATIENCE) -> None:
        """Until there is something with this semantic id, in view or a scroll away."""
        self.wait_until(lambda: self.see(sid), f"widget {sid}", patience=patience)

    # Eyes.

    @property
    def step(self) -> str:
        screen = self.app.stage.screen
        return screen.step.value if screen is not None else ""

    def widgets(self) -> dict[str, list[int]]:
        """sid → [x, y, w, h] in window pixels from the top left."""
        seen = self.app.where()["widgets"]
        assert isinstance(seen, dict)
        return seen

    def see(self, sid: str) -> bool:
        where = self.app.where()
        widgets, beyond = where["widgets"], where["beyond"]
        assert isinstance(widgets, dict)
        assert isinstance(beyond, dict)
        return sid in widgets or sid in beyond

    def text(self, sid: str) -> str:
        """The words of a widget, with those of its parts."""
        widget = self.app.find(sid)
        assert widget is not None, f"no {sid} on {self.step}"
        parts = widget.walk(restrict=True)  # else Kivy goes on with what stands beside it
        words = [str(part.text) for part in parts if getattr(part, "text", "")]
        return " ".join(words)

    def picture(self, path: Path) -> Path:
        """Draw the screen as it is now into a PNG."""
        from kivy.graphics.opengl import GL_RGBA, GL_UNSIGNED_BYTE, glReadPixels
        from PIL import Image

        self.frame(0.0)
        width, height = self.window.size
        self.window.dispatch("on_draw")
        pixels = glReadPixels(0, 0, width, height, GL_RGBA, GL_UNSIGNED_BYTE)
        self.window.flip()
        image = Image.frombytes("RGBA", (int(width), int(height)), pixels)
        path.parent.mkdir(parents=True, exist_ok=True)
        image.transpose(Image.Transpose.FLIP_TOP_BOTTOM).convert("RGB").save(path)
        return path

    # Fingers.

    def touch(self, x: float, y: float) -> "Finger":
        """Put a finger down, window pixels from the top left."""
        return Finger(self, x, y)

    def tap(self, sid: str) -> None:
        """Scroll it into view when needed, put a finger on its middle, lift it."""
        if sid not in self.widgets():
            self.reveal(sid)
        assert sid in self.widgets(), f"no {sid} on {self.step}: {sorted(self.widgets())}"
        x, y, width, height = self.widgets()[sid]
        finger = self.touch(x + width / 2, y + height / 2)
        self.frame()
        finger.lift()
        self.frame()

    def reveal(self, sid: str) -> None:
        """Drag the column until the widget is in view, as a person would."""
        for _ in range(40):
            where = self.app.where()
            beyond, within = where["beyond"], where["within"]
            assert isinstance(beyond, dict)
            assert isinstance(within, dict)
            if sid not in beyond:
                return
            x, y, width, height = within[sid]
            _, top, _, high = beyond[sid]
            way = (y + height / 2) - (top + high / 2)
            way = max(-height * 0.4, min(height * 0.4, way))
            start = y + height / 2 - way / 2
            finger = self.touch(x + width * 0.5, start)
            for part in range(1, 7):
                finger.move(x + width * 0.5, start + way * part / 6)
                self.frame()
            self.wait(0.2)
            finger.lift()
            self.frame()

    def type_text(self, text: str) -> None:
        """Tap the keys of the on-screen keyboard: "key.a" … "key.space"."""
        for character in text:
            self.tap("key.space" if character == " " else f"key.{character}")


class Finger:
    """One finger on the glass."""

    _next = 1

    def __init__(self, hands: Hands, x: float, y: float) -> None:
        from kivy.input.providers.mouse import MouseMotionEvent

        self._hands = hands
        Finger._next += 1
        self._touch = MouseMotionEvent("test", f"finger{Finger._next}",
                                       [*self._place(x, y), "left"],
                                       is_touch=True, type_id="touch")
        self._touch.scale_for_screen(*hands.window.system_size)
        self._post("begin")

    def _place(self, x: float, y: float) -> list[float]:
        width, height = self._hands.window.size
        return [x / width, 1 - y / height]

    def _post(self, kind: str) -> None:
        from kivy.base import EventLoop

        EventLoop.post_dispatch_input(kind, self._touch)

    def move(self, x: float, y: float) -> None:
        self._touch.move(self._place(x, y))
        self._post("update")

    def lift(self) -> None:
        self._touch.update_time_end()
        self._post("end")
