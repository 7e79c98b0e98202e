"""How soon a voice is heard and how soon it is silent, at the monitor of a real sound server.

    python -m tests.benchmarks.rows speech
"""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Queue

from devices.speech import Ending, Voice
from devices.testbed.sound import Ear, SoundServer
from tests.benchmarks.rows import Row, p50, p95, timed

ROUNDS = 20
LIMIT = 10.0
BEGINS_MS, ENDS_MS = 150.0, 50.0
SENTENCES = {
    "zh": "请把卡平放在读卡器上，先不要拿开。没有带卡，工作人员会帮您。",
    "en": "Lay your card flat on the reader and keep it there. Without a card, we will help you.",
    "ko": "카드를 리더기 위에 평평하게 올려놓아 주세요. 카드가 없으면 직원이 도와 드립니다.",
}
_ALONE = ["espeak-ng", "--stdin", "--stdout", "-v", "ko"]


def rows() -> Iterator[Row]:
    with (
        tempfile.TemporaryDirectory(prefix="yimen-bench-") as folder,
        SoundServer(Path(folder)) as sound,
        sound.listen("earphone") as ear,
    ):
        voice = Voice("earphone", server=sound.address)
        _warm(voice)
        alone = p50(timed(_espeak_alone, ROUNDS))
        for language, sentence in SENTENCES.items():
            begun, ended = _measured(voice, ear, sentence, language)
            yield Row(
                f"speech asked → heard, {language}, p95", round(p95(begun), 1), "ms",
                "espeak-ng alone, all samples of a Korean sentence, p50", round(alone, 1),
                f"≤ {BEGINS_MS:.0f} ms", p95(begun) <= BEGINS_MS,
                note=f"p50 {p50(begun):.1f}; PulseAudio with null sinks, no sound card",
            )
            yield Row(
                f"speech stop → silent, {language}, p95", round(p95(ended), 1), "ms",
                "the limit alone", None, f"≤ {ENDS_MS:.0f} ms", p95(ended) <= ENDS_MS,
                note=f"p50 {p50(ended):.1f}",
            )
        voice.close()


def _warm(voice: Voice) -> None:
    done: Queue[Ending] = Queue()
    for language in SENTENCES:
        voice.say("1", language, on_done=done.put)
        assert done.get(timeout=LIMIT) is Ending.SPOKEN


def _measured(
    voice: Voice, ear: Ear, sentence: str, language: str
) -> tuple[list[float], list[float]]:
    """Milliseconds until heard and until silent, each measured so often."""
    begun, ended = [], []
    for _ in range(ROUNDS):
        ear.forget()
        asked = time.monotonic()
        voice.say(sentence, language)
        begun.append(1000 * (ear.heard_at(LIMIT) - asked))
        stopped = time.monotonic()
        voice.stop()
        ended.append(max(0.0, 1000 * (ear.silent_since(0.15, LIMIT) - stopped)))
    return begun, ended


def _espeak_alone() -> None:
    subprocess.run(_ALONE, input=SENTENCES["ko"].encode(), capture_output=True, check=True)
