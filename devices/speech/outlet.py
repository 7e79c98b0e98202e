"""Sound to one outlet of the sound server, by libpulse (PulseAudio, or PipeWire's stand-in for it).

The library is called directly because no command line player can ask that a stream be never moved:
when a headphone is pulled out, the server moves what plays there to the next best outlet, and the
whole hall hears what was meant for one person (PulseAudio 16.1, measured). A stream that may not
be moved ends instead.
"""

from __future__ import annotations

import ctypes
import functools
import time
from typing import Any

from devices.errors import DeviceFault

RATE = 22050  # samples a second, 16 bit, one channel: what espeak-ng makes
BYTES_A_SECOND = 2 * RATE
# How much is given away ahead: small, so that an interruption is heard at once, and large enough
# for a busy machine.
AHEAD_BYTES = BYTES_A_SECOND // 8
TAIL = bytes(BYTES_A_SECOND // 8)
CONNECT_SECONDS = 2.0

# pulse/def.h, pulse/sample.h
_CONTEXT_NOAUTOSPAWN = 0x1
_CONTEXT_READY, _CONTEXT_FAILED = 4, 5
_STREAM_READY, _STREAM_FAILED = 2, 3
_STREAM_DONT_MOVE = 0x0200
_STREAM_ADJUST_LATENCY = 0x2000
_S16LE = 3
_RELATIVE = 0
_FREE_IT = None
_NOTHING = ctypes.c_uint32(-1).value
_TURN_MICROSECONDS = 20_000


class _SampleSpec(ctypes.Structure):
    _fields_ = (("format", ctypes.c_int), ("rate", ctypes.c_uint32), ("channels", ctypes.c_uint8))


class _BufferAttr(ctypes.Structure):
    _fields_ = tuple(
        (name, ctypes.c_uint32) for name in ("maxlength", "tlength", "prebuf", "minreq", "fragsize")
    )


@functools.cache
def _pulse() -> Any:
    """libpulse with the types of what is used here. Raises DeviceFault("speech.gone")."""
    try:
        library = ctypes.CDLL("libpulse.so.0")
    except OSError as error:
        raise DeviceFault("speech.gone", "libpulse is not installed") from error
    pointer, text, number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
    for name, result, *given in (
        ("mainloop_new", pointer),
        ("mainloop_get_api", pointer, pointer),
        ("mainloop_prepare", number, pointer, number),
        ("mainloop_poll", number, pointer),
        ("mainloop_dispatch", number, pointer),
        ("mainloop_free", None, pointer),
        ("context_new", pointer, pointer, text),
        ("context_connect", number, pointer, text, number, pointer),
        ("context_get_state", number, pointer),
        ("context_disconnect", None, pointer),
        ("context_unref", None, pointer),
        ("stream_new", pointer, pointer, text, pointer, pointer),
        ("stream_connect_playback", number, pointer, text, pointer, number, pointer, pointer),
        ("stream_get_state", number, pointer),
        ("stream_writable_size", ctypes.c_size_t, pointer),
        ("stream_write", number, pointer, text, ctypes.c_size_t, pointer, ctypes.c_int64, number),
        ("stream_disconnect", number, pointer),
        ("stream_unref", None, pointer),
    ):
        function = getattr(library, f"pa_{name}")
        function.restype, function.argtypes = result, given
    return library


class Outlet:
    """One outlet by the name the server gives it ("" = the server's default). Not thread-safe.

    Every method raises DeviceFault("speech.gone") when server or outlet are not there; the next
    `open` tries afresh.
    """

    def __init__(self, name: str = "", server: str = "") -> None:
        """server: as in PULSE_SERVER, which is used when this is ""."""
        self._name = name.encode() or None
        self._server = server.encode() or None
        self._loop: int | None = None
        self._context: int | None = None
        self._stream: int | None = None
        self._whole = 0

    def connect(self) -> None:
        """Be connected to the server, so that a stream opens in a few milliseconds."""
        if self._context is not None:
            self._turn(0)  # a server that ended is noticed now
            if _pulse().pa_context_get_state(self._context) == _CONTEXT_READY:
                return
        self.close()
        pulse = _pulse()
        self._loop = pulse.pa_mainloop_new()
        self._context = pulse.pa_context_new(pulse.pa_mainloop_get_api(self._loop), b"voice")
        begun = pulse.pa_context_connect(self._context, self._server, _CONTEXT_NOAUTOSPAWN, None)
        if begun < 0:
            self._fail("no sound server")
        self._until(self._connected, "sound server does not answer")

    def open(self) -> None:
        """Begin a stream."""
        self.connect()
        self.stop()
        pulse = _pulse()
        spec = _SampleSpec(_S16LE, RATE, 1)
        self._stream = pulse.pa_stream_new(self._context, b"voice", ctypes.byref(spec), None)
        ahead = _BufferAttr(_NOTHING, AHEAD_BYTES, 0, _NOTHING, _NOTHING)
        flags = _STREAM_ADJUST_LATENCY | (_STREAM_DONT_MOVE if self._name else 0)
        pulse.pa_stream_connect_playback(
            self._stream, self._name, ctypes.byref(ahead), flags, None, None
        )
        self._until(self._streaming, "no such outlet")
        # The server may give less room than was asked for.
        self._whole = self._writable()

    def room(self) -> int:
        """Bytes that may be written now; where there is no room, waits for it at most 20 ms."""
        return self._room(0)

    def _room(self, enough: int) -> int:
        self._turn(0 if self._writable() > enough else _TURN_MICROSECONDS)
        self._streaming()
        return self._writable()

    def write(self, samples: bytes) -> None:
        """16 bit little-endian samples, not more bytes than `room` said."""
        _pulse().pa_stream_write(self._stream, samples, len(samples), _FREE_IT, 0, _RELATIVE)

    def played(self) -> bool:
        """Whether the server has taken all that was written; waits for it at most 20 ms.

        What it took is heard within the moment it keeps ready itself: TAIL of silence written at
        the end covers that. (Its own "drain" takes 2 s more, or for ever where nothing may be held
        back at the beginning.)
        """
        return self._room(self._whole - 1) >= self._whole

    def stop(self) -> None:
        """Be silent at once; what was written and not yet played is thrown away."""
        stream, self._stream = self._stream, None
        if stream is not None:
            pulse = _pulse()
            pulse.pa_stream_disconnect(stream)
            pulse.pa_stream_unref(stream)
            self._turn(0)

    def close(self) -> None:
        self.stop()
        context, self._context = self._context, None
        if context is not None:
            _pulse().pa_context_disconnect(context)
            _pulse().pa_context_unref(context)
        loop, self._loop = self._loop, None
        if loop is not None:
            _pulse().pa_mainloop_free(loop)

    def _writable(self) -> int:
        size = int(_pulse().pa_stream_writable_size(self._stream))
        return 0 if size == ctypes.c_size_t(-1).value else size & ~1

    def _connected(self) -> bool:
        state = _pulse().pa_context_get_state(self._context)
        if state >= _CONTEXT_FAILED:
            self._fail("no sound server")
        return bool(state == _CONTEXT_READY)

    def _streaming(self) -> bool:
        state = _pulse().pa_stream_get_state(self._stream)
        if state >= _STREAM_FAILED:
            self._fail("no such outlet, or it is gone")
        return bool(state == _STREAM_READY)

    def _until(self, ready: Any, otherwise: str) -> None:
        deadline = time.monotonic() + CONNECT_SECONDS
        while not ready():
            self._turn(_TURN_MICROSECONDS)
            if time.monotonic() > deadline:
                self._fail(otherwise)

    def _turn(self, microseconds: int) -> None:
        """Let the library do what is due; wait so long for it."""
        pulse = _pulse()
        if pulse.pa_mainloop_prepare(self._loop, microseconds) >= 0:
            pulse.pa_mainloop_poll(self._loop)
            pulse.pa_mainloop_dispatch(self._loop)

    def _fail(self, why: str) -> None:
        self.close()
        raise DeviceFault("speech.gone", why)

