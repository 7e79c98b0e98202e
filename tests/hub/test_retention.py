"""What is closed goes by rule; what remains says nothing about a person. And the metrics."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from sqlalchemy import select

from hub import cases, daily, intake, key_rotation, retention
from hub.retention import Rules, RulesError
from hub.tables import Case
from kiosk.contract.messages import Announce
from tests.hub.rig import ZHANG, HubProcess, KioskSide, Sealed
from tests.hub.test_intake import Bench

PERSONAL = (ZHANG.number, ZHANG.name, ZHANG.address, "13900000000")


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "data")


def closed(bench: Bench) -> Sealed:
    """A case from announcement to closing."""
    sealed = bench.side.compose()
    offer = bench.announce(sealed)
    bench.arrive(offer, sealed.data)
    number = intake.finish(bench.city, offer.upload)["document"]["case_number"]
    with bench.city.database.transaction() as session:
        cases.accept(session, number, "desk", bench.clock.now)
        cases.close(session, number, "desk", bench.clock.now)
    return sealed


def row(bench: Bench, sealed: Sealed) -> Case:
    with bench.city.database.transaction() as session:
        case = session.scalar(select(Case).where(Case.submission_id == sealed.body.id))
        assert case is not None
        return case


def in_the_database(bench: Bench, text: str) -> bool:
    data = (bench.city.folders.root / "hub.sqlite3").read_bytes()
    return text.encode() in data or text.encode("utf-16-le") in data or (
        text.encode("ascii", "backslashreplace") in data
    )


@pytest.mark.parametrize("action", ["archive", "delete"])
def test_closed_case_loses_its_content_after_its_time(bench: Bench, action: str) -> None:
    sealed, open_one = closed(bench), bench.side.compose()
    offer = bench.announce(open_one)
    bench.arrive(offer, open_one.data)
    intake.finish(bench.city, offer.upload)
    rules = Rules.model_validate({"case_action": action, "case_days": 30, "archive_days": 100})
    bench.clock.now += timedelta(days=29)
    assert retention.run(bench.city, rules).archived == 0
    before = row(bench, sealed)
    assert (bench.city.folders.root / before.envelope).exists()
    bench.clock.now += timedelta(days=2)
    done = retention.run(bench.city, rules)
    assert (done.archived, done.deleted) == ((1, 0) if action == "archive" else (0, 1))
    after = row(bench, sealed)
    assert (after.body, after.person_number, after.person_name, after.pages) == ({}, "", "", 0)
    assert not (bench.city.folders.root / before.envelope).exists()
    archived = [file.read_bytes() for file in bench.city.folders.archive.rglob("*.ymn")]
    assert archived == ([sealed.data] if action == "archive" else [])
    # The open one is untouched, and both still get their receipts.
    assert row(bench, open_one).person_number == ZHANG.number
    again = bench.city.keys.verify_own(row(bench, sealed).receipt, "receipt")
    assert again["digest"] == sealed.digest
    assert retention.run(bench.city, rules) == retention.Done()
    bench.clock.now += timedelta(days=100)
    assert retention.run(bench.city, rules).archive_deleted == (1 if action == "archive" else 0)
    assert list(bench.city.folders.archive.rglob("*.ymn")) == []


def test_nothing_of_the_person_is_left_in_the_file(bench: Bench) -> None:
    closed(bench)
    assert in_the_database(bench, ZHANG.number)
    bench.clock.now += timedelta(days=31)
    retention.run(bench.city, Rules(case_action="delete"))
    assert [text for text in PERSONAL if in_the_database(bench, text)] == []


def test_same_submission_handed_in_again_gets_its_receipt_and_no_second_case(bench: Bench) -> None:
    sealed = closed(bench)
    bench.clock.now += timedelta(days=31)
    retention.run(bench.city, Rules(case_action="delete"))
    message = Announce.model_validate(sealed.announcement())
    answer = intake.announce(bench.city, bench.side.kiosk_id, message)
    assert isinstance(answer, dict)
    assert answer["document"]["digest"] == sealed.digest


def test_upload_nobody_went_on_with_is_dropped_and_may_begin_again(bench: Bench) -> None:
    sealed = bench.side.compose()
    offer = bench.announce(sealed)
    bench.arrive(offer, sealed.data[:500])
    bench.clock.now += timedelta(days=5)
    assert retention.run(bench.city, Rules()).uploads == 0
    bench.clock.now += timedelta(days=5)
    assert retention.run(bench.city, Rules()).uploads == 1
    assert bench.announce(sealed).offset == 0


def test_old_sealing_key_stays_for_an_archived_envelope(bench: Bench) -> None:
    closed(bench)
    folder = bench.city.folders.keys
    key_rotation.rotate_sealing(folder)
    bench.clock.now += timedelta(days=31)
    daily.once(bench.city)
    assert len(list(folder.glob("sealing-*.key"))) == 2
    with bench.city.database.transaction() as session:
        kept = key_rotation.prune(session, bench.city.folders.root, folder)
    assert [whom[-1] for whom in kept.values()] == ["envelopes"]


def test_rules_that_cannot_be_meant_are_refused(tmp_path: Path) -> None:
    assert retention.read_rules(tmp_path) == Rules()
    for text in ("case_days = -1", "case_action = 'burn'", "unknown = 1", "= 1"):
        (tmp_path / retention.FILE).write_text(text)
        with pytest.raises(RulesError, match=re.escape(retention.FILE)):
            retention.read_rules(tmp_path)


SAMPLE = re.compile(r'^[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? -?[0-9.e+]+$')


def test_metrics_count_and_tell_nothing_personal(hub: HubProcess, kiosk: KioskSide) -> None:
    sealed = kiosk.compose()
    kiosk.deliver(sealed)
    report = {"waiting": 3, "shelved": 1, "oldest": "2026-01-01T00:00:00Z", "clock_offset": 2.5}
    assert kiosk.call("POST", "/v1/contact", report).status_code == 200
    reply = requests.get(hub.url + "/metrics", timeout=20)
    assert reply.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = reply.text.splitlines()
    samples = [line for line in lines if not line.startswith("#")]
    assert [line for line in samples if not SAMPLE.match(line)] == []
    told = dict(line.rsplit(" ", 1) for line in samples)
    label = f'{{kiosk="{kiosk.kiosk_id}"}}'
    assert told[f"yimen_kiosk_waiting{label}"] == "3"
    assert told[f"yimen_kiosk_shelved{label}"] == "1"
    assert float(told[f"yimen_kiosk_oldest_seconds{label}"]) > 86400
    assert float(told[f"yimen_kiosk_last_contact_seconds{label}"]) < 60
    assert float(told['yimen_cases{state="received"}']) >= 1
    for text in (*PERSONAL, sealed.body.receipt_number, sealed.body.id, "南关区"):
        assert text not in reply.text
