"""A kiosk that follows what a real hub publishes, step by step, on a clock moved by hand."""

import json
from copy import deepcopy
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import requests

from kiosk.contract.catalog import content_hash, service_version
from kiosk.contract.working_days import city_day
from kiosk.device_identity import DeviceIdentity, enrol
from kiosk.hub_line import HubFault, HubLine
from kiosk.published_catalog import PublishedCatalog
from offline_store.database import Store
from tests.kiosk.lines import HubBehindRelay
from tests.kiosk.rig import HandClock, bundle


def edition(title: str) -> dict[str, Any]:
    """The city's small catalog, in which the first service has this name."""
    made = deepcopy(bundle())
    service = made["services"][0]
    service["name"]["zh"] = title
    service["version"] = service_version(service)
    made["version"] = content_hash(made)
    return made


class Stand:
    """One kiosk, newly enrolled at the hub; `look` is one round of its upkeep."""

    def __init__(self, folder: Path, hub: HubBehindRelay) -> None:
        self.hub, self.relay = hub, hub.relay
        self.folder = folder
        self.clock = HandClock()
        self.store = Store.open(folder / "kiosk.db")
        self.line = HubLine(hub.url, (1.0, 2.0))
        self.identity: DeviceIdentity = enrol(
            folder, self.line, hub.run("enrol-code").strip(), "hall"
        )
        self.visited = False
        self.catalog = self.starts_again()

    def starts_again(self) -> PublishedCatalog:
        """As after a visit: a new process with the same folder."""
        self.catalog = PublishedCatalog(
            self.folder, self.store, self.clock, lambda: not self.visited
        )
        return self.catalog

    def look(self) -> str:
        """Fetch, and take in what is due; the fault code, or ""."""
        code = ""
        try:
            self.catalog.fetch(self.line, self.identity.hub)
        except HubFault as fault:
            code = fault.code
        self.catalog.swap()
        return code

    @property
    def version(self) -> str:
        """The version of the catalog that people see."""
        return self.store.catalog.version()

    @property
    def today(self) -> date:
        return city_day(self.clock.now())

    def publish(self, made: dict[str, Any], day: date | None = None) -> str:
        """The city's people publish a bundle, now or from a day on; its version."""
        path = self.folder / "made.json"
        path.write_text(json.dumps(made, ensure_ascii=False), "utf-8")
        day = day or city_day(datetime.now(UTC))
        self.hub.run("catalog", "publish-ahead", str(path), "--from", str(day))
        return str(made["version"])

    def seen(self, name: str) -> bytes:
        """A published file as it is on the line now."""
        reply = requests.get(f"http://127.0.0.1:{self.hub.port}/v1/tuf/{name}", timeout=10)
        assert reply.status_code == 200, name
        return reply.content

    def names(self) -> dict[str, str]:
        """The file names of timestamp, snapshot, targets and the catalog in force."""
        timestamp = json.loads(self.seen("timestamp.json"))["signed"]
        snapshot = f"{timestamp['meta']['snapshot.json']['version']}.snapshot.json"
        meta = json.loads(self.seen(snapshot))["signed"]["meta"]
        targets = f"{meta['targets.json']['version']}.targets.json"
        listed = json.loads(self.seen(targets))["signed"]["targets"]
        digest = listed["catalog.json.gz"]["hashes"]["sha256"]
        return {"timestamp": "timestamp.json", "snapshot": snapshot, "targets": targets,
                "catalog": f"targets/{digest}.catalog.json.gz"}

    def answers(self, name: str, data: bytes) -> None:
        """Somebody on the line answers so instead of the hub."""
        self.relay.instead[f"/v1/tuf/{name}"] = data

    def close(self) -> None:
        self.line.close()
        self.store.close()
        self.relay.heal()
