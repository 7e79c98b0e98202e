"""What can be wrong with any wire, and how each fault looks on each wire.

Every part of the testbed has fault(kind, after) and heal(); LOOKS says what they do, NO_SUCH says
why a fault does not exist on a wire. A fault lasts until heal(). `after` is where in the next frame
it strikes, in the unit that COUNTED_IN gives for the wire; None is a place that hurts.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol


class Wire(StrEnum):
    """The wires of a kiosk that the testbed plays the other end of."""

    ID_CARD = "id_card"
    SMARTCARD = "smartcard"
    PRINTER = "printer"
    CAMERA = "camera"
    CODE_READER = "code_reader"


class WireFault(StrEnum):
    """The nine things that happen to wires."""

    ABSENT = "absent"
    SLOW = "slow"
    STALLED = "stalled"
    GARBLED = "garbled"
    TRUNCATED = "truncated"
    WRONG_CHECKSUM = "wrong_checksum"
    UNPLUGGED = "unplugged"
    WRONG_STATUS = "wrong_status"
    RECOVER = "recover"  # the same as heal()


class CardAct(StrEnum):
    """What only wires with a card on them know; see inject() of SamvPty and SmartcardSlot."""

    PULLED = "pulled"  # the card is lifted in the middle of the answer
    NOISE_BEFORE = "noise_before"  # SAM-V only: rubbish with a false preamble, then the answer


class FaultyWire(Protocol):
    """One simulated end of a wire."""

    def fault(self, kind: WireFault, after: int | None = None) -> None:
        """Raises NoSuchFault for one that this wire cannot have."""

    def heal(self) -> None:
        """Everything is right with the wire again."""


class NoSuchFault(ValueError):
    """The wire cannot have this fault; the text says why."""


COUNTED_IN: Mapping[Wire, str] = {
    Wire.ID_CARD: "bytes of the answer",
    Wire.SMARTCARD: "answers that are still good",
    Wire.PRINTER: "bytes of print data",
    Wire.CAMERA: "bytes of the picture",
    Wire.CODE_READER: "bytes of the code",
}

LOOKS: Mapping[Wire, Mapping[WireFault, str]] = {
    Wire.ID_CARD: {
        WireFault.ABSENT: "the serial port is not there",
        WireFault.SLOW: "the module thinks 0.1 s longer before each answer",
        WireFault.STALLED: "the module takes commands and never answers",
        WireFault.GARBLED: "bits of every answer are turned, the preamble included",
        WireFault.TRUNCATED: "the rest of every answer never comes",
        WireFault.WRONG_CHECKSUM: "the XOR byte at the end of every answer is wrong",
        WireFault.UNPLUGGED: "the port vanishes in the middle of an answer",
        WireFault.WRONG_STATUS: "reading a card is answered with 00 00 41, card not read",
    },
    Wire.SMARTCARD: {
        WireFault.ABSENT: "no PC/SC service answers, so there is no reader",
        WireFault.SLOW: "the card takes 0.1 s longer for each answer",
        WireFault.STALLED: "the card holds every answer back until it is healed or lifted",
        WireFault.GARBLED: "every bit of every answer is turned, the status word too",
        WireFault.TRUNCATED: "half of every answer comes, the status word does not",
        WireFault.UNPLUGGED: "half an answer comes, then reader and PC/SC service are gone",
        WireFault.WRONG_STATUS: "every command is answered 6F00, no precise diagnosis",
    },
    Wire.PRINTER: {
        WireFault.ABSENT: "connections are reset, new ones refused",
        WireFault.SLOW: "8,000 bytes are printed a second: pictures of lines take seconds",
        WireFault.STALLED: "bytes are taken in, nothing is printed or answered",
        WireFault.GARBLED: "every bit of what the printer answers is turned",
        WireFault.TRUNCATED: "the rest of the print data is lost; status is answered as ever",
        WireFault.UNPLUGGED: "the cable comes out in the middle of a job and stays out",
        WireFault.WRONG_STATUS: "the printer says it is offline and names no cause",
    },
    Wire.CAMERA: {
        WireFault.ABSENT: "connections are reset, new ones refused",
        WireFault.SLOW: "one picture a second",
        WireFault.STALLED: "no more pictures while the connection stays",
        WireFault.GARBLED: "bytes of every picture are changed",
        WireFault.TRUNCATED: "every picture breaks off and the next one begins",
        WireFault.UNPLUGGED: "the connection is reset in the middle of a picture, then refused",
        WireFault.WRONG_STATUS: "503 is answered in place of the stream",
    },
    Wire.CODE_READER: {
        WireFault.ABSENT: "the serial port is not there",
        WireFault.SLOW: "a pause of 20 ms after each byte",
        WireFault.STALLED: "codes are shown and nothing is sent",
        WireFault.GARBLED: "the upper three bits of every byte are lost",
        WireFault.TRUNCATED: "the rest of each code and its line end never come",
        WireFault.UNPLUGGED: "the port vanishes in the middle of a code",
    },
}

_ONE_WAY = "a serial code reader sends codes and nothing else: there is no status to be wrong"
NO_SUCH: Mapping[Wire, Mapping[WireFault, str]] = {
    Wire.ID_CARD: {},
    Wire.SMARTCARD: {
        WireFault.WRONG_CHECKSUM: "the reader checks parity (T=0) or LRC (T=1) itself and asks the "
        "card again; what reaches PC/SC carries no checksum"
    },
    Wire.PRINTER: {
        WireFault.WRONG_CHECKSUM: "ESC/POS has no checksum, in print data or in answers",
    },
    Wire.CAMERA: {
        WireFault.WRONG_CHECKSUM: "neither JPEG nor multipart carries a checksum",
    },
    Wire.CODE_READER: {
        WireFault.WRONG_CHECKSUM: "a line of text has no checksum; codes of ours are signed",
        WireFault.WRONG_STATUS: _ONE_WAY,
    },
}


def refuse_missing(wire: Wire, kind: WireFault) -> None:
    """Raises NoSuchFault when `wire` cannot have `kind`."""
    why = NO_SUCH[wire].get(kind)
    if why is not None:
        raise NoSuchFault(f"{wire} is never {kind}: {why}")
