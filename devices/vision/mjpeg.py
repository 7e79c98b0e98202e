"""Whole JPEG pictures out of an MJPEG stream on HTTP (multipart/x-mixed-replace, RFC 2046).

OpenCV's own reader hands out half a picture as a whole one, its lower half grey, when a camera
breaks off in the middle; a page taken from it would lack its lower half. Here a picture counts only
when it has its beginning and its end.
"""

import base64
import http.client
import time
from collections.abc import Iterator
from email.message import Message
from urllib.parse import unquote, urlsplit

LONGEST_PICTURE_BYTES = 16 << 20
LONGEST_HEAD_BYTES = 4096
_READ_BYTES = 1 << 18
_BEGIN, _END = b"\xff\xd8\xff", b"\xff\xd9"


class StreamLost(Exception):
    """The camera does not answer, says something else than a stream, or went."""


class MjpegParts:
    """Bytes of the stream in, whole pictures out. Pure: no wire, no clock."""

    def __init__(self, boundary: str) -> None:
        # Some cameras say the boundary with its two dashes, some without.
        self._mark = b"--" + boundary.removeprefix("--").encode("latin-1")
        self._waiting = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The whole pictures that `data` completes; anything else is skipped."""
        self._waiting += data
        while True:
            at = self._waiting.find(self._mark)
            if at < 0:
                del self._waiting[: -len(self._mark)]
                return
            del self._waiting[:at]
            picture, used = self._first_part()
            if not used:
                return
            del self._waiting[:used]
            if is_whole(picture):
                yield picture

    def _first_part(self) -> tuple[bytes, int]:
        """The body of the part at the front, and how many bytes are done with; 0: wait for more."""
        mark = len(self._mark)
        head_end = self._waiting.find(b"\r\n\r\n", mark, mark + LONGEST_HEAD_BYTES)
        if head_end < 0:
            return b"", mark if len(self._waiting) > mark + LONGEST_HEAD_BYTES else 0
        begin = head_end + 4
        length = _length(bytes(self._waiting[mark:head_end]))
        following = self._waiting.find(self._mark, begin)
        if length is not None and (following < 0 or following >= begin + length):
            if len(self._waiting) >= begin + length:
                return bytes(self._waiting[begin : begin + length]), begin + length
            following = -1
        if following >= 0:  # no length, or the next part begins before this one is as long as said
            return bytes(self._waiting[begin:following]).rstrip(b"\r\n"), following
        return b"", mark if len(self._waiting) > LONGEST_PICTURE_BYTES else 0


def is_whole(picture: bytes) -> bool:
    """Whether a JPEG has its beginning and, fill bytes aside, its end."""
    return picture.startswith(_BEGIN) and picture.rstrip(b"\0\r\n").endswith(_END)


class MjpegStream:
    """An open stream. Every method raises StreamLost."""

    def __init__(self, address: str, open_seconds: float, read_seconds: float) -> None:
        """address: http or https, user and password in it if the camera asks for them."""
        parts = urlsplit(address)
        secure = parts.scheme == "https"
        connection = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self._wire = connection(parts.hostname or "", parts.port, timeout=open_seconds)
        self._read_seconds = read_seconds
        headers = {}
        if parts.username is not None:
            secret = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            headers["Authorization"] = "Basic " + base64.b64encode(secret.encode()).decode()
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            self._wire.request("GET", path, headers=headers)
            self._answer = self._wire.getresponse()
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            raise StreamLost(f"open: {type(error).__name__}") from error
        told = Message()
        told["Content-Type"] = self._answer.getheader("Content-Type", "")
        boundary = told.get_boundary()
        if self._answer.status != 200 or boundary is None:
            self.close()
            raise StreamLost(f"open: {self._answer.status}, no stream of pictures")
        if self._wire.sock is not None:
            self._wire.sock.settimeout(read_seconds)
        self._parts = MjpegParts(boundary)

    def newest(self) -> bytes:
        """The newest whole picture; those that came before it meanwhile are skipped."""
        limit = time.monotonic() + self._read_seconds
        while time.monotonic() < limit:
            try:
                data = self._answer.read1(_READ_BYTES)
            except (OSError, http.client.HTTPException, ValueError) as error:
                raise StreamLost(f"read: {type(error).__name__}") from error
            if not data:
                raise StreamLost("the camera ended the stream")
            pictures = list(self._parts.feed(data))
            if pictures:
                return pictures[-1]
        raise StreamLost("no whole picture came")

    def close(self) -> None:
        self._wire.close()


def _length(head: bytes) -> int | None:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length" and value.strip().isdigit():
            length = int(value)
            return length if length <= LONGEST_PICTURE_BYTES else None
    return None
