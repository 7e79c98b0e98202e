"""The guide of every service reads well in every language and says what is missing here."""

import pytest

from kiosk import guide
from kiosk.contract.faults import FAULTS
from kiosk.words import LANGUAGES, Words
from tests.kiosk.rig import CERTIFICATE, bundle, service

ALL = {"identity": True, "camera": True, "line": True}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_service_of_the_city_has_a_whole_guide(language: str) -> None:
    words = Words(language)
    for document in bundle()["services"]:
        view = guide.service_view(document, words, guide.missing_needs(document, ALL))
        assert view.row.name and view.row.department and view.row.summary
        for section in view.sections:
            assert section.title and section.lines and all(section.lines), document["slug"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_complete_services_say_what_is_asked_and_what_is_signed(language: str) -> None:
    for document in bundle()["services"]:
        if document["complete"]:
            consent = guide.consent_view(document, Words(language))
            assert consent.paragraphs and all(consent.paragraphs)
            assert all(what and why for what, why in consent.items)
            assert all(guide.declaration(document, Words(language)))


@pytest.mark.parametrize(
    ("there", "missing"),
    [
        (ALL, ()),
        ({"identity": True}, ("camera.gone",)),
        ({"camera": True}, ("reader.gone",)),
        ({}, ("reader.gone", "camera.gone")),
    ],
)
def test_missing_part_is_named_and_a_missing_printer_stops_nobody(
    there: dict[str, bool], missing: tuple[str, ...]
) -> None:
    document = service(CERTIFICATE)
    assert "receipt_printer" in document["needs"]
    assert guide.missing_needs(document, there) == missing
    view = guide.service_view(document, Words("en"), missing)
    assert view.row.here_now == (not missing)
    assert [fault.code for fault in view.missing] == list(missing)


def test_service_with_a_guide_only_cannot_be_applied_for_here() -> None:
    document = next(s for s in bundle()["services"] if not s["complete"])
    assert guide.missing_needs(document, ALL) == ("service.unavailable",)
    assert set(guide._FAULT_OF_NEED.values()) <= set(FAULTS)


@pytest.mark.parametrize(
    ("days", "text"), [(0, "On the spot."), (1, "Within 1 working day."),
                       (7, "Within 7 working days.")]
)
def test_time_is_said_in_words(days: int, text: str) -> None:
    document = service(CERTIFICATE)
    limits = {**document["guide"]["time"], "promised_days": days}
    changed = {**document, "guide": {**document["guide"], "time": limits}}
    sections = guide.service_view(changed, Words("en"), ()).sections
    assert next(s for s in sections if s.id == "time").lines[0] == text
