"""A KioskApp on a standing SampleVisitB, and hands at it: what the screen tests share."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from kiosk.steps import Step
from kiosk.views import Looks
from tests.harness import PANEL, Hands, KioskApp, PanelSize
from tests.screens.samples_b import SampleVisitB


@contextmanager
def at(
    step: Step,
    *,
    language: str = "en",
    looks: Looks | None = None,
    panel: PanelSize = PANEL,
    **values: Any,
) -> Iterator[tuple[Hands, SampleVisitB]]:
    """Hands in front of this step; `values` are set on the visit before it is shown."""
    assert os.environ.get("YIMEN_FONTS"), "no screen fonts: see screens/fonts.py"
    visit = SampleVisitB(step, language, looks)
    for name, value in values.items():
        setattr(visit, name, value)
    app = KioskApp(lambda: cast(Any, visit), lambda: None, panel, lambda: None)
    with Hands(app, panel=panel) as hands:
        hands.wait(0.3)
        yield hands, visit


def calls(visit: SampleVisitB, name: str) -> list[tuple[Any, ...]]:
    """What the screen asked of the visit under this name."""
    return [call[1:] for call in visit.calls if call[0] == name]


def words_of(hands: Hands, sid: str) -> str:
    """The words of a widget and of what is inside it, nothing from around it."""
    widget = hands.app.find(sid)
    assert widget is not None, f"no {sid}: {sorted(hands.widgets())}"
    parts = widget.walk(restrict=True)
    return " ".join(str(part.text) for part in parts if getattr(part, "text", ""))
