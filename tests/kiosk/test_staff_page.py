"""The staff's page in words: each part as it stands, ages that read like speech."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from kiosk.condition import Known
from kiosk.contract.faults import FAULTS
from kiosk.contract.options import Devices
from kiosk.published_catalog import CatalogState
from kiosk.staff_page import _catalog, part_rows, shelf_rows
from kiosk.staff_views import PartRow, Tone
from kiosk.words import LANGUAGES, Words
from offline_store.outbox import OutboxItem

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ALL = Devices(id_card="/dev/ttyUSB0", smartcard=True, camera="0", code_reader="/dev/ttyACM0",
              printer="tcp://127.0.0.1:9100", page_printer="ipp://localhost/printers/kiosk")


def item(age: timedelta, error: str | None = None) -> OutboxItem:
    return OutboxItem(
        submission_id="s" * 16, receipt_number="YM-1", digest="0" * 64, size=1, state="waiting",
        attempts=0, next_attempt=0.0, last_error=error, upload_url=None, upload_expires=None,
        service_code="x", service_name={"zh": "服务", "en": "Service", "ko": "서비스"},
        created=(NOW - age).isoformat(),
    )


def rows(known: Known, devices: Devices = ALL, language: str = "en") -> dict[str, PartRow]:
    found = part_rows(Words(language), devices, known, None, NOW - timedelta(minutes=3),
                      CatalogState(), NOW)
    return {row.id: row for row in found}


def test_only_what_is_plugged_in_is_shown_line_and_outbox_always() -> None:
    assert list(rows(Known())) == ["id_card", "smartcard", "camera", "code_reader", "printer",
                                   "page_printer", "line", "catalog", "outbox"]
    assert list(rows(Known(), Devices())) == ["line", "catalog", "outbox"]
    looked = [row for row in rows(Known()).values() if row.id != "catalog"]
    assert {row.tone for row in looked} == {Tone.PRIMARY}  # nothing known yet


def test_paper_that_ends_is_said_before_it_is_out() -> None:
    works = Known(printer_looked=True)
    assert rows(works)["printer"].tone is Tone.GOOD
    ending = rows(replace(works, receipts_left=7))["printer"]
    assert (ending.tone, ending.note) == (Tone.CAUTION, "about 7 receipts left")
    out = rows(replace(works, receipts_left=0, printer_fault="printer.paper_ending"))["printer"]
    assert out.tone is Tone.DANGER
    jam = rows(Known(pages_looked=True, pages_fault="page_printer.jam"))["page_printer"]
    assert jam.tone is Tone.DANGER


@pytest.mark.parametrize(("age", "tone", "note"), [
    (timedelta(seconds=20), Tone.PRIMARY, "The oldest: just now"),
    (timedelta(minutes=1), Tone.PRIMARY, "The oldest: 1 minute ago"),
    (timedelta(minutes=16), Tone.CAUTION, "The oldest: 16 minutes ago"),
    (timedelta(hours=25), Tone.CAUTION, "The oldest: 1 day ago"),
    (timedelta(hours=-5), Tone.PRIMARY, "The oldest: just now"),  # the clock was set back
])
def test_what_waits_long_asks_for_attention(age: timedelta, tone: Tone, note: str) -> None:
    row = rows(Known(waiting=(item(timedelta(0)), item(age))))["outbox"]
    assert (row.tone, row.note, row.state) == (tone, note, "2 applications")


def test_line_tells_when_it_last_worked() -> None:
    assert rows(Known(line_ms=20))["line"].tone is Tone.GOOD
    down = rows(Known(line_fault="hub.unreachable"))["line"]
    assert (down.tone, down.note) == (Tone.DANGER, "Last exchange: 3 minutes ago")


@pytest.mark.parametrize("code", ["expired", "rollback", "altered", "unfit"])
def test_catalog_row_says_what_is_wrong_and_what_comes(code: str) -> None:
    words = Words("en")
    good = _catalog(words, CatalogState(next_from=date(2027, 1, 1)))
    assert (good.tone, good.state) == (Tone.GOOD, "Up to date")
    assert "2027" in good.note
    row = _catalog(words, CatalogState(f"catalog.{code}"))
    assert (row.tone, row.state) == (Tone.CAUTION, words(FAULTS[f"catalog.{code}"].resident))


@pytest.mark.parametrize("language", LANGUAGES)
def test_shelf_says_service_reason_and_age_in_every_language(language: str) -> None:
    words = Words(language)
    (row,) = shelf_rows(words, [item(timedelta(hours=2), "hub.refused")], NOW)
    assert row.service == words.pick({"zh": "服务", "en": "Service", "ko": "서비스"})
    assert row.reason
    assert "2" in row.since
