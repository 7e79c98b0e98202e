"""Additional personal details in data group 11 (ICAO 9303-10, 4.7.11). Pure."""

from __future__ import annotations

from devices.cards.travel_document import tlv
from devices.errors import DeviceFault

DG11_TAG, FULL_NAME = 0x6B, 0x5F0E


def national_name(file: bytes | bytearray) -> str:
    """The full name in the characters of its country, from the whole file DG11.

    Empty when there is none, or it is Latin as in the MRZ. Raises card.unreadable.
    """
    for element in tlv.elements(tlv.find(file, DG11_TAG)):
        if element.tag != FULL_NAME:
            continue
        try:
            text = str(element.value, "utf-8")
        except UnicodeDecodeError:
            # Not chained: the exception carries the bytes of the field.
            raise DeviceFault("card.unreadable", "full name is not UTF-8") from None
        family, _, given = text.partition("<<")
        between = " " if text.isascii() else ""
        name = between.join((family, given)).replace("<", " ").strip()
        return "" if name.isascii() else name
    return ""
