"""The printer fails when everything is committed: the receipt is owed, to its owner only."""

from collections.abc import Callable

import pytest

from devices.testbed.remote import RemotePrinter
from kiosk.steps import Step
from tests.journeys.city import eventually
from tests.journeys.resident import Resident, next_visitor
from tests.journeys.telling import sentence, way_on


def unplugged(printer: RemotePrinter) -> None:
    printer.gone()


def cut_off_midway(printer: RemotePrinter) -> None:
    printer.cut_after(300)


@pytest.mark.parametrize(
    ("breaks", "code"),
    [(unplugged, "printer.unreachable"), (cut_off_midway, "printer.interrupted")],
)
def test_owed_receipt_waits_for_its_owner_and_nobody_else(
    resident: Resident, breaks: Callable[[RemotePrinter], None], code: str
) -> None:
    city, printer = resident.city, resident.city.bench.printer
    resident.jumps_to(Step.REVIEW)
    breaks(printer)
    resident.jumps_to(Step.DONE)
    number, qr = resident.receipt, resident.visit.receipt.qr
    told = resident.hands.text("done.print_fault")
    assert sentence(code, "zh") in told
    assert way_on("printer.interrupted", "zh") in told  # not: staff will fill it up, please wait
    assert number in resident.hands.text("done.number")
    assert resident.hands.see("done.qr")
    eventually(lambda: bool(city.case(number)), "the case at the hub")
    resident.leaves()
    city.clear()  # somebody plugs it in again

    stranger = next_visitor(city).shows_code(qr).opens_the_case_of("li_rare")
    assert number not in stranger.reads
    assert not stranger.hands.see(f"case.print.{number}")
    stranger.visit.print_owed(number)
    stranger.leaves()
    assert not with_code(printer, qr)

    owner = next_visitor(city).shows_code(qr).opens_the_case_of("zhang_wei")
    owner.touches(f"case.print.{number}")
    owner.hands.wait_until(lambda: with_code(printer, qr) == 1, "the receipt on paper")
    owner.hands.wait_until(lambda: owner.kiosk.idle, "the printer is done")
    assert not owner.hands.see(f"case.print.{number}")
    assert not owner.kiosk.store.outbox.receipts_owed()
    owner.leaves()
    assert with_code(printer, qr) == 1
    assert len(city.case(number)) == 1


def test_printer_still_gone_is_told_to_the_owner_who_may_try_again(resident: Resident) -> None:
    city, printer = resident.city, resident.city.bench.printer
    resident.jumps_to(Step.REVIEW)
    printer.gone()
    resident.jumps_to(Step.DONE)
    number, qr = resident.receipt, resident.visit.receipt.qr
    eventually(lambda: bool(city.case(number)), "the case at the hub")
    resident.leaves()
    owner = next_visitor(city).shows_code(qr).opens_the_case_of("zhang_wei")
    owner.touches(f"case.print.{number}").is_told("printer.unreachable")
    assert owner.kiosk.store.outbox.receipts_owed()
    printer.gone(False)
    owner.touches(f"case.print.{number}")
    owner.hands.wait_until(lambda: with_code(printer, qr) == 1, "the receipt on paper")


def with_code(printer: RemotePrinter, qr: str) -> int:
    """How many whole receipts with this code came out of the printer."""
    return sum(qr in job.codes for job in printer.finished_jobs())
