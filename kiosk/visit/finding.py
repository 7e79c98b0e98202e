"""The first stretch: language, groups, search, the guide of a service."""

from collections.abc import Callable
from typing import Any

from kiosk import guide
from kiosk.rooms import Rooms
from kiosk.steps import Step
from kiosk.views import GroupView, ServiceRow, ServiceView
from kiosk.visit.core import VisitCore
from kiosk.words import Words
from offline_store.errors import StoreError

_POPULAR = 4


class Finding(VisitCore):
    def __init__(self, rooms: Rooms, over: Callable[[], None]) -> None:
        super().__init__(rooms, over)
        self._origin = Step.HOME
        """The list a service was opened from; back leads there."""
        self._group: dict[str, Any] | None = None
        """As it was when it was opened: the catalog may be replaced meanwhile."""

    def start(self) -> None:
        self._need(Step.ATTRACT)
        self._go(Step.LANGUAGE)

    def choose_language(self, language: str) -> None:
        self._need(Step.LANGUAGE)
        self.words = Words(language)
        self._go(Step.HOME)

    @property
    def groups(self) -> tuple[GroupView, ...]:
        return tuple(self._group_view(group) for group in self._rooms.store.catalog.groups())

    @property
    def popular(self) -> tuple[ServiceRow, ...]:
        return self._rows(self._rooms.store.catalog.popular(_POPULAR))

    @property
    def group(self) -> GroupView:
        assert self._group is not None
        return self._group_view(self._group)

    @property
    def services(self) -> tuple[ServiceRow, ...]:
        return self._rows(self._rooms.store.catalog.services_in(self.group.id))

    def search(self, text: str) -> tuple[ServiceRow, ...]:
        return self._rows(self._rooms.store.catalog.search(text))

    def open_group(self, group_id: str) -> None:
        self._need(Step.HOME)
        groups = self._rooms.store.catalog.groups()
        self._group = next((group for group in groups if group["id"] == group_id), None)
        if self._group is None:  # gone with the catalog that was replaced just now
            self._changed()
        else:
            self._go(Step.GROUP)

    def open_search(self) -> None:
        self._need(Step.HOME, Step.GROUP)
        self._go(Step.SEARCH)

    def open_service(self, code: str) -> None:
        self._need(Step.HOME, Step.SEARCH, Step.GROUP)
        try:
            service = self._rooms.store.catalog.service(code)
        except StoreError:  # gone with the catalog that was replaced just now
            self._fail_step("service.unavailable")
            return
        if self._application is not None and self._application.service["code"] != code:
            self._application = None
        self._service = service
        self._origin = self.step
        self._go(Step.SERVICE)

    @property
    def service(self) -> ServiceView:
        assert self._service is not None
        return guide.service_view(self._service, self.words, self._missing(self._service))

    def begin(self) -> None:
        """Start applying; nothing happens while something it needs is missing."""
        self._need(Step.SERVICE)
        assert self._service is not None
        if not self._missing(self._service):
            self._purpose = "apply"
            self._go(Step.FORM if self._application is not None else Step.CONSENT)

    def _group_view(self, group: dict[str, Any]) -> GroupView:
        pick = self.words.pick
        return GroupView(
            group["id"], pick(group["name"]), pick(group["hint"]), group["icon"], group["colour"]
        )

    def _rows(self, summaries: list[dict[str, Any]]) -> tuple[ServiceRow, ...]:
        return tuple(
            guide.service_row(summary, self.words, works=not self._missing(summary))
            for summary in summaries
        )
