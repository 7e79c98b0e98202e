"""Driver for the social security card with contacts (LD/T 32-2015), over PC/SC."""

from __future__ import annotations

from devices.cards import apdu
from devices.cards.apdu import Transmit
from devices.cards.pcsc_card import SILENCE_SECONDS
from devices.cards.smartcard import SmartcardReader
from devices.cards.social_security_text import CARD_TAGS, HOLDER_TAGS, parse_records
from devices.errors import DeviceFault
from devices.identity import IdentityDocument

# Lower-case "sx1.sh." and 社会保障 in GBK.
APPLICATION = bytes.fromhex("7378312E73682EC9E7BBE1B1A3D5CF")
CARD_FILE, HOLDER_FILE = 0xEF05, 0xEF06


class SocialSecurityCard:
    """One kind of card for a SmartcardReader: social security cards 1.0 to 3.0."""

    def read(self, transmit: Transmit) -> IdentityDocument | None:
        """None for another card. Raises DeviceFault: card.needs_psam for a 3.0 card whose data
        stay locked, card.removed, card.unreadable.
        """
        selected = apdu.exchange(transmit, apdu.select_by_name(APPLICATION)).sw
        if selected >> 8 in apdu.REFUSALS:
            return None
        if selected != apdu.SW_OK:
            raise DeviceFault("card.unreadable", f"select application: SW {selected:04X}")
        records: dict[int, bytearray] = {}
        try:
            for file, tags in ((CARD_FILE, CARD_TAGS), (HOLDER_FILE, HOLDER_TAGS)):
                selected = apdu.exchange(transmit, apdu.select_file(file)).sw
                if selected != apdu.SW_OK:
                    raise DeviceFault("card.unreadable", f"select {file:04X}: SW {selected:04X}")
                for tag in tags:
                    value = _record(transmit, tag)
                    if value is not None:
                        records[tag] = value
            return parse_records(records)
        finally:
            for value in records.values():
                value[:] = bytes(len(value))


def _record(transmit: Transmit, tag: int) -> bytearray | None:
    """The value under `tag`, None when this card has none (1.0 cards lack 4E)."""
    response = apdu.exchange(transmit, apdu.read_record_by_tag(tag))
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


class SocialSecurityReader(SmartcardReader):
    """Social security cards alone, in any PC/SC reader; see SmartcardReader."""

    def __init__(
        self,
        reader_name_prefix: str = "",
        *,
        name: str = "smartcard",
        silence: float = SILENCE_SECONDS,
    ) -> None:
        super().__init__([SocialSecurityCard()], reader_name_prefix, name=name, silence=silence)
