"""A voice at one outlet: what is asked for is heard at once, and stops at once."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from devices.errors import DeviceFault
from devices.speech import pinyin
from devices.speech.outlet import RATE, TAIL, Outlet
from devices.speech.reading import Segment, check, read
from devices.speech.synthesis import Synthesis

log = logging.getLogger(__name__)

VOLUMES = range(101)  # percent
RATES = range(50, 301)  # percent of a usual speed
_WAIT_SECONDS = 0.01  # for the program's next samples
_PAUSE_BYTES = 2 * (RATE // 12)  # of silence between two voices


class Ending(StrEnum):
    """How something said ended."""

    SPOKEN = "spoken"
    INTERRUPTED = "interrupted"
    GONE = "speech.gone"
    """A fault code: no sound server, no such outlet, or no espeak-ng."""


OnDone = Callable[[Ending], None]


@dataclass(frozen=True)
class _Saying:
    text: str = field(repr=False)
    language: str
    on_done: OnDone


def _nobody_asks(_: Ending) -> None:
    pass


class Voice:
    """Speaks zh, en and ko without a line. Every method returns at once.

    A voice that was given an outlet by name speaks there or nowhere: what is said into a headphone
    is never moved to a loudspeaker. Nothing said is logged or seen on a command line. Who shows a
    secret (a PIN) as dots or stars passes those on: they are not read out.
    """

    def __init__(
        self, outlet: str = "", *, server: str = "", volume: int = 80, rate: int = 100
    ) -> None:
        """outlet: a sink's name (`pactl list short sinks`), "" for the server's default.
        server: as in PULSE_SERVER; "" takes that. volume, rate: see the properties."""
        self._outlet = Outlet(outlet, server)
        self.volume = volume
        self.rate = rate
        self._changed = threading.Condition()
        self._queue: deque[_Saying] = deque()
        self._current: _Saying | None = None
        self._interrupted = threading.Event()
        self._closing = False
        self.fault: str | None = None
        """What kept the last thing from being heard: a code of FAULT_CODES, or None."""
        self._thread = threading.Thread(target=self._run, name="voice", daemon=True)
        self._thread.start()

    @property
    def volume(self) -> int:
        """0–100 %; also of what is being said."""
        return self._volume

    @volume.setter
    def volume(self, percent: int) -> None:
        if percent not in VOLUMES:
            raise ValueError(f"volume {percent} % is not within 0 and 100")
        self._volume = percent

    @property
    def rate(self) -> int:
        """50–300 % of a usual speed; from the next thing said on."""
        return self._rate

    @rate.setter
    def rate(self, percent: int) -> None:
        if percent not in RATES:
            raise ValueError(f"rate {percent} % is not within 50 and 300")
        self._rate = percent

    @property
    def speaking(self) -> bool:
        """Something is being said, or waits to be."""
        with self._changed:
            return self._current is not None or bool(self._queue)

    def say(
        self, text: str, language: str, interrupt: bool = True, on_done: OnDone = _nobody_asks
    ) -> None:
        """Speak `text` to somebody who chose `language` ("zh", "en", "ko"), instead of what is
        being said, or after it.

        on_done: called once on the voice's thread. Raises ValueError for another language and a
        text longer than reading.LONGEST_TEXT.
        """
        check(text, language)
        saying = _Saying(text, language, on_done)
        with self._changed:
            dropped = self._drop() if interrupt else []
            self._queue.append(saying)
            self._changed.notify()
        _tell(dropped, Ending.INTERRUPTED)

    def stop(self) -> None:
        """Be silent, and forget what waits to be said."""
        with self._changed:
            dropped = self._drop()
        _tell(dropped, Ending.INTERRUPTED)

    def close(self) -> None:
        """Stop for good and let go of the outlet."""
        with self._changed:
            dropped = self._drop()
            self._closing = True
            self._changed.notify()
        _tell(dropped, Ending.INTERRUPTED)
        self._thread.join()

    def _drop(self) -> list[_Saying]:
        """Called with the lock held."""
        dropped = list(self._queue)
        self._queue.clear()
        if self._current is not None:
            self._interrupted.set()
        return dropped

    def _run(self) -> None:
        pinyin.load()
        try:
            self._outlet.connect()
        except DeviceFault as fault:
            log.info("voice: %s (%s)", fault.code, fault)
        while (saying := self._next()) is not None:
            try:
                ending = self._speak(read(saying.text, saying.language))
                self.fault = None
            except DeviceFault as fault:
                log.info("voice: %s (%s)", fault.code, fault)
                self.fault, ending = fault.code, Ending.GONE
            except Exception as error:  # noqa: BLE001
                # The supervisor: the next sentence must be heard. Only the type is logged, since
                # a message could quote what was said.
                log.error("voice failed: %s", type(error).__name__)
                self._outlet.close()
                self.fault, ending = Ending.GONE.value, Ending.GONE
            with self._changed:
                self._current = None
            _tell([saying], ending)
        self._outlet.close()

    def _next(self) -> _Saying | None:
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closing)
            if not self._queue:
                return None
            self._current = self._queue.popleft()
            self._interrupted.clear()
            return self._current

    def _speak(self, segments: tuple[Segment, ...]) -> Ending:
        if not segments:
            return Ending.SPOKEN
        # The program works on the first words while the stream is opened.
        synthesis = Synthesis(segments[0], self._rate)
        try:
            self._outlet.open()
            for segment in segments[1:]:
                if not self._play(synthesis):
                    return Ending.INTERRUPTED
                self._write(bytes(_PAUSE_BYTES))
                synthesis.close()
                synthesis = Synthesis(segment, self._rate)
            if not self._play(synthesis):
                return Ending.INTERRUPTED
            self._outlet.write(TAIL)
            while not self._outlet.played():
                if self._interrupted.is_set():
                    return Ending.INTERRUPTED
            return Ending.SPOKEN
        finally:
            synthesis.close()
            self._outlet.stop()

    def _play(self, synthesis: Synthesis) -> bool:
        """All samples of one segment; False when interrupted."""
        while not self._interrupted.is_set():
            room = self._outlet.room()
            if room == 0:
                continue
            samples = synthesis.read(room, _WAIT_SECONDS)
            if samples == b"":
                return True
            if samples:
                self._write(samples)
        return False

    def _write(self, samples: bytes) -> None:
        gain = (self._volume / 100) ** 2  # ears hear by ratios: half feels like half
        self._outlet.write((np.frombuffer(samples, "<i2") * gain).astype("<i2").tobytes())


def _tell(sayings: list[_Saying], ending: Ending) -> None:
    for saying in sayings:
        try:
            saying.on_done(ending)
        except Exception as error:  # noqa: BLE001 - the receiver failed, not the voice
            log.error("voice: delivery failed: %s", type(error).__name__)
