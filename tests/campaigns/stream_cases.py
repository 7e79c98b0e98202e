"""Spoiled streams: pieces of a camera's pictures, lines and key presses of code readers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, partial
from random import Random

import cv2
import numpy as np

from devices.code_readers.code_lines import CodeLines
from devices.code_readers.events import CodeEvent, CodeFault, CodeScanned
from devices.code_readers.key_codes import KEY_ENTER, PRESSED, RECORD, RELEASED, KeyLines
from devices.testbed.wedge import records_of, strokes_of
from devices.vision.mjpeg import MjpegParts, is_whole
from tests.campaigns.spoiling import mutated, pieces

TEXTS = (
    "YIMEN1:YM0001-261123-0001-00:K0001:" + "A" * 86,
    "https://example.org/a?b=1",
    "6901234567892",
    "长春市社会保险 㐂䶮",
    "",
    "x" * 2960,
)
BOUNDARIES = ("frame", "--frame", "myboundary", "")
ENTER = ((KEY_ENTER, PRESSED), (KEY_ENTER, RELEASED))
SMALLEST_STEP, LONGEST_PAUSE = 0.001, 0.3


def camera_pieces(chance: Random) -> tuple[str, Callable[[], str]]:
    """Three to six parts of a stream, spoiled here and there, then decoded as the driver does."""
    boundary = chance.choice(BOUNDARIES)
    mark = b"--" + boundary.removeprefix("--").encode()
    stream = b"".join(_part(mark, chance) for _ in range(chance.randint(3, 6)))
    if chance.random() < 0.8:
        stream = mutated(stream, chance)
    fed = pieces(stream, chance)
    return f"boundary {boundary!r}, {len(stream)} bytes", partial(_watch, boundary, fed)


def _part(mark: bytes, chance: Random) -> bytes:
    picture = _picture(chance.randrange(4))
    if chance.random() < 0.3:
        picture = mutated(picture, chance)
    lengths: tuple[object, ...] = (len(picture), "", len(picture) // 2, 2**70, -5, "x", 10**9)
    length = chance.choices(lengths, weights=(8, 2, 1, 1, 1, 1, 1))[0]
    head = b"Content-Type: image/jpeg\r\n"
    if length != "":
        head += f"Content-Length: {length}\r\n".encode()
    return mark + b"\r\n" + head + b"\r\n" + picture + b"\r\n"


@cache
def _picture(number: int) -> bytes:
    grey = np.random.default_rng(number).integers(0, 256, (48, 64, 3), np.uint8)
    good, coded = cv2.imencode(".jpg", grey)
    assert good
    return coded.tobytes()


def _watch(boundary: str, fed: Iterable[bytes]) -> str:
    parts = MjpegParts(boundary)
    seen = 0
    for piece in fed:
        for picture in parts.feed(piece):
            assert is_whole(picture), "half a picture was handed out"
            image = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
            seen += image is not None
    return "" if seen else "camera.gone"


def code_lines(chance: Random) -> tuple[str, Callable[[], str]]:
    """A few lines of a serial code reader."""
    stream = b""
    for _ in range(chance.randint(1, 4)):
        text = chance.choice(TEXTS).encode(chance.choice(("utf-8", "gb18030")))
        stream += text + chance.choice((b"\r\n", b"\r", b"\n", b""))
    stream = mutated(stream, chance)
    fed = pieces(stream, chance)
    return f"{len(stream)} bytes", partial(_read, CodeLines(), fed)


def wedge_records(chance: Random) -> tuple[str, Callable[[], str]]:
    """Key presses of a code reader that plays a keyboard."""
    text = chance.choice(TEXTS)[:40]
    when = 1_000_000.0
    records: list[bytes] = []
    for character in (*text, None):
        when += chance.choice((SMALLEST_STEP, 0.01, LONGEST_PAUSE)) if chance.random() < 0.03 else 0
        typed = records_of(ENTER if character is None else strokes_of(character), when)
        records += [typed[at : at + RECORD.size] for at in range(0, len(typed), RECORD.size)]
    for _ in range(chance.randint(0, 4)):  # records lost, twice, or of other keys
        at = chance.randrange(len(records))
        other = RECORD.pack(
            int(when), 0, chance.randrange(4), chance.randrange(260), chance.randrange(-1, 4)
        )
        records[at : at + 1] = chance.choice(([], [records[at]] * 2, [other], [records[at], other]))
    stream = b"".join(records)
    if chance.random() < 0.3:
        stream = mutated(stream, chance)
    lines = KeyLines(chance.choice(("gbk", "unicode")))
    return f"{len(stream)} bytes", partial(_read, lines, pieces(stream, chance))


def _read(lines: CodeLines | KeyLines, fed: Iterable[bytes]) -> str:
    events: list[CodeEvent] = [event for piece in fed for event in lines.feed(piece)]
    lines.forget()
    assert all(isinstance(event, CodeScanned | CodeFault) for event in events)
    return next((event.code for event in events if isinstance(event, CodeFault)), "")
