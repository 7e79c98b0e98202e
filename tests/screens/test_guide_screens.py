"""The guide, its questions and its paper forms: what is offered, what is asked of the visit."""

import pytest

from kiosk.guide_views import PaperState
from kiosk.views import Looks
from screens.widgets.page_view import PageView
from tests.screens.desk import Desk


def test_doors_change_the_groups_and_the_most_used(desk: Desk) -> None:
    desk.show("home", "en")
    people = set(desk.hands.widgets())
    desk.hands.tap("home.door.company")
    companies = set(desk.hands.widgets())
    assert "home.group.social" in people - companies
    assert "home.group.biz_start" in companies - people
    assert len([sid for sid in companies if sid.startswith("home.service.")]) == 4


@pytest.mark.parametrize("language", ["zh", "en", "ko"])
@pytest.mark.parametrize("name", ["home", "home_company"])
def test_nothing_of_home_is_below_the_fold(desk: Desk, language: str, name: str) -> None:
    desk.show(name, language)
    assert desk.app.where()["beyond"] == {}
    assert "home.my_cases" in desk.hands.widgets()


def test_guide_offers_start_and_questions_where_it_can_be_started(desk: Desk) -> None:
    visit = desk.show("service_checks")
    for sid, call in (("service.checks", "open_checks"), ("service.begin", "begin"),
                      ("service.print", "print_guide")):
        desk.hands.tap(sid)
        assert (call,) in visit.calls
    assert desk.hands.text("service.promise") == visit.service.promise != ""
    desk.hands.tap("service.sheet.rental_contract")
    assert ("open_sheet", "rental_contract") in visit.calls


@pytest.mark.parametrize("language", ["zh", "en"])
def test_guide_without_a_start_says_where_and_offers_paper(desk: Desk, language: str) -> None:
    visit = desk.show("service_elsewhere", language)
    assert not desk.hands.see("service.begin")
    assert not desk.hands.see("service.checks")
    words = visit.words
    assert words("This is done at a window, not at a machine.") in desk.hands.text(
        "service.elsewhere")
    said = [str(text) for widget in desk.app.stage.walk() if (text := getattr(widget, "text", ""))]
    # Once for the whole guide, not beside every part of it.
    assert said.count(words("The full guide is in Chinese.")) == (language == "en")
    desk.hands.tap("service.print")
    assert ("print_guide",) in visit.calls


def test_guide_is_printed_once_and_not_offered_without_a_printer(desk: Desk) -> None:
    visit = desk.show("service")
    visit.slip = PaperState.PRINTING
    visit.on_change()
    desk.hands.frame()
    desk.hands.tap("service.print")
    assert ("print_guide",) not in visit.calls
    visit.can_print = False
    visit.on_change()
    desk.hands.frame()
    assert not desk.hands.see("service.print")


def test_one_question_at_a_time_and_a_start_at_the_end(desk: Desk) -> None:
    visit = desk.show("check", "en")
    first = desk.hands.text("check.title")
    desk.hands.tap("check.yes")
    desk.hands.frame()
    assert desk.hands.text("check.title") != first
    assert not desk.hands.see("check.begin")
    for _ in range(2):
        desk.hands.tap("check.yes")
        desk.hands.frame()
    desk.hands.tap("check.begin")
    assert ("begin",) in visit.calls


def test_a_wrong_answer_leads_on_and_not_to_a_start(desk: Desk) -> None:
    visit = desk.show("check", "ko")
    desk.hands.tap("check.no")
    desk.hands.frame()
    assert visit.check_view.sentence in desk.hands.text("check.result")
    assert not desk.hands.see("check.begin")
    desk.hands.tap("check.guide")
    assert ("leave_checks",) in visit.calls
    desk.hands.tap("check.help")
    desk.hands.frame()
    assert desk.hands.see("help.close")


def test_page_becomes_larger_and_is_moved_with_the_finger(desk: Desk) -> None:
    desk.show("sheet_sample", "zh", Looks())
    assert not desk.hands.see("sheet.print")
    whole = _page(desk)._image.size[0]
    desk.hands.tap("sheet.larger")
    page = _page(desk)
    assert page._image.size[0] == pytest.approx(2 * whole, rel=0.02)
    before = page._image.pos
    x, y, width, height = desk.hands.widgets()["sheet.page"]
    finger = desk.hands.touch(x + width / 2, y + height / 2)
    for step in range(1, 6):
        finger.move(x + width / 2 - 20 * step, y + height / 2 - 30 * step)
        desk.hands.frame()
    finger.lift()
    desk.hands.frame()
    assert page._image.pos[0] == pytest.approx(before[0] - 100, abs=2)
    assert page._image.pos[1] == pytest.approx(before[1] + 150, abs=2)
    finger = desk.hands.touch(x + width / 2, y + height / 2)
    finger.move(x + width / 2 + 5000, y + height / 2 + 5000)
    desk.hands.frame()
    finger.lift()
    assert page._image.pos[0] >= page.x - 2  # no further than its corner
    desk.hands.tap("sheet.larger")
    assert _page(desk)._image.size[0] == pytest.approx(whole)


def test_blank_and_sample_and_paper_are_asked_of_the_visit(desk: Desk) -> None:
    visit = desk.show("sheet")
    desk.hands.tap("sheet.print")
    assert ("print_sheet",) in visit.calls
    desk.hands.tap("sheet.sample")
    desk.hands.frame()
    assert visit.sample
    assert desk.hands.see("sheet.page")


def test_a_fault_of_the_page_printer_stands_on_the_form(desk: Desk) -> None:
    visit = desk.show("sheet_fault", "en")
    assert "The page printer has no paper." in desk.hands.text("fault")
    desk.hands.tap("fault.retry")
    assert ("retry",) in visit.calls


def test_nothing_found_offers_the_nearest_groups(desk: Desk) -> None:
    visit = desk.show("search", "en")
    visit.nothing_found = True
    desk.hands.type_text("zz")
    desk.hands.tap(f"home.group.{visit.groups[0].id}")
    assert ("open_group", visit.groups[0].id) in visit.calls


def _page(desk: Desk) -> PageView:
    return next(one for one in desk.app.stage.walk() if isinstance(one, PageView))
