"""The real app with a sample visit that can be put on any step, in any language and look."""

from types import TracebackType
from typing import Any, Self, cast

from kiosk.views import Looks
from tests.harness import PANEL, Hands, KioskApp, PanelSize
from tests.screens.drawing import NOON
from tests.screens.pictures import variants
from tests.screens.samples import SampleVisit


class Desk:
    def __init__(self, panel: PanelSize = PANEL) -> None:
        self.visit = SampleVisit()
        self.app = KioskApp(lambda: cast(Any, self.visit), lambda: None, panel,
                            lambda: None, now=lambda: NOON)
        self.hands = Hands(self.app, panel=panel)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.hands.close()

    def show(self, name: str, language: str = "zh", looks: Looks | None = None) -> SampleVisit:
        """Put a fresh visit on the variant `name` of `pictures.variants`; returns it."""
        self.visit = visit = SampleVisit(language=language, looks=looks)
        self.app.visit = cast(Any, visit)
        visit.on_change = self.app._note_change
        for attribute, value in variants(visit)[name].items():
            setattr(visit, attribute, value)
        self.app._sheet = ""
        self.app._renew()
        self.app.show()
        self.hands.frame()
        return visit
