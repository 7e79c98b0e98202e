"""The catalog of faults: complete, well written, and used."""

import re
from pathlib import Path

import pytest

from kiosk.contract import faults
from kiosk.contract.faults import FAULTS, Fault, FaultCatalogError
from kiosk.contract.formats import CHECKS

ROOT = Path(__file__).parents[2]
FIRST = {
    "card": "absent unknown removed unreadable needs_psam",
    "reader": "gone",
    "camera": "gone",
    "page": "absent blurred small cut glare",
    "field": "required id_number phone date too_long choice format",
    "printer": "paper_out cover_open unreachable error interrupted",
    "hub": "unreachable refused digest_conflict unknown_kiosk clock_skew",
    "code": "unknown forged",
    "assurance": "too_low",
    "person": "mismatch",
    "store": "full",
    "service": "unavailable",
}


def test_every_fault_of_the_spine_is_there() -> None:
    wanted = {f"{kind}.{name}" for kind, names in FIRST.items() for name in names.split(" ")}
    assert (wanted | {"unexpected"}) - set(FAULTS) == set()


def test_every_format_fails_with_a_known_fault() -> None:
    assert {code for _, code in CHECKS.values()} <= set(FAULTS)


def test_every_code_the_hub_answers_is_in_the_catalog() -> None:
    used = set()
    for file in (ROOT / "hub").glob("*.py"):
        used |= set(re.findall(r'Refusal\(\s*\d+, "([a-z_.]+)"', file.read_text("utf-8")))
    assert {"hub.refused", "hub.digest_conflict"} <= used
    assert used <= set(FAULTS)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=lambda fault: fault.code)
def test_sentences_are_short_and_whole(fault: Fault) -> None:
    for text in (fault.resident, fault.way_on, fault.staff):
        assert text[0].isupper()
        assert text.endswith(".")
        assert text == text.strip()
    assert len(fault.resident) <= 80
    assert len(fault.way_on) <= 130
    assert len(fault.board) <= 30


@pytest.mark.parametrize(
    "text",
    [
        '["a.b"]\nretryable = true',
        '["a.b"]\nretryable = 1\nresident = "A."\nway_on = "B."\nstaff = "C."\nboard = ""',
        '["a.b"]\nretryable = true\nresident = ""\nway_on = "B."\nstaff = "C."\nboard = ""',
        '["a.b"]\nretryable = true\nresident = 1\nway_on = "B."\nstaff = "C."\nboard = ""',
        "a = 1",
    ],
)
def test_incomplete_entry_is_refused(text: str) -> None:
    with pytest.raises(FaultCatalogError):
        faults.parse(text)
