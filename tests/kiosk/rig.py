"""What the tests of a kiosk stand on: a clock moved by hand, the city's catalog, keys, a line."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from devices.cards.events import CardReader
from devices.identity import IdentityDocument
from devices.testbed.cards import sample_card
from kiosk.application import Application, KeptPage
from kiosk.contract import keys
from kiosk.contract.messages import Consent, HubKeys, SignedReceipt
from kiosk.contract.options import Config
from kiosk.device_identity import DeviceIdentity
from kiosk.hub_side import HubSide
from kiosk.person import Person
from kiosk.printing import Printer, Printing
from kiosk.rooms import Rooms
from kiosk.scanning import CameraSource
from kiosk.submission import Committed, commit
from kiosk.timings import Timings
from kiosk.views import Stroke
from kiosk.workers import Workers
from offline_store.database import Store
from tests import shipped_catalog
from tests.hub.rig import jpeg
from tests.shipped_catalog import FIRST

ROOT = Path(__file__).parents[2]
QUICK = Timings(
    hub_timeout=(1.0, 1.5), hub_poll=0.02, sync_idle=0.2, retry_first=0.02, retry_cap=0.1,
    upkeep=0.2,
)
STROKES: tuple[Stroke, ...] = (
    ((0.1, 0.5, 0.0), (0.3, 0.2, 0.1), (0.5, 0.7, 0.2)),
    ((0.6, 0.4, 0.5), (0.8, 0.6, 0.6)),
)
PATIENCE = 20.0
"""Real seconds a condition on real wires may take before a test fails."""


class HandClock:
    """kiosk.clock.Clock that moves only when told."""

    def __init__(self, now: datetime | None = None) -> None:
        self._now = now or datetime.now(UTC)
        self._seconds = 1000.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._seconds

    def pass_by(self, seconds: float) -> None:
        self._seconds += seconds
        self._now += timedelta(seconds=seconds)

    def set_wall(self, now: datetime) -> None:
        """The wall clock jumps; monotonic time does not."""
        self._now = now


def wait_until(condition: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    limit = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < limit, f"{what}: not within {patience:.0f} s"
        time.sleep(0.003)


# ---- the city's catalog and people


bundle = shipped_catalog.few
service = shipped_catalog.service

COMPLETE = FIRST
CERTIFICATE = COMPLETE[0]
ANSWERS: dict[str, dict[str, str]] = {
    CERTIFICATE: {"phone": "13900000000", "insurance": "all", "period": "all",
                  "purpose": "home", "delivery": "kiosk"},
    "residence_permit": {
        "phone": "13900000000", "district": "220102", "present_address": "长春市朝阳区同志街100号",
        "living_since": "2025-09-01", "housing": "own", "reason": "other",
        "collection": "police_station",
    },
    "elderly_transport_card": {
        "phone": "13900000000", "request": "first", "lives_at_card_address": "true",
        "collection": "courier",
    },
}


def document(name: str = "zhang_wei") -> IdentityDocument:
    found = sample_card(name).document
    assert found is not None
    return found


def person(name: str = "zhang_wei") -> Person:
    return Person(document(name))


PAGE = KeptPage(jpeg(1), 400, 566)
OTHER_PAGE = KeptPage(jpeg(2), 400, 566)


def filled(slug: str = CERTIFICATE, who: str = "zhang_wei") -> Application:
    """An application with everything it needs but the signature."""
    application = Application(service(slug), person(who))
    for field, value in ANSWERS[slug].items():
        application.set_answer(field, value)
    for material in application.pages:
        application.keep_page(material, PAGE)
    return application


def consent() -> Consent:
    return Consent(text_digest="a" * 64, at=datetime(2026, 11, 23, 8, 0, tzinfo=UTC))


# ---- keys


@dataclass(frozen=True)
class City:
    """The private side of a hub, for opening what a kiosk sealed to it."""

    signing: Any
    sealing: Any
    keys: HubKeys


def new_city() -> City:
    signing, sealing = keys.new_signing_key(), keys.new_sealing_key()
    return City(signing, sealing, HubKeys(
        signing=keys.public_text(signing.public_key()),
        signing_id=keys.key_id(signing.public_key()),
        sealing=keys.public_text(sealing.public_key()),
        sealing_id=keys.key_id(sealing.public_key()),
    ))


def identity_for(city: City, kiosk_id: str = "K0007", kiosk_code: str = "0007") -> DeviceIdentity:
    return DeviceIdentity(keys.new_signing_key(), kiosk_id, kiosk_code, city.keys)


def hand_in(
    store: Store, identity: DeviceIdentity, slug: str = CERTIFICATE, who: str = "zhang_wei"
) -> Committed:
    """A signed application, committed to the store."""
    application = filled(slug, who)
    application.sign(STROKES, ("I declare it.",))
    return commit(application, consent(), "zh", datetime.now(UTC), identity, store.outbox)


def sealed_bytes(store: Store, submission_id: str) -> bytes:
    return store.outbox.read(submission_id, 0, store.outbox.item(submission_id).size)


# ---- the rooms of a visit


@dataclass
class Place:
    """One kiosk's rooms, wired as main.py wires them, on a clock moved by hand."""

    rooms: Rooms
    clock: HandClock
    workers: Workers
    store: Store
    hub: HubSide
    receipts: list[SignedReceipt]
    failures: list[str]


def place(
    folder: Path,
    store: Store,
    city: City | None = None,
    *,
    devices: dict[str, Any] | None = None,
    printer: Printer | None = None,
    readers: Callable[[], Sequence[CardReader]] = tuple,
    camera: Callable[[], CameraSource] | None = None,
    url: str = "http://127.0.0.1:9",
    code: str = "",
    timings: Timings = QUICK,
    clock: HandClock | None = None,
    hub_settings: dict[str, Any] | None = None,
) -> Place:
    """Rooms with the given wires; with a `city`, enrolled there. The hub side is not started."""
    config = Config.model_validate(
        {"data": folder, "devices": devices or {},
         "hub": {"url": url, "enrolment_code": code} | (hub_settings or {})}
    )
    clock = clock or HandClock()
    workers = Workers()
    receipts: list[SignedReceipt] = []
    failures: list[str] = []
    hub = HubSide(config, store, clock, timings, receipts.append, failures.append, lambda: None)
    if city is not None:
        hub.identity = identity_for(city)
    rooms = Rooms(config, clock, timings, workers, store, hub, Printing(printer),
                  lambda _: readers(), camera)
    return Place(rooms, clock, workers, store, hub, receipts, failures)


def today() -> date:
    return datetime.now(UTC).astimezone().date()
