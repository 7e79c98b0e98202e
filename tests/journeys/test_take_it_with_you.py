"""An application goes home with its owner on a slip, and is handed in another day."""

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.contract.draft_keys import DraftKey
from kiosk.draft_views import DraftPhase, ResumePhase
from kiosk.slip_code import FIELD
from kiosk.steps import Step
from tests.hub.rig import HubProcess
from tests.journeys.city import City, eventually
from tests.journeys.private import found, personal
from tests.journeys.resident import Resident, next_visitor

ROOT = Path(__file__).parents[2]
CARD = "social_security_card"
"""The one paper the certificate asks for."""
ENTERED = ("13900001234",)


def takes_it_along(resident: Resident) -> DraftKey:
    """From a form or papers to the slip, with the fingers."""
    resident.touches("draft.take").arrives_at(Step.DRAFT)
    resident.touches("draft.keep")
    resident.hands.wait_until(lambda: resident.visit.draft.phase is DraftPhase.KEPT, "the slip")
    resident.hands.frame()
    (code,) = resident.city.bench.printer.jobs[-1].codes
    return DraftKey.parse(code)


def with_the_slip(resident: Resident, key: DraftKey, language: str = "zh") -> Resident:
    """Hold it under the reader, choose a language, and see what comes of it."""
    resident.city.bench.code_reader.show(key.qr_text)
    resident.hands.wait_for(Step.LANGUAGE)
    resident.hands.tap(f"language.{language}")
    resident.hands.wait_for(Step.RESUME)
    resident.hands.wait_until(
        lambda: resident.visit.resume.phase is not ResumePhase.SEARCHING, "found or not"
    )
    resident.hands.frame()
    return resident


def goes_on(resident: Resident, card: str = "zhang_wei") -> Resident:
    resident.touches("resume.go_on").arrives_at(Step.CONSENT).agrees()
    return resident.lays(card)


def test_begun_here_with_a_page_handed_in_here_without_a_line(
    resident_of_own_city: Resident, caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    resident = resident_of_own_city
    city, printer = resident.city, resident.city.bench.printer
    city.hub.stop()
    resident.jumps_to(Step.MATERIAL).scans(CARD, "household_register")
    pages = resident.visit._app.pages[CARD]
    key = takes_it_along(resident)
    assert resident.reads.count(resident.visit.draft.until) == 1
    paper = printer.jobs[-1].raw.decode("gb18030", "replace")
    assert not found((*personal("zhang_wei"), *ENTERED), paper)
    resident.hands.wait_until(lambda: resident.kiosk.idle, "the printer is done")
    assert not found((*personal("zhang_wei"), *ENTERED, key.lines[0]), resident.reads)
    if folder := os.environ.get("YIMEN_PICTURES"):
        resident.picture(Path(folder) / "journey_draft_kept.png")
        (Path(folder) / "slip.bin").write_bytes(printer.jobs[-1].raw)
    resident.leaves()

    following = with_the_slip(next_visitor(city), key)
    service = following.kiosk.store.catalog.service(following.service)["name"]["zh"]
    assert service in following.reads
    assert not found(personal("zhang_wei"), following.reads)
    goes_on(following).is_recognised()
    while following.step == Step.FORM:  # nothing is left to be answered
        following.goes_on()
    following.arrives_at(Step.MATERIAL)
    assert following.visit._app.pages[CARD] == pages
    following.touches("material.next").arrives_at(Step.SIGN).jumps_to(Step.DONE)
    number = following.receipt
    assert key.draft_id not in _held(following)
    following.leaves()

    city.hub.start()
    last = next_visitor(city)
    outbox, drafts = last.kiosk.store.outbox, last.kiosk.store.drafts
    last.hands.wait_until(lambda: not outbox.waiting() and not drafts.under_way(), "all said")
    (case,) = city.case(number)
    assert case["service_code"] == resident.service
    with_the_slip(last, key)
    last.is_told("draft.unknown")
    assert not _on_disk(city, key)
    assert key.draft_id in caplog.text  # where it was asked for at the hub
    assert not found((key.symbols, key.text, *key.lines, key.raw.hex()), caplog.text)


@pytest.fixture
def two_kiosks(
    tmp_path: Path, shared_hub: HubProcess, city: City
) -> Iterator[tuple[City, City]]:
    """The same testbed is plugged into one of them after the other."""
    other = City(tmp_path / "other", shared_hub, city.bench)
    yield city, other
    other.close()


def test_begun_at_one_kiosk_handed_in_at_another_and_a_stranger_is_refused(
    two_kiosks: tuple[City, City],
) -> None:
    here, there = two_kiosks
    resident = Resident(here, *here.open())
    resident.jumps_to(Step.FORM, language="en").answers("phone", "13900001234")
    resident.touches("key.done")
    key = takes_it_along(resident)
    drafts = resident.kiosk.store.drafts
    resident.hands.wait_until(lambda: all(row.at_hub for row in drafts.under_way()), "uploaded")
    resident.leaves()
    here.close()

    other = with_the_slip(Resident(there, *there.open()), key, "en")
    goes_on(other, "li_rare").is_told("draft.other_person")
    assert not found(ENTERED, other.reads)
    other.takes_the_card().lays("zhang_wei").is_recognised()
    assert "13900001234"[-4:] in other.reads
    other.jumps_to(Step.DONE)
    number = other.receipt
    eventually(lambda: bool(there.case(number)), "the case at the hub")
    gone = other.kiosk.store.drafts
    other.hands.wait_until(lambda: not gone.under_way(), "the hub knows")
    other.leaves()
    there.close()

    again = with_the_slip(Resident(here, *here.open()), key, "ko")
    again.is_told("draft.finished")
    assert key.draft_id not in _held(again)


def test_slip_comes_too_late(resident: Resident) -> None:
    city = resident.city
    resident.jumps_to(Step.FORM, language="ko")
    key = takes_it_along(resident)
    resident.leaves()
    later = next_visitor(city)
    row = later.kiosk.store.drafts.row(key.draft_id)
    assert row is not None
    later.kiosk.store.drafts.expire(row.expires)
    with_the_slip(later, key, "ko").is_told("draft.expired")
    later.touches("resume.type").arrives_at(Step.RESUME)
    assert later.hands.see(f"form.field.{FIELD}")


def test_typed_with_the_fingers_the_code_is_as_good(resident: Resident) -> None:
    city = resident.city
    resident.jumps_to(Step.FORM)
    key = takes_it_along(resident)
    resident.leaves()
    following = next_visitor(city).speaks_at_once("zh")
    following.touches("home.resume").arrives_at(Step.RESUME)
    following.touches(f"form.field.{FIELD}")
    following.hands.wait(0.4)
    following.types(key.symbols).touches("key.done")
    following.hands.wait_until(
        lambda: following.visit.resume.phase is ResumePhase.FOUND, "found"
    )
    goes_on(following).is_recognised()


def test_no_paper_no_slip_nothing_kept(resident: Resident) -> None:
    printer = resident.city.bench.printer
    resident.jumps_to(Step.MATERIAL, language="en")
    printer.paper_out()
    before = _held(resident)
    resident.touches("draft.take").arrives_at(Step.DRAFT)
    resident.touches("draft.keep").is_told("draft.not_printed")
    assert _held(resident) == before
    resident.touches("nav.back").arrives_at(Step.MATERIAL)
    printer.paper_out(False)
    takes_it_along(resident)
    assert len(_held(resident) - before) == 1


def test_quitting_offers_to_take_it_along(resident: Resident) -> None:
    resident.jumps_to(Step.FORM).answers("phone", "13900001234").touches("key.done")
    resident.touches("nav.quit")
    resident.hands.wait_to_see("nav.quit.take")
    resident.touches("nav.quit.take").arrives_at(Step.DRAFT)


def test_power_cut_between_commit_and_slip_leaves_nothing_that_opens_and_no_paper(
    city: City, tmp_path: Path,
) -> None:
    printer = city.bench.printer
    jobs = len(printer.jobs)
    config = tmp_path / "config.json"
    config.write_text(city.config.model_dump_json())
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys.kiosk_to_kill", str(config),
         str(city.bench.folder), "draft"],
        cwd=ROOT, stdout=subprocess.PIPE, check=False,
        env=os.environ | {"YIMEN_STORE_CRASH_AT": "draft.keep.done"},
    )
    assert done.returncode == -signal.SIGKILL
    assert done.stdout == b"form\n"
    assert len(printer.jobs) == jobs
    city.bench.id_card.remove()
    following = next_visitor(city)
    drafts = following.kiosk.store.drafts
    (orphan,) = drafts.under_way()
    following.waits(5)
    assert len(printer.jobs) == jobs  # nobody gets a slip whose key nobody has
    assert drafts.expire(datetime.now(UTC).timestamp()) == 0
    assert drafts.expire(orphan.expires) == 1
    assert drafts.read(orphan.draft_id) is None
    following.jumps_to(Step.FORM)
    assert takes_it_along(following).draft_id != orphan.draft_id


def _held(resident: Resident) -> set[str]:
    rows = resident.kiosk.store.drafts.under_way()
    return {row.draft_id for row in rows if row.state == "held"}


def _on_disk(city: City, key: DraftKey) -> list[str]:
    """Files of kiosk and hub in which the key stands, in any form."""
    needles = (key.raw, key.symbols.encode(), key.text.encode(), key.raw.hex().encode(),
               key.sealing_key())
    files = [f for folder in (city.config.data, city.hub.data) for f in folder.rglob("*")]
    files.append(city.hub.log)
    return [f.name for f in files
            if f.is_file() and any(needle in f.read_bytes() for needle in needles)]
