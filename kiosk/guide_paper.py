"""The guide as a slip to take along: what to bring, where to go, how long, what it costs.

Nothing on it is about a person; it is no receipt and says so.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from devices.printers.layout import Cut, Feed, Layout, Line, Pair, Rule, Text
from kiosk import guide
from kiosk.guide_views import GuideSection
from kiosk.words import Words

_VERSION = 8
"""Characters of the catalog's version that tell it from others."""


def guide_layout(
    words: Words, service: Mapping[str, Any], hall: str, phone: str, now: datetime, version: str
) -> Layout:
    """`service`: its document in the catalog of that `version`; `hall`: where the kiosk stands."""
    view = guide.service_view(service, words, ())
    sections = {section.id: section for section in view.sections}
    places = (
        tuple(line.text for line in sections["where"].lines) if "where" in sections
        else view.elsewhere.places if view.elsewhere is not None else ()
    )
    if service["complete"]:
        places = (words("The self-service terminal in: {hall}", hall=hall), *places)
    lines: list[Line] = [
        Text(hall, align="center", bold=True),
        Text(words("Guide"), align="center", width=2, height=2, bold=True),
        Feed(),
        Text(view.row.name, align="center", height=2, bold=True),
        Text(view.row.department, align="center"),
        *([Text(view.in_chinese, align="center")] if view.in_chinese else ()),
        Rule(),
        *_part(sections, "bring", words, "□ "),
        Rule(),
        *(Pair(fact.title, fact.value) for fact in view.facts),
        *_part(sections, "fee", words),
        *_part(sections, "hand_in", words),
        Rule(),
        Text(words("Where to go"), bold=True),
    ]
    lines += [Text("· " + place) for place in places]
    lines += [
        Rule(),
        Pair(words("Printed"), words.date(now.astimezone().date())),
        Pair(words("Catalog"), version[:_VERSION] or "-"),
        Text(words("This slip is no receipt."), align="center"),
        *([Text(view.notice, align="center")] if view.notice else ()),
        Text(words("Questions? Call {phone}.", phone=phone), align="center"),
        Cut(),
    ]
    return tuple(lines)


def _part(
    sections: Mapping[str, GuideSection], section_id: str, words: Words, mark: str = "· "
) -> list[Line]:
    if section_id not in sections:
        return []
    section = sections[section_id]
    texts: list[Line] = [Text(section.title, bold=True)]
    for line in section.lines:
        texts.append(Text(mark + line.text))
        if line.note:
            texts.append(Text("  " + line.note))
    return texts
