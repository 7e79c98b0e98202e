"""The fixed slice of `yimen campaign powercut`, and the proof that the cuts find what they must.

Needs root and a loop device, as the campaign does.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.campaigns.lives.deaths import Deaths, plan
from tests.campaigns.lives.disk import LoopDisk
from tests.campaigns.lives.life import Warm
from tests.campaigns.lives.sabotage import KINDS, RENAME_UNSYNCED, SYNCHRONOUS_OFF
from tests.campaigns.lives.states import STATES

SEED = 5
SLICE = (5, 8, 14, 15, 21, 29, 33, 36)
"""Rounds at the states where something has just become durable, or has not yet."""
TRIES = 10
PATIENCE = 3.0
"""Seconds; a kiosk that forgot who it is never comes to rest."""


def test_the_receipt_law_holds_when_the_power_is_cut(scratch: Path, warm: Warm) -> None:
    with Deaths(SEED, scratch, LoopDisk, LoopDisk, warm=warm) as deaths:
        outcomes = [deaths.round(number) for number in SLICE]
    assert {one.plan.name: one.broken for one in outcomes if one.broken} == {}
    assert {one.plan.stage for one in outcomes} == {
        "commit", "delete", "print", "catalog swap", "random moment", "enrol", "upload", "file"
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_the_cuts_find_a_kiosk_that_syncs_too_little(scratch: Path, warm: Warm, kind: str) -> None:
    at = {SYNCHRONOUS_OFF: "outbox.printed.done", RENAME_UNSYNCED: "enrol.answered"}[kind]
    assert at in {state.name for state in STATES}
    numbers = [n for n in range(60 * TRIES) if plan(SEED, n).name == at][:TRIES]
    with Deaths(SEED, scratch, LoopDisk, LoopDisk, kind, PATIENCE, warm) as deaths:
        # Somebody else's fsync may have written the journal out in between, and so the rename.
        broken = next(filter(None, (deaths.round(number).broken for number in numbers)), [])
    laws = {one.law for one in broken}
    if kind == SYNCHRONOUS_OFF:
        assert "a printed receipt has one submission and one case" in laws
    else:
        assert laws == {"it comes to rest again"}
        assert "'enrolled': False" in broken[0].detail


def test_a_cut_takes_what_was_not_synced_and_nothing_else(scratch: Path) -> None:
    disk = LoopDisk(scratch / "disk", 64)
    try:
        for name in ("synced", "unsynced"):
            with (disk.folder / name).open("wb") as file:
                file.write(name.encode())
                if name == "synced":
                    file.flush()
                    os.fsync(file.fileno())
        disk.cut()
        with pytest.raises(OSError, match="Input/output error"):
            (disk.folder / "later").write_bytes(b"later")
        disk.restore()
        assert (disk.folder / "synced").read_bytes() == b"synced"
        assert [path.name for path in disk.folder.iterdir() if path.is_file()] == ["synced"]
    finally:
        disk.dismantle()
