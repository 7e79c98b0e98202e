"""A card, read over its real wire, makes a person; only while it is asked for."""

import logging

import pytest

from devices.cards.events import CardGone, CardRead, CardSeen
from devices.testbed.faults import CardAct, WireFault
from devices.testbed.samv import READ_BASE, SamvPty
from kiosk.steps import Step
from kiosk.views import IdentifyState
from tests.kiosk.rig import document, person
from tests.kiosk.visit.guest import Guest


def _faulty(guest: Guest, code: str) -> None:
    def there() -> bool:
        fault = guest.visit.identify.fault
        return fault is not None and fault.code == code

    guest.until(there, code)


def test_person_is_known_by_the_card_and_the_name_stands_for_a_moment(guest: Guest) -> None:
    guest.to_identify()
    assert guest.visit.identify.state is IdentifyState.WAITING
    guest.lay()
    guest.until(lambda: guest.visit.identify.state is IdentifyState.RECOGNISED, "recognised")
    guest.frame()
    guest.at(Step.IDENTIFY)
    guest.wait(1.0)
    guest.at(Step.FORM)
    number = guest.visit._app.answers["id_number"]
    assert number == document().number
    fields = {field.id: field for field in guest.visit.form.fields}
    assert fields["name"].locked
    assert fields["name"].value == "张伟"
    guest.visit.set_answer("name", "Somebody Else")
    assert guest.visit._app.answers["name"] == "张伟"


def test_card_lifted_too_early_is_said_until_the_next_card(guest: Guest, reader: SamvPty) -> None:
    guest.to_identify()
    reader.inject(CardAct.PULLED, on=READ_BASE)
    guest.lay()
    guest.until(lambda: guest.visit.identify.state is IdentifyState.FAULT, "fault")
    guest.settle()
    assert guest.visit.identify.fault is not None
    guest.lift()
    guest.lay()
    guest.recognised()
    guest.at(Step.FORM)


def test_expired_card_is_refused_and_another_one_taken(guest: Guest) -> None:
    guest.to_identify()
    guest.lay("zhao_expired")
    _faulty(guest, "card.expired")
    assert guest.visit._person is None
    guest.lift()
    guest.lay()
    guest.recognised()
    guest.at(Step.FORM)


def test_card_of_no_known_kind_is_said_to_be_unknown(guest: Guest) -> None:
    guest.to_identify()
    guest.lay("wang_social")
    guest.wait(25.0)
    guest.at(Step.IDENTIFY)
    assert guest.visit.identify.fault is not None


def test_missing_card_is_explained_after_a_while_and_retry_waits_afresh(guest: Guest) -> None:
    guest.to_identify()
    guest.wait(guest.place.rooms.timings.card_wait_hint + 1)
    _faulty(guest, "card.absent")
    guest.visit.retry()
    assert guest.visit.identify.fault is None


def test_reader_unplugged_and_plugged_in_again_recovers_by_itself(
    guest: Guest, reader: SamvPty
) -> None:
    guest.to_identify()
    guest.until(lambda: guest.visit.identify.readers != (), "reader known")
    reader.unplug()
    _faulty(guest, "reader.gone")
    reader.replug()
    guest.until(lambda: guest.visit.identify.fault is None, "reader back")
    guest.lay()
    guest.recognised()
    guest.at(Step.FORM)


@pytest.mark.parametrize("leave", ["back", "home", "quit"])
def test_card_event_after_leaving_is_dropped(guest: Guest, leave: str) -> None:
    guest.to_identify()
    part = guest.visit._identification
    assert part is not None
    deliver = part._watch._workers[0]._deliver  # what the reader's thread would call
    getattr(guest.visit, leave)()
    step = guest.visit.step
    for event in (CardSeen("id_card"), CardRead("id_card", document()), CardGone("id_card")):
        deliver(event)
    guest.settle()
    guest.wait(1.0)
    assert guest.visit.step is step
    assert guest.visit._person is None
    assert part.person is None


def test_card_read_while_leaving_is_dropped(guest: Guest) -> None:
    guest.to_identify()
    guest.lay()
    guest.until(lambda: guest.visit.identify.state is IdentifyState.READING, "reading")
    guest.visit.back()
    guest.settle()
    guest.wait(2.0)
    guest.at(Step.CONSENT)
    assert guest.visit._person is None


def test_no_time_runs_out_while_a_card_is_read(guest: Guest, reader: SamvPty) -> None:
    guest.to_identify()
    reader.inject(WireFault.STALLED, on=READ_BASE)
    guest.lay()
    guest.until(lambda: guest.visit._identification is not None, "open")
    reader.heal()
    guest.recognised()
    assert guest.visit.idle_left is None


def test_second_service_of_a_visit_asks_for_no_second_card(guest: Guest) -> None:
    guest.to_form()
    guest.visit.home()
    guest.visit.open_service("paperless")
    guest.visit.begin()
    guest.visit.agree()
    guest.at(Step.FORM)


def test_nothing_personal_is_logged_or_shown_by_repr(
    guest: Guest, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    guest.to_form()
    known = guest.visit._person
    assert known is not None
    shown = caplog.text + repr(known) + repr(known.document) + repr(guest.visit._app)
    shown += repr(guest.visit) + repr(guest.visit._identification)
    for personal in (document().number, document().name, document().address):
        assert personal not in shown


def test_card_of_somebody_else_is_refused_within_a_visit(guest: Guest) -> None:
    guest.to_form()
    assert guest.visit._judge(person("jin_meihua")) == "person.mismatch"
    assert guest.visit._judge(person("zhang_wei")) is None
