"""The one exception a device raises for something that is expected to go wrong."""

from __future__ import annotations

# Every code a device may raise. Whoever shows sentences to people keeps one for each of these.
FAULT_CODES = frozenset(
    {
        "camera.gone",
        "card.altered",
        "card.needs_mrz",
        "card.needs_pace",
        "card.needs_psam",
        "card.removed",
        "card.unknown",
        "card.unreadable",
        "card.wrong_mrz",
        "code.unreadable",
        "mat.blurred",
        "mat.light",
        "mat.not_empty",
        "page.absent",
        "page.blank",
        "page.blurred",
        "page.cut",
        "page.finger",
        "page.glare",
        "page.same",
        "page.small",
        "page.upside_down",
        "page_printer.cover_open",
        "page_printer.error",
        "page_printer.jam",
        "page_printer.paper_out",
        "page_printer.toner_low",
        "page_printer.toner_out",
        "page_printer.unreachable",
        "printer.cover_open",
        "printer.error",
        "printer.interrupted",
        "printer.paper_out",
        "printer.unreachable",
        "reader.gone",
        "speech.gone",
        "text.engine_gone",
        "text.unreadable",
    }
)


class DeviceFault(Exception):
    """An expected fault of a device.

    code: one of FAULT_CODES. detail: technical English, never personal data; it may be logged.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(detail or code)
        self.code = code
