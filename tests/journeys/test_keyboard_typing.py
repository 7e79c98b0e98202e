"""Every alphabet of the town, typed by taps: pinyin through librime, Hangul, Latin, digits."""

from kiosk.steps import Step
from tests.journeys.resident import RESIDENCE_PERMIT, Resident

FIELD = "present_address"


def at_the_address(resident: Resident, language: str) -> Resident:
    """With the keyboard up for an address, still empty."""
    resident.jumps_to(Step.FORM, language=language, service=RESIDENCE_PERMIT)
    resident.answers("phone", "13900001234").goes_on().touches(f"form.field.{FIELD}")
    resident.hands.wait(0.4)
    return resident


def address(resident: Resident) -> str:
    return next(q.value for q in resident.visit.form.fields if q.id == FIELD)


def test_pinyin_becomes_the_characters_that_were_chosen(resident: Resident) -> None:
    at_the_address(resident, "zh").types("renmindajie")
    resident.hands.wait_to_see("candidate.0")
    resident.touches("candidate.0")
    assert address(resident) == "人民大街"
    resident.touches("key.symbols").types("88").touches("key.letters").types("hao")
    resident.touches("candidate.0")
    assert address(resident).startswith("人民大街88")
    assert len(address(resident)) == len("人民大街88号")


def test_hangul_syllables_grow_from_letters_and_shrink_again(resident: Resident) -> None:
    at_the_address(resident, "ko").touches("key.mode").types("ㅊㅏㅇㅊㅜㄴ")
    assert address(resident) == "창춘"
    resident.touches("key.delete")
    assert address(resident) == "창추"
    resident.types("ㄴ").touches("key.space").touches("key.shift").types("ㅆㅓ")
    assert address(resident) == "창춘 써"


def test_latin_takes_capitals_and_signs(resident: Resident) -> None:
    at_the_address(resident, "en").touches("key.mode").touches("key.mode")
    resident.touches("key.shift").types("R").types("oad")
    resident.touches("key.space").touches("key.symbols").types("8-2").touches("key.letters")
    assert address(resident) == "Road 8-2"


def test_digits_are_typed_on_the_large_pad_and_taken_back(resident: Resident) -> None:
    resident.jumps_to(Step.FORM).answers("phone", "139000012345")
    phone = next(q for q in resident.visit.form.fields if q.id == "phone")
    assert phone.value == "13900001234"  # no more than a number is long
    resident.touches("key.delete")
    assert next(q for q in resident.visit.form.fields if q.id == "phone").value == "1390000123"
    resident.touches("key.clear")
    assert next(q for q in resident.visit.form.fields if q.id == "phone").value == ""
