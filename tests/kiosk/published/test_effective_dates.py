"""A catalog published ahead is fetched at once and counts from its midnight, line or no line."""

from datetime import datetime, time, timedelta

import pytest

from kiosk.contract.working_days import CITY_TIME
from tests.kiosk.published.stand import Stand, edition


def _midnight(stand: Stand, days: int) -> datetime:
    day = stand.today + timedelta(days=days)
    return datetime.combine(day, time(), CITY_TIME)


def test_next_catalog_is_here_before_its_day_and_swapped_at_midnight_without_a_line(
    stand: Stand,
) -> None:
    before, midnight = stand.version, _midnight(stand, 2)
    new = stand.publish(edition("后天"), midnight.date())
    assert (stand.look(), stand.version) == ("", before)
    assert stand.catalog.state.next_from == midnight.date()
    stand.relay.portal("text/html", b"no line")
    stand.clock.set_wall(midnight - timedelta(seconds=1))
    assert (stand.catalog.swap(), stand.version) == (False, before)
    stand.clock.set_wall(midnight)
    assert (stand.catalog.swap(), stand.version) == (True, new)
    assert stand.catalog.state.next_from is None
    stand.starts_again()
    assert (stand.catalog.swap(), stand.version) == (False, new)
    stand.relay.heal()
    stand.hub.run("catalog", "withdraw")


def test_what_was_taken_back_never_counts(stand: Stand) -> None:
    before, midnight = stand.version, _midnight(stand, 3)
    stand.publish(edition("收回"), midnight.date())
    assert stand.look() == ""
    stand.hub.run("catalog", "withdraw")
    assert stand.look() == ""
    stand.clock.set_wall(midnight)
    assert (stand.catalog.swap(), stand.version) == (False, before)


def test_catalog_is_not_swapped_while_somebody_stands_here(stand: Stand) -> None:
    before = stand.version
    stand.visited = True
    new = stand.publish(edition("请稍候"))
    assert (stand.look(), stand.version) == ("", before)
    stand.visited = False
    assert (stand.catalog.swap(), stand.version) == (True, new)


def test_running_hub_brings_the_next_one_into_force_and_nothing_is_fetched_twice(
    stand: Stand,
) -> None:
    """The hub's own clock decides there; a kiosk that has the file by its hash keeps it."""
    midnight = _midnight(stand, 1)
    new = stand.publish(edition("明天"), midnight.date())
    assert stand.look() == ""
    stand.clock.set_wall(midnight)
    stand.catalog.swap()
    fetched = _catalogs_fetched(stand)
    assert stand.publish(edition("明天")) == new  # as the hub does itself when the day comes
    assert (stand.look(), stand.version) == ("", new)
    assert _catalogs_fetched(stand) == fetched
    assert stand.catalog.state.next_from is None


def _catalogs_fetched(stand: Stand) -> int:
    return sum("catalog.json.gz" in path for _, path, _ in stand.relay.log)


def test_bundle_for_a_newer_program_is_left_and_named(
    stand: Stand, caplog: pytest.LogCaptureFixture
) -> None:
    """What an old hub command would refuse itself, an old kiosk refuses too."""
    from hub import city
    from kiosk.contract.catalog import CatalogError, content_hash

    before = stand.version
    made = edition("未来") | {"a_table_of_the_future": []}
    made["version"] = content_hash(made)
    database = city.open_database(stand.hub.data)
    city.open_publisher(stand.hub.data, database).publish_ahead(made, stand.today)
    database.close()
    with pytest.raises(CatalogError, match="a_table_of_the_future"):
        stand.look()
    assert stand.look() == ""  # not tried again, but not forgotten either
    assert (stand.version, stand.catalog.state.fault) == (before, "catalog.unfit")
    good = stand.publish(edition("现在"))
    assert (stand.look(), stand.version, stand.catalog.state.fault) == ("", good, None)
