"""Staff at the kiosk: a page that says how it stands, and what can be done. A visit of its own,
which ends like every visit: the process starts afresh.
"""

import math
from collections.abc import Callable
from typing import TypeVar

from devices.code_readers.events import CodeEvent, CodeReaderState
from kiosk.condition import Condition
from kiosk.contract.staff import ShiftToken
from kiosk.fault_views import fault_view
from kiosk.printing import PrintJob
from kiosk.rooms import Rooms
from kiosk.shelf import escalate, export, export_folder, stuck
from kiosk.staff_page import part_rows, shelf_rows
from kiosk.staff_paper import slip_layout
from kiosk.staff_views import StaffHomeView
from kiosk.steps import Step
from kiosk.store_page import store_row
from kiosk.visit.signing_in import SigningIn

T = TypeVar("T")

STAFF_STEPS = (Step.STAFF_SIGN_IN, Step.STAFF_HOME, Step.STAFF_SETTINGS)


class Staffing(SigningIn):
    def __init__(self, rooms: Rooms, over: Callable[[], None]) -> None:
        super().__init__(rooms, over)
        self._staff_said = ""
        self._staff_busy = False
        self._condition: Condition | None = None
        self._code_reader_works: bool | None = None
        self._clock_noted = -math.inf

    def _enter_staff_home(self) -> None:
        self._condition = Condition(self._rooms, self._changed)
        self._go(Step.STAFF_HOME)

    # ---- the page

    @property
    def staff_home(self) -> StaffHomeView:
        token, rooms, words = self._token, self._rooms, self.words
        assert self._condition is not None
        known, now = self._condition.known, rooms.clock.now()
        fault = self._staff_fault
        return StaffHomeView(
            name=token.name,
            role=words("Technician") if token.role == "technician" else words("Hall assistant"),
            until=f"{token.expires.astimezone():%H:%M}",
            online=self._signed_in is not None and self._signed_in.online,
            parts=(
                *part_rows(words, rooms.config.devices, known, self._code_reader_works,
                           rooms.hub.last_contact, rooms.hub.catalog.state, now),
                store_row(words, rooms.store_state()),
            ),
            shelf=shelf_rows(words, stuck(known.waiting or (), known.shelf, now), now),
            said=self._staff_said,
            fault=None if fault is None else fault_view(fault, words, ()),
            busy=self._staff_busy,
            may_restart=token.role == "technician",
            may_set=token.role == "technician" and rooms.config_file is not None,
            has_printer=bool(rooms.config.devices.printer),
            may_take_mat=bool(known.camera) and rooms.desk_mat is not None,
        )

    def staff_retry(self, submission_id: str) -> None:
        """From the shelf back to the queue; the hub is asked again at once."""
        token, rooms, door = self._token, self._rooms, self._door

        def work() -> None:
            rooms.store.outbox.retried(submission_id)
            door.did(token, "shift.retried", submission=submission_id)
            rooms.hub.sync.wake()

        def done(_: None) -> None:
            self._acted(self.words("It is being sent again."))
            if self._condition is not None:
                self._condition.look_at_outbox()

        self._act("store", work, done)

    def staff_export(self, submission_id: str) -> None:
        """Save it sealed to a USB stick (or the configured folder); it stays here as well."""
        token, rooms, door = self._token, self._rooms, self._door

        def work() -> str:
            folder = export_folder(rooms.config.hub.export)
            name = export(rooms.store.outbox, submission_id, folder)
            door.did(token, "shift.exported", submission=submission_id)
            return name

        self._act("store", work, lambda name: self._acted(
            self.words("Saved as {name}. Take the stick to the operator.", name=name)
        ))

    def staff_escalate(self, submission_id: str) -> None:
        """Ask the operator to see to it."""
        token, rooms, door = self._token, self._rooms, self._door

        def work() -> int:
            number = escalate(rooms.hub.line, rooms.store.outbox, submission_id, token.staff_id)
            door.did(token, "shift.escalated", submission=submission_id)
            return number

        self._act("hub", work, lambda number: self._acted(
            self.words("Reported. The operator's number is {number}.", number=str(number))
        ))

    def staff_test_print(self) -> None:
        """A slip that shows whether the printer writes."""
        token, rooms, door = self._token, self._rooms, self._door
        layout = slip_layout(self.words, self.place_name, rooms.clock.now())
        job, visit_id = PrintJob(self.id, "staff test", layout), self.id

        def work() -> None:
            rooms.printing.print(job, visit_id)
            door.did(token, "shift.test_print")

        self._act("printer", work, lambda _: self._acted(self.words("The test slip is printed.")))

    def staff_take_mat(self) -> None:
        """Learn how the desk looks with nothing on it."""
        token, door, condition = self._token, self._door, self._condition
        assert condition is not None

        def work() -> None:
            condition.take_mat()
            door.did(token, "shift.mat_taken")

        def done(_: None) -> None:
            self._acted(self.words("The empty mat is taken."))
            condition.look_at_mat()

        self._act("vision", work, done)

    def staff_end_shift(self) -> None:
        """This kiosk opens no more without the hub for whoever is signed in; they leave."""
        token, door = self._token, self._door
        self._act("hub", lambda: door.end_shift(token), lambda _: self._leave_staff())

    def staff_restart(self) -> None:
        """Start the app afresh now; technicians only."""
        token, door = self._token, self._door
        if token.role == "technician":
            self._act("store", lambda: door.did(token, "shift.restarted"),
                     lambda _: self._restart())

    @property
    def _token(self) -> ShiftToken:
        self._need(Step.STAFF_HOME, Step.STAFF_SETTINGS)
        assert self._signed_in is not None
        return self._signed_in.token

    def _act(self, lane: str, work: Callable[[], T], done: Callable[[T], None]) -> None:
        if self._staff_busy:
            return
        self._staff_busy, self._staff_fault, self._staff_said = True, None, ""
        self._rooms.workers.submit(lane, work, done, self._not_acted)
        self._changed()

    def _acted(self, said: str) -> None:
        self._staff_busy, self._staff_said = False, said
        self._changed()

    def _not_acted(self, error: Exception) -> None:
        self._staff_busy = False
        self._staff_fault = str(getattr(error, "code", "unexpected"))
        self._changed()

    def _leave_staff(self) -> None:
        self._staff_busy, self._signed_in = False, None  # ended, so not merely left
        if self.step is Step.STAFF_HOME:
            self.quit()

    def _restart(self) -> None:
        self._staff_busy, self._signed_in = False, None
        if self.step is Step.STAFF_HOME:
            self.quit()
            self._since = -math.inf  # no farewell: the app is what they want to see

    # ---- time, and what is forgotten

    def _note_code_reader(self, event: CodeEvent) -> None:
        """The code reader comes and goes; what it reads is none of the staff's."""
        if isinstance(event, CodeReaderState):
            self._code_reader_works = event.present
            if self.step is Step.STAFF_HOME:
                self._changed()

    def _tick_staff(self) -> None:
        now = self._now()
        if now - self._clock_noted >= self._rooms.timings.staff_clock:
            self._clock_noted = now
            if self._shifts.any_held:
                self._rooms.workers.submit(
                    "store", self._shifts.note_time, lambda _: None, lambda _: None
                )
        if self._condition is not None:
            self._condition.tick()
        if self._signed_in is not None and (
            self._rooms.clock.now() >= self._signed_in.token.expires
        ):
            self.quit()

    def _close_staff(self) -> None:
        if self._condition is not None:
            self._condition.close()
            self._condition = None

    def _forget_staff(self) -> None:
        if self._signed_in is not None:
            token, door = self._signed_in.token, self._door
            self._rooms.workers.submit(
                "store", lambda: door.sign_out(token), lambda _: None, lambda _: None
            )
        self._signed_in = self._staff_card = None
        self._staff_code = self._staff_pin = self._staff_said = ""
        self._staff_fault = None
