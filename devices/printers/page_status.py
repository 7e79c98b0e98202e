"""What a page printer says of itself, from its state reasons.

`printer-state-reasons` of RFC 8011 section 5.4.12 and PWG 5100.9: keywords, each with "-error",
"-warning", "-report" or nothing behind it. Printers disagree about the suffix (an empty tray is
an error here and a warning there), so only the stem counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass

_SUFFIXES = ("-error", "-warning", "-report")
# In the order in which a person has to mend them.
_FAULTS: tuple[tuple[str, frozenset[str]], ...] = (
    ("page_printer.cover_open", frozenset({"cover-open", "door-open", "interlock-open"})),
    ("page_printer.jam", frozenset({"media-jam"})),
    (
        "page_printer.paper_out",
        frozenset({"media-empty", "media-needed", "input-tray-missing"}),
    ),
    (
        "page_printer.toner_out",
        frozenset(
            {"marker-supply-empty", "toner-empty", "marker-waste-full", "marker-supply-missing"}
        ),
    ),
    (
        "page_printer.unreachable",
        frozenset({"connecting-to-device", "timed-out", "offline", "shutdown"}),
    ),
)
_NOTES: tuple[tuple[str, frozenset[str]], ...] = (
    (
        "page_printer.toner_low",
        frozenset({"marker-supply-low", "toner-low", "marker-waste-almost-full"}),
    ),
)
_STOPPED = frozenset({"paused", "moving-to-paused", "stopping", "stopped-partly"})


@dataclass(frozen=True)
class PageStatus:
    """The state of the page printer at one moment."""

    fault: str | None
    """The code that keeps it from printing, or None when it can print."""
    notes: tuple[str, ...] = ()
    """Codes of what staff should look at, though it still prints."""


def read_reasons(value: object) -> frozenset[str]:
    """The stems in `printer-state-reasons`: one keyword, a list of them, or nothing at all.

    A reason nobody knows stays in only as "unknown-error", and only when it calls itself an error.
    """
    words = [value] if isinstance(value, str) else value if isinstance(value, Iterable) else []
    stems = set()
    for word in words:
        if not isinstance(word, str) or word in ("none", ""):
            continue
        stem = word
        for suffix in _SUFFIXES:
            stem = stem.removesuffix(suffix)
        if stem in _KNOWN:
            stems.add(stem)
        elif word.endswith("-error"):
            stems.add("unknown-error")
    return frozenset(stems)


def judge(stems: frozenset[str]) -> PageStatus:
    """The fault a person must mend first, and the notes."""
    notes = tuple(code for code, reasons in _NOTES if reasons & stems)
    for code, reasons in _FAULTS:
        if reasons & stems:
            return PageStatus(code, notes)
    return PageStatus("page_printer.error" if "unknown-error" in stems else None, notes)


_KNOWN = frozenset().union(*(reasons for _, reasons in (*_FAULTS, *_NOTES)), _STOPPED)
