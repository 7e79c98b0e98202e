"""The twenty most used services are three touches from home or nearer."""

from pathlib import Path

import pytest

from kiosk.steps import Step
from offline_store.database import Store
from tests.screens.desk import Desk
from tests.screens.taps import MOST_USED, ways
from tests.shipped_catalog import whole


def test_the_most_used_services_are_at_most_three_touches_from_home(tmp_path: Path) -> None:
    with Store.open(tmp_path / "kiosk.db") as store:
        store.catalog.import_bundle(whole())
        found = ways(store)
    assert len(found) == MOST_USED
    assert [way for way in found if way.taps > 3] == []
    assert found[0].taps == 1


@pytest.mark.parametrize("rank", [0, 5, 19])
def test_the_ways_counted_are_those_the_screens_show(
    desk: Desk, tmp_path: Path, rank: int
) -> None:
    with Store.open(tmp_path / "kiosk.db") as store:
        store.catalog.import_bundle(whole())
        way = ways(store)[rank]
    visit = desk.show("home")
    for touch in way.touches:
        desk.hands.tap(touch)
        if touch.startswith("home.group."):
            visit.group_id = touch.removeprefix("home.group.")
            visit.go(Step.GROUP)
            desk.hands.frame()
    assert visit.calls[-1] == ("open_service", way.code)
