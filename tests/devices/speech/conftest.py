"""A sound server with ears, shared; a voice for each test."""

from collections.abc import Iterator

import pytest

from devices.speech import Voice
from devices.testbed.sound import Ear, SoundServer


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoundServer]:
    with SoundServer(tmp_path_factory.mktemp("sound")) as server:
        yield server


@pytest.fixture
def speaker(sound: SoundServer) -> Iterator[Ear]:
    with sound.listen("speaker") as ear:
        yield ear


@pytest.fixture
def earphone(sound: SoundServer) -> Iterator[Ear]:
    with sound.listen("earphone") as ear:
        yield ear


@pytest.fixture
def voice(sound: SoundServer) -> Iterator[Voice]:
    """At the earphone, fast so that tests are."""
    voice = Voice("earphone", server=sound.address, rate=250)
    yield voice
    voice.close()
