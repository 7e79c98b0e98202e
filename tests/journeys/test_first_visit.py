"""From first touch to a receipt on paper and a case at the hub, and all forgotten."""

import pytest

from tests.journeys.city import eventually
from tests.journeys.resident import CERTIFICATE, RESIDENCE_PERMIT, TRANSPORT_CARD, Resident


@pytest.mark.parametrize(
    ("language", "service", "card"),
    [
        ("zh", CERTIFICATE, "zhang_wei"),
        ("ko", RESIDENCE_PERMIT, "jin_meihua"),
        ("en", TRANSPORT_CARD, "wang_social"),
    ],
)
def test_resident_gets_a_receipt_and_the_hub_one_case(
    resident: Resident, language: str, service: str, card: str
) -> None:
    (
        resident.touches_the_screen().speaks(language).opens(service).begins().agrees()
        .lays(card).is_recognised().fills_in().scans_everything_required().signs().hands_in()
    )
    # The calendar came with the catalog: the promised day is counted by it.
    assert resident.kiosk.rooms.hub.catalog.calendar.years
    number = resident.receipt
    printed = resident.city.bench.printer.jobs[-1]
    assert number.encode() in printed.raw
    assert not resident.kiosk.store.outbox.receipts_owed()
    eventually(lambda: bool(resident.city.case(number)), "the case at the hub")
    assert [case["service_code"] for case in resident.city.case(number)] == [service]
    resident.leaves()
