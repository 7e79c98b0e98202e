"""A kiosk enrols once, survives a lost answer, and keeps trusting the hub it enrolled with."""

import json
import stat
from pathlib import Path

import pytest

from kiosk.contract.keys import new_sealing_key, public_text
from kiosk.contract.messages import KeyDirectory
from kiosk.device_identity import (
    FILE,
    NEW_KEY_FILE,
    DeviceIdentity,
    NotEnrolled,
    adopt_directory,
    enrol,
    load_identity,
)
from kiosk.hub_line import HubFault, HubLine
from tests.kiosk.lines import HubBehindRelay, RawServer, http_answer
from tests.kiosk.rig import HandClock, identity_for, new_city


def _enrol(folder: Path, hub: HubBehindRelay, code: str) -> DeviceIdentity:
    line = HubLine(hub.url, (2.0, 5.0))
    try:
        return enrol(folder, line, code, "hall")
    finally:
        line.close()


def _code(hub: HubBehindRelay) -> str:
    return hub.run("enrol-code").strip()


def test_enrolled_kiosk_is_the_same_after_a_restart(tmp_path: Path, hub: HubBehindRelay) -> None:
    identity = _enrol(tmp_path, hub, _code(hub))
    loaded = load_identity(tmp_path)
    assert loaded is not None
    assert (loaded.kiosk_id, loaded.kiosk_code, loaded.hub) == (
        identity.kiosk_id, identity.kiosk_code, identity.hub)
    assert loaded.private_key.private_bytes_raw() == identity.private_key.private_bytes_raw()
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert not (tmp_path / NEW_KEY_FILE).exists()


def test_code_still_enrols_after_its_answer_was_lost(tmp_path: Path, hub: HubBehindRelay) -> None:
    code = _code(hub)
    hub.relay.swallow_answer("POST", "/v1/enrolments")
    with pytest.raises(HubFault):
        _enrol(tmp_path, hub, code)
    assert load_identity(tmp_path) is None
    assert stat.S_IMODE((tmp_path / NEW_KEY_FILE).stat().st_mode) == 0o600
    assert _enrol(tmp_path, hub, code).kiosk_id


def test_code_enrols_no_second_kiosk(tmp_path: Path, hub: HubBehindRelay) -> None:
    code = _code(hub)
    _enrol(tmp_path / "one", hub, code)
    with pytest.raises(HubFault) as caught:
        _enrol(tmp_path / "two", hub, code)
    assert caught.value.code == "hub.code_refused"
    assert load_identity(tmp_path / "two") is None


def test_reply_of_somebody_else_enrols_nobody(tmp_path: Path) -> None:
    server = RawServer(http_answer("200 OK", "application/json", b'{"welcome": "log in"}'))
    with pytest.raises(HubFault) as caught:
        enrol(tmp_path, HubLine(server.url, (1.0, 1.0)), "ABCD-EFGH", "hall")
    assert caught.value.code == "hub.unreachable"
    assert load_identity(tmp_path) is None
    server.close()


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"{}", b"\xff", b'{"private_key": "AAAA"}']
)
def test_damaged_identity_is_named_and_not_replaced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(NotEnrolled, match="enrol this kiosk again"):
        load_identity(tmp_path)
    assert (tmp_path / FILE).read_bytes() == content


def test_damaged_new_key_is_made_afresh(tmp_path: Path, hub: HubBehindRelay) -> None:
    (tmp_path / NEW_KEY_FILE).write_bytes(b"half a k")
    assert _enrol(tmp_path, hub, _code(hub)).kiosk_id


def test_new_keys_of_a_directory_are_kept(tmp_path: Path) -> None:
    city = new_city()
    identity = identity_for(city)
    sealing = public_text(new_sealing_key().public_key())
    rotated = city.keys.model_copy(update={"sealing": sealing, "sealing_id": "new"})
    directory = KeyDirectory(hub=rotated, kiosks=(), time=HandClock().now())
    renewed = adopt_directory(tmp_path, identity, directory)
    assert renewed.hub == rotated
    loaded = load_identity(tmp_path)
    assert loaded is not None
    assert loaded.hub == renewed.hub


def test_same_keys_write_nothing(tmp_path: Path) -> None:
    city = new_city()
    directory = KeyDirectory(hub=city.keys, kiosks=(), time=HandClock().now())
    identity = identity_for(city)
    assert adopt_directory(tmp_path, identity, directory) is identity
    assert list(tmp_path.iterdir()) == []


def test_repr_shows_no_key() -> None:
    identity = identity_for(new_city())
    assert repr(identity) == "DeviceIdentity(K0007)"
    assert json.dumps(repr(identity))
