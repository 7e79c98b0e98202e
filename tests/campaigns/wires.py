"""Spoiled bytes for every driver: a repeatable stream of cases.

    for case in cases(seed=1, count=100_000):
        outcome = case.run()

The same for the same seed, but for the nonces of a passport's chip and how TCP cuts its pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from random import Random

from tests.campaigns.card_cases import sam_frame, social_security, travel_document
from tests.campaigns.printer_cases import page_status, receipt_job, status_bytes
from tests.campaigns.spoiling import Case, named
from tests.campaigns.stream_cases import camera_pieces, code_lines, wedge_records

Maker = Callable[[Random], tuple[str, Callable[[], str]]]
"""What is special about the case, and the act whose outcome counts."""

MAKERS: dict[str, tuple[int, Maker]] = {
    "sam_frame": (30, sam_frame),
    "social_security_apdu": (12, social_security),
    "travel_document_apdu": (12, travel_document),
    "printer_status": (14, status_bytes),
    "receipt_job": (1, receipt_job),
    "page_printer_reply": (1, page_status),
    "camera_pieces": (10, camera_pieces),
    "code_lines": (12, code_lines),
    "wedge_records": (8, wedge_records),
}
"""Of a hundred cases, how many are of each wire; those that wait for real sockets are few."""


def case(wire: str, seed: int) -> Case:
    """One case again, as a report names it. Raises KeyError for an unknown wire."""
    what, act = MAKERS[wire][1](Random(seed))
    return Case(wire, seed, what, partial(named, act))


def cases(seed: int, count: int, wire: str | None = None) -> Iterator[Case]:
    """`count` cases of all wires, or of one."""
    chance = Random(seed)
    wires = list(MAKERS)
    weights = [share for share, _ in MAKERS.values()]
    for _ in range(count):
        chosen = chance.choices(wires, weights)[0]
        yield case(wire or chosen, chance.getrandbits(64))
