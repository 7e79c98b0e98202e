"""The hub has revoked this kiosk: a refusal for good, and a visit that ends well all the same."""

from kiosk.steps import Step
from tests.journeys.resident import Resident
from tests.journeys.telling import sentence, way_on


def test_refused_submission_lies_on_the_shelf_and_its_receipt_is_printed(
    resident_of_own_city: Resident,
) -> None:
    resident = resident_of_own_city
    city, outbox = resident.city, resident.kiosk.store.outbox
    identity = resident.kiosk.hub.identity
    assert identity is not None
    city.hub.run("revoke", "--kiosk", identity.kiosk_id)
    resident.jumps_to(Step.REVIEW, language="en").hands_in()
    number, qr = resident.receipt, resident.visit.receipt.qr
    resident.finds(sentence("hub.refused", "en")).finds(way_on("hub.refused", "en"))
    assert resident.hands.see("done.unconfirmed")
    assert qr in city.bench.printer.jobs[-1].codes
    assert [item.receipt_number for item in outbox.shelf()] == [number]
    assert not outbox.waiting()
    assert not outbox.receipts_owed()
    resident.leaves()
    assert city.case(number) == []
