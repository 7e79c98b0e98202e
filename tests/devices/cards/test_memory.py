"""After a card was read nothing of it is left in the buffers of the process that read it.

Another process looks through the whole memory of the reading one. What it looks for are bytes as
they stand on the wire only, never in a text: two fields of a record side by side, or a field with
its tag and length. Python's texts themselves cannot be overwritten; they die with the process
image, which is replaced after each visit.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from devices.cards.travel_document import AccessKey
from devices.identity import IdentityDocument
from devices.testbed import passport
from devices.testbed.cards import sample_card
from devices.testbed.chips import SamChip
from devices.testbed.samv import SamvPty
from devices.testbed.vpcd import SmartcardSlot

ROOT = Path(__file__).parents[3]
Traces = Mapping[str, bytes]


def id_card_traces(name: str) -> Traces:
    chip = sample_card(name).chip
    assert isinstance(chip, SamChip)
    return {
        "name, sex, ethnic group, birth": chip.text[26:52],
        "end of address, number": chip.text[116:158],
        "number, issuer": chip.text[130:164],
    }


def social_security_traces(document: IdentityDocument) -> Traces:
    assert document.birth_date is not None
    birth = bytes.fromhex(document.birth_date.strftime("%Y%m%d"))
    return {
        "number": b"\x08\x12" + document.number.encode(),
        "name": b"\x09\x1e" + document.name.encode("gbk"),
        "birth": b"\x0d\x04" + birth,
    }


def passport_traces(document: IdentityDocument) -> Traces:
    lines = passport.mrz(document).replace("\n", "").encode()
    return {"length and printed lines": bytes([len(lines)]) + lines[:20]}


def memory_of(process: int) -> Iterator[bytes]:
    """All that the process has in its memory, one mapping at a time."""
    mappings = Path(f"/proc/{process}/maps").read_text().splitlines()
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        for mapping in mappings:
            bounds = re.match(r"([0-9a-f]+)-([0-9a-f]+) r", mapping)
            if bounds is None or "[v" in mapping:  # the kernel's own pages
                continue
            start, end = (int(bound, 16) for bound in bounds.groups())
            memory.seek(start)
            yield memory.read(end - start)


@contextmanager
def card_read_by_a_process(kind: str, place: str, *more: str, key: str = "") -> Iterator[int]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.devices.cards.card_in_a_process", kind, place, *more],
        cwd=ROOT, env=dict(os.environ), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        if key:
            process.stdin.write(key + "\n")
            process.stdin.flush()
        assert process.stdout.readline().startswith("looked at")
        yield process.pid
        process.stdin.close()
    assert process.returncode == 0


def left(process: int, traces: Traces) -> set[str]:
    """The names of those traces that are somewhere in the memory of the process."""
    return {
        name for part in memory_of(process) for name, trace in traces.items() if trace in part
    }


@pytest.mark.parametrize("hoard", [False, True], ids=["", "hoard"])
def test_of_a_resident_card_nothing_is_left_unless_it_is_kept(samv: SamvPty, hoard: bool) -> None:
    samv.insert(sample_card("zhang_wei"))
    traces = id_card_traces("zhang_wei")
    with card_read_by_a_process("id_card", samv.port, *["hoard"] * hoard) as process:
        assert left(process, traces) == (set(traces) if hoard else set())


@pytest.mark.parametrize("hoard", [False, True], ids=["", "hoard"])
def test_of_a_social_security_card_nothing_is_left_unless_it_is_kept(
    slot: SmartcardSlot, hoard: bool
) -> None:
    card = sample_card("wang_social")
    assert card.document is not None
    slot.insert(card)
    traces = social_security_traces(card.document)
    with card_read_by_a_process("smartcard", slot.reader, *["hoard"] * hoard) as process:
        assert left(process, traces) == (set(traces) if hoard else set())


@pytest.mark.parametrize("hoard", [False, True], ids=["", "hoard"])
def test_of_a_passport_nothing_is_left_unless_it_is_kept(slot: SmartcardSlot, hoard: bool) -> None:
    card = sample_card("kim_passport")
    assert card.document is not None
    slot.insert(card)
    traces = passport_traces(card.document)
    key = AccessKey.from_mrz(passport.mrz(card.document))
    with card_read_by_a_process(
        "passport", slot.reader, *["hoard"] * hoard, key=f"{key.number} {key.birth} {key.expiry}"
    ) as process:
        assert left(process, traces) == (set(traces) if hoard else set())
