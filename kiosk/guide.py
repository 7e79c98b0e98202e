"""The guide of a service as a person reads it, and whether it works at this kiosk right now."""

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any

from kiosk.contract.catalog_models import WITH_IDENTITY_NUMBER
from kiosk.fault_views import fault_view
from kiosk.guide_views import (
    ConsentView,
    Elsewhere,
    Fact,
    GuideLine,
    GuideSection,
    ItemRow,
    ServiceRow,
    ServiceView,
)
from kiosk.promise import Promise
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


def service_row(
    summary: Document, words: Words, works: bool, beside: str = ""
) -> ServiceRow:
    """`beside`: see ServiceRow."""
    return ServiceRow(
        code=summary["code"],
        name=words.pick(summary["name"]),
        department=words.pick(summary["department"]),
        summary=words.pick(summary["summary"]),
        icon=summary["icon"],
        colour=summary["colour"],
        here_now=bool(summary["complete"]) and works,
        beside=beside,
    )


def item_rows(
    summaries: Iterable[Document], words: Words, works: Callable[[Document], bool], opened: str
) -> tuple[ItemRow, ...]:
    """Services under their main items, in the order in which the first of each comes.

    `opened`: id of the item that shows its services, "" for none.
    """
    under: dict[str, list[Document]] = {}
    for summary in summaries:
        # A catalog taken in before services had main items says nothing of them.
        item = summary["main"]["id"] if "main" in summary else summary["code"]
        under.setdefault(item, []).append(summary)
    rows = []
    for item, group in under.items():
        services = tuple(service_row(one, words, works(one)) for one in group)
        first, several = services[0], len(services) > 1
        rows.append(ItemRow(
            id=item,
            name=words.pick(group[0]["main"]["name"]) if several else first.name,
            note=words.plural("{n} service", "{n} services", len(services)) if several
            else first.department,
            icon=first.icon,
            colour=first.colour,
            services=services,
            open=several and item == opened,
            here_now=any(one.here_now for one in services),
        ))
    return tuple(rows)


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


def service_view(
    service: Document, words: Words, missing: tuple[str, ...], sheets: Container[str] = (),
    today: Promise | None = None,
) -> ServiceView:
    """What you get, what you bring, how long, what it costs, how it goes, where else.

    `missing`: fault codes as of `missing_needs`. `sheets`: the paper forms that can be shown.
    `today`: what is promised to who hands it in now.
    """
    complete = bool(service["complete"])
    return ServiceView(
        row=service_row(service, words, not missing),
        facts=_facts(service, words),
        sections=_sections(service, words, sheets, where=complete),
        missing=tuple(
            fault_view(code, words, ("help",)) for code in missing if code != "service.unavailable"
        ),
        elsewhere=None if complete else _elsewhere(service, words),
        checks=complete and not missing and bool(service.get("checks")),
        in_chinese="" if _translated(service, words) else words("The full guide is in Chinese."),
        promise="" if today is None else today.if_handed_in_today(words),
        notice=words.pick(service.get("notice") or {}),
    )


def _facts(service: Document, words: Words) -> tuple[Fact, ...]:
    guide = service["guide"]
    days = int(guide["time"]["promised_days"])
    facts = [
        Fact("time", words("How long"), "clock",
             words("On the spot") if days == 0
             else words.plural("{n} working day", "{n} working days", days)),
        Fact("fee", words("Cost"), "coins",
             words("Free") if guide["fee"]["free"] else words("There is a fee")),
    ]
    if "visits" in service:  # a catalog taken in before does not say
        visits = int(service["visits"])
        facts.append(Fact("visits", words("Way to a window"), "footprints",
                          words("None") if visits == 0
                          else words.plural("{n} time", "{n} times", visits)))
    return tuple(facts)


def _sections(
    service: Document, words: Words, sheets: Container[str], *, where: bool
) -> tuple[GuideSection, ...]:
    """Those parts of the guide that have something to say."""
    guide = service["guide"]
    get = [service["what_you_get"]]
    materials = service["materials"]
    fee = () if guide["fee"]["free"] else (guide["fee"]["note"],)

    def lines(texts: Iterable[Document]) -> tuple[GuideLine, ...]:
        return tuple(GuideLine(words.pick(text)) for text in texts)

    bring = tuple(_material(one, words, sheets) for one in materials)
    courier = (GuideLine(words("It can be sent to you by courier.")),)
    hand_in = tuple(GuideLine(_who(who, words)) for who in service.get("who", ()))
    sections = (
        GuideSection("get", words("What you get"), "seal-check",
                     lines(get) + (courier if service.get("courier") else ())),
        GuideSection("bring", words("What you bring"), "files",
                     bring or (GuideLine(words("Only your card.")),)),
        GuideSection("who", words("Who it is for"), "user", lines(guide["conditions"])),
        GuideSection("hand_in", words("Who may hand it in"), "users", hand_in),
        GuideSection("time", words("How long it takes"), "clock",
                     lines([guide["time"]["note"]])),
        GuideSection("fee", words("What it costs"), "coins", lines(fee)),
        GuideSection("steps", words("How it goes"), "list-numbers", lines(guide["steps"])),
        GuideSection("where", words("Where else"), "map-pin",
                     lines(guide["where"]) if where else ()),
    )
    return tuple(one for one in sections if one.lines)


def _material(material: Document, words: Words, sheets: Container[str]) -> GuideLine:
    name = words.pick(material["name"])
    if not material["required"]:
        name += words(" (if you have it)")
    sheet = material.get("sheet") or ""
    note = material.get("note")
    return GuideLine(name, words.pick(note) if note else "", sheet if sheet in sheets else "")


def _who(who: str, words: Words) -> str:
    return {
        "self": words("You yourself"),
        "guardian": words("A parent or guardian"),
        "proxy": words("Somebody you send with a letter of authority"),
        "company": words("Your company or employer"),
    }[who]


def _elsewhere(service: Document, words: Words) -> Elsewhere:
    """Honest: what a machine could do once the city's systems are connected, it cannot do yet."""
    sentence = {
        "apply": words("You cannot apply for this here yet."),
        "print": words("You cannot print this here yet."),
        "query": words("You cannot look this up here yet."),
    }.get(service.get("here", "no"), words("This is done at a window, not at a machine."))
    places = service["guide"]["where"]
    return Elsewhere(sentence, tuple(words.pick(place) for place in places))


def _translated(service: Document, words: Words) -> bool:
    """Everything the guide says stands in the visit's language."""
    guide, materials = service["guide"], service["materials"]
    told = [
        service["what_you_get"], *guide["conditions"], *guide["steps"], *guide["where"],
        guide["time"]["note"], *(() if guide["fee"]["free"] else (guide["fee"]["note"],)),
        *(one["name"] for one in materials), *(one["note"] for one in materials if one.get("note")),
    ]
    return all(text.get(words.language) for text in told)


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
