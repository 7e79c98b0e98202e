"""Intake at close range: time passing, many at once, bytes that break off."""

import os
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import requests
from sqlalchemy import select

from hub import city as cities
from hub import enrolment, intake, numbers
from hub.city import City
from hub.problems import Refusal
from hub.tables import Case
from kiosk.contract import keys
from kiosk.contract.messages import Announce, EnrolmentRequest
from tests import shipped_catalog
from tests.hub.rig import TUS, HubProcess, KioskSide, Sealed


class Clock:
    """A clock that stands still until told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class Bench:
    """A hub without a web server, and one enrolled kiosk."""

    def __init__(self, root: Path) -> None:
        self.clock = Clock()
        catalog = shipped_catalog.written(root.parent)
        self.city: City = cities.found(root, catalog, "http://hub.example", self.clock)
        self.side = KioskSide(HubProcess(root))
        with self.city.database.transaction() as session:
            code = enrolment.new_code(session, self.clock.now)
            key = keys.public_text(self.side.key.public_key())
            kiosk = enrolment.enrol(
                session, EnrolmentRequest(code=code, public_key=key), self.clock.now
            )
        self.side.kiosk_id, self.side.kiosk_code = kiosk.kiosk_id, kiosk.kiosk_code
        self.side.hub_sealing = self.city.keys.sealing[self.city.keys.current].public_key()

    def announce(self, sealed: Sealed) -> intake.Offer:
        """Announce something the hub does not have."""
        message = Announce.model_validate(sealed.announcement())
        offer = intake.announce(self.city, self.side.kiosk_id, message)
        assert isinstance(offer, intake.Offer)
        return offer

    def arrive(self, offer: intake.Offer, data: bytes) -> None:
        """Let bytes arrive."""
        with intake.part(self.city, offer.upload).open("ab") as file:
            file.write(data)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A hub at close range."""
    return Bench(tmp_path / "data")


def test_address_expires_and_a_new_one_goes_on_with_the_same_bytes(bench: Bench) -> None:
    sealed = bench.side.compose()
    first = bench.announce(sealed)
    bench.arrive(first, sealed.data[:500])
    bench.clock.now += intake.OFFER_LIFETIME + timedelta(seconds=1)
    with pytest.raises(Refusal) as caught:
        intake.find_upload(bench.city, first.token)
    assert (caught.value.status, caught.value.fault.code) == (410, "hub.upload_gone")
    second = bench.announce(sealed)
    assert second.token != first.token
    assert second.offset == 500
    assert intake.find_upload(bench.city, second.token).digest == sealed.digest


def test_many_finishing_at_once_make_one_case(bench: Bench) -> None:
    sealed = bench.side.compose()
    offer = bench.announce(sealed)
    bench.arrive(offer, sealed.data)
    together = threading.Barrier(6)
    receipts = []

    def finish() -> None:
        together.wait(10)
        receipts.append(intake.finish(bench.city, offer.upload))

    threads = [threading.Thread(target=finish) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(receipts) == 6
    assert all(receipt == receipts[0] for receipt in receipts)
    with bench.city.database.transaction() as session:
        assert len(list(session.scalars(select(Case)))) == 1


def test_others_are_served_while_an_envelope_is_read_and_opened(bench: Bench) -> None:
    """Its bytes come through a pipe that nobody fills: the filing stands still in the middle."""
    sealed = bench.side.compose()
    # Digests that begin alike share one of the sixteen locks.
    other = next(o for o in iter(bench.side.compose, None) if o.digest[0] != sealed.digest[0])
    offer, second = bench.announce(sealed), bench.announce(other)
    pipe = intake.part(bench.city, offer.upload)
    os.mkfifo(pipe)
    refusals: list[Refusal] = []

    def finish() -> None:
        try:
            intake.finish(bench.city, offer.upload)
        except Refusal as refusal:
            refusals.append(refusal)

    stuck = threading.Thread(target=finish)
    stuck.start()
    with pipe.open("wb") as mouth:  # opens when the filing has begun to read
        bench.arrive(second, other.data)
        assert intake.finish(bench.city, second.upload)["document"]["digest"] == other.digest
        assert intake.receipt(bench.city, bench.side.kiosk_id, other.body.id)
        assert stuck.is_alive()
        mouth.write(b"something else")
    stuck.join(10)
    assert [refusal.fault.code for refusal in refusals] == ["hub.upload_gone"]


def test_upload_that_was_dropped_before_its_end_begins_again(bench: Bench) -> None:
    sealed = bench.side.compose()
    offer = bench.announce(sealed)
    bench.arrive(offer, sealed.data)
    intake.terminate(bench.city, offer.upload)
    with pytest.raises(Refusal) as caught:
        intake.finish(bench.city, offer.upload)
    assert (caught.value.status, caught.value.fault.code) == (410, "hub.upload_gone")
    again = bench.announce(sealed)
    assert again.offset == 0
    bench.arrive(again, sealed.data)
    assert intake.finish(bench.city, again.upload)["document"]["digest"] == sealed.digest


def test_start_finishes_what_was_complete_and_drops_what_nobody_knows(bench: Bench) -> None:
    sealed, unfinished = bench.side.compose(), bench.side.compose()
    bench.arrive(bench.announce(sealed), sealed.data)
    bench.arrive(bench.announce(unfinished), unfinished.data[:10])
    stray = bench.city.folders.uploads / "stray.part"
    stray.write_bytes(b"x")
    assert intake.recover(bench.city) == 1
    assert intake.recover(bench.city) == 0
    assert not stray.exists()
    assert isinstance(intake.receipt(bench.city, bench.side.kiosk_id, sealed.body.id), dict)
    assert intake.receipt(bench.city, bench.side.kiosk_id, unfinished.body.id) == 10


def test_enrolment_code_expires(bench: Bench) -> None:
    with bench.city.database.transaction() as session:
        code = enrolment.new_code(session, bench.clock.now)
    request = EnrolmentRequest(
        code=code, public_key=keys.public_text(keys.new_signing_key().public_key())
    )
    late = bench.clock.now + enrolment.CODE_LIFETIME + timedelta(seconds=1)
    with bench.city.database.transaction() as session, pytest.raises(Refusal) as caught:
        enrolment.enrol(session, request, late)
    assert caught.value.fault.code == "hub.code_refused"


def test_case_numbers_count_by_service_and_day(bench: Bench) -> None:
    sealed = bench.side.compose()
    offer = bench.announce(sealed)
    bench.arrive(offer, sealed.data)
    intake.finish(bench.city, offer.upload)
    service = sealed.body.service_code
    with bench.city.database.transaction() as session:
        case = session.scalars(select(Case)).one()
        assert case.case_number == f"{service}202611230001"
        today, tomorrow = date(2026, 11, 23), date(2026, 11, 24)
        assert numbers.next_case_number(session, service, today).endswith("202611230002")
        assert numbers.next_case_number(session, service, tomorrow).endswith("202611240001")
        for last, following in (("9999", "A000"), ("A000", "A001"), ("A00Z", "A010")):
            case.case_number = f"{service}20261123{last}"
            session.flush()
            number = numbers.next_case_number(session, service, today)
            assert number == f"{service}20261123{following}"


def test_case_carries_the_day_it_is_in_the_city(bench: Bench) -> None:
    bench.clock.now = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    sealed = bench.side.compose()
    offer = bench.announce(sealed)
    bench.arrive(offer, sealed.data)
    receipt = intake.finish(bench.city, offer.upload)
    assert receipt["document"]["case_number"].endswith("202701010001")


def test_service_code_of_another_kind_still_gives_43_characters(bench: Bench) -> None:
    with bench.city.database.transaction() as session:
        number = numbers.next_case_number(session, "residence-permit", date(2026, 1, 2))
    assert number == "RESIDENCEPERMIT" + "0" * 16 + "202601020001"
    assert len(number) == 43


def test_bytes_of_a_broken_upload_are_kept_and_a_second_one_waits(
    hub: HubProcess, kiosk: KioskSide
) -> None:
    sealed = kiosk.compose()
    url = kiosk.announce(sealed).json()["upload_url"]
    fields = TUS | {"Host": "hub", "Upload-Offset": "0", "Content-Length": str(len(sealed.data))}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    path = url.removeprefix(hub.url)
    with socket.create_connection(("127.0.0.1", hub.port), 20) as slow:
        slow.sendall(f"PATCH {path} HTTP/1.1\r\n{head}\r\n".encode() + sealed.data[:2000])
        until(lambda: offset(url) == 2000)
        second = kiosk.patch(url, sealed.data[2000:], 2000)
        assert (second.status_code, second.json()["code"]) == (423, "hub.busy")
    until(lambda: kiosk.patch(url, sealed.data[2000:], 2000).status_code == 204)
    reply = kiosk.announce(sealed)
    assert reply.status_code == 200
    kiosk.verified(reply.json(), sealed)


def offset(url: str) -> int:
    """Ask how many bytes are safe."""
    return int(requests.head(url, headers=TUS, timeout=20).headers["Upload-Offset"])


def until(true: Callable[[], bool]) -> None:
    """Wait for a condition, at most 20 seconds."""
    limit = time.monotonic() + 20
    while not true():
        assert time.monotonic() < limit, "waited too long"
        time.sleep(0.02)
