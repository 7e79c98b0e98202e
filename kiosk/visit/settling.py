"""Settings at the kiosk: a technician changes what this kiosk's own file says."""

from collections.abc import Callable
from typing import Any

from kiosk.config import ConfigError, in_force, put
from kiosk.contract.settings import InForce, SettingError
from kiosk.rooms import Rooms
from kiosk.settings_page import SettingsView, setting_rows
from kiosk.shifts import StaffFault
from kiosk.steps import Step
from kiosk.visit.staffing import Staffing


class Settling(Staffing):
    def __init__(self, rooms: Rooms, over: Callable[[], None]) -> None:
        super().__init__(rooms, over)
        self._held: InForce | None = None

    def open_staff_settings(self) -> None:
        """Show the settings; technicians only."""
        self._need(Step.STAFF_HOME)
        file = self._rooms.config_file
        if file is None or self._token.role != "technician":
            return

        def shown(held: InForce) -> None:
            self._held = held
            self._acted("")
            self._go(Step.STAFF_SETTINGS)

        self._act("store", lambda: in_force(file), shown)

    @property
    def staff_settings(self) -> SettingsView:
        assert self._held is not None
        fault = self._staff_fault
        return SettingsView(
            rows=setting_rows(self.words, self._held),
            said=self._staff_said,
            fault=None if fault is None else self._view(fault, ()),
            busy=self._staff_busy,
        )

    def staff_set(self, name: str, value: Any) -> None:
        """Write it to the kiosk's file; None: take it out. It holds after this visit."""
        self._need(Step.STAFF_SETTINGS)
        token, rooms, door, file = self._token, self._rooms, self._door, self._rooms.config_file
        assert file is not None

        def work() -> InForce:
            try:
                put(file, name, value)
                held = in_force(file)
            except (OSError, ConfigError, SettingError) as error:
                raise StaffFault("staff.setting_not_kept") from error
            door.did(token, "shift.setting", option=name)
            return held

        def done(held: InForce) -> None:
            self._held = held
            rooms.hub.settings_came.set()
            self._acted(self.words("Kept. It holds as soon as you have signed out."))

        self._act("store", work, done)
