"""Sealed bytes as rows: cut into parts of one size."""

from __future__ import annotations

from collections.abc import Iterator

PART_SIZE = 256 * 1024  # bytes; rows of this size read and write fastest (decision 13)


def rows_of(owner: str, sealed: bytes) -> Iterator[tuple[str, int, memoryview]]:
    """(owner, part, bytes) for each row, in order; nothing is copied."""
    whole = memoryview(sealed)
    for start in range(0, len(whole), PART_SIZE):
        yield owner, start // PART_SIZE, whole[start : start + PART_SIZE]
