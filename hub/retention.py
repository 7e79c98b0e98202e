"""What is closed does not stay for ever: rules say when it is archived or deleted.

retention.toml in the hub's folder (the defaults below where there is none)::

    case_days = 30             # after closing, the content of a case …
    case_action = "archive"    # … is "archive"d: only its sealed envelope stays, out of the way
    archive_days = 3650        # an archived envelope is deleted
    upload_days = 7            # bytes of an upload nobody went on with
    trail_days = 1095          # what staff and kiosks did

A case never goes as a whole: its number, service, times and signed receipt stay, with nothing
about a person, so that the same submission handed in again gets the same receipt.
"""

import tomllib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hub import durable, intake
from hub.city import City
from hub.tables import (
    Case,
    CaseEvent,
    DeskSession,
    DraftCase,
    EnrolmentCode,
    KioskEvent,
    Nonce,
    StaffEvent,
    Upload,
)
from kiosk.contract.signing import MAX_AGE

FILE = "retention.toml"
_BY = "retention"


class RulesError(Exception):
    """retention.toml cannot be used; the text says why."""


class Rules(BaseModel):
    """See the head of this file. Days."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    case_days: Annotated[float, Field(ge=0)] = 30.0
    case_action: Literal["archive", "delete"] = "archive"
    archive_days: Annotated[float, Field(ge=0)] = 3650.0
    upload_days: Annotated[float, Field(ge=1)] = 7.0
    trail_days: Annotated[float, Field(ge=30)] = 1095.0


@dataclass
class Done:
    """What one run did: how many of each."""

    archived: int = 0
    deleted: int = 0
    archive_deleted: int = 0
    uploads: int = 0
    trail: int = 0
    problems: list[str] = field(default_factory=list)
    """Case numbers whose envelope was not where it should be."""


def read_rules(root: Path) -> Rules:
    """Read retention.toml of a hub's folder. Raises RulesError."""
    try:
        return Rules.model_validate(tomllib.loads((root / FILE).read_text("utf-8")))
    except FileNotFoundError:
        return Rules()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        raise RulesError(f"{root / FILE}: {error}") from error


def run(city: City, rules: Rules) -> Done:
    """Apply the rules once. Safe to repeat, and to be cut off at any moment."""
    now, done = city.clock(), Done()
    for number in _due(city, now - timedelta(days=rules.case_days)):
        _let_go(city, number, rules.case_action, now, done)
    _empty_archive(city, now - timedelta(days=rules.archive_days), done)
    _drop_uploads(city, now - timedelta(days=rules.upload_days), done)
    with city.database.transaction() as session:
        done.trail = _drop_trails(session, now, now - timedelta(days=rules.trail_days))
    return done


def _due(city: City, before: datetime) -> list[str]:
    with city.database.transaction() as session:
        return list(
            session.scalars(
                select(Case.case_number).where(
                    Case.state == "closed", Case.updated <= before, Case.kept.is_(True)
                )
            )
        )


def _let_go(city: City, number: str, action: str, now: datetime, done: Done) -> None:
    """The file first, then the row: cut off in between, the next run finds the row and goes on."""
    with city.database.transaction() as session:
        case = session.get(Case, number)
        assert case is not None
        place = ""
        if case.envelope:
            place = _move(city, case, action, done)
        case.body, case.person_number, case.person_name = {}, "", ""
        case.reasons, case.pages, case.envelope, case.kept = [], 0, place, False
        event = "archived" if action == "archive" else "deleted"
        session.add(CaseEvent(case_number=number, at=now, actor=_BY, event=event))
    if action == "archive":
        done.archived += 1
    else:
        done.deleted += 1


def _move(city: City, case: Case, action: str, done: Done) -> str:
    source = city.folders.root / case.envelope
    target = city.folders.archive / f"{case.updated:%Y-%m}" / source.name
    if action == "delete":
        source.unlink(missing_ok=True)
        durable.sync_folder(source.parent)
        return ""
    if source.exists():
        durable.make_folder(target.parent)
        durable.move(source, target)
    elif not target.exists():
        done.problems.append(case.case_number)
        return ""
    return str(target.relative_to(city.folders.root))


def _empty_archive(city: City, before: datetime, done: Done) -> None:
    with city.database.transaction() as session:
        for case in session.scalars(
            select(Case).where(
                Case.kept.is_(False), Case.envelope != "", Case.updated <= before
            )
        ):
            (city.folders.root / case.envelope).unlink(missing_ok=True)
            case.envelope = ""
            done.archive_deleted += 1


def _drop_uploads(city: City, before: datetime, done: Done) -> None:
    with city.database.transaction() as session:
        for upload in session.scalars(select(Upload).where(Upload.expires <= before)):
            if upload.refused and not upload.done:
                continue  # somebody has to look at it
            if not upload.done and intake.received(city, upload) >= upload.size:
                continue  # complete: the kiosk's next question finishes it
            intake.part(city, upload).unlink(missing_ok=True)
            session.delete(upload)
            done.uploads += 1


def _drop_trails(session: Session, now: datetime, before: datetime) -> int:
    gone = 0
    for rule in (
        delete(Nonce).where(Nonce.seen < now - 2 * MAX_AGE),
        delete(EnrolmentCode).where(EnrolmentCode.expires < now),
        delete(DeskSession).where(DeskSession.expires < now),
        delete(StaffEvent).where(StaffEvent.at < before),
        delete(KioskEvent).where(KioskEvent.at < before),
        delete(DraftCase).where(DraftCase.at < before),
    ):
        gone += session.connection().execute(rule).rowcount
    return gone
