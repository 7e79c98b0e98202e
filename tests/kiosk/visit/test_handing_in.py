"""The receipt law at a visit: committed first, printed second, owed until printed."""

import hashlib
import logging
import threading

import numpy as np
import pytest

from devices.testbed.paper_roll import PrintedPicture
from devices.testbed.printer import PrinterTcp
from kiosk import guide
from kiosk.contract.payload import unpack
from kiosk.contract.receipts import parse_qr
from kiosk.contract.sealing import open_envelope
from kiosk.steps import Step
from kiosk.views import StageState
from kiosk.visit import WrongStep
from kiosk.words import Words
from offline_store.database import Store
from tests.kiosk.rig import STROKES, City, document, sealed_bytes
from tests.kiosk.visit.guest import Guest


def _stands_in(line: np.ndarray, paper: np.ndarray) -> bool:
    """Whether a printed line is on the drawn paper somewhere, dot for dot."""
    high, wide = line.shape
    return any(
        np.array_equal(paper[y : y + high, :wide], line) for y in range(len(paper) - high + 1)
    )


def _owed(store: Store, number: str) -> bool:
    return number in {row.number for row in store.outbox.receipts_owed()}


def test_receipt_is_printed_after_the_commit_and_then_no_longer_owed(
    guest: Guest, printer: PrinterTcp, shop: Store
) -> None:
    guest.to_done()
    receipt = guest.visit.receipt
    assert receipt.printed
    assert not _owed(shop, receipt.number)
    (job,) = printer.finished_jobs()
    assert receipt.drawn is not None
    for line in job.printed:
        if isinstance(line, PrintedPicture) and line.dots.any():
            assert _stands_in(line.dots, receipt.drawn.dots < 128)
    assert job.codes == [receipt.qr]
    parse_qr(receipt.qr)
    person = document()
    paper = job.raw.decode("gb18030", "replace")
    assert person.name not in paper
    assert person.number not in paper


@pytest.mark.parametrize("fault", ["paper_out", "cover_open", "gone"])
def test_receipt_stays_owed_and_stands_on_the_screen_when_printing_fails(
    guest: Guest, printer: PrinterTcp, shop: Store, fault: str
) -> None:
    guest.to_review()
    getattr(printer, fault)()
    guest.visit.submit()
    guest.finish_sending()
    receipt = guest.visit.receipt
    assert not receipt.printed
    assert receipt.print_fault is not None
    assert receipt.number
    assert _owed(shop, receipt.number)
    assert sealed_bytes(shop, _id(shop, receipt.number))
    assert printer.finished_jobs() == []


def test_receipt_cut_off_midway_is_owed(guest: Guest, printer: PrinterTcp, shop: Store) -> None:
    guest.to_review()
    printer.cut_after(300)
    guest.visit.submit()
    guest.finish_sending()
    assert guest.visit.receipt.print_fault is not None
    assert guest.visit.receipt.print_fault.code == "printer.interrupted"
    assert _owed(shop, guest.visit.receipt.number)


def _id(store: Store, number: str) -> str:
    row = store.outbox.find_receipt(number)
    assert row is not None
    return row.submission_id


def test_nothing_is_printed_when_nothing_could_be_committed(
    guest: Guest, printer: PrinterTcp, shop: Store
) -> None:
    """The store refuses (its number is taken); the application is untouched and goes again."""
    guest.to_review()
    before = len(shop.outbox.waiting())
    day = guest.place.clock.now().astimezone().date().isoformat()
    with shop._connections.read() as connection:
        row = connection.execute("SELECT last FROM receipt_sequence WHERE day = ?", (day,))
        last = (row.fetchone() or (0,))[0]
    _set_sequence(shop, day, 9999)
    guest.visit.submit()
    guest.settle()
    guest.at(Step.SENDING)
    assert guest.visit.fault is not None
    assert guest.stage("committing") is StageState.FAILED
    assert printer.jobs == []
    assert len(shop.outbox.waiting()) == before
    _set_sequence(shop, day, last)
    guest.visit.retry()
    guest.at(Step.REVIEW)
    guest.visit.submit()
    guest.finish_sending()
    assert guest.visit.receipt.printed


def _set_sequence(store: Store, day: str, last: int) -> None:
    store._connections.write(lambda connection: connection.execute(
        "INSERT INTO receipt_sequence (day, last) VALUES (?, ?)"
        " ON CONFLICT (day) DO UPDATE SET last = excluded.last", (day, last)))


def test_signature_in_the_envelope_binds_to_what_was_shown(
    guest: Guest, shop: Store, city: City
) -> None:
    guest.to_review(language="zh")
    application = guest.visit._app
    declaration = guide.declaration(application.service, Words("zh"))
    shown = application.shown_digest(declaration)
    # The store is still busy when the language is switched: what was signed is handed in.
    busy = threading.Event()
    guest.place.workers.submit("store", busy.wait, lambda _: None, lambda _: None)
    guest.visit.submit()
    guest.visit.set_language("ko")
    busy.set()
    guest.finish_sending()
    submission_id = _id(shop, guest.visit.receipt.number)
    identity = guest.place.hub.identity
    assert identity is not None
    header, plain = open_envelope(
        sealed_bytes(shop, submission_id), {city.keys.sealing_id: city.sealing},
        identity.private_key.public_key(),
    )
    body, _ = unpack(plain)
    assert header.submission_id == body.id == submission_id
    assert body.language == "zh"
    assert body.signature is not None
    assert body.signature.digest_of_what_was_shown == shown
    assert len(body.signature.strokes) == len(STROKES)
    assert body.applicant.number == document().number
    assert body.consent is not None
    digest = hashlib.sha256(sealed_bytes(shop, submission_id)).hexdigest()
    assert shop.outbox.item(submission_id).digest == digest


def test_nothing_readable_of_the_person_lies_in_the_store(
    guest: Guest, shop: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    guest.to_done()
    sealed = sealed_bytes(shop, _id(shop, guest.visit.receipt.number))
    person = document()
    for personal in (person.number, person.name, person.address, "13900000000"):
        assert personal.encode() not in sealed
        assert personal not in caplog.text
        assert personal not in repr(guest.visit._sending)


def test_language_switch_takes_the_signature_away_and_keeps_every_answer(guest: Guest) -> None:
    guest.to_review()
    answers = dict(guest.visit._app.answers)
    guest.visit.set_language("ko")
    guest.at(Step.SIGN)
    assert not guest.visit.sign_view.signed
    assert guest.visit._app.answers == answers
    guest.visit.set_language("ko")
    assert guest.visit._app.answers == answers


def test_next_without_a_signature_says_so_and_a_signature_takes_the_words_away(
    guest: Guest,
) -> None:
    guest.to_form()
    guest.fill()
    guest.settle()
    guest.visit.next()
    guest.at(Step.SIGN)
    assert guest.visit.fault is not None
    assert guest.visit.fault.code == "signature.missing"
    guest.visit.sign(STROKES)
    assert guest.visit.fault is None
    guest.visit.clear_signature()
    assert not guest.visit.sign_view.signed


def test_nobody_signs_while_there_is_no_paper_until_it_is_filled_up_or_skipped(
    guest: Guest, printer: PrinterTcp
) -> None:
    printer.paper_out()
    guest.to_form()
    guest.fill()
    guest.settle()
    fault = guest.visit.sign_view.fault
    assert fault is not None
    assert (fault.code, fault.actions) == ("printer.paper_out", ("retry", "skip", "help"))
    guest.visit.sign(STROKES)
    assert not guest.visit.sign_view.signed
    printer.paper_out(False)
    guest.wait(3.0)
    guest.settle()
    assert guest.visit.sign_view.fault is None
    guest.visit.sign(STROKES)
    guest.visit.next()
    guest.at(Step.REVIEW)


def test_skipping_the_paper_hands_in_without_printing_and_owes_the_receipt(
    guest: Guest, printer: PrinterTcp, shop: Store
) -> None:
    printer.gone()
    guest.to_form()
    guest.fill()
    guest.settle()
    guest.visit.skip()
    guest.visit.sign(STROKES)
    guest.visit.next()
    guest.visit.submit()
    guest.finish_sending()
    assert guest.visit.receipt.print_fault is None
    assert not guest.visit.receipt.printed
    assert _owed(shop, guest.visit.receipt.number)


def test_editing_from_the_review_unsigns_only_when_something_changed(guest: Guest) -> None:
    guest.to_review()
    guest.visit.edit("form:1")
    assert guest.visit.form.page == 1
    guest.visit.next()
    guest.at(Step.REVIEW)
    guest.visit.edit("form:1")
    guest.visit.set_answer("insurance", "pension")
    guest.visit.next()
    guest.at(Step.FORM)
    guest.fill()
    guest.at(Step.SIGN)
    guest.settle()
    guest.visit.sign(STROKES)
    guest.visit.next()
    guest.visit.edit("signature")
    guest.at(Step.SIGN)
    assert not guest.visit.sign_view.signed


def test_second_touch_on_hand_in_does_not_hand_in_twice(guest: Guest, shop: Store) -> None:
    guest.to_review()
    before = len(shop.outbox.waiting())
    guest.visit.submit()
    with pytest.raises(WrongStep):
        guest.visit.submit()
    guest.finish_sending()
    assert len(shop.outbox.waiting()) == before + 1


def test_nobody_leaves_while_it_is_being_committed_and_printed(guest: Guest) -> None:
    guest.to_review()
    guest.visit.submit()
    guest.visit.quit()
    guest.at(Step.SENDING)
    with pytest.raises(WrongStep):
        guest.visit.home()
    guest.wait(200.0)
    guest.finish_sending()
