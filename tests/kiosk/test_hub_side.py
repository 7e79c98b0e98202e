"""In the background a kiosk enrols, keeps keys and catalog, and never gives up."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.contract.keys import key_id, signing_public_key
from kiosk.device_identity import load_identity
from offline_store.database import Store
from tests.kiosk.lines import HubBehindRelay, RawServer, http_answer
from tests.kiosk.rig import Place, bundle, new_city, place, wait_until


@pytest.fixture
def opened(
    tmp_path: Path, store: Store, hub: HubBehindRelay
) -> Iterator[Place]:
    """A kiosk that was just unpacked, with a code."""
    code = hub.run("enrol-code").strip()
    made = place(tmp_path / "data", store, url=hub.url, code=code)
    yield made
    made.hub.stop()


def test_new_kiosk_enrols_and_takes_in_the_catalog_by_itself(
    opened: Place, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    opened.hub.start()
    wait_until(lambda: opened.store.catalog.version() == bundle()["version"], "catalog")
    identity = load_identity(tmp_path / "data")
    assert identity is not None
    assert opened.hub.identity is not None
    assert opened.hub.identity.kiosk_id == identity.kiosk_id
    assert opened.hub.directory is not None
    code = opened.rooms.config.hub.enrolment_code
    assert code not in caplog.text


def test_kiosk_enrols_once_the_portal_is_gone(opened: Place, hub: HubBehindRelay) -> None:
    hub.relay.portal("application/json", b'{"code": "hub.code_refused", "login": "please"}')
    try:
        opened.hub.start()
        before = hub.relay.portal_hits
        wait_until(lambda: hub.relay.portal_hits >= before + 2, "asked twice")
        assert opened.hub.identity is None
    finally:
        hub.relay.portal()
    wait_until(lambda: opened.hub.identity is not None, "enrolled")


def test_upkeep_goes_on_after_the_folder_could_not_be_written(
    opened: Place, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A file lies where the data folder should be: the key cannot be written."""
    data = tmp_path / "data"
    data.write_text("in the way")
    opened.hub.start()
    wait_until(lambda: "upkeep: " in caplog.text, "failed")
    assert opened.hub.identity is None
    data.unlink()
    wait_until(lambda: opened.hub.identity is not None, "enrolled after all")


def test_catalog_signed_by_another_key_changes_nothing(
    tmp_path: Path, stocked: Store, hub: HubBehindRelay
) -> None:
    """A kiosk of another city asks this hub: every signature is a stranger's."""
    stranger = place(tmp_path, stocked, new_city(), url=hub.url)
    assert stranger.hub.identity is not None
    stranger.hub._become(stranger.hub.identity)
    before = stocked.catalog.version()
    stranger.hub._upkeep.start()
    wait_until(lambda: ("GET", "/v1/keys", 200) in hub.relay.log[-4:], "asked")
    keys = stranger.hub.identity.hub
    stranger.hub.stop()
    assert stocked.catalog.version() == before
    assert key_id(signing_public_key(keys.signing)) == keys.signing_id


def test_stopping_does_not_wait_for_a_hub_that_hangs(tmp_path: Path, store: Store) -> None:
    server = RawServer(None)
    made = place(tmp_path, store, url=server.url, code="ABCD-EFGH")
    made.hub.start()
    wait_until(lambda: server.asked > 0, "asked")
    made.hub.stop()
    assert made.hub.identity is None
    server.close()


def test_refused_code_leaves_the_kiosk_out_of_order_and_asking(
    tmp_path: Path, store: Store, hub: HubBehindRelay
) -> None:
    made = place(tmp_path / "data", store, url=hub.url, code="AAAA-AAAA")
    made.hub.start()

    def refusals() -> int:
        return sum(path == "/v1/enrolments" and status == 403
                   for _, path, status in hub.relay.log)

    before = refusals()
    wait_until(lambda: refusals() >= before + 2, "asked again")
    made.hub.stop()
    assert made.hub.identity is None


def test_kiosk_without_code_and_identity_asks_nobody(tmp_path: Path, store: Store) -> None:
    server = RawServer(http_answer("200 OK", "text/plain", b""))
    made = place(tmp_path, store, url=server.url)
    made.hub.start()
    made.hub.stop()
    assert server.asked == 0
    server.close()
