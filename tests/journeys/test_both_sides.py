"""Papers of two sides and of several pages: taken one after the other, one PDF at the desk."""

import io
import re

import pikepdf
import requests

from devices.vision.pdf import PAGE_BYTES
from kiosk.steps import Step
from tests.journeys.city import eventually
from tests.journeys.resident import RESIDENCE_PERMIT, TRANSPORT_CARD, Resident

MATERIAL = "local_status"
CONTRACT = "proof_of_address"
PASSWORD = "a long enough one"


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


def pdfs_at_the_desk(resident: Resident, number: str) -> dict[str, list[bytes]]:
    """What a clerk opens: each paper of the case as one PDF, by name, as its pages' JPEG bytes."""
    hub = resident.city.hub
    form = {"name": f"clerk {number}", "password": PASSWORD}
    hub.run("account", "--name", form["name"], "--password", PASSWORD, "--role", "intake")
    desk = requests.Session()
    desk.post(f"{hub.url}/desk/sign-in", form, timeout=20).raise_for_status()
    eventually(lambda: bool(resident.city.case(number)), "the case at the hub")
    (case,) = resident.city.case(number)
    shown = desk.get(f"{hub.url}/desk/cases/{case['case_number']}", timeout=20).text
    papers = {}
    for name, link in re.findall(r'<h3>([^<]+)</h3><a href="([^"]+\.pdf)">', shown):
        reply = desk.get(hub.url + link, timeout=20)
        assert reply.headers["content-type"] == "application/pdf", reply.text
        assert len(reply.content) <= PAGE_BYTES * len(pages_in(reply.content))
        papers[name] = pages_in(reply.content)
    return papers


def pages_in(pdf: bytes) -> list[bytes]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        pictures = [next(iter(sheet.get_images().values())) for sheet in document.pages]
        return [picture.read_raw_bytes() for picture in pictures]


def named(resident: Resident, material: str) -> str:
    """As the desk names it: staff read Chinese."""
    materials = resident.visit._app.service["materials"]
    return str(next(m["name"]["zh"] for m in materials if m["id"] == material))


def keeps_for_more(resident: Resident, button: str) -> Resident:
    """Keep this page; the camera looks for the next one."""
    resident.touches(button)
    resident.hands.wait_until(lambda: resident.visit.captured is None, "the camera for the next")
    return resident


def test_both_sides_of_a_card_are_one_pdf_at_the_hub(resident: Resident) -> None:
    resident.jumps_to(Step.MATERIAL, service=TRANSPORT_CARD).opens_the_camera(MATERIAL)
    keeps_for_more(resident.lays_paper("id_card_front").sees_a_page(), "scan.keep")
    resident.lays_paper("id_card_back").sees_a_page().keeps_the_page()
    sides = [page.jpeg for page in resident.visit._app.pages[MATERIAL]]
    name = named(resident, MATERIAL)
    resident.jumps_to(Step.DONE, service=TRANSPORT_CARD)
    papers = pdfs_at_the_desk(resident, resident.receipt)
    assert len(sides) == 2 and papers[name] == sides


def test_several_a4_pages_are_one_pdf_at_the_hub(resident: Resident) -> None:
    resident.jumps_to(Step.MATERIAL, service=RESIDENCE_PERMIT)
    resident.opens_the_camera(CONTRACT)
    keeps_for_more(resident.lays_paper("rental_contract").sees_a_page(), "scan.more")
    resident.lays_paper("business_licence").sees_a_page().keeps_the_page()
    pages = resident.visit._app.pages[CONTRACT]
    assert [(page.width, page.height) for page in pages] == [(1654, 2339), (2339, 1654)]  # A4
    jpegs, name = [page.jpeg for page in pages], named(resident, CONTRACT)
    resident.jumps_to(Step.DONE, service=RESIDENCE_PERMIT)
    assert pdfs_at_the_desk(resident, resident.receipt)[name] == jpegs
