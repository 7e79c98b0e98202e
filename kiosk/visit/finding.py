"""The first stretch: language, doors, groups, search, and the service that is opened."""

from collections.abc import Callable
from typing import Any

from kiosk import guide
from kiosk.contract.catalog_models import Audience
from kiosk.guide_views import GroupView, ItemRow, ServiceRow, ServiceView
from kiosk.promise import Promise
from kiosk.rooms import Rooms
from kiosk.steps import Step
from kiosk.visit.core import VisitCore
from kiosk.words import Words
from offline_store.errors import StoreError

_POPULAR = 4
_FOUND = 20
_FOUND_BESIDE = 5
"""How many of the other door's services are told with what was found."""


class Finding(VisitCore):
    def __init__(self, rooms: Rooms, over: Callable[[], None]) -> None:
        super().__init__(rooms, over)
        self.audience: Audience = "person"
        """For whom somebody is here: the door they chose."""
        self._origin = Step.HOME
        """The list a service was opened from; back leads there."""
        self._group: dict[str, Any] | None = None
        """As it was when it was opened: the catalog may be replaced meanwhile."""
        self._behind: list[dict[str, Any]] = []
        """The services of the group, as they were when it was opened."""
        self._opened_item = ""
        self._sheets: dict[str, dict[str, Any]] = {}
        """The paper forms of the open service, by id."""

    def start(self) -> None:
        self._need(Step.ATTRACT)
        self._go(Step.LANGUAGE)

    def choose_language(self, language: str) -> None:
        self._need(Step.LANGUAGE)
        self.words = Words(language)
        self._go(Step.HOME)

    def choose_audience(self, audience: Audience) -> None:
        """The door for people or the one for companies."""
        self._need(Step.HOME)
        self.audience = audience
        self._changed()

    @property
    def groups(self) -> tuple[GroupView, ...]:
        """The groups behind the chosen door."""
        groups = self._rooms.store.catalog.groups()
        return tuple(
            self._group_view(group) for group in groups
            if group.get("audience", "person") == self.audience
        )

    @property
    def popular(self) -> tuple[ServiceRow, ...]:
        return self._rows(self._rooms.store.catalog.popular(_POPULAR, self.audience))

    @property
    def group(self) -> GroupView:
        assert self._group is not None
        return self._group_view(self._group)

    @property
    def items(self) -> tuple[ItemRow, ...]:
        """What stands behind the open group, most used first."""
        return guide.item_rows(self._behind, self.words, self._works, self._opened_item)

    def search(self, text: str) -> tuple[ServiceRow, ...]:
        """What the text may mean, best first: for the chosen door, then some for the other."""
        own, others = self._rooms.store.catalog.search_by_door(
            text, self.audience, _FOUND, _FOUND_BESIDE
        )
        other_door = (
            self.words("For companies") if self.audience == "person" else self.words("For people")
        )
        return self._rows(own) + self._rows(others, other_door)

    def nearest_groups(self, text: str) -> tuple[GroupView, ...]:
        """Where it may stand, when search found nothing."""
        groups = self._rooms.store.catalog.nearest_groups(text)
        return tuple(self._group_view(group) for group in groups)

    def open_group(self, group_id: str) -> None:
        self._need(Step.HOME, Step.SEARCH)
        groups = self._rooms.store.catalog.groups()
        self._group = next((group for group in groups if group["id"] == group_id), None)
        if self._group is None:  # gone with the catalog that was replaced just now
            self._changed()
        else:
            self._behind = self._rooms.store.catalog.services_in(group_id)
            self._opened_item = ""
            self._go(Step.GROUP)

    def open_item(self, item_id: str) -> None:
        """Show the services of a main item below it, or put them away again."""
        self._need(Step.GROUP)
        self._opened_item = "" if self._opened_item == item_id else item_id
        self._changed()

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
        self._sheets = self._sheets_of(service)
        self._origin = self.step
        self._go(Step.SERVICE)

    @property
    def service(self) -> ServiceView:
        assert self._service is not None
        today = Promise.of_service(
            self._service, self._rooms.clock.now(), self._rooms.hub.catalog.calendar
        )
        return guide.service_view(
            self._service, self.words, self._missing(self._service), self._sheets, today
        )

    def begin(self) -> None:
        """Start applying; nothing happens while something it needs is missing."""
        self._need(Step.SERVICE, Step.CHECK)
        assert self._service is not None
        if not self._missing(self._service):
            self._purpose = "apply"
            self._go(Step.FORM if self._application is not None else Step.CONSENT)

    def _sheets_of(self, service: dict[str, Any]) -> dict[str, dict[str, Any]]:
        sheets = {}
        for sheet_id in {one.get("sheet") for one in service["materials"]} - {None}:
            try:
                sheets[sheet_id] = self._rooms.store.catalog.sheet(sheet_id)
            except StoreError:  # a catalog taken in before sheets were kept: it is not offered
                continue
        return sheets

    def _group_view(self, group: dict[str, Any]) -> GroupView:
        pick = self.words.pick
        return GroupView(
            group["id"], pick(group["name"]), pick(group["hint"]), group["icon"], group["colour"]
        )

    def _rows(self, summaries: list[dict[str, Any]], beside: str = "") -> tuple[ServiceRow, ...]:
        return tuple(
            guide.service_row(summary, self.words, self._works(summary), beside)
            for summary in summaries
        )

    def _works(self, summary: Any) -> bool:
        return not self._missing(summary)
