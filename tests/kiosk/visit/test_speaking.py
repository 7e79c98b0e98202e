"""What is heard when nobody touches: on a real sound server."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from devices.speech import Voice
from devices.testbed.sound import SoundServer
from kiosk.steps import Step
from tests.kiosk.visit.guest import Guest

LIMIT = 10.0


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoundServer]:
    with SoundServer(tmp_path_factory.mktemp("sound")) as server:
        yield server


@pytest.fixture
def heard(guest: Guest, sound: SoundServer) -> Iterator[Guest]:
    """Somebody at a kiosk with a loudspeaker and a headphone."""
    voice = Voice("earphone", server=sound.address)
    speaker = Voice("speaker", server=sound.address)
    rooms = replace(guest.place.rooms, voice=voice, speaker=speaker)
    guest.place = replace(guest.place, rooms=rooms)
    guest.new_visit()
    yield guest
    voice.close()
    speaker.close()


def test_the_idle_question_is_heard_in_both_outlets_until_somebody_answers(
    heard: Guest, sound: SoundServer
) -> None:
    rooms = heard.place.rooms
    heard.to_form()
    heard.wait(rooms.timings.idle_warning - 2)
    assert rooms.speaker is not None and not rooms.speaker.speaking
    with sound.listen("speaker") as hall, sound.listen("earphone") as ear:
        heard.wait(3)
        assert heard.visit.idle_left is not None
        hall.heard_at(LIMIT)
        ear.heard_at(LIMIT)
        heard.visit.extend()
        hall.silent_since(0.3, 2.0)
        ear.silent_since(0.3, 2.0)


def test_the_question_is_over_when_the_visit_is(
    heard: Guest, sound: SoundServer
) -> None:
    timings, speaker = heard.place.rooms.timings, heard.place.rooms.speaker
    assert speaker is not None
    heard.to_form()
    with sound.listen("speaker") as hall:
        heard.wait(timings.idle_warning + 1)
        hall.heard_at(LIMIT)
        assert speaker.speaking
        heard.wait(timings.idle_answer)
        heard.at(Step.GOODBYE)
        hall.silent_since(0.3, 2.0)
        assert not speaker.speaking


def test_a_kiosk_without_a_voice_asks_on_the_screen_only(guest: Guest) -> None:
    guest.to_form()
    guest.wait(guest.place.rooms.timings.idle_warning + 1)
    assert guest.place.rooms.voice is None and guest.visit.idle_left is not None
