"""The fixed slice of the campaign against the wires that every run of the tests takes."""

from __future__ import annotations

import time
from collections import Counter
from random import Random

import pytest

from devices.cards.samv import SamvReader
from devices.errors import FAULT_CODES, DeviceFault
from devices.testbed.cards import sample_card
from devices.testbed.samv import READ_BASE, SamvPty
from tests.campaigns.card_cases import spoiled_frame
from tests.campaigns.spoiling import mutated
from tests.campaigns.wires import MAKERS, case, cases

CASES = 2000
# The slowest case reads a whole passport; a hang would stand out by far.
LONGEST_CASE_SECONDS = 2.0


def test_spoiled_bytes_give_results_or_named_faults_and_never_hang() -> None:
    outcomes: dict[str, Counter[str]] = {wire: Counter() for wire in MAKERS}
    slowest = 0.0
    for one in cases(seed=3, count=CASES):
        begin = time.thread_time()
        outcomes[one.wire][one.run()] += 1
        slowest = max(slowest, time.thread_time() - begin)
    for wire, found in outcomes.items():
        assert set(found) - {""} <= FAULT_CODES, wire
        # Each wire meets rubbish that its driver names, and bytes that it can live with.
        assert len(found) > 1, (wire, found)
        assert found[""], wire
    assert slowest < LONGEST_CASE_SECONDS
    cards = set().union(*(outcomes[wire] for wire in outcomes if "apdu" in wire))
    # The stream reaches many kinds of trouble, not one kind many times.
    assert {"card.unreadable", "card.unknown", "card.wrong_mrz", "card.needs_psam"} <= cards
    # Secure messaging keeps spoiled data from ever looking like a document someone altered.
    assert "card.altered" not in outcomes["travel_document_apdu"]


@pytest.mark.parametrize("wire", MAKERS)
def test_a_case_is_made_again_from_its_wire_and_seed(wire: str) -> None:
    first = next(iter(cases(seed=8, count=1, wire=wire)))
    again = case(first.wire, first.seed)
    assert (again.wire, again.what) == (first.wire, first.what)


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert [spoiled_frame(Random(5)) for _ in range(3)] == [spoiled_frame(Random(5))] * 3
    assert mutated(b"0123456789", Random(1)) == mutated(b"0123456789", Random(1))
    assert any(spoiled_frame(Random(n)) != spoiled_frame(Random(n + 1)) for n in range(5))


@pytest.mark.parametrize("seed", range(6))
def test_a_reader_that_sends_anything_is_named_on_the_wire_too(seed: int) -> None:
    samv = SamvPty()
    reader = SamvReader(samv.port)
    chance = Random(seed)
    samv.insert(sample_card("zhang_wei"))
    assert reader.wait_for_card(5)
    samv.inject(lambda _: spoiled_frame(chance), on=READ_BASE, times=None)
    begin = time.monotonic()
    try:
        reader.read()
        outcome = ""
    except DeviceFault as fault:
        outcome = fault.code
    assert outcome in FAULT_CODES | {""}
    # Three attempts, each read asked twice, each waiting two seconds at most, and then some.
    assert time.monotonic() - begin < 20
    samv.heal()
    reader.close()
    assert reader.wait_for_card(5)
    assert reader.read() == sample_card("zhang_wei").document
    reader.close()
    samv.close()
