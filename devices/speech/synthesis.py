"""Samples of a segment, made by the program espeak-ng.

It is GPL and called as a program, never linked. The words go in by its standard input: what stands
on a command line, everybody on the machine can read.
"""

from __future__ import annotations

import os
import select
import subprocess

from devices.errors import DeviceFault
from devices.speech.outlet import RATE
from devices.speech.reading import Segment

PROGRAM = "espeak-ng"
VOICES = {"zh": "cmn-latn-pinyin", "en": "en-us", "ko": "ko"}
# Words a minute at 100 %: a little slower than its usual 175, as one speaks to somebody new.
WORDS_A_MINUTE = {"zh": 170, "en": 160, "ko": 165}
_WAVE_HEADER_BYTES = 44
_FORMAT = (
    b"\x01\x00" + b"\x01\x00" + RATE.to_bytes(4, "little") + (2 * RATE).to_bytes(4, "little")
)  # PCM, one channel, samples and bytes a second


class Synthesis:
    """One run of the program; `read` until it gives b""."""

    def __init__(self, segment: Segment, rate_percent: int = 100) -> None:
        """Begin at once. Raises DeviceFault("speech.gone") when the program is missing."""
        speed = WORDS_A_MINUTE[segment.language] * rate_percent // 100
        voice = ["-v", VOICES[segment.language], "-s", str(speed)]
        # -z: no pause of its own after the last word, the words say where pauses are.
        command = [PROGRAM, "--stdin", "--stdout", "-b", "1", "-z", *voice]
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"},
            )
        except OSError as error:
            raise DeviceFault("speech.gone", f"{PROGRAM}: {type(error).__name__}") from error
        assert self._process.stdin is not None and self._process.stdout is not None
        self._out = self._process.stdout.fileno()
        self._header = bytearray()
        self._odd = b""
        try:
            # Far below what a pipe holds (64 KiB), so this never waits.
            self._process.stdin.write(segment.words.encode("utf-8") + b"\n")
            self._process.stdin.close()
        except OSError as error:
            self.close()
            raise DeviceFault("speech.gone", f"{PROGRAM} ended") from error

    def read(self, most: int, wait_seconds: float) -> bytes | None:
        """Whole samples, at most so many bytes; b"": that was all; None: nothing yet.

        Raises DeviceFault("speech.gone") when what comes is no sound.
        """
        ready, _, _ = select.select([self._out], [], [], wait_seconds)
        if not ready:
            return None
        if len(self._header) < _WAVE_HEADER_BYTES:
            part = os.read(self._out, _WAVE_HEADER_BYTES - len(self._header))
            self._header += part
            whole = len(self._header) == _WAVE_HEADER_BYTES
            if not part or (whole and self._header[20:32] != _FORMAT):
                raise DeviceFault("speech.gone", f"{PROGRAM} gave no sound")
            return None
        data = os.read(self._out, max(2, most) - len(self._odd))
        if not data:
            return b""
        data, cut = self._odd + data, (len(self._odd) + len(data)) & ~1
        self._odd = data[cut:]
        return data[:cut] or None

    def close(self) -> None:
        """End the program, wherever it is."""
        process = self._process
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:  # words the program no longer took
                    continue
        process.wait()
