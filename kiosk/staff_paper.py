"""A slip that shows whether the receipt printer writes, cuts and draws codes."""

from datetime import datetime

from devices.printers.layout import Cut, Feed, Layout, Pair, Qr, Rule, Text
from kiosk.words import Words

_TEST_CODE = "YIMEN TEST"
"""No receipt's code: whoever reads it learns nothing."""


def slip_layout(words: Words, place: str, now: datetime) -> Layout:
    """Every kind of line a receipt has, in the visit's language."""
    return (
        Text(place, align="center", bold=True),
        Text(words("Test slip"), align="center", width=2, height=2, bold=True),
        Rule(),
        Pair(words("Time"), words.moment(now)),
        Text("一门 Yimen 일문 0123456789"),
        Rule(),
        Qr(_TEST_CODE),
        Feed(),
        Text(words("This slip is no receipt."), align="center"),
        Cut(),
    )
