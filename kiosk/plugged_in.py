"""The drivers of what the configuration says is plugged in."""

import logging
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

from devices.cards.events import CardReader
from devices.cards.samv import SamvReader
from devices.cards.samv_line import serial_ports
from devices.cards.smartcard import SmartcardReader
from devices.cards.social_security import SocialSecurityCard
from devices.cards.travel_document import TravelDocument, TrustStore
from devices.printers.page_printer import PagePrinter
from devices.printers.paper_left import PaperLeft
from devices.printers.receipt_printer import ReceiptPrinter
from devices.speech import Voice
from kiosk.contract.options import Devices
from kiosk.identification import KeySource
from kiosk.printing import Kept, Printing
from offline_store.settings import Settings

log = logging.getLogger(__name__)

_VOID = "printer.void"
_PAPER = "printer.paper"


def card_readers(plugged: Devices, trust: TrustStore, key: KeySource) -> Sequence[CardReader]:
    """Readers for one identification; `key` opens a passport's chip."""
    readers: list[CardReader] = []
    if plugged.id_card:
        ports = partial(serial_ports, plugged.ports_in_use)
        readers.append(SamvReader(plugged.id_card, plugged.id_card_baud, ports=ports))
    if plugged.smartcard:
        passport = TravelDocument(key, trust)
        readers.append(SmartcardReader([SocialSecurityCard(), passport]))
    return readers


def trust_store(plugged: Devices) -> TrustStore:
    """The issuing states' certificates; without them passports are read, but not verified."""
    if not plugged.csca:
        return TrustStore()
    try:
        return TrustStore.load(Path(plugged.csca))
    except OSError as error:
        log.error("devices.csca: %s", error.strerror)
        return TrustStore()


def printing(plugged: Devices, settings: Settings) -> Printing:
    """The printers; what is known of the roll and of a void receipt survives a restart."""

    def keep(kept: Kept) -> None:
        settings.put(_VOID, kept.void)
        settings.put(_PAPER, asdict(kept.paper))

    void, paper = settings.get(_VOID), settings.get(_PAPER)
    return Printing(
        ReceiptPrinter(plugged.printer, plugged.printer_columns) if plugged.printer else None,
        Kept(void if isinstance(void, str) else None, _paper(paper)),
        keep,
        plugged.printer_near_end_mm,
        PagePrinter(plugged.page_printer) if plugged.page_printer else None,
    )


def voice(outlet: str) -> Voice | None:
    """Speech to a sink of the sound server, "default" for its own choice; None for none."""
    return Voice("" if outlet == "default" else outlet) if outlet else None


def _paper(kept: object) -> PaperLeft:
    """What the settings kept of the roll; nothing is known where they are of another form."""
    if not isinstance(kept, dict):
        return PaperLeft()
    mm, receipt_mm = kept.get("mm"), kept.get("receipt_mm")
    if not isinstance(receipt_mm, float) or not receipt_mm > 0:
        return PaperLeft()
    return PaperLeft(mm if isinstance(mm, float) else None, receipt_mm)
