"""Drafts at the hub: sealed bytes that only a resident's slip opens, until they expire.

The hub cannot look into them. What was handed in or deleted is remembered by its id alone, so
that a kiosk which still holds it drops it.
"""

import hashlib
from datetime import timedelta
from pathlib import Path

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from hub import durable, published
from hub.city import City
from hub.problems import Refusal
from hub.tables import Draft
from kiosk.contract.drafts import MAX_DRAFT, MAX_KEPT, DraftError, DraftState, read_header

MOST_OF_ONE_KIOSK = 1000
"""Drafts of one kiosk kept at a time; together at most this many times MAX_DRAFT on the disk."""
CLOCK_DIFFERENCE = timedelta(hours=1)
"""How far a kiosk's clock may be ahead when it names the day of expiry."""
REMEMBERED = timedelta(days=60)
"""How long an id is remembered after its day of expiry."""


def keep(city: City, kiosk_id: str, draft_id: str, sealed: bytes) -> DraftState:
    """Keep a draft; the same bytes again change nothing. Refusal: draft.too_large, draft.full,
    draft.finished, draft.expired, hub.digest_conflict, hub.invalid_message."""
    if len(sealed) > MAX_DRAFT:
        raise Refusal(413, "draft.too_large")
    try:
        header = read_header(sealed)
    except DraftError as error:
        raise Refusal(422, "hub.invalid_message", str(error)) from None
    now, digest = city.clock(), hashlib.sha256(sealed).hexdigest()
    if header.draft_id != draft_id or header.expires > now + MAX_KEPT + CLOCK_DIFFERENCE:
        raise Refusal(422, "hub.invalid_message", "another draft, or kept for too long")
    if header.expires <= now:
        raise Refusal(410, "draft.expired")
    purge(city)
    with city.database.transaction() as session:
        known = session.get(Draft, draft_id)
        if known is not None:
            _still_held(known)
            if known.digest != digest:
                raise Refusal(409, "hub.digest_conflict")
            return _state(city, draft_id, known.state)
        held = select(func.count()).where(Draft.kiosk_id == kiosk_id, Draft.state == "held")
        if (session.scalar(held) or 0) >= MOST_OF_ONE_KIOSK:
            raise Refusal(507, "draft.full")
        # The file first: a row without its bytes would promise what is not there.
        durable.make_folder(_folder(city))
        durable.write(_file(city, draft_id), sealed)
        session.add(
            Draft(
                draft_id=draft_id, kiosk_id=kiosk_id, digest=digest, size=len(sealed),
                service_code=header.service_code, service_version=header.service_version,
                expires=header.expires, state="held",
            )
        )  # fmt: skip
    return _state(city, draft_id, "held")


def fetch(city: City, draft_id: str) -> bytes:
    """The sealed bytes. Refusal: draft.unknown, draft.finished, draft.expired, and
    draft.service_gone when its version of the service is not accepted here."""
    purge(city)
    with city.database.transaction() as session:
        known = session.get(Draft, draft_id)
        if known is None:
            raise Refusal(404, "draft.unknown")
        _still_held(known)
        if published.service(session, known.service_code, known.service_version) is None:
            raise Refusal(409, "draft.service_gone")
        try:
            return _file(city, draft_id).read_bytes()
        except FileNotFoundError:
            raise Refusal(404, "draft.unknown", "its file is lost") from None


def state(city: City, draft_id: str) -> DraftState:
    """How a draft stands."""
    purge(city)
    with city.database.transaction() as session:
        known = session.get(Draft, draft_id)
        return _state(city, draft_id, "unknown" if known is None else known.state)


def finish(city: City, draft_id: str) -> DraftState:
    """Delete a draft that was handed in or is not wanted any more; its id is remembered."""
    purge(city)
    with city.database.transaction() as session:
        known = session.get(Draft, draft_id)
        if known is None:
            return _state(city, draft_id, "unknown")
        if known.state == "held":
            known.state, known.size = "finished", 0
            _delete(city, [draft_id])
        return _state(city, draft_id, known.state)


def purge(city: City) -> int:
    """Delete the bytes of what has expired; how many drafts that were."""
    now = city.clock()
    with city.database.transaction() as session:
        due = list(session.scalars(
            select(Draft).where(Draft.expires <= now, Draft.state == "held")
        ))
        for draft in due:
            draft.state, draft.size = "expired", 0
        _forget(session, city)
        _delete(city, [draft.draft_id for draft in due])
    return len(due)


def _forget(session: Session, city: City) -> None:
    session.execute(delete(Draft).where(Draft.expires <= city.clock() - REMEMBERED))


def _delete(city: City, draft_ids: list[str]) -> None:
    for draft_id in draft_ids:
        _file(city, draft_id).unlink(missing_ok=True)
    if draft_ids and _folder(city).is_dir():
        durable.sync_folder(_folder(city))


def _still_held(draft: Draft) -> None:
    if draft.state == "finished":
        raise Refusal(410, "draft.finished")
    if draft.state == "expired":
        raise Refusal(410, "draft.expired")


def _state(city: City, draft_id: str, state: str) -> DraftState:
    return DraftState.model_validate(
        {"draft_id": draft_id, "state": state, "time": city.clock()}
    )


def _folder(city: City) -> Path:
    return city.folders.root / "drafts"


def _file(city: City, draft_id: str) -> Path:
    return _folder(city) / draft_id
