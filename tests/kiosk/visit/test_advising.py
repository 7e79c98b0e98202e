"""Advice before any identity: questions whose answers are not kept, the guide on paper, forms."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from devices.printers.page_printer import PagePrinter
from devices.testbed.page_printer import PagePrinterRig
from devices.testbed.printer import PrinterTcp
from kiosk.guide_views import CheckOutcome, PaperState, SheetPicture
from kiosk.printing import Printing
from kiosk.steps import Step
from offline_store.database import Store
from tests.kiosk.rig import CERTIFICATE, bundle, service
from tests.kiosk.visit.guest import PAPERLESS, Guest, catalog

FORM = "power_of_attorney"


def _words(text: str) -> dict[str, str]:
    return {"zh": f"{text}（中）", "en": text, "ko": f"{text} (한)"}


def _advised() -> dict[str, Any]:
    """A service with two questions and a paper form, which this kiosk takes applications for."""
    material = {**service(CERTIFICATE)["materials"][0], "sheet": FORM}
    checks = [
        {"question": _words("Do you live here?"), "right": "yes",
         "otherwise": _words("Go to the town where you live.")},
        {"question": _words("Was it stolen?"), "right": "no",
         "otherwise": _words("Tell the police first.")},
    ]
    return {**service(CERTIFICATE), "code": PAPERLESS, "slug": PAPERLESS, "needs": ["identity"],
            "materials": [material], "checks": checks}


@pytest.fixture
def advised(guest: Guest, shop: Store) -> Iterator[Guest]:
    """At the guide of that service."""
    shop.catalog.import_bundle({**bundle(), "services": [*bundle()["services"], _advised()]})
    guest.to_home("en")
    guest.visit.open_search()
    guest.visit.open_service(PAPERLESS)
    yield guest
    shop.catalog.import_bundle(catalog())


# ---- can I do this?


def test_right_answers_lead_to_the_start(advised: Guest) -> None:
    visit = advised.visit
    assert visit.service.checks
    visit.open_checks()
    assert (visit.check_view.number, visit.check_view.total) == (1, 2)
    assert visit.check_view.sentence == "Do you live here?"
    visit.answer_check(True)
    assert visit.check_view.sentence == "Was it stolen?"
    visit.answer_check(False)
    assert visit.check_view.outcome is CheckOutcome.CAN
    visit.answer_check(False)  # nothing is asked any more
    assert visit.check_view.outcome is CheckOutcome.CAN
    visit.begin()
    advised.at(Step.CONSENT)


@pytest.mark.parametrize(
    ("answers", "instead"),
    [((False,), "Go to the town where you live."), ((True, True), "Tell the police first.")],
)
def test_wrong_answer_says_what_to_do_instead_in_every_language(
    advised: Guest, answers: tuple[bool, ...], instead: str
) -> None:
    visit = advised.visit
    visit.open_checks()
    for answer in answers:
        visit.answer_check(answer)
    assert visit.check_view == replace(
        visit.check_view, outcome=CheckOutcome.CANNOT, sentence=instead
    )
    visit.set_language("ko")
    assert visit.check_view.sentence == f"{instead} (한)"
    visit.back()  # a slip of the finger: asked again
    assert visit.check_view.outcome is CheckOutcome.ASKING
    visit.leave_checks()
    advised.at(Step.SERVICE)


def test_back_goes_through_the_questions_and_then_to_the_guide(advised: Guest) -> None:
    visit = advised.visit
    visit.open_checks()
    visit.answer_check(True)
    visit.back()
    assert visit.check_view.number == 1
    visit.back()
    advised.at(Step.SERVICE)


def test_nothing_is_kept_of_the_answers(advised: Guest) -> None:
    visit = advised.visit
    untouched = {**vars(visit)}
    visit.open_checks()
    visit.answer_check(True)
    visit.leave_checks()
    visit.open_checks()
    assert visit.check_view.number == 1
    visit.answer_check(False)
    visit.quit()
    for name in ("_check", "_check_failed"):
        assert vars(visit)[name] == untouched[name]


def test_no_questions_where_it_cannot_be_started_anyway(guest: Guest) -> None:
    """This kiosk has no camera; the other service has no questions."""
    assert service(CERTIFICATE)["checks"]
    guest.to_home()
    for code in (service(CERTIFICATE)["code"], PAPERLESS):
        guest.visit.open_service(code)
        assert not guest.visit.service.checks
        guest.visit.open_checks()
        guest.at(Step.SERVICE)
        guest.visit.back()


# ---- the guide on paper


def test_guide_comes_out_as_a_slip_that_is_no_receipt(
    advised: Guest, printer: PrinterTcp, shop: Store
) -> None:
    visit, rooms = advised.visit, advised.place.rooms
    known = rooms.printing.paper
    visit.print_guide()
    assert visit.service.paper is PaperState.PRINTING
    advised.until(lambda: visit.service.paper is PaperState.PRINTED, "printed")
    (job,) = printer.finished_jobs()
    said = " ".join("\n".join(job.lines).split())
    hall = visit.words.pick(rooms.config.place.hall)
    for words in (f"· The self-service terminal in: {hall}",
                  "· Any of the city's self-service terminals",
                  "Guide", "Social insurance participation certificate", "What you bring",
                  "□ ID card", "Where to go", "1 working day", "Free",
                  shop.catalog.version()[:8], "This slip is no receipt."):
        assert words in said, words
    assert rooms.printing.paper == known
    assert shop.outbox.waiting() == []


def test_fault_is_named_on_the_guide_and_trying_again_prints(
    advised: Guest, printer: PrinterTcp
) -> None:
    visit = advised.visit
    printer.paper_out()
    visit.print_guide()
    advised.until(lambda: visit.fault is not None, "told")
    assert visit.fault is not None
    assert visit.fault.code == "printer.paper_out"
    assert visit.service.paper is PaperState.NONE
    printer.paper_out(False)
    visit.retry()
    assert visit.fault is None
    advised.until(lambda: visit.service.paper is PaperState.PRINTED, "printed")
    assert len(printer.finished_jobs()) == 1


def test_a_fault_stays_behind_when_somebody_goes_on(advised: Guest, printer: PrinterTcp) -> None:
    visit = advised.visit
    printer.cover_open()
    visit.print_guide()
    visit.begin()
    advised.settle()
    advised.at(Step.CONSENT)
    assert visit.fault is None


def test_nobody_is_hurried_while_the_guide_is_printed(advised: Guest) -> None:
    stuck = threading.Event()
    advised.place.workers.submit("printer", stuck.wait, lambda _: None, lambda _: None)
    advised.visit.print_guide()
    advised.visit.print_guide()  # a second touch prints no second one
    advised.wait(100)
    assert advised.visit.idle_left is None
    stuck.set()
    advised.settle()
    assert advised.visit.service.paper is PaperState.PRINTED


def test_a_kiosk_without_printer_offers_no_paper(advised: Guest) -> None:
    rooms = advised.place.rooms
    devices = rooms.config.devices.model_copy(update={"printer": ""})
    object.__setattr__(rooms, "config", rooms.config.model_copy(update={"devices": devices}))
    assert not advised.visit.service.can_print
    advised.visit.print_guide()
    assert advised.visit.service.paper is PaperState.NONE


# ---- paper forms


def picture(guest: Guest) -> SheetPicture:
    guest.until(lambda: guest.visit.sheet_view.picture is not None, "drawn")
    drawn = guest.visit.sheet_view.picture
    assert drawn is not None
    return drawn


def test_form_is_shown_blank_and_filled_in(advised: Guest) -> None:
    visit = advised.visit
    (line,) = next(s for s in visit.service.sections if s.id == "bring").lines
    assert line.sheet == FORM
    visit.open_sheet(line.sheet)
    advised.at(Step.SHEET)
    blank = picture(advised)
    visit.show_sample(True)
    assert visit.sheet_view.picture is None
    sample = picture(advised)
    assert visit.sheet_view.sample
    assert not np.array_equal(blank.pixels, sample.pixels)
    visit.set_language("zh")
    chinese = picture(advised)
    assert not np.array_equal(chinese.pixels, sample.pixels)
    assert not visit.sheet_view.can_print
    visit.print_sheet()
    assert visit.sheet_view.paper is PaperState.NONE
    visit.back()
    advised.at(Step.SERVICE)


def test_a_form_the_service_has_not_is_not_opened(advised: Guest) -> None:
    advised.visit.open_sheet("rental_contract")
    advised.at(Step.SERVICE)


@pytest.fixture(scope="module")
def pages() -> Iterator[PagePrinterRig]:
    """The A4 printer."""
    with PagePrinterRig() as rig:
        yield rig


@pytest.fixture
def with_pages(advised: Guest, pages: PagePrinterRig) -> Guest:
    """Before a form, at a kiosk with an A4 printer."""
    pages.heal()
    printing = Printing(None, pages=PagePrinter(pages.queue))
    object.__setattr__(advised.place.rooms, "printing", printing)
    advised.visit.open_sheet(FORM)
    picture(advised)
    advised.patience = 20.0
    return advised


def test_form_comes_out_of_the_page_printer(with_pages: Guest, pages: PagePrinterRig) -> None:
    visit, before = with_pages.visit, len(pages.printed())
    assert visit.sheet_view.can_print
    visit.print_sheet()
    visit.print_sheet()  # a second touch prints no second one
    with_pages.until(lambda: visit.sheet_view.paper is PaperState.PRINTED, "printed")
    assert len(pages.printed()) == before + 1
    assert [path for path in pages.spool.iterdir() if path.name.startswith("d")] == []


def test_fault_of_the_page_printer_is_named_and_trying_again_prints(
    with_pages: Guest, pages: PagePrinterRig
) -> None:
    visit, before = with_pages.visit, len(pages.printed())
    pages.fault("paper_out")
    visit.print_sheet()
    with_pages.until(lambda: visit.fault is not None, "told")
    assert visit.fault is not None
    assert visit.fault.code == "page_printer.paper_out"
    pages.heal()
    visit.retry()
    with_pages.until(lambda: visit.sheet_view.paper is PaperState.PRINTED, "printed")
    assert len(pages.printed()) == before + 1


def test_page_of_a_visit_that_ends_is_cancelled_and_its_spool_wiped(
    with_pages: Guest, pages: PagePrinterRig
) -> None:
    visit, before = with_pages.visit, len(pages.printed())
    pages.slow()
    visit.print_sheet()
    with_pages.until(pages.holds_a_job, "at the printer")
    visit.quit()
    with_pages.settle()
    pages.heal()
    assert len(pages.printed()) == before
    assert [path for path in pages.spool.iterdir() if path.name.startswith("d")] == []
