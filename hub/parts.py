"""Bytes of an upload on their way to the disk.

Without a checksum they are appended as they come, and what arrived before the line broke stays.
With one (tus checksum extension) they wait in a file of their own until they were checked: a
crash in between leaves nothing unchecked behind.
"""

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from hub import durable
from hub.problems import Refusal

ALGORITHMS = ("sha1", "sha256", "sha512")
"""sha1 is the one every tus server must know."""
CHECKSUM_MISMATCH = 460
"""The status that tus gives a chunk whose checksum differs."""
WAITING = ".chunk"
_COPY = 1 << 20

Chunks = AsyncIterator[bytes]


@dataclass(frozen=True)
class Checksum:
    """What a chunk must add up to."""

    algorithm: str
    digest: bytes


def checksum_of(field: str | None) -> Checksum | None:
    """Read an Upload-Checksum field, "sha256 <base64>". Refusal 400 for one we cannot check."""
    if field is None:
        return None
    algorithm, _, text = field.strip().partition(" ")
    try:
        digest = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        digest = b""
    if algorithm not in ALGORITHMS or len(digest) != hashlib.new(algorithm).digest_size:
        raise Refusal(400, "hub.invalid_message", f"Upload-Checksum: {', '.join(ALGORITHMS)}")
    return Checksum(algorithm, digest)


async def at_once(data: bytes) -> Chunks:
    """Bytes that are here already, as a stream."""
    yield data


async def append(
    part: Path, data: Chunks, here: int, size: int, checksum: Checksum | None
) -> int:
    """Append to `part`, which holds `here` of `size` bytes; return how many are safe now.

    Refusal 413 for more than `size` (what fits is kept), 460 when the checksum differs.
    """
    if checksum is None:
        return here + await _write_all(part, data, size - here, whole=False)
    waiting = part.with_suffix(WAITING)
    await run_in_threadpool(_remove, waiting)
    try:
        arrived = await _write_all(waiting, data, size - here, whole=True)
        if not await run_in_threadpool(_adds_up, waiting, checksum):
            raise Refusal(CHECKSUM_MISMATCH, "hub.checksum", "these bytes were dropped")
        await run_in_threadpool(_move_bytes, waiting, part)
        return here + arrived
    finally:
        await run_in_threadpool(_remove, waiting)


async def _write_all(path: Path, data: Chunks, room: int, whole: bool) -> int:
    descriptor = await run_in_threadpool(_open, path)
    arrived = 0
    try:
        async for chunk in data:
            if arrived + len(chunk) > room:
                raise Refusal(413, "hub.invalid_message", "more than was announced")
            await run_in_threadpool(_write, descriptor, chunk)
            arrived += len(chunk)
    except ClientDisconnect:
        # The client is gone; it will ask with HEAD how much arrived.
        if whole:
            raise Refusal(CHECKSUM_MISMATCH, "hub.checksum", "the line broke") from None
    finally:
        await run_in_threadpool(_sync, descriptor, path)
    return arrived


def _open(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _sync(descriptor: int, path: Path) -> None:
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    durable.sync_folder(path.parent)


def _adds_up(path: Path, checksum: Checksum) -> bool:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, checksum.algorithm).digest()
    return hmac.compare_digest(digest, checksum.digest)


def _move_bytes(source: Path, target: Path) -> None:
    descriptor = _open(target)
    try:
        with source.open("rb") as file:
            while block := file.read(_COPY):
                _write(descriptor, block)
    finally:
        _sync(descriptor, target)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
