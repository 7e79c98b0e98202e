"""From the companies' door over a main item and its questions to the guide on paper and a start."""

from devices.printers.escpos import encode_parts
from kiosk.guide_paper import guide_layout
from kiosk.guide_views import PaperState
from kiosk.steps import Step
from kiosk.words import Words
from tests.journeys.resident import Resident
from tests.shipped_catalog import WAYS, service


def test_company_finds_the_service_asks_itself_and_takes_the_guide_along(
    resident: Resident,
) -> None:
    hands, visit = resident.hands, resident.visit
    wanted = service(WAYS[2])
    printed = len(resident.city.bench.printer.finished_jobs())
    resident.touches_the_screen().speaks("zh").touches("home.door.company")
    assert hands.see("home.group.biz_start")
    assert not hands.see("home.group.social")
    resident.touches("home.group.biz_start").arrives_at(Step.GROUP)
    line = f"home.service.{wanted['code']}"
    assert not hands.see(line)
    resident.touches(f"group.item.{wanted['main']['id']}")
    hands.frame()
    resident.touches(line).arrives_at(Step.SERVICE)
    assert hands.text("service.title") == wanted["name"]["zh"]

    resident.touches("service.checks").arrives_at(Step.CHECK)
    for check in wanted["checks"]:
        resident.finds(check["question"]["zh"])
        resident.touches(f"check.{check['right']}")
    hands.wait_to_see("check.begin")
    resident.touches("nav.back").touches("nav.back")  # through the questions again
    for _ in wanted["checks"][1:]:
        resident.touches("nav.back")
    resident.arrives_at(Step.SERVICE)

    resident.touches("service.print")
    hands.wait_until(lambda: visit.service.paper is PaperState.PRINTED, "the guide printed")
    hands.wait_to_see("service.printed")
    (job,) = resident.city.bench.printer.finished_jobs()[printed:]
    rooms = resident.kiosk.rooms
    place = rooms.config.place
    layout = guide_layout(
        Words("zh"), rooms.store.catalog.service(wanted["code"]), place.hall["zh"], place.phone,
        rooms.clock.now(), rooms.store.catalog.version(),
    )
    # On a fast wire a slip is pictures; what they say is read in tests/kiosk/visit.
    assert b"".join(encode_parts(layout, rooms.config.devices.printer_columns, True)) in job.raw
    assert not rooms.store.outbox.waiting()

    resident.touches("service.begin").arrives_at(Step.CONSENT)


def test_wrong_answer_says_what_to_do_instead(resident: Resident) -> None:
    wanted = service(WAYS[0])
    check = wanted["checks"][0]
    wrong = "no" if check["right"] == "yes" else "yes"
    resident.jumps_to(Step.SERVICE, language="ko", service=wanted["code"])
    resident.hands.frame()
    resident.touches("service.checks").arrives_at(Step.CHECK)
    resident.touches(f"check.{wrong}").finds(check["otherwise"]["ko"])
    assert not resident.hands.see("check.begin")
    resident.touches("check.guide").arrives_at(Step.SERVICE)
    resident.touches("nav.quit").arrives_at(Step.GOODBYE)
