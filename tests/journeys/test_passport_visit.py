"""Applying with a passport: its printed lines typed or shown, then the chip; and coming back."""

from devices.testbed.cards import sample_card
from kiosk.steps import Step
from tests.journeys.city import City, eventually
from tests.journeys.private import found
from tests.journeys.resident import Resident, next_visitor

NUMBER, BORN, EXPIRES = "M12345678", "1993-04-17", "2031-02-28"
NAME = "KIM, MINJI"


def has_a_passport(resident: Resident) -> Resident:
    """Says so before laying it down."""
    resident.arrives_at(Step.IDENTIFY).hands.wait_to_see("identify.passport")
    return resident.touches("identify.passport").arrives_at(Step.PRINTED_LINES)


def types_the_lines(resident: Resident, number: str = NUMBER) -> Resident:
    """On the screen that asks for them, whichever way it began with."""
    if resident.visit.lines.way == "camera":
        resident.touches("lines.type")
    hands, lines = resident.hands, resident.visit.printed_lines
    hands.tap("form.field.document_number")
    hands.wait(0.4)
    if lines.form.fields[0].value:
        for _ in lines.form.fields[0].value:
            hands.tap("key.delete")
    hands.type_text(number)
    for field, day in (("birth_date", BORN), ("expiry_date", EXPIRES)):
        lines.set_answer(field, day)
        lines.leave_field(field)
    return resident.goes_on()


def test_korean_shopkeeper_types_the_lines_and_applies(resident: Resident) -> None:
    city = resident.city
    resident.speaks_at_once("ko").opens(resident.service).begins().agrees()
    has_a_passport(resident)
    types_the_lines(resident).arrives_at(Step.IDENTIFY)
    assert resident.visit.identify.lines_known
    resident.lays("kim_passport").is_recognised()
    fields = {field.id: field for field in resident.visit.form.fields}
    assert fields["id_number"].value == NUMBER
    assert fields["id_number"].locked
    assert fields["name"].value == NAME
    resident.takes_the_card().fills_in().scans_everything_required().signs().hands_in()
    number = resident.receipt
    eventually(lambda: bool(city.case(number)), "the case at the hub")
    resident.leaves()

    owner = next_visitor(city).speaks_at_once("ko").touches("home.my_cases")
    owner.arrives_at(Step.IDENTIFY).lays("kim_passport").arrives_at(Step.PRINTED_LINES)
    types_the_lines(owner).arrives_at(Step.CASE)
    owner.finds(number)
    owner.leaves()
    assert not found((number, NUMBER, NAME), owner.reads)


def test_english_speaker_shows_the_lines_to_the_camera(resident: Resident) -> None:
    resident.jumps_to(Step.IDENTIFY, language="en").lays("kim_passport")
    resident.arrives_at(Step.PRINTED_LINES)
    assert resident.visit.lines.way == "camera"
    resident.takes_the_card().lays_paper("passport_page")
    # Recognising text is real work; other tests may want the processor as well.
    resident.hands.wait_for(Step.IDENTIFY, patience=90.0)
    assert resident.visit.identify.lines_known
    resident.lays("kim_passport").is_recognised()
    assert resident.visit._person is not None
    assert resident.visit._person.assurance == "chip_verified"
    assert not resident.visit.printed_lines.started


def test_passport_left_on_the_reader_is_read_once_the_lines_are_known(resident: Resident) -> None:
    resident.jumps_to(Step.IDENTIFY, language="en").lays("kim_passport")
    resident.arrives_at(Step.PRINTED_LINES)
    types_the_lines(resident)
    resident.is_recognised()


def test_another_card_will_do_while_the_lines_are_looked_for(resident: Resident) -> None:
    has_a_passport(resident.jumps_to(Step.IDENTIFY))
    resident.lays("zhang_wei").is_recognised()
    assert resident.visit.form.fields[0].value == "张伟"


def test_kiosk_without_a_camera_asks_to_type(city: City) -> None:
    resident = Resident(city, *city.open(camera="")).jumps_to(Step.HOME, language="en")
    has_a_passport(resident.touches("home.my_cases"))
    assert resident.visit.lines.way == "typed"
    assert not resident.hands.see("lines.show")


def test_sample_passport_is_what_the_tests_type() -> None:
    document = sample_card("kim_passport").document
    assert document is not None
    assert (document.number, document.name_latin) == (NUMBER, NAME)
    assert (str(document.birth_date), str(document.valid_to)) == (BORN, EXPIRES)
