"""A person at the kiosk, from outside: real pointer events, and eyes that see pixels.

What stands where is asked over the kiosk's local socket (`where`: semantic ids and rectangles, no
texts); everything else goes through the X server, as a finger and an eye would.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.local_socket import ask
from provisioning.display import Hand
from provisioning.processes import NotReady

PATIENCE = 30.0
"""Seconds a condition may take before the tour gives up."""
_SETTLE = 0.25
"""A slide or press feedback is over after this (motion ≤ 200 ms, screens.md)."""


class Outside:
    def __init__(self, socket: Path, hand: Hand) -> None:
        self._socket = socket
        self._hand = hand

    def where(self) -> dict[str, Any]:
        """The present screen; {} while the app replaces itself."""
        try:
            answer = ask(self._socket, "where")
        except (OSError, ValueError):
            return {}
        return answer if answer.get("ok") else {}

    @property
    def screen(self) -> str:
        return str(self.where().get("screen", ""))

    def sees(self, sid: str) -> bool:
        seen = self.where()
        return sid in seen.get("widgets", {}) or sid in seen.get("beyond", {})

    def wait(self, condition: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
        limit = time.monotonic() + patience
        while not condition():
            if time.monotonic() > limit:
                seen = self.where()
                raise NotReady(
                    f"the tour waited for {what} in vain; on {seen.get('screen')} with "
                    f"{', '.join(sorted(seen.get('widgets', {})))}"
                )
            time.sleep(0.03)

    def wait_for(self, *screens: str, patience: float = PATIENCE) -> str:
        """Until one of these screens stands still; which one."""
        self.wait(lambda: self.screen in screens, " or ".join(screens), patience)
        time.sleep(_SETTLE)
        return self.screen

    def tap(self, sid: str) -> None:
        """Bring the widget into view when it is not, and press its middle."""
        self.wait(lambda: self.sees(sid), sid)
        self.bring_into_view(sid)
        x, y, width, height = self.where()["widgets"][sid]
        self._hand.tap(x + width / 2, y + height / 2)
        time.sleep(0.12)

    def bring_into_view(self, sid: str) -> None:
        """Drag the column up or down, as a finger would."""
        for _ in range(30):
            seen = self.where()
            if sid in seen.get("widgets", {}):
                return
            if sid not in seen.get("beyond", {}):
                raise NotReady(f"the tour cannot reach {sid} on {seen.get('screen')}")
            target = seen["beyond"][sid]
            x, y, width, height = seen["within"][sid]
            centre = y + height / 2
            way = centre - (target[1] + target[3] / 2)
            way = max(-height * 0.4, min(height * 0.4, way))
            start = centre - way / 2
            edge = x + width * 0.985
            points = [(edge, start + way * part / 12) for part in range(13)]
            self._hand.stroke([*points, points[-1], points[-1]], pace=0.02)
            time.sleep(0.3)
        raise NotReady(f"the tour could not bring {sid} into view")

    def write(self, text: str) -> None:
        """Tap the keys of the on-screen keyboard."""
        for character in text:
            self.tap("key.space" if character == " " else f"key.{character}")

    def draw(self, sid: str, strokes: list[list[tuple[float, float]]]) -> None:
        """Draw pen strokes on a widget; points in 0…1 of its width and height."""
        self.wait(lambda: self.sees(sid), sid)
        self.bring_into_view(sid)
        x, y, width, height = self.where()["widgets"][sid]
        for stroke in strokes:
            self._hand.stroke([(x + width * a, y + height * b) for a, b in stroke])
            time.sleep(0.08)

    def picture(self, path: Path) -> None:
        self._hand.picture(path)

