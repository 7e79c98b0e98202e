"""GET /metrics for Prometheus: counts and ages. Nothing about a person, no receipt numbers.

https://prometheus.io/docs/instrumenting/exposition_formats/ (text format 0.0.4). Kiosks appear
by id. Do not publish it: let the proxy in front of the hub keep /metrics to the city's network.
Alert rules on these: hub/alerts.yml.
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from fastapi import APIRouter, Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub import contact, kiosks
from hub.city import City
from hub.gate import CityOf
from hub.tables import Case, Kiosk, KioskContact, KioskEvent, Upload
from kiosk.contract.publishing import CATALOG

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
STATES = ("received", "supplement", "accepted", "closed")
AUDIT_BREAKS = ("audit_shorter", "audit_changed")
"""What hub.contact notes of a chain that is not what it was."""
BREAKS_SHOWN = timedelta(days=7)
"""A break does not mend; it is told for so long, that somebody reads it."""

router = APIRouter()

Sample = tuple[dict[str, str], float]


@router.get(
    "/metrics",
    tags=["operators"],
    responses={200: {"description": "Prometheus text.", "content": {"text/plain": {}}}},
    response_class=Response,
)
def metrics(city: CityOf) -> Response:
    """Say how this hub and its kiosks stand, for Prometheus."""
    with city.database.transaction() as session:
        text = "".join(_lines(session, city))
    return Response(text, media_type=CONTENT_TYPE)


def _lines(session: Session, city: City) -> Iterator[str]:
    now = city.clock()
    found = session.execute(select(Case.state, func.count()).group_by(Case.state)).all()
    by_state = {state: count for state, count in found}  # noqa: C416  # rows are no tuples
    yield from _metric(
        "yimen_cases", "gauge", "Cases by state.",
        [({"state": state}, by_state.get(state, 0)) for state in STATES],
    )  # fmt: skip
    oldest = session.scalar(
        select(func.min(Case.received_at)).where(Case.state.in_(("received", "supplement")))
    )
    yield from _metric(
        "yimen_oldest_open_case_seconds", "gauge", "Age of the oldest case nobody accepted yet.",
        [({}, _age(now, oldest))],
    )  # fmt: skip
    refused, under_way = (
        session.scalar(select(func.count()).select_from(Upload).where(rule)) or 0
        for rule in (Upload.refused.is_(True), Upload.done.is_(False) & Upload.refused.is_(False))
    )
    yield from _metric(
        "yimen_uploads", "gauge", "Uploads that are no case yet.",
        [({"state": "under_way"}, under_way), ({"state": "refused"}, refused)],
    )  # fmt: skip
    yield from _metric(
        "yimen_escalations", "gauge", "Stuck submissions that staff escalated.",
        [({}, len(contact.escalations(session)))],
    )  # fmt: skip
    repository = city.publisher.repository
    yield from _metric(
        "yimen_published_expires_seconds", "gauge",
        "Until the catalog's metadata expires; below 0: since.",
        [({"role": role}, (expires - now).total_seconds())
         for role, expires in repository.expiries().items()],
    )  # fmt: skip
    disk = os.statvfs(city.folders.root)
    yield from _metric(
        "yimen_disk_free_bytes", "gauge", "Room left on the disk of this hub's folder.",
        [({}, disk.f_bavail * disk.f_frsize)],
    )  # fmt: skip
    edition = city.publisher.edition(CATALOG)
    yield from _fleet(session, now, edition.version if edition else "")


def _fleet(session: Session, now: datetime, catalog: str) -> Iterator[str]:
    every = list(session.scalars(select(Kiosk).order_by(Kiosk.kiosk_id)))
    counts = dict.fromkeys(("active", "waiting", "revoked"), 0)
    for kiosk in every:
        counts[kiosks.state(kiosk)] += 1
    yield from _metric(
        "yimen_kiosks", "gauge", "Kiosks by state.",
        [({"state": state}, count) for state, count in counts.items()],
    )  # fmt: skip
    reports = {row.kiosk_id: row for row in session.scalars(select(KioskContact))}
    active = [kiosk for kiosk in every if kiosks.state(kiosk) == "active"]
    yield from _metric(
        "yimen_kiosk_last_contact_seconds", "gauge",
        "Since the kiosk's newest report; since its enrolment when there was none.",
        [({"kiosk": one.kiosk_id},
          _age(now, reports[one.kiosk_id].at if one.kiosk_id in reports else one.enrolled))
         for one in active],
    )  # fmt: skip
    breaks = Counter(
        session.scalars(
            select(KioskEvent.kiosk_id).where(
                KioskEvent.event.in_(AUDIT_BREAKS), KioskEvent.at > now - BREAKS_SHOWN
            )
        )
    )
    yield from _metric(
        "yimen_kiosk_audit_breaks", "gauge",
        f"Times its audit chain got shorter or was written anew, in {BREAKS_SHOWN.days} days.",
        [({"kiosk": one.kiosk_id}, breaks[one.kiosk_id]) for one in every],
    )  # fmt: skip
    rows = [reports[one.kiosk_id] for one in active if one.kiosk_id in reports]

    def told(name: str, says: str, values: Iterable[float]) -> Iterator[str]:
        labels = [{"kiosk": row.kiosk_id} for row in rows]
        return _metric(f"yimen_kiosk_{name}", "gauge", says, zip(labels, values, strict=True))

    for name, says in (("waiting", "Submissions that wait for the line."),
                       ("shelved", "Submissions that need a person.")):
        yield from told(name, says, [float(row.report[name]) for row in rows])
    yield from told(
        "oldest_seconds", "Age of the oldest submission the kiosk still holds.",
        [_age(now, _moment(row.report.get("oldest"))) for row in rows],
    )  # fmt: skip
    yield from told("clock_offset_seconds", "How far the machine's clock is behind the city's.",
                    [float(row.report.get("clock_offset", 0.0)) for row in rows])
    yield from told("closed", "1: the kiosk takes nobody in.",
                    [float(bool(row.report.get("closed"))) for row in rows])
    yield from _metric(
        "yimen_kiosk_disk_free_bytes", "gauge", "What may still be taken of the kiosk's disk.",
        [({"kiosk": row.kiosk_id}, row.report["free_mb"] * 2**20) for row in rows
         if row.report.get("free_mb") is not None],
    )  # fmt: skip
    yield from told("catalog_differs", "1: the kiosk's catalog is not the published one.",
                    [float(row.report.get("catalog", "") != catalog) for row in rows])


def _metric(name: str, kind: str, says: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP {name} {says}\n# TYPE {name} {kind}\n"
    for labels, value in samples:
        inside = ",".join(f'{label}="{text}"' for label, text in labels.items())
        yield f"{name}{{{inside}}} {value:g}\n" if inside else f"{name} {value:g}\n"


def _age(now: datetime, since: datetime | None) -> float:
    return max(0.0, (now - since).total_seconds()) if since else 0.0


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
