"""What all stretches of a visit share: where it stands, who is here, and how it moves on."""

import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from kiosk import guide
from kiosk.application import Application
from kiosk.contract.messages import Consent
from kiosk.fault_views import fault_view
from kiosk.person import Person
from kiosk.rooms import Rooms
from kiosk.steps import Step
from kiosk.views import FaultView, Looks
from kiosk.words import LANGUAGES, Words


class WrongStep(Exception):
    """An action that the present step does not offer: a fault of the screens, not of people."""


class VisitCore(ABC):
    """State and moves that the stretches of a visit build on; see kiosk.visit for the whole."""

    def __init__(self, rooms: Rooms, over: Callable[[], None]) -> None:
        """`over` is called once, when nothing of this visit may be left (decision 4)."""
        self._rooms = rooms
        self._over = over
        self.on_change: Callable[[], None] = lambda: None
        self.id = uuid.uuid4().hex
        self.step = Step.ATTRACT
        self.words = Words(LANGUAGES[0])
        self.looks = Looks()
        self._since = rooms.clock.monotonic()
        self._last_touch = self._since
        self._step_fault: str | None = None
        self._purpose = "apply"
        self._service: dict[str, Any] | None = None
        self._consent: Consent | None = None
        self._person: Person | None = None
        self._application: Application | None = None
        self._page = 0

    @property
    def language(self) -> str:
        return self.words.language

    @property
    def place_name(self) -> str:
        return self.words.pick(self._rooms.config.place.name)

    @property
    def fault(self) -> FaultView | None:
        """What is wrong with the whole step, if anything."""
        return None if self._step_fault is None else self._view(self._step_fault)

    # ---- moves

    def _go(self, step: Step) -> None:
        self.step = step
        self._step_fault = None
        self._since = self._now()
        self._last_touch = max(self._last_touch, self._since)
        self._entered(step)
        self._changed()

    @abstractmethod
    def quit(self) -> None:
        """Say goodbye."""

    @abstractmethod
    def _entered(self, step: Step) -> None:
        """What has to begin when a step begins."""

    @abstractmethod
    def _forget_person(self) -> None:
        """Nothing of who was here is left."""

    def _changed(self) -> None:
        self.on_change()

    def _fail_step(self, code: str) -> None:
        self._step_fault = code
        self._changed()

    def _need(self, *steps: Step) -> None:
        if self.step not in steps:
            raise WrongStep(f"{self.step}, not {' or '.join(steps)}")

    def _open_application(self, person: Person) -> None:
        assert self._service is not None
        self._application = Application(self._service, person)
        self._page = 0
        self._go(Step.FORM)

    # ---- shared looks at the rooms

    @property
    def _app(self) -> Application:
        if self._application is None:
            raise WrongStep(f"{self.step} without an application")
        return self._application

    def _now(self) -> float:
        return self._rooms.clock.monotonic()

    def _view(self, code: str, actions: tuple[str, ...] = ("retry", "help")) -> FaultView:
        return fault_view(code, self.words, actions)

    def _missing(self, service: dict[str, Any]) -> tuple[str, ...]:
        """Fault codes of what keeps a service from working here and now."""
        devices = self._rooms.config.devices
        return guide.missing_needs(
            service,
            {
                "identity": bool(devices.id_card or devices.smartcard),
                "camera": bool(devices.camera),
                "line": self._rooms.hub.sync.last_fault is None,
            },
        )
