"""The picture in data group 2 (ICAO 9303-10, 4.7.2; ISO/IEC 19794-5). Pure."""

from __future__ import annotations

from devices.cards.travel_document import tlv
from devices.errors import DeviceFault

DG2_TAG, GROUP_TEMPLATE, TEMPLATE = 0x75, 0x7F61, 0x7F60
PLAIN_DATA, CONSTRUCTED_DATA = 0x5F2E, 0x7F2E
RECORD_HEAD = b"FAC\x00"
RECORD_BYTES, FACE_BYTES, POINT_BYTES, IMAGE_BYTES = 14, 20, 8, 12


def face_picture(file: bytes | bytearray) -> bytes:
    """JPEG or JPEG 2000 of the first face in the whole file DG2. Raises card.unreadable."""
    template = tlv.find(file, DG2_TAG, GROUP_TEMPLATE, TEMPLATE)
    tags = {element.tag: element.value for element in tlv.elements(template)}
    record = tags.get(PLAIN_DATA, tags.get(CONSTRUCTED_DATA))
    if record is None or len(record) < RECORD_BYTES + FACE_BYTES or record[:4] != RECORD_HEAD:
        raise DeviceFault("card.unreadable", "DG2 without a face record")
    face = record[RECORD_BYTES:]
    length, points = int.from_bytes(face[:4], "big"), int.from_bytes(face[4:6], "big")
    start = FACE_BYTES + points * POINT_BYTES + IMAGE_BYTES
    if not start < length <= len(face):
        raise DeviceFault("card.unreadable", "face record of a wrong length")
    return bytes(face[start:length])
