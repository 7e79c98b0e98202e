"""Drafts at the hub: any kiosk with the slip gets the bytes back, until they expire or are done."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from hub import city as cities
from hub import drafts
from hub.city import City
from hub.problems import Refusal
from hub.published import SOURCE
from kiosk.contract import signing
from kiosk.contract.draft_keys import DraftKey
from kiosk.contract.drafts import (
    MAX_DRAFT,
    MEDIA_TYPE,
    DraftBody,
    DraftHeader,
    DraftPage,
    DraftState,
    Owner,
    open_draft,
    seal_draft,
)
from tests.hub.rig import HubProcess, KioskSide, enrolled, residence_permit

PAGE = b"\xff\xd8 a page \xff\xd9"
OWNER = Owner(number="220102199003071235", name="张伟", document_kind="resident_card")


def a_draft(
    key: DraftKey, *, days: float = 14, size: int = 0, version: str = "", now: Any = None
) -> bytes:
    service = residence_permit()
    now = now or datetime.now(UTC)
    version = version or service["version"]
    pages = [PAGE, bytes(size)] if size else [PAGE]
    header = DraftHeader(
        draft_id=key.draft_id, service_code=service["code"], service_version=version,
        kiosk_id="K0001", created=now, expires=now + timedelta(days=days),
    )
    body = DraftBody(
        service={**service, "version": version}, language="zh", owner=OWNER,
        answers={"phone": "13900000000"}, sources={},
        pages=tuple(DraftPage(material="proof_of_address", size=len(p), width=4, height=5)
                    for p in pages),
    )
    return seal_draft(key, header, body, pages)


def _put(side: KioskSide, draft_id: str, sealed: bytes) -> requests.Response:
    request = requests.Request(
        "PUT", f"{side.hub.url}/v1/drafts/{draft_id}", data=sealed,
        headers={"Content-Type": MEDIA_TYPE},
    ).prepare()
    return side.send(signing.sign_request(request, side.kiosk_id, side.key))


def _state(side: KioskSide, draft_id: str) -> str:
    return _said(side, side.call("GET", f"/v1/drafts/{draft_id}/state"), draft_id)


def _said(side: KioskSide, reply: requests.Response, draft_id: str) -> str:
    """The state, after the hub's signature on it was checked."""
    assert reply.status_code == 200, reply.text
    document = signing.verify_document(reply.json(), side.hub_signing, "draft_state")
    state = DraftState.model_validate(document)
    assert state.draft_id == draft_id
    return state.state


@pytest.fixture(scope="module")
def other(hub: HubProcess) -> KioskSide:
    """A second kiosk."""
    return enrolled(hub)


def test_draft_kept_by_one_kiosk_comes_back_at_another_as_it_was(
    kiosk: KioskSide, other: KioskSide
) -> None:
    key = DraftKey.new()
    sealed = a_draft(key, size=3_000_000)
    assert _state(kiosk, key.draft_id) == "unknown"
    assert _said(kiosk, _put(kiosk, key.draft_id, sealed), key.draft_id) == "held"
    assert _said(kiosk, _put(kiosk, key.draft_id, sealed), key.draft_id) == "held"
    for _ in range(2):  # fetching it deletes nothing
        reply = other.call("GET", f"/v1/drafts/{key.draft_id}")
        assert reply.status_code == 200
        assert reply.content == sealed
        assert reply.headers["Cache-Control"] == "no-store"
    assert open_draft(key, reply.content)[1].answers == {"phone": "13900000000"}


def test_draft_deleted_at_one_kiosk_is_finished_for_all_and_its_bytes_are_gone(
    kiosk: KioskSide, other: KioskSide
) -> None:
    key = DraftKey.new()
    sealed = a_draft(key)
    _put(kiosk, key.draft_id, sealed)
    file = kiosk.hub.data / "drafts" / key.draft_id
    assert file.read_bytes() == sealed
    for _ in range(2):
        reply = other.call("DELETE", f"/v1/drafts/{key.draft_id}")
        assert _said(other, reply, key.draft_id) == "finished"
    assert not file.exists()
    assert _state(kiosk, key.draft_id) == "finished"
    reply = kiosk.call("GET", f"/v1/drafts/{key.draft_id}")
    assert (reply.status_code, reply.json()["code"]) == (410, "draft.finished")
    reply = _put(kiosk, key.draft_id, sealed)
    assert (reply.status_code, reply.json()["code"]) == (410, "draft.finished")
    assert not file.exists()


def test_unknown_draft_is_said_to_be_unknown(kiosk: KioskSide) -> None:
    draft_id = DraftKey.new().draft_id
    reply = kiosk.call("GET", f"/v1/drafts/{draft_id}")
    assert (reply.status_code, reply.json()["code"]) == (404, "draft.unknown")
    assert _said(kiosk, kiosk.call("DELETE", f"/v1/drafts/{draft_id}"), draft_id) == "unknown"
    assert kiosk.call("GET", "/v1/drafts/..%2Fkeys").status_code in (404, 422)


@pytest.mark.parametrize("kind", ["no draft", "other id", "too long", "expired", "other bytes"])
def test_draft_that_cannot_be_kept_is_refused(kiosk: KioskSide, kind: str) -> None:
    key = DraftKey.new()
    draft_id, sealed = key.draft_id, a_draft(key)
    wanted = (422, "hub.invalid_message")
    if kind == "no draft":
        sealed = b"YMD1" + bytes(100)
    elif kind == "other id":
        draft_id = DraftKey.new().draft_id
    elif kind == "too long":
        sealed = a_draft(key, days=40)
    elif kind == "expired":
        sealed, wanted = a_draft(key, days=-1), (410, "draft.expired")
    else:
        _put(kiosk, draft_id, sealed)
        sealed, wanted = a_draft(key), (409, "hub.digest_conflict")
    reply = _put(kiosk, draft_id, sealed)
    assert (reply.status_code, reply.json()["code"]) == wanted


def test_draft_larger_than_any_may_be_is_refused(kiosk: KioskSide) -> None:
    reply = _put(kiosk, DraftKey.new().draft_id, bytes(MAX_DRAFT + 1))
    assert reply.status_code == 413


def test_version_the_hub_never_published_is_said_to_be_gone(kiosk: KioskSide) -> None:
    key = DraftKey.new()
    _put(kiosk, key.draft_id, a_draft(key, version="f" * 64))
    reply = kiosk.call("GET", f"/v1/drafts/{key.draft_id}")
    assert (reply.status_code, reply.json()["code"]) == (409, "draft.service_gone")


def test_stranger_gets_nothing(hub: HubProcess, kiosk: KioskSide) -> None:
    key = DraftKey.new()
    _put(kiosk, key.draft_id, a_draft(key))
    url = f"{hub.url}/v1/drafts/{key.draft_id}"
    for method, path in (("GET", ""), ("GET", "/state"), ("DELETE", ""), ("PUT", "")):
        assert requests.request(method, url + path, timeout=10).status_code == 401
    assert _state(kiosk, key.draft_id) == "held"


# ---- time, in this process


class Clock:
    """A hub's clock, moved by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def place(tmp_path: Path) -> Iterator[tuple[City, Clock]]:
    clock = Clock()
    city = cities.found(tmp_path / "hub", SOURCE, "http://hub", clock)
    yield city, clock
    city.database.close()


def test_expired_draft_is_deleted_said_to_be_so_and_forgotten_later(
    place: tuple[City, Clock]
) -> None:
    city, clock = place
    key = DraftKey.new()
    drafts.keep(city, "K0001", key.draft_id, a_draft(key, now=clock.now))
    file = city.folders.root / "drafts" / key.draft_id
    clock.now += timedelta(days=13)
    assert drafts.purge(city) == 0
    assert file.exists()
    clock.now += timedelta(days=1)
    assert drafts.purge(city) == 1
    assert not file.exists()
    with pytest.raises(Refusal) as refusal:
        drafts.fetch(city, key.draft_id)
    assert refusal.value.fault.code == "draft.expired"
    assert drafts.finish(city, key.draft_id).state == "expired"
    clock.now += drafts.REMEMBERED
    assert drafts.state(city, key.draft_id).state == "unknown"


def test_one_kiosk_cannot_fill_the_hub(
    place: tuple[City, Clock], monkeypatch: pytest.MonkeyPatch
) -> None:
    city, clock = place
    monkeypatch.setattr(drafts, "MOST_OF_ONE_KIOSK", 2)
    made = [DraftKey.new() for _ in range(3)]
    for key in made[:2]:
        drafts.keep(city, "K0001", key.draft_id, a_draft(key, now=clock.now))
    with pytest.raises(Refusal) as refusal:
        drafts.keep(city, "K0001", made[2].draft_id, a_draft(made[2], now=clock.now))
    assert refusal.value.fault.code == "draft.full"
    drafts.keep(city, "K0002", made[2].draft_id, a_draft(made[2], now=clock.now))
