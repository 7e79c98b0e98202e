"""The receipt as a layout: what stands on the paper, in the visit's language.

A receipt proves a submission, so it names the service, the number and the time, and nothing
about the person: whoever finds it learns a status and no more (decision 6).
"""

from datetime import datetime

from devices.printers.layout import Cut, Feed, Layout, Pair, Qr, Rule, Text
from kiosk.promise import Promise
from kiosk.words import Words


def receipt_layout(
    words: Words, place: str, service: str, number: str, qr: str, committed: datetime, phone: str,
    promise: Promise | None = None,
) -> Layout:
    """The receipt printed right after the commit: "received, not yet confirmed".

    `promise`: None where the catalog no longer knows the service.
    """
    answer = () if promise is None else (Pair(*promise.on_paper(words)),)
    return (
        Text(place, align="center", bold=True),
        Text(words("Receipt"), align="center", width=2, height=2, bold=True),
        Feed(),
        Text(service, align="center", height=2, bold=True),
        Rule(),
        Pair(words("Receipt number"), number),
        Pair(words("Handed in"), words.moment(committed)),
        *answer,
        Pair(words("Status"), words("received, not yet confirmed")),
        Rule(),
        Text(words("The kiosk keeps your application safe and sends it to the city by itself.")),
        Text(words("Show this code at any kiosk to see how far it is:")),
        Feed(),
        Qr(qr),
        Feed(),
        Text(words("The code shows the status only, nothing about you."), align="center"),
        Text(words("Questions? Call {phone}.", phone=phone), align="center"),
        Cut(),
    )
