"""The form, page by page."""

from collections.abc import Callable

from kiosk.fault_views import Sentences
from kiosk.rooms import Rooms
from kiosk.steps import Step
from kiosk.views import FormView
from kiosk.visit.core import VisitCore


class Filling(VisitCore):
    def __init__(self, rooms: Rooms, over: Callable[[], None]) -> None:
        super().__init__(rooms, over)
        self._editing = False
        """The page was opened from the review; next leads back there."""

    @property
    def form(self) -> FormView:
        return self._app.form_view(self._page, self.words, Sentences(self.words))

    @property
    def entered_anything(self) -> bool:
        """Quitting now would throw something away."""
        return self._application is not None and self._application.touched

    def set_answer(self, field_id: str, value: str) -> None:
        self._need(Step.FORM)
        if self._app.set_answer(field_id, value):
            self._changed()

    def leave_field(self, field_id: str) -> None:
        self._need(Step.FORM)
        self._app.leave_field(field_id)
        self._changed()

    def _next_page(self) -> None:
        if not self._app.check_page(self._page, self.language):
            self._changed()
        elif self._editing and self._app.strokes:
            self._go(Step.REVIEW)
        elif self._page + 1 < self._app.page_count():
            self._page += 1
            self._go(Step.FORM)
        elif (lacking := self._lacking_page()) is not None:
            self._page = lacking
            self._go(Step.FORM)
        else:
            self._go(Step.MATERIAL if self._app.pages else Step.SIGN)

    def _lacking_page(self) -> int | None:
        """The first page that is not complete: an answer on a later page, or another paper laid
        down, may have opened a question behind us."""
        pages = range(self._app.page_count())
        return next((i for i in pages if not self._app.check_page(i, self.language)), None)
