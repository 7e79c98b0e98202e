"""Who keeps a kiosk from hearing anything newer is noticed within a week; it goes on serving."""

from kiosk.contract.publishing import TIMESTAMP_LIFETIME
from tests.kiosk.published.stand import Stand, edition

WEEK = TIMESTAMP_LIFETIME.total_seconds()


def test_frozen_timestamp_raises_the_alarm_when_it_expires_and_the_catalog_serves_on(
    stand: Stand,
) -> None:
    before = stand.version
    stand.answers("timestamp.json", stand.seen("timestamp.json"))
    stand.publish(edition("没人看到的目录"))
    stand.clock.pass_by(WEEK - 3600)
    assert stand.look() == ""
    assert stand.catalog.state.fault is None
    stand.clock.pass_by(7200)
    assert stand.look() == "catalog.expired"
    assert stand.catalog.state.fault == "catalog.expired"
    assert stand.version == before
    assert stand.store.catalog.search("社保")


def test_kiosk_without_a_line_says_by_itself_that_its_catalog_is_old(stand: Stand) -> None:
    stand.relay.portal("text/html", b"<h1>Log in</h1>")
    stand.clock.pass_by(WEEK + 3600)
    assert stand.look() == "hub.captive_portal"
    assert stand.catalog.state.fault == "catalog.expired"
    assert stand.starts_again().state.fault == "catalog.expired"
    assert stand.store.catalog.popular(1)


def test_clock_that_was_set_back_is_no_reason_to_believe_old_files(stand: Stand) -> None:
    """The library would take them: nothing has expired yet by such a clock."""
    stand.clock.pass_by(-30 * 86400.0)
    before = stand.version
    stand.publish(edition("目录"))
    assert stand.look() == "hub.clock_skew"
    assert stand.version == before
    stand.clock.pass_by(30 * 86400.0)
    assert stand.look() == ""
    assert stand.version != before
