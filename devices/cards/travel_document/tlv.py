"""Tag-length-value as in BER and DER (ITU-T X.690), definite lengths only. Pure.

Serves the files of a travel document and the signed data among them.
"""

from __future__ import annotations

from dataclasses import dataclass

from devices.errors import DeviceFault

MOST_TAG_BYTES = 3
MOST_LENGTH_BYTES = 4
CONSTRUCTED_LONG_TAG = 0x1F


@dataclass(frozen=True, repr=False)
class Element:
    """value and whole (tag and length too) are views: they live and are wiped with the buffer."""

    tag: int
    value: memoryview
    whole: memoryview

    def children(self) -> list[Element]:
        return elements(self.value)


def head(data: bytes | bytearray | memoryview) -> tuple[int, int, int]:
    """(tag, bytes before the value, bytes of the value). Raises card.unreadable."""
    at = 1
    if data and data[0] & CONSTRUCTED_LONG_TAG == CONSTRUCTED_LONG_TAG:
        while at < len(data) and data[at] & 0x80 and at < MOST_TAG_BYTES:
            at += 1
        at += 1
    if at > MOST_TAG_BYTES or at >= len(data):
        raise DeviceFault("card.unreadable", "tag-length-value breaks off")
    tag = int.from_bytes(data[:at], "big")
    length, at = data[at], at + 1
    if length >= 0x80:
        more = length & 0x7F
        if not 1 <= more <= MOST_LENGTH_BYTES or at + more > len(data):
            raise DeviceFault("card.unreadable", "length of a wrong form")
        length, at = int.from_bytes(data[at : at + more], "big"), at + more
    return tag, at, length


def elements(data: bytes | bytearray | memoryview) -> list[Element]:
    """All elements in `data`, in order. Raises DeviceFault("card.unreadable")."""
    rest = memoryview(data)
    found = []
    while rest:
        tag, start, length = head(rest)
        if start + length > len(rest):
            raise DeviceFault("card.unreadable", "value breaks off")
        found.append(Element(tag, rest[start : start + length], rest[: start + length]))
        rest = rest[start + length :]
    return found


def only(data: bytes | bytearray | memoryview, tag: int) -> Element:
    """The element with this tag, which stands alone in `data`. Raises card.unreadable."""
    found = elements(data)
    if len(found) != 1 or found[0].tag != tag:
        raise DeviceFault("card.unreadable", f"not one element {tag:02X}")
    return found[0]


def find(data: bytes | bytearray | memoryview, *path: int) -> memoryview:
    """The value reached by the first element of each tag, one inside the other.

    Raises DeviceFault("card.unreadable") when there is none.
    """
    view = memoryview(data)
    for tag in path:
        for element in elements(view):
            if element.tag == tag:
                view = element.value
                break
        else:
            raise DeviceFault("card.unreadable", f"no element {tag:02X}")
    return view
