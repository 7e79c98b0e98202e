"""Driver for the social security card with contacts (LD/T 32-2015), over PC/SC."""

from __future__ import annotations

from devices.cards import apdu
from devices.cards.pcsc_wire import PcscReaders
from devices.cards.social_security_text import CARD_TAGS, HOLDER_TAGS, parse_records
from devices.errors import DeviceFault
from devices.identity import IdentityDocument

# Lower-case "sx1.sh." and 社会保障 in GBK.
APPLICATION = bytes.fromhex("7378312E73682EC9E7BBE1B1A3D5CF")
CARD_FILE, HOLDER_FILE = 0xEF05, 0xEF06
READ_ATTEMPTS = 2
# First status bytes of a card that works but does not know a name (ISO/IEC 7816-4): not ours.
REFUSALS = frozenset({0x62, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6D, 0x6E})


class SocialSecurityReader:
    """Social security cards 1.0 to 3.0 in any PC/SC reader, T=0 or T=1.

    reader_name_prefix: only readers whose PC/SC name begins so; empty takes any.
    Satisfies devices.cards.CardReader.
    """

    def __init__(self, reader_name_prefix: str = "", *, name: str = "smartcard") -> None:
        self._name = name
        self._readers = PcscReaders(reader_name_prefix)

    @property
    def name(self) -> str:
        return self._name

    def wait_for_card(self, timeout: float) -> bool:
        return self._readers.wait_for_card(timeout)

    def wait_for_removal(self, timeout: float) -> bool:
        return self._readers.wait_for_removal(timeout)

    def close(self) -> None:
        self._readers.close()

    def read(self) -> IdentityDocument:
        """Raises DeviceFault: card.unknown for a card that is none of ours, card.needs_psam for a
        3.0 card whose data stay locked, card.removed, card.unreadable, reader.gone.
        """
        fault = DeviceFault("card.unreadable")
        for _ in range(READ_ATTEMPTS):
            try:
                self._readers.connect()
                return self._read_once()
            except DeviceFault as failed:
                fault = failed
                if failed.code != "card.unreadable":
                    break
            finally:
                self._readers.disconnect()
        if fault.code == "card.unreadable" and self._readers.wait_for_removal(0):
            # Some readers notice a lifted card only a moment after the command to it failed.
            raise DeviceFault("card.removed", str(fault))
        raise fault

    def _read_once(self) -> IdentityDocument:
        selected = self._send(apdu.select_by_name(APPLICATION)).sw
        if selected != apdu.SW_OK:
            code = "card.unknown" if selected >> 8 in REFUSALS else "card.unreadable"
            raise DeviceFault(code, f"select application: SW {selected:04X}")
        records: dict[int, bytearray] = {}
        try:
            for file, tags in ((CARD_FILE, CARD_TAGS), (HOLDER_FILE, HOLDER_TAGS)):
                selected = self._send(apdu.select_file(file)).sw
                if selected != apdu.SW_OK:
                    raise DeviceFault("card.unreadable", f"select {file:04X}: SW {selected:04X}")
                for tag in tags:
                    value = self._record(tag)
                    if value is not None:
                        records[tag] = value
            return parse_records(records)
        finally:
            for value in records.values():
                value[:] = bytes(len(value))

    def _record(self, tag: int) -> bytearray | None:
        """The value under `tag`, None when this card has none (1.0 cards lack 4E)."""
        response = self._send(apdu.read_record_by_tag(tag))
        try:
            if response.sw == apdu.SW_OK:
                return apdu.record_value(response.data, tag)
        finally:
            response.data[:] = bytes(len(response.data))
        if response.sw == apdu.SW_RECORD_NOT_FOUND:
            return None
        if response.sw == apdu.SW_NOT_ALLOWED:
            raise DeviceFault("card.needs_psam", "personal data need external authentication")
        raise DeviceFault("card.unreadable", f"record {tag:02X}: SW {response.sw:04X}")

    def _send(self, command: bytes) -> apdu.Response:
        return apdu.exchange(self._readers.transmit, command)
