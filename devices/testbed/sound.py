"""A sound server without a sound card: a private PulseAudio with two outlets, and an ear at each.

with SoundServer(folder) as sound, sound.listen("speaker") as ear:
    Voice("speaker", server=sound.address).say("你好", "zh")
    ear.heard_at(limit=1.0)
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]

OUTLETS = ("speaker", "earphone")
RATE = 22050
_CHUNK_SECONDS = 0.02
_LOUD = 0.01  # of full scale: above this it is sound and not silence
_START_SECONDS = 10.0


class SoundServer:
    """`address` is what PULSE_SERVER or Voice(server=…) takes. Raises RuntimeError when pulseaudio
    is missing or does not start."""

    def __init__(self, folder: Path, outlets: tuple[str, ...] = OUTLETS) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)  # it refuses a folder that others may look into
        self._socket = folder / "native"
        self.address = f"unix:{self._socket}"
        self._environment = {
            "PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder), "PULSE_SERVER": self.address, "LC_ALL": "C.UTF-8",
        }
        settings = folder / "sound.pa"
        socket = f"load-module module-native-protocol-unix socket={self._socket} auth-anonymous=1"
        settings.write_text("\n".join([socket, *map(_null_sink, outlets), ""]), "utf-8")
        command = [
            "pulseaudio", "-n", "-F", str(settings), "--daemonize=no", "--exit-idle-time=-1",
            "--use-pid-file=no", "--disallow-exit", "--log-target=null",
        ]
        try:
            self._process = subprocess.Popen(
                command, env=self._environment, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            raise RuntimeError("pulseaudio is missing") from error
        self._awake: dict[str, Ear] = {}
        deadline = time.monotonic() + _START_SECONDS
        while set(self._asked("list", "short", "sinks")) < set(outlets):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.close()
                raise RuntimeError("pulseaudio did not start")
        for outlet in outlets:
            self._keep_awake(outlet)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        for ear in self._awake.values():
            ear.close()
        self._process.kill()
        self._process.wait()

    def unplug(self, outlet: str) -> None:
        """Pull the outlet out, as a headphone from its socket."""
        for line in self._pactl("list", "short", "modules").splitlines():
            number, _, rest = line.partition("\t")
            if f"sink_name={outlet}" in rest.split():
                self._pactl("unload-module", number)
        awake = self._awake.pop(outlet, None)
        if awake is not None:
            awake.close()

    def plug(self, outlet: str) -> None:
        self._pactl("load-module", *_null_sink(outlet).split()[1:])
        self._keep_awake(outlet)

    def playing(self) -> list[str]:
        """Numbers of the streams that play now."""
        inputs = self._pactl("list", "short", "sink-inputs").splitlines()
        return [line.partition("\t")[0] for line in inputs]

    def listen(self, outlet: str) -> Ear:
        """An ear at this outlet, listening when this returns."""
        return Ear(outlet, self._environment)

    def _keep_awake(self, outlet: str) -> None:
        """An outlet of software that nobody listens to works in steps of two seconds; one of
        hardware never does."""
        self._awake[outlet] = Ear(outlet, self._environment, keep=False)

    def _asked(self, *what: str) -> list[str]:
        return [line.split("\t")[1] for line in self._pactl(*what).splitlines()]

    def _pactl(self, *what: str) -> str:
        done = subprocess.run(
            ["pactl", *what], env=self._environment, capture_output=True, text=True, check=False
        )
        return done.stdout


class Ear:
    """What is heard at an outlet, with the moment at which it came (time.monotonic()): that is when
    a piece of about 20 ms arrived here, later than when its first sample was sounded."""

    def __init__(self, outlet: str, environment: dict[str, str], keep: bool = True) -> None:
        """keep: False hears without remembering."""
        self._keep = keep
        self._process = subprocess.Popen(
            ["parec", f"--latency-msec={round(1000 * _CHUNK_SECONDS)}", "-d", f"{outlet}.monitor",
             "--raw", "--format=s16le", f"--rate={RATE}", "--channels=1"],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._changed = threading.Condition()
        self._chunks: list[tuple[float, Samples]] = []
        self._thread = threading.Thread(target=self._listen, name="ear", daemon=True)
        self._thread.start()
        if keep:
            self._until(lambda: bool(self._chunks), _START_SECONDS, "no sound from the outlet")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._thread.join()

    def forget(self) -> None:
        """Begin anew with what comes from now on."""
        with self._changed:
            self._chunks.clear()

    def heard_at(self, limit: float) -> float:
        """The moment at which the first sound came; waits for it. Raises TimeoutError."""
        self._until(lambda: self._first() is not None, limit, "nothing heard")
        first = self._first()
        assert first is not None
        return first

    def silent_since(self, quiet: float, limit: float) -> float:
        """The moment of the last sound, once nothing came for `quiet` seconds."""

        def silent() -> bool:
            last = self._last()
            return bool(self._chunks) and self._chunks[-1][0] - (last or 0.0) > quiet

        self._until(silent, limit, "it does not become silent")
        return self._last() or 0.0

    def loudness(self) -> float:
        """Root mean square of all that was heard, of full scale."""
        samples = self.samples()
        return float(np.sqrt(np.mean(samples**2))) if samples.size else 0.0

    def samples(self) -> Samples:
        with self._changed:
            return np.concatenate([chunk for _, chunk in self._chunks] or [np.zeros(0)])

    def _first(self) -> float | None:
        return next((came for came, chunk in self._chunks if _loud(chunk)), None)

    def _last(self) -> float | None:
        return next((came for came, chunk in reversed(self._chunks) if _loud(chunk)), None)

    def _until(self, condition: Callable[[], bool], limit: float, otherwise: str) -> None:
        with self._changed:
            if not self._changed.wait_for(condition, limit):
                raise TimeoutError(otherwise)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        source = self._process.stdout.fileno()
        rest = b""
        while data := os.read(source, 65536):
            came = time.monotonic()
            data = rest + data
            whole = len(data) & ~1
            rest = data[whole:]
            with self._changed:
                if not self._keep:
                    self._chunks.clear()
                self._chunks.append((came, np.frombuffer(data[:whole], "<i2") / 32768.0))
                self._changed.notify_all()


def _loud(chunk: Samples) -> bool:
    return bool((np.abs(chunk) > _LOUD).any())


def _null_sink(outlet: str) -> str:
    return f"load-module module-null-sink sink_name={outlet} rate={RATE} channels=1"
