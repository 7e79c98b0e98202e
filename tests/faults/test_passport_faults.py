"""A passport that does not open, is not genuine, or is not for this service."""

from devices.testbed.faults import CardAct
from kiosk.steps import Step
from tests.journeys.private import found, texts_within
from tests.journeys.resident import TRANSPORT_CARD, Resident
from tests.journeys.test_passport_visit import NUMBER, has_a_passport, types_the_lines


def knows_the_lines(resident: Resident, language: str = "en", number: str = NUMBER) -> Resident:
    has_a_passport(resident.jumps_to(Step.IDENTIFY, language=language))
    types_the_lines(resident, number).arrives_at(Step.IDENTIFY)
    # The readers are opened afresh; what is pulled off before is of no interest to anybody.
    resident.hands.wait_until(lambda: resident.kiosk.workers.idle, "the readers were opened")
    return resident


def test_wrong_lines_are_kept_to_be_corrected(resident: Resident) -> None:
    knows_the_lines(resident, "ko", "M12345679").lays("kim_passport")
    resident.arrives_at(Step.PRINTED_LINES).is_told("card.wrong_mrz")
    fields = {field.id: field.value for field in resident.visit.printed_lines.form.fields}
    assert fields == {"document_number": "M12345679", "birth_date": "1993-04-17",
                      "expiry_date": "2031-02-28"}
    types_the_lines(resident).is_recognised()  # it lies there still


def test_altered_passport_is_not_accepted(resident: Resident) -> None:
    knows_the_lines(resident).lays("altered_passport")
    resident.is_told("card.altered")
    assert resident.visit._person is None


def test_passport_for_pace_only_is_named(resident: Resident) -> None:
    resident.jumps_to(Step.IDENTIFY, language="zh").lays("pace_passport").is_told("card.needs_pace")


def test_passport_lifted_mid_read_is_asked_for_again(resident: Resident) -> None:
    knows_the_lines(resident)
    slot = resident.city.bench.smartcard
    slot.inject(CardAct.PULLED, after=12)
    resident.lays("kim_passport").is_told("card.removed")
    slot.heal()
    resident.takes_the_card().lays("kim_passport").is_recognised()


def test_expired_passport_is_said_when_its_date_is_typed(resident: Resident) -> None:
    has_a_passport(resident.jumps_to(Step.IDENTIFY, language="en"))
    if resident.visit.lines.way == "camera":
        resident.touches("lines.type")
    lines = resident.visit.printed_lines
    for field, value in (("document_number", NUMBER), ("birth_date", "1993-04-17"),
                         ("expiry_date", "2021-02-28")):
        lines.set_answer(field, value)
        lines.leave_field(field)
    resident.goes_on().is_told("card.expired", "form.problem.expiry_date")
    assert resident.step == Step.PRINTED_LINES


def test_service_for_identity_numbers_says_so_before_anything_is_typed(resident: Resident) -> None:
    resident.jumps_to(Step.IDENTIFY, service=TRANSPORT_CARD, language="ko")
    assert not resident.hands.see("identify.passport")
    resident.lays("kim_passport").is_told("document.not_for_this_service")
    resident.takes_the_card().lays("zhang_wei").is_recognised()


def test_somebody_known_by_a_passport_is_told_before_the_next_service_begins(
    resident: Resident,
) -> None:
    knows_the_lines(resident).lays("kim_passport").is_recognised()
    resident.visit.home()
    resident.visit.open_service(TRANSPORT_CARD)
    resident.visit.begin()
    resident.arrives_at(Step.CONSENT).touches("consent.agree")
    resident.is_told("document.not_for_this_service")
    assert resident.step == Step.CONSENT


def test_passport_of_a_state_not_trusted_here_is_not_sure_enough(resident: Resident) -> None:
    knows_the_lines(resident).lays("strange_passport")
    resident.is_told("assurance.too_low")


def test_camera_gone_is_said_and_the_lines_can_be_typed(resident: Resident) -> None:
    has_a_passport(resident.jumps_to(Step.IDENTIFY, language="en"))
    assert resident.visit.lines.way == "camera"
    resident.city.bench.camera.gone()
    resident.is_told("camera.gone")
    types_the_lines(resident).arrives_at(Step.IDENTIFY).lays("kim_passport").is_recognised()


def test_camera_that_comes_back_goes_on_by_itself(resident: Resident) -> None:
    resident.city.bench.camera.gone()
    has_a_passport(resident.jumps_to(Step.IDENTIFY, language="ko")).is_told("camera.gone")
    resident.city.bench.camera.gone(on=False)
    resident.is_told_nothing()


def test_who_gives_up_leaves_no_lines_behind(resident: Resident) -> None:
    knows_the_lines(resident, "en", "M12345679").lays("kim_passport")
    resident.arrives_at(Step.PRINTED_LINES).touches("nav.quit").touches("nav.quit.confirm")
    resident.arrives_at(Step.GOODBYE)
    assert not found(("M12345679", "1993-04-17"), "\n".join(texts_within(resident.visit.__dict__)))
