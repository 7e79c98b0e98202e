"""The fixed slice of the campaign against the wires of cards that every run of the tests takes."""

from __future__ import annotations

import time
from collections import Counter
from random import Random

import pytest

from devices.cards.samv import SamvReader
from devices.errors import FAULT_CODES, DeviceFault
from devices.testbed.cards import sample_card
from devices.testbed.samv import READ_BASE, SamvPty
from tests.campaigns.wires import cases, mutated, spoiled_frame

CASES = 2000
# The slowest case reads a whole passport; a hang would stand out by far.
LONGEST_CASE_SECONDS = 2.0


def test_spoiled_answers_give_documents_or_named_faults_and_never_hang() -> None:
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    for case in cases(seed=3, count=CASES):
        begin = time.thread_time()
        outcomes[case.run()] += 1
        slowest = max(slowest, time.thread_time() - begin)
    assert set(outcomes) - {""} <= FAULT_CODES
    assert slowest < LONGEST_CASE_SECONDS
    # The stream reaches many kinds of trouble, not one kind many times.
    assert {"", "card.unreadable", "card.unknown", "card.wrong_mrz"} <= set(outcomes)
    # Secure messaging keeps spoiled data from ever looking like a document someone altered.
    assert "card.altered" not in outcomes


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
