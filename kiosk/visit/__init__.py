"""A visit: one person at one kiosk, from first touch to wiped. An explicit state machine.

Everything here runs on the UI thread and nothing blocks: device, store and hub work goes to the
workers' lanes, and what comes back changes the visit and calls `on_change`. Each stretch of a
visit has its file (finding, identifying, filling, papers, handing_in, returning); this one holds
the order of the steps, the time, and what is forgotten when.
"""

import math
from collections.abc import Callable

from devices.code_readers.events import CodeEvent
from kiosk.application import scanned_materials
from kiosk.rooms import Rooms
from kiosk.steps import Step
from kiosk.views import HelpView, Looks, Progress
from kiosk.visit.core import WrongStep
from kiosk.visit.idling import Idling
from kiosk.visit.staffing import STAFF_STEPS
from kiosk.words import Words

__all__ = ["Visit", "WrongStep"]

_NO_WAY_HOME = (Step.ATTRACT, Step.LANGUAGE, Step.DRAFT, Step.SENDING, Step.DONE, Step.GOODBYE,
                Step.OUT_OF_ORDER, *STAFF_STEPS)
"""Before a language there is no home; after the commit the visit ends by saying goodbye."""

_BACK = {
    Step.LANGUAGE: Step.ATTRACT,
    Step.SEARCH: Step.HOME,
    Step.GROUP: Step.HOME,
    Step.CHECK: Step.SERVICE,
    Step.SHEET: Step.SERVICE,
    Step.MATERIAL: Step.FORM,
    Step.SCAN: Step.MATERIAL,
    Step.PRINTED_LINES: Step.IDENTIFY,
    Step.REVIEW: Step.SIGN,
    Step.STATUS: Step.HOME,
    Step.RESUME: Step.HOME,
    Step.STAFF_SETTINGS: Step.STAFF_HOME,
}


class Visit(Idling):
    """The whole visit. Screens read the properties and call the actions; nothing else."""

    def __init__(self, rooms: Rooms, over: Callable[[], None]) -> None:
        super().__init__(rooms, over)
        if self._is_closed:
            self.step = Step.OUT_OF_ORDER

    # ---- always there

    @property
    def progress(self) -> Progress | None:
        if self._service is None or self._purpose != "apply":
            return None
        steps = [Step.CONSENT, Step.IDENTIFY, Step.FORM]
        if scanned_materials(self._service):
            steps.append(Step.MATERIAL)
        steps += [Step.SIGN, Step.REVIEW]
        scan = Step.FORM if self._fills_form else Step.MATERIAL
        stands_for = {Step.SCAN: scan, Step.PRINTED_LINES: Step.IDENTIFY}
        step = stands_for.get(self.step, self.step)
        if step not in steps:
            return None
        name = self.words.pick(self._service["name"])
        return Progress(steps.index(step) + 1, len(steps), name)

    @property
    def entered_anything(self) -> bool:
        """Quitting now would throw something away."""
        typed = self.step is Step.PRINTED_LINES and self.printed_lines.started
        return typed or super().entered_anything

    @property
    def help(self) -> HelpView:
        place = self._rooms.config.place
        return HelpView(
            place=self.words.pick(place.hall),
            address=self.words.pick(place.address),
            phone=place.phone,
            lines=(
                self.words("A member of staff is happy to help you."),
                self.words("Nothing you entered is lost while you ask."),
            ),
        )

    def code_event(self, event: CodeEvent) -> None:
        """What the code reader said."""
        self._note_code_reader(event)
        super().code_event(event)

    def set_language(self, language: str) -> None:
        """Another language on any step; nothing is lost. What was signed was shown in another
        language, so it is signed again."""
        if language != self.language and self._application is not None:
            self._application.sign((), ())
            if self.step is Step.REVIEW:
                self.step = Step.SIGN
                self._entered(Step.SIGN)
        self.words = Words(language)
        if self.step is Step.SHEET:
            self._draw_sheet()
        self._changed()

    def set_looks(self, looks: Looks) -> None:
        self.looks = looks
        self._changed()

    # ---- ways on

    def next(self) -> None:
        """On to the next page or step; a sentence says what is missing."""
        self._need(Step.FORM, Step.MATERIAL, Step.SIGN)
        if self.step is Step.FORM:
            self._next_page()
        elif self.step is Step.MATERIAL:
            self._next_material()
        else:
            self._next_signed()

    @property
    def can_go_back(self) -> bool:
        return self._back_step() is not None

    def back(self) -> None:
        step = self._back_step()
        if step is None or (self.step is Step.CHECK and self._back_in_checks()):
            return
        if self.step is Step.PRINTED_LINES:
            self._close_line_reading()  # the readers stay open: another card may come
        elif self.step is not Step.STAFF_SETTINGS:
            self._close_parts()
        if self.step is Step.FORM and step is Step.FORM:
            self._page -= 1
        elif step is Step.FORM and self.step not in (Step.SCAN, Step.DRAFT):
            self._page = self._app.page_count() - 1
        self._go(step)

    def home(self) -> None:
        """Back to the choice of services; an application not handed in is dropped."""
        if self.step in _NO_WAY_HOME:
            raise WrongStep(f"no way home from {self.step}")
        home = Step.OUT_OF_ORDER if self._at_closed_door else Step.HOME
        self._close_parts()
        self._application = None
        self._go(home)

    def retry(self) -> None:
        """The way on that every fault offers."""
        self._step_fault = None
        if self.step is Step.RESUME:
            self._search_again()
        elif self.step is Step.IDENTIFY and self._identification is not None:
            self._identification.retry()
        elif self.step is Step.PRINTED_LINES:
            self._retry_lines()
        elif self.step is Step.SCAN:
            self.retake()
        elif self.step is Step.SENDING and self._sending is not None and not self._sending.busy:
            self._go(Step.REVIEW)
        elif self.step in (Step.SIGN, Step.STATUS, Step.CASE):
            self._entered(self.step)
        elif self.step in (Step.SERVICE, Step.SHEET):
            self._advice_again()
        self._changed()

    def finish(self) -> None:
        self._need(Step.DONE, Step.STATUS, Step.CASE, *self._taken_steps())
        self.quit()

    def quit(self) -> None:
        """Throw away what was entered and say goodbye. What was committed stays committed."""
        if self.step is Step.GOODBYE or (self._sending is not None and self._sending.busy):
            return
        if self._keeping:
            return
        self._close_parts()
        self._forget_person()
        self._go(Step.GOODBYE)

    def close(self) -> None:
        """The process ends: let go of readers and camera, forget the person."""
        self._close_parts()
        self._forget_person()

    # ---- time

    def tick(self) -> None:
        """Time passes; called once a frame."""
        now = self._now()
        if self.step is Step.GOODBYE:
            if now - self._since >= self._rooms.timings.goodbye:
                self._since = math.inf
                self._over()
            return
        self._tick_closed(now)
        self._tick_identification()
        if self.step is Step.SCAN:
            self._tick_scan()
        self._tick_paper()
        self._tick_staff()
        if self._sending is not None and self.step is Step.SENDING:
            self._sending.tick()
            if self._sending.finished:
                self._forget_person()
                self._go(Step.DONE)
        self._tick_idle(now)

    # ---- inside

    def _entered(self, step: Step) -> None:
        self._enter_advice(step)
        if step is Step.SIGN:
            self._check_paper()
        elif step is Step.REVIEW:
            self._editing = False
        elif step is Step.STATUS:
            self._ask_status()
        elif step is Step.CASE:
            self._ask_cases()

    def _back_step(self) -> Step | None:
        if self.step is Step.FORM:
            return Step.FORM if self._page > 0 else Step.SERVICE
        if self.step is Step.SCAN and self._fills_form:
            return Step.FORM
        if self.step in (Step.DRAFT, Step.CONSENT):
            return self._back_from_draft()
        if self.step is Step.SERVICE:
            return self._origin
        if self.step is Step.SIGN:
            return Step.MATERIAL if self._app.pages else Step.FORM
        if self.step is Step.IDENTIFY:
            if self._purpose == "apply":
                return Step.CONSENT
            if self._at_closed_door:
                return Step.OUT_OF_ORDER
            return Step.STATUS if self._status_code else Step.HOME
        return _BACK.get(self.step)

    def _close_parts(self) -> None:
        """Let go of readers and camera."""
        self._close_identification()
        self._close_scanning()
        self._close_staff()

    def _forget_person(self) -> None:
        self._rooms.printing.visit_over(self.id)
        self._hush()
        self._application = None
        self._consent = None
        self._person = None
        self._cases, self._owed = (), set()
        self._forget_staff()
        self._forget_reading()
        self._check, self._check_failed = 0, False
        self._forget_drafts()
        self.idle_left = None
