"""A voice on a real sound server: when it is heard, where, and that nothing of it is left over."""

import logging
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from queue import Queue

import pytest

from devices.errors import FAULT_CODES
from devices.speech import Ending, Voice
from devices.speech.outlet import AHEAD_BYTES, BYTES_A_SECOND
from devices.testbed.sound import Ear, SoundServer

LIMIT = 10.0
LONG = "请把卡平放在读卡器上，先不要拿开。没有带卡，工作人员会帮您。"


class Sayings:
    """What was said, and how each ended, in order."""

    def __init__(self, voice: Voice) -> None:
        self.voice = voice
        self.endings: Queue[tuple[str, Ending]] = Queue()

    def say(self, text: str, language: str = "zh", interrupt: bool = True) -> None:
        self.voice.say(
            text, language, interrupt, lambda ending: self.endings.put((text, ending))
        )

    def next(self) -> tuple[str, Ending]:
        return self.endings.get(timeout=LIMIT)


@pytest.fixture
def sayings(voice: Voice) -> Sayings:
    return Sayings(voice)


def until(condition: Callable[[], bool], limit: float = LIMIT) -> None:
    deadline = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.mark.parametrize(
    ("text", "language"),
    [("您好", "zh"), ("Hello", "en"), ("안녕하세요", "ko"), ("请按 OK 键", "zh")],
)
def test_each_language_is_heard_and_ends_as_spoken(
    sayings: Sayings, earphone: Ear, text: str, language: str
) -> None:
    sayings.say(text, language)
    assert sayings.next() == (text, Ending.SPOKEN)
    assert earphone.loudness() > 0.005
    assert not sayings.voice.speaking


def test_the_end_of_a_sentence_is_heard_before_it_counts_as_spoken(
    sayings: Sayings, earphone: Ear
) -> None:
    sayings.say("九")
    assert sayings.next()[1] is Ending.SPOKEN
    ended = time.monotonic()
    assert earphone.silent_since(0.3, LIMIT) <= ended


def test_sound_begins_within_150_ms(sayings: Sayings, earphone: Ear) -> None:
    """The voice is warm, as it is when somebody touches; of five, the second slowest counts, since
    the tests may share their core."""
    sayings.say("好")
    sayings.next()
    waited = []
    for _ in range(5):
        earphone.forget()
        asked = time.monotonic()
        sayings.say(LONG)
        waited.append(earphone.heard_at(LIMIT) - asked)
        sayings.voice.stop()
        earphone.silent_since(0.1, LIMIT)
    assert sorted(waited)[-2] <= 0.150


def test_stop_is_heard_within_50_ms(sayings: Sayings, earphone: Ear) -> None:
    lasted = []
    for _ in range(5):
        earphone.forget()
        sayings.say(LONG)
        earphone.heard_at(LIMIT)
        stopped = time.monotonic()
        sayings.voice.stop()
        lasted.append(earphone.silent_since(0.15, LIMIT) - stopped)
        assert sayings.next() == (LONG, Ending.INTERRUPTED)
    assert sorted(lasted)[-2] <= 0.050


def test_no_more_is_given_away_than_an_eighth_of_a_second() -> None:
    assert AHEAD_BYTES * 8 <= BYTES_A_SECOND


def test_a_new_sentence_interrupts_or_waits_as_asked(sayings: Sayings, earphone: Ear) -> None:
    sayings.say(LONG)
    earphone.heard_at(LIMIT)
    sayings.say("一", interrupt=False)
    sayings.say("二", interrupt=False)
    sayings.say("好")
    sayings.say("对", interrupt=False)
    ended = [sayings.next() for _ in range(5)]
    assert {text for text, ending in ended if ending is Ending.INTERRUPTED} == {LONG, "一", "二"}
    assert [text for text, ending in ended if ending is Ending.SPOKEN] == ["好", "对"]


def test_what_is_for_the_earphone_is_not_heard_at_the_speaker(
    sayings: Sayings, earphone: Ear, speaker: Ear
) -> None:
    sayings.say("您的号码")
    sayings.next()
    assert earphone.loudness() > 0.005
    assert speaker.loudness() == 0.0


def test_an_earphone_pulled_out_ends_the_sentence_and_the_speaker_stays_silent(
    sound: SoundServer, sayings: Sayings, earphone: Ear, speaker: Ear
) -> None:
    sayings.say(LONG)
    earphone.heard_at(LIMIT)
    sound.unplug("earphone")
    assert sayings.next() == (LONG, Ending.GONE)
    assert sayings.voice.fault == "speech.gone"
    assert sayings.voice.fault in FAULT_CODES
    sayings.say("您好")
    assert sayings.next() == ("您好", Ending.GONE)
    assert speaker.loudness() == 0.0
    sound.plug("earphone")
    with sound.listen("earphone") as ear:
        sayings.say("您好")
        assert sayings.next() == ("您好", Ending.SPOKEN)
        assert ear.loudness() > 0.005
    assert sayings.voice.fault is None


def test_a_sound_server_that_ends_is_a_fault_and_a_new_one_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "sound"
    server = SoundServer(folder)
    voice = Voice("speaker", server=server.address)
    sayings = Sayings(voice)
    sayings.say("好")
    assert sayings.next()[1] is Ending.SPOKEN
    server.close()
    sayings.say("好")
    assert sayings.next()[1] is Ending.GONE
    with SoundServer(folder):
        sayings.say("好")
        assert sayings.next()[1] is Ending.SPOKEN
    voice.close()


def test_a_quieter_voice_is_quieter_and_a_faster_one_is_shorter(
    sound: SoundServer, sayings: Sayings
) -> None:
    def heard(volume: int, rate: int) -> tuple[float, float]:
        sayings.voice.volume, sayings.voice.rate = volume, rate
        with sound.listen("earphone") as ear:
            sayings.say("请")
            assert sayings.next()[1] is Ending.SPOKEN
            begin = ear.heard_at(LIMIT) if volume else 0.0
            return float(abs(ear.samples()).max()), ear.silent_since(0.1, LIMIT) - begin

    loud, usual = heard(100, 100)
    assert heard(50, 100)[0] == pytest.approx(loud / 4, rel=0.1)
    assert heard(0, 100)[0] == 0.0
    assert heard(100, 50)[1] > 1.6 * usual
    assert heard(100, 300)[1] < 0.5 * usual


@pytest.mark.parametrize(("name", "value"), [("volume", 101), ("volume", -1), ("rate", 49)])
def test_an_impossible_setting_is_refused(voice: Voice, name: str, value: int) -> None:
    with pytest.raises(ValueError, match=name):
        setattr(voice, name, value)


def test_nothing_to_say_is_spoken_at_once(sayings: Sayings) -> None:
    sayings.say("••••••")
    assert sayings.next() == ("••••••", Ending.SPOKEN)


def test_an_unknown_language_is_refused_at_once(voice: Voice) -> None:
    with pytest.raises(ValueError, match="fr"):
        voice.say("Bonjour", "fr")


def test_a_receiver_that_fails_does_not_silence_the_voice(
    voice: Voice, sayings: Sayings, earphone: Ear
) -> None:
    def fail(_: Ending) -> None:
        raise RuntimeError

    voice.say("好", "zh", on_done=fail)
    sayings.say("对", interrupt=False)
    assert sayings.next() == ("对", Ending.SPOKEN)


def test_what_is_said_is_neither_logged_nor_on_a_command_line_nor_in_a_repr(
    sayings: Sayings, earphone: Ear, caplog: pytest.LogCaptureFixture, sound: SoundServer
) -> None:
    caplog.set_level(logging.DEBUG)
    secret, shown = "Rumpelstiltskin " * 60, "Rumpel"
    sayings.say(secret, "en")
    lines: set[str] = set()
    while sayings.voice.speaking and not any("espeak-ng" in line for line in lines):
        lines |= command_lines()
    assert any("espeak-ng" in line for line in lines)
    assert not any(shown in line for line in lines)
    sound.unplug("earphone")
    sayings.next()
    sound.plug("earphone")
    assert shown not in caplog.text
    assert shown not in repr(vars(sayings.voice))


def test_a_process_that_dies_falls_silent_and_leaves_no_program_behind(
    sound: SoundServer, earphone: Ear
) -> None:
    script = (
        "import sys, time\n"
        "from devices.speech import Voice\n"
        "Voice('earphone', server=sys.argv[1]).say('一二三四五六七八九十。' * 300, 'zh')\n"
        "time.sleep(60)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script, sound.address])
    earphone.heard_at(LIMIT)
    assert len(sound.playing()) == 1
    children = children_of(process.pid)
    process.send_signal(signal.SIGKILL)
    killed = time.monotonic()
    process.wait()
    assert earphone.silent_since(0.3, LIMIT) - killed <= 0.3
    until(lambda: not any(Path(f"/proc/{child}").exists() for child in children))
    until(lambda: sound.playing() == [])


def command_lines() -> set[str]:
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.add(path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
        except OSError:  # it ended meanwhile
            continue
    return found


def children_of(pid: int) -> set[int]:
    """espeak-ng writes faster than a voice speaks, so it waits at its pipe while it is heard."""
    found = set()
    for task in Path(f"/proc/{pid}/task").iterdir():
        found |= {int(child) for child in (task / "children").read_text().split()}
    assert found
    return found
