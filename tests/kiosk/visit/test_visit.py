"""The order of the steps, the time that passes, and what is forgotten when."""

from dataclasses import replace

import pytest

from kiosk.steps import Step
from kiosk.views import Looks
from kiosk.visit import WrongStep
from kiosk.words import LANGUAGES
from tests.kiosk.rig import document
from tests.kiosk.visit.guest import Guest, knows

PERSONAL = (document().number, document().name, document().address, "13900000000")


def test_whole_visit_goes_from_attract_to_a_kiosk_that_starts_afresh(guest: Guest) -> None:
    guest.at(Step.ATTRACT)
    guest.to_done()
    guest.visit.finish()
    guest.at(Step.GOODBYE)
    assert guest.over == 0
    guest.wait(guest.place.rooms.timings.goodbye + 1)
    assert guest.over == 1
    guest.wait(100)
    assert guest.over == 1


@pytest.mark.parametrize("until", ["form", "review", "done"])
def test_quitting_forgets_the_person(guest: Guest, until: str) -> None:
    getattr(guest, f"to_{until}")()
    guest.settle()
    if until != "done":
        assert knows(guest.visit, *PERSONAL)
    guest.visit.quit()
    guest.settle()
    guest.at(Step.GOODBYE)
    assert knows(guest.visit, *PERSONAL) == []
    assert guest.visit.entered_anything is False


def test_untouched_visit_asks_and_then_ends_and_forgets(guest: Guest) -> None:
    guest.to_form()
    guest.visit.set_answer("phone", "13900000000")
    timings = guest.place.rooms.timings
    guest.wait(timings.idle_warning - 2)
    assert guest.visit.idle_left is None
    guest.wait(3)
    left = guest.visit.idle_left
    assert left is not None and 55 < left <= 60
    guest.visit.extend()
    assert guest.visit.idle_left is None
    guest.wait(timings.idle_warning + timings.idle_answer - 2)
    guest.at(Step.FORM)
    guest.wait(3)
    guest.at(Step.GOODBYE)
    assert knows(guest.visit, *PERSONAL) == []


def test_attract_and_out_of_order_never_time_out(guest: Guest) -> None:
    guest.wait(300)
    guest.at(Step.ATTRACT)
    assert guest.visit.idle_left is None


def test_kiosk_without_identity_is_out_of_order_until_it_has_one(guest: Guest) -> None:
    identity, guest.place.hub.identity = guest.place.hub.identity, None
    visit = guest.new_visit()
    guest.at(Step.OUT_OF_ORDER)
    assert visit.out_of_order.code == "kiosk.not_enrolled"
    with pytest.raises(WrongStep):
        visit.home()
    guest.wait(300)
    guest.at(Step.OUT_OF_ORDER)
    guest.place.hub.identity = identity
    guest.frame()
    guest.at(Step.ATTRACT)


def test_closed_kiosk_takes_nobody_in_but_lets_a_visit_end(guest: Guest) -> None:
    guest.to_form()
    closed: list[str] = ["store.full"]
    guest.place.rooms = replace(
        guest.place.rooms, closed=lambda: closed[0] if closed else None)
    guest.visit._rooms = guest.place.rooms
    guest.wait(5)
    guest.at(Step.FORM)
    visit = guest.new_visit()
    guest.at(Step.OUT_OF_ORDER)
    assert visit.out_of_order.code == "store.full"
    guest.wait(300)
    assert guest.over == 0
    closed.clear()
    guest.frame()
    guest.at(Step.ATTRACT)
    closed.append("store.damaged")
    guest.frame()
    guest.at(Step.OUT_OF_ORDER)
    guest.wait(guest.place.rooms.timings.closed_look + 1)
    assert guest.over == 1


@pytest.mark.parametrize("step", ["attract", "done", "goodbye"])
def test_no_way_home_where_the_visit_has_not_begun_or_is_over(guest: Guest, step: str) -> None:
    if step != "attract":
        guest.to_done()
    if step == "goodbye":
        guest.visit.finish()
    with pytest.raises(WrongStep):
        guest.visit.home()
    assert guest.visit.step.value == step


def test_back_walks_the_whole_way_back(guest: Guest) -> None:
    guest.to_review()
    way = [guest.visit.step]
    while guest.visit.can_go_back:
        guest.visit.back()
        if guest.visit.step is not way[-1]:
            way.append(guest.visit.step)
    assert way == [Step.REVIEW, Step.SIGN, Step.FORM, Step.SERVICE, Step.HOME]
    assert guest.visit.entered_anything


def test_back_from_the_card_leads_to_consent_and_to_the_list_it_came_from(guest: Guest) -> None:
    guest.to_home()
    guest.visit.open_search()
    guest.visit.open_service("paperless")
    guest.visit.begin()
    guest.visit.agree()
    way = []
    while guest.visit.can_go_back:
        guest.visit.back()
        way.append(guest.visit.step)
    assert way == [Step.CONSENT, Step.SERVICE, Step.SEARCH, Step.HOME]


def test_answers_stay_when_one_goes_back_to_the_guide_and_on_again(guest: Guest) -> None:
    guest.to_form()
    guest.visit.set_answer("phone", "13900000000")
    guest.visit.back()
    guest.at(Step.SERVICE)
    guest.visit.begin()
    guest.at(Step.FORM)
    assert guest.visit._app.answers["phone"] == "13900000000"


def test_another_service_drops_the_application_not_handed_in(guest: Guest) -> None:
    guest.to_form()
    guest.visit.back()
    guest.visit.back()
    other = next(row.code for row in guest.visit.popular if row.code != "paperless")
    guest.visit.open_service(other)
    assert guest.visit._application is None


def test_progress_counts_the_steps_of_this_service(guest: Guest) -> None:
    guest.to_home()
    assert guest.visit.progress is None
    guest.visit.open_service("paperless")
    assert guest.visit.progress is None
    guest.visit.begin()
    progress = guest.visit.progress
    assert progress is not None
    assert (progress.step, progress.steps) == (1, 5)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_before_the_card_is_there_in_every_language(
    guest: Guest, language: str
) -> None:
    visit = guest.visit
    guest.to_home(language)
    assert visit.place_name
    assert all(group.name and group.hint for group in visit.groups)
    visit.open_service("paperless")
    assert all(s.title and all(s.lines) for s in visit.service.sections)
    visit.begin()
    assert all(visit.consent.paragraphs) and visit.consent.items
    assert visit.help.phone and all(visit.help.lines)


def test_looks_are_kept_through_the_visit_and_reset_with_the_next(guest: Guest) -> None:
    looks = Looks(large_text=True, high_contrast=True)
    guest.visit.set_looks(looks)
    guest.to_home()
    assert guest.visit.looks == looks
    assert guest.new_visit().looks == Looks()


@pytest.mark.parametrize(
    "action",
    [
        lambda visit: visit.choose_language("en"), lambda visit: visit.open_search(),
        lambda visit: visit.open_service("paperless"), lambda visit: visit.begin(),
        lambda visit: visit.agree(), lambda visit: visit.next(), lambda visit: visit.submit(),
        lambda visit: visit.sign(()), lambda visit: visit.capture(), lambda visit: visit.keep(),
        lambda visit: visit.edit("form:0"), lambda visit: visit.finish(),
        lambda visit: visit.set_answer("phone", "1"), lambda visit: visit.print_owed("x"),
        lambda visit: visit.open_own_case(), lambda visit: visit.scan_material("x"),
    ],
)
def test_action_of_another_step_is_refused_and_changes_nothing(
    guest: Guest, action: object
) -> None:
    assert callable(action)
    with pytest.raises(WrongStep):
        action(guest.visit)
    guest.at(Step.ATTRACT)


