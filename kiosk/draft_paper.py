"""The slip of an application that somebody takes along: the only place where its key is.

It names the service and the day, and nothing about the person or what they wrote: whoever finds
it needs the owner's card besides.
"""

from datetime import datetime

from devices.printers.layout import Cut, Feed, Layout, Pair, Qr, Rule, Text
from kiosk.contract.draft_keys import DraftKey
from kiosk.words import Words


def draft_layout(
    words: Words, place: str, service: str, key: DraftKey, expires: datetime, phone: str
) -> Layout:
    """The slip, in the visit's language."""
    return (
        Text(place, align="center", bold=True),
        Text(words("To go on later"), align="center", width=2, height=2, bold=True),
        Feed(),
        Text(service, align="center", height=2, bold=True),
        Rule(),
        Pair(words("Kept until"), words.moment(expires)),
        Pair(words("Status"), words("not handed in yet")),
        Rule(),
        Text(words("To go on, hold this code under the code reader of any kiosk, or type it.")),
        Text(words("Then lay the same card as today.")),
        Feed(),
        Qr(key.qr_text, module=8),
        Feed(),
        *(Text(line, align="center", width=2, height=2, bold=True) for line in key.lines),
        Feed(),
        Rule(),
        Text(words("Keep this slip: nobody else has this code. Whoever loses it begins again."),
             bold=True),
        Text(words("Nothing about you stands on it.")),
        Text(words("Questions? Call {phone}.", phone=phone), align="center"),
        Cut(),
    )
