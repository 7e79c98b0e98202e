"""The guide of every service reads well in every language and says what is missing here."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from devices.printers.layout import Text
from kiosk import guide
from kiosk.contract.faults import FAULTS
from kiosk.guide_paper import guide_layout
from kiosk.guide_views import GuideSection
from kiosk.promise import Promise
from kiosk.words import LANGUAGES, Words
from tests.kiosk.rig import CERTIFICATE, bundle, service

ALL = {"identity": True, "camera": True, "line": True}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_service_of_the_city_has_a_whole_guide(language: str) -> None:
    words = Words(language)
    for document in bundle()["services"]:
        view = guide.service_view(document, words, guide.missing_needs(document, ALL))
        assert view.row.name and view.row.department and view.row.summary
        assert [fact.id for fact in view.facts] == ["time", "fee", "visits"]
        assert all(fact.title and fact.value for fact in view.facts)
        for section in view.sections:
            assert section.title and section.lines, document["slug"]
            assert all(line.text for line in section.lines), document["slug"]
        assert (view.elsewhere is None) == document["complete"]
        assert view.elsewhere is None or (view.elsewhere.sentence and all(view.elsewhere.places))


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
    ("days", "text"), [(0, "On the spot"), (1, "1 working day"), (7, "7 working days")]
)
def test_time_is_said_in_words(days: int, text: str) -> None:
    document = service(CERTIFICATE)
    limits = {**document["guide"]["time"], "promised_days": days}
    changed = {**document, "guide": {**document["guide"], "time": limits}}
    facts = guide.service_view(changed, Words("en"), ()).facts
    assert next(fact for fact in facts if fact.id == "time").value == text


def test_who_hands_it_in_today_learns_the_day() -> None:
    document, words = service(CERTIFICATE), Words("en")
    assert guide.service_view(document, words, ()).promise == ""
    view = guide.service_view(document, words, (), (), Promise(date(2026, 11, 30)))
    assert view.promise == "Handed in today: answer by November 30, 2026"


def test_fee_is_a_part_of_its_own_only_where_there_is_one() -> None:
    document = service(CERTIFICATE)
    assert "fee" not in _sections(document, "en")
    fee = {"free": False, "note": {"zh": "每本 20 元"}}
    paid = {**document, "guide": {**document["guide"], "fee": fee}}
    section = _sections(paid, "ko")["fee"]
    assert section.lines[0].text == "每本 20 元"
    assert guide.service_view(paid, Words("ko"), ()).in_chinese
    assert not guide.service_view(paid, Words("zh"), ()).in_chinese


@pytest.mark.parametrize("part", ["what_you_get", "steps", "note", "materials"])
def test_a_guide_that_is_not_wholly_translated_says_so(part: str) -> None:
    document, chinese = service(CERTIFICATE), {"zh": "到窗口"}
    guide_of = document["guide"]
    partly = {
        "what_you_get": {**document, "what_you_get": chinese},
        "steps": {**document, "guide": {**guide_of, "steps": [*guide_of["steps"], chinese]}},
        "note": {**document, "guide": {**guide_of, "time": {**guide_of["time"], "note": chinese}}},
        "materials": {**document, "materials": [{**document["materials"][0], "note": chinese}]},
    }[part]
    for language in LANGUAGES:
        words = Words(language)
        assert guide.service_view(document, words, ()).in_chinese == ""
        said = guide.service_view(partly, words, ()).in_chinese
        assert said == ("" if language == "zh" else words("The full guide is in Chinese."))


def test_who_may_hand_in_and_courier_are_said() -> None:
    document = {**service(CERTIFICATE), "who": ["self", "guardian", "proxy", "company"],
                "courier": True}
    sections = _sections(document, "en")
    assert [line.text for line in sections["hand_in"].lines] == [
        "You yourself", "A parent or guardian", "Somebody you send with a letter of authority",
        "Your company or employer"]
    assert sections["get"].lines[-1].text == "It can be sent to you by courier."


def test_paper_form_is_offered_only_where_it_is_known() -> None:
    document = service(CERTIFICATE)
    material = {**document["materials"][0], "sheet": "power_of_attorney"}
    with_form = {**document, "materials": [material]}
    for sheets, offered in (((), ""), (("power_of_attorney",), "power_of_attorney")):
        view = guide.service_view(with_form, Words("en"), (), sheets)
        bring = next(s for s in view.sections if s.id == "bring")
        assert bring.lines[0].sheet == offered


@pytest.mark.parametrize(
    ("here", "sentence"),
    [("apply", "You cannot apply for this here yet."), ("print", "You cannot print this here yet."),
     ("query", "You cannot look this up here yet."),
     ("no", "This is done at a window, not at a machine.")],
)
def test_guide_only_services_say_honestly_where_they_are_done(here: str, sentence: str) -> None:
    document = {**service(CERTIFICATE), "complete": False, "here": here, "checks": ["?"]}
    view = guide.service_view(document, Words("en"), guide.missing_needs(document, ALL))
    assert view.elsewhere is not None
    assert view.elsewhere.sentence == sentence
    assert view.elsewhere.places
    assert view.missing == ()
    assert not view.checks


def test_services_stand_under_their_main_items_in_the_order_of_their_use() -> None:
    def summary(code: str, item: str) -> dict[str, Any]:
        return {**service(CERTIFICATE), "code": code, "complete": code == "c",
                "main": {"id": item, "name": {"zh": item, "en": item, "ko": item}}}

    rows = guide.item_rows([summary("a", "x"), summary("b", "y"), summary("c", "x")], Words("en"),
                           lambda one: True, "x")
    assert [(row.id, [one.code for one in row.services], row.open, row.here_now) for row in rows] \
        == [("x", ["a", "c"], True, True), ("y", ["b"], False, False)]
    assert (rows[0].name, rows[0].note) == ("x", "2 services")
    assert rows[1].name == rows[1].services[0].name


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_paper_a_place_is_named_not_pointed_at(language: str) -> None:
    words = Words(language)
    for document in bundle()["services"]:
        layout = guide_layout(words, document, "示范大厅", "12345", datetime.now(UTC), "v")
        lines = [line.text for line in layout if isinstance(line, Text)]
        places = lines[lines.index(words("Where to go")) + 1 :]
        assert ("示范大厅" in places[0]) == document["complete"], document["slug"]
        for pointed in ("这台机器", "本机", "This kiosk", "이 무인 단말기"):
            assert not any(pointed in place for place in places), document["slug"]


def _sections(document: dict[str, Any], language: str) -> dict[str, GuideSection]:
    view = guide.service_view(document, Words(language), ())
    return {section.id: section for section in view.sections}
