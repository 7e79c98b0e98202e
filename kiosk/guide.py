"""The guide of a service as a person reads it, and whether it works at this kiosk right now."""

from collections.abc import Mapping
from typing import Any

from kiosk.contract.catalog_models import WITH_IDENTITY_NUMBER
from kiosk.fault_views import fault_view
from kiosk.views import ConsentView, FaultView, GuideSection, ServiceRow, ServiceView
from kiosk.words import Words

Document = Mapping[str, Any]

_FAULT_OF_NEED = {
    "identity": "reader.gone",
    "camera": "camera.gone",
    "receipt_printer": "printer.unreachable",
    "line": "hub.unreachable",
}
"""What is wrong when something a service needs is not there."""

# A receipt can stand on the screen instead of on paper, so a missing printer stops nobody.
_INDISPENSABLE = ("identity", "camera", "line")


def service_row(summary: Document, words: Words, works: bool) -> ServiceRow:
    return ServiceRow(
        code=summary["code"],
        name=words.pick(summary["name"]),
        department=words.pick(summary["department"]),
        summary=words.pick(summary["summary"]),
        icon=summary["icon"],
        colour=summary["colour"],
        here_now=bool(summary["complete"]) and works,
    )


def missing_needs(service: Document, available: Mapping[str, bool]) -> tuple[str, ...]:
    """Fault codes of what keeps this service from being applied for here and now."""
    if not service["complete"]:
        return ("service.unavailable",)
    return tuple(
        _FAULT_OF_NEED[need]
        for need in service["needs"]
        if need in _INDISPENSABLE and not available.get(need, False)
    )


def takes(service: Document, document_kind: str) -> bool:
    """Whether a person may apply with this kind of document (`documents` of the catalog)."""
    # A catalog taken in before services named their documents says nothing.
    return document_kind in (service.get("documents") or WITH_IDENTITY_NUMBER)


def service_view(service: Document, words: Words, missing: tuple[str, ...]) -> ServiceView:
    """What you get, what you bring, how long, what it costs, how it goes, where else."""
    guide = service["guide"]
    pick = words.pick
    materials = [
        pick(material["name"])
        + ("" if material["required"] else words(" (if you have it)"))
        for material in service["materials"]
    ]
    sections = (
        GuideSection("get", words("What you get"), "seal-check", (pick(service["what_you_get"]),)),
        GuideSection("bring", words("What you bring"), "files",
                     tuple(materials) or (words("Only your card."),)),
        GuideSection("who", words("Who it is for"), "user",
                     tuple(pick(text) for text in guide["conditions"])),
        GuideSection("time", words("How long it takes"), "clock",
                     (_time(guide["time"], words), pick(guide["time"]["note"]))),
        GuideSection("fee", words("What it costs"), "coins", (pick(guide["fee"]["note"]),)),
        GuideSection("steps", words("How it goes"), "list-numbers",
                     tuple(pick(text) for text in guide["steps"])),
        GuideSection("where", words("Where else"), "map-pin",
                     tuple(pick(text) for text in guide["where"])),
    )
    faults: tuple[FaultView, ...] = tuple(
        fault_view(code, words, ("help",)) for code in missing
    )
    return ServiceView(service_row(service, words, not missing), sections, faults)


def consent_view(service: Document, words: Words) -> ConsentView:
    consent = service["consent"]
    return ConsentView(
        title=words("Before we ask for your data"),
        paragraphs=tuple(words.pick(text) for text in consent["paragraphs"]),
        items=tuple(
            (words.pick(item["what"]), words.pick(item["why"])) for item in consent["items"]
        ),
    )


def declaration(service: Document, words: Words) -> tuple[str, ...]:
    """What a person signs, in their language."""
    return tuple(words.pick(service["declaration"]).splitlines())


def _time(limits: Document, words: Words) -> str:
    days = int(limits["promised_days"])
    if days == 0:
        return words("On the spot.")
    return words.plural("Within {n} working day.", "Within {n} working days.", days)
