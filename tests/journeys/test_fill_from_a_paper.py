"""A page of the form filled from a paper under the camera: suggested, marked, never kept."""

import json
import sqlite3
from typing import Any

from devices.testbed.identity_papers import ADDRESS
from kiosk.steps import Step
from kiosk.views import FieldView
from tests.journeys.city import eventually
from tests.journeys.resident import TRANSPORT_CARD, Resident

SAID = {"phone": "13900001234", "request": "first", "lives_at_card_address": "true"}


def delivery(resident: Resident) -> FieldView:
    fields = resident.visit.form.fields
    return next(field for field in fields if field.id == "delivery_address")


def at_the_delivery(resident: Resident) -> Resident:
    """At the last page of the transport card's form, with a social security card: its chip does
    not say where somebody lives."""
    resident.jumps_to(Step.FORM, service=TRANSPORT_CARD, card="wang_social")
    while not any(field.id == "collection" for field in resident.visit.form.fields):
        for field in resident.visit.form.fields:
            if field.id in SAID:
                resident.visit.set_answer(field.id, SAID[field.id])
        resident.visit.next()
    resident.hands.frame()
    return resident.answers("collection", "courier")


def opens_the_camera(resident: Resident) -> Resident:
    resident.hands.wait_to_see("form.paper")
    resident.touches("form.paper").arrives_at(Step.SCAN)
    return resident


def submitted(resident: Resident, number: str) -> dict[str, Any]:
    """What the hub opened of a submission."""
    with sqlite3.connect(resident.city.hub.data / "hub.sqlite3") as database:
        row = database.execute("SELECT body FROM cases WHERE receipt_number = ?", (number,))
        body: dict[str, Any] = json.loads(row.fetchone()[0])
    return body


def test_an_address_is_read_from_the_household_register(resident: Resident) -> None:
    at_the_delivery(resident)
    before = dict(resident.visit._app.answers)
    opens_the_camera(resident).lays_paper("household_first_page")
    resident.hands.wait_to_see("scan.reading")
    resident.arrives_at(Step.FORM)
    address = delivery(resident)
    assert (address.value, address.from_paper, address.doubtful) == (ADDRESS, True, False)
    resident.finds(resident.visit.words("Read from the paper, please check"))
    assert resident.hands.see("form.note")
    # What the chip and the hand gave is as it was, and the picture is no material.
    assert resident.visit._app.answers == {**before, "delivery_address": ADDRESS}
    assert not any(resident.visit._app.pages.values())
    reader = resident.kiosk.rooms.text_reader
    assert reader is not None
    assert reader.pid is not None
    resident.goes_on().scans_everything_required().signs().hands_in()
    eventually(lambda: reader.pid is None, "the end of the reading process, with its memory")
    number = resident.receipt
    eventually(lambda: bool(resident.city.case(number)), "the case at the hub")
    sources = submitted(resident, number)["prefilled_sources"]
    assert sources["delivery_address"] == "paper.household_register"
    assert sources["name"] == "person.name"


def test_a_wrong_paper_is_told_and_another_tried_or_the_answer_typed(resident: Resident) -> None:
    opens_the_camera(at_the_delivery(resident)).lays_paper("id_card_front")
    resident.is_told("text.other_person").lays_paper("photo_card").touches("fault.retry")
    resident.is_told("text.nothing").touches("scan.type").arrives_at(Step.FORM)
    assert delivery(resident).value == ""
    opens_the_camera(resident)
    resident.touches("nav.back").arrives_at(Step.FORM)
    assert delivery(resident).value == ""
