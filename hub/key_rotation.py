"""New keys for the hub, and when old ones may go.

A kiosk may be without a line for weeks: what it sealed to an old key comes in later and must
open. So an old sealing key goes only when every kiosk that is not revoked has said, after the
rotation, that nothing it holds is sealed to it, and no envelope on file needs it.
"""

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub import durable, keyring
from hub.tables import Kiosk, KioskContact
from kiosk.contract import key_chain, keys
from kiosk.contract.sealing import MAX_HEADER, SealError, read_header

_HEAD = MAX_HEADER + 200
"""Bytes of an envelope that hold its header, with some to spare."""


def rotate_sealing(folder: Path) -> str:
    """Make a new sealing key and return its id; kiosks seal to it from their next contact."""
    private = keys.new_sealing_key()
    number = 1 + max(_number(file) for file in folder.glob("sealing-*.key"))
    durable.write(folder / keyring.SEALING.format(number), keyring.text(private))
    return keys.key_id(private.public_key())


def rotate_signing(folder: Path, now: datetime) -> str:
    """Make a new signing key, introduced by the present one, and return its id."""
    ring = keyring.load(folder)
    private = keys.new_signing_key()
    number = 1 + len(ring.signed_with)
    introduced = key_chain.link(private.public_key(), ring.signing, now)
    # The link first: a key without one would lock every kiosk out.
    durable.write_json(folder / keyring.LINK.format(number), introduced)
    durable.write(folder / keyring.SIGNING.format(number), keyring.text(private))
    return keys.key_id(private.public_key())


def still_needed(session: Session, root: Path, key: str, made: datetime) -> list[str]:
    """Who may still need an old sealing key: kiosk ids, and "envelopes". Empty: it may go.

    made: when the key that follows it was made. A report from before says nothing.
    """
    reports = {row.kiosk_id: row for row in session.scalars(select(KioskContact))}
    waiting = []
    for kiosk in session.scalars(select(Kiosk).where(Kiosk.revoked.is_(False))):
        report = reports.get(kiosk.kiosk_id)
        if report is None or report.at <= made or key in report.report.get("sealed_to", ()):
            waiting.append(kiosk.kiosk_id)
    if any(_sealed_to(file) == key for file in _envelopes(root)):
        waiting.append("envelopes")
    return waiting


def prune(session: Session, root: Path, folder: Path) -> dict[str, list[str]]:
    """Delete every old sealing key that nobody needs; return those kept, and for whom."""
    ring = keyring.load(folder)
    order = list(ring.sealing)
    kept = {}
    for old, following in pairwise(order):
        made = datetime.fromtimestamp(
            (folder / ring.sealing_files[following]).stat().st_mtime, UTC
        )
        needed = still_needed(session, root, old, made)
        if needed:
            kept[old] = needed
        else:
            (folder / ring.sealing_files[old]).unlink()
            durable.sync_folder(folder)
    return kept


def _envelopes(root: Path) -> list[Path]:
    folders = [root / "envelopes", root / "archive"]
    return [file for folder in folders for file in folder.rglob("*.ymn")]


def _sealed_to(envelope: Path) -> str:
    with envelope.open("rb") as file:
        head = file.read(_HEAD)
    try:
        return read_header(head).hub_key_id
    except SealError:
        return ""


def _number(file: Path) -> int:
    return int(file.stem.rpartition("-")[2])
