"""A paper whose two sides are asked for by name, one after the other."""

from kiosk.steps import Step
from tests.journeys.resident import TRANSPORT_CARD, Resident

MATERIAL = "local_status"


def sides_of(resident: Resident) -> list[str]:
    material = next(m for m in resident.visit._app.service["materials"] if m["id"] == MATERIAL)
    return [resident.visit.words.pick(side) for side in material["sides"]]


def test_front_and_back_are_scanned_in_turn(resident: Resident) -> None:
    resident.jumps_to(Step.MATERIAL, service=TRANSPORT_CARD)
    front, back = sides_of(resident)
    resident.opens_the_camera(MATERIAL)
    assert resident.hands.text("scan.side") == front
    resident.lays_paper("id_card_front").sees_a_page()
    resident.hands.tap("scan.keep")
    resident.hands.wait_to_see("scan.side")
    assert resident.hands.text("scan.side") == back
    # The front still lies there: it is not taken a second time.
    same = resident.visit.words("Please turn it over, or lay the next page down.")
    resident.hands.wait_until(lambda: resident.visit.live().advice == same, "turn it over")
    assert resident.visit.captured is None
    resident.lays_paper("id_card_back").sees_a_page().keeps_the_page()
    pages = resident.visit._app.pages[MATERIAL]
    assert len(pages) == 2 and pages[0].jpeg != pages[1].jpeg
    resident.finds(resident.visit.words.plural("{n} page kept", "{n} pages kept", 2))
