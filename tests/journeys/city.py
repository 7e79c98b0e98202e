"""The city around a journey: a hub process, a testbed, and the kiosk's configuration."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from devices.testbed.remote import RemoteTestbed
from kiosk.contract.options import Config, Devices, Hub, Panel
from kiosk.timings import Timings
from main import Kiosk
from screens.app import KioskApp
from tests.harness import PANEL, Hands, VirtualTime
from tests.hub.rig import HubProcess

QUICK = Timings(
    hub_timeout=(1.0, 3.0), retry_first=0.05, retry_cap=0.2, sync_idle=0.2, upkeep=5.0
)
"""Waits of the background threads, which run on real time, shortened; the rest is virtual."""


@dataclass
class JourneyClock:
    """The kiosk's clock in a journey: the screens' virtual seconds, from a real start."""

    virtual: VirtualTime
    start: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        self._zero = self.virtual.seconds

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.virtual.seconds - self._zero)

    def monotonic(self) -> float:
        return self.virtual.seconds


class City:
    """One hub and one testbed with one kiosk; `open` boots the kiosk's app."""

    def __init__(self, folder: Path, hub: HubProcess, bench: RemoteTestbed) -> None:
        self.folder = folder
        self.hub = hub
        self.bench = bench
        self.over = 0
        self._open: list[tuple[Hands, Kiosk]] = []
        wires = bench.wires()
        self.config = Config(
            data=folder / "kiosk",
            panel=Panel(fullscreen=False),
            devices=Devices(
                id_card=wires["id_card"], smartcard=True,
                csca=str(bench.folder / "csca"), camera=wires["camera"],
                code_reader=wires["code_reader"], printer=wires["printer"],
            ),
            hub=Hub(url=hub.url, enrolment_code=hub.run("enrol-code").strip()),
        )
        folder.mkdir(parents=True, exist_ok=True)
        self.file = folder / "kiosk.toml"
        """The kiosk's own settings, as a technician changes them at the screen."""
        self.file.write_text(f"data = {json.dumps(str(self.config.data))}\n", "utf-8")

    def open(self, **devices: object) -> "tuple[Hands, Kiosk]":
        """Start the kiosk's app and wait until it stands ready. `devices`: what is plugged in
        otherwise than usual (fields of kiosk.config.Devices)."""
        plugged = self.config.devices.model_copy(update=devices)
        config = self.config.model_copy(update={"devices": plugged})
        hands, kiosk = boot(config, self._is_over, file=self.file)
        self._open.append((hands, kiosk))
        return hands, kiosk

    def open_out_of_order(self, catalog: bool = True) -> "tuple[Hands, Kiosk]":
        """Start the kiosk's app where it will take nobody in; catalog: wait until it has one."""
        hands, kiosk = boot(self.config, self._is_over, "out_of_order", catalog)
        self._open.append((hands, kiosk))
        return hands, kiosk

    def _is_over(self) -> None:
        self.over += 1

    def close(self) -> None:
        """Close every app; the wires lie as they are."""
        while self._open:
            hands, kiosk = self._open.pop()
            hands.close()
            kiosk.close()

    def clear(self) -> None:
        """Take everything off the testbed and mend all its faults."""
        self.bench.reset()

    def lay_card(self, name: str) -> None:
        self.bench.lay_card(name)

    def lay_paper(self, name: str) -> None:
        self.bench.camera.lay(name)

    @property
    def report(self) -> dict[str, Any]:
        """What its only kiosk last reported to the hub."""
        (kiosk,) = map(json.loads, self.hub.run("kiosks", "list").splitlines())
        return dict(kiosk["report"] or {"closed": None})

    def case(self, receipt_number: str) -> list[dict[str, Any]]:
        """What the hub holds under a receipt number."""
        return [c for c in self.hub.cases() if c["receipt_number"] == receipt_number]


def boot(
    config: Config, is_over: Callable[[], None], step: str = "attract", catalog: bool = True,
    file: Path | None = None,
) -> "tuple[Hands, Kiosk]":
    """One kiosk's app in this process, ready for its first visitor (or standing at `step`).

    catalog: wait until it has one.
    """
    virtual = VirtualTime()
    kiosk = Kiosk(config, JourneyClock(virtual), QUICK, file=file)
    app = KioskApp(
        lambda: kiosk.open_visit(is_over), kiosk.frame, PANEL, on_over=lambda: None,
    )
    hands = Hands(app, idle=lambda: kiosk.idle, time=virtual)
    hands.wait_until(
        lambda: hands.step == step and (kiosk.store.catalog.version() != "" or not catalog),
        "an enrolled kiosk with a catalog",
    )
    return hands, kiosk


def eventually(condition: Callable[[], bool], what: str, seconds: float = 20.0) -> None:
    """Wait in real time for something other processes do."""
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, f"{what}: not within {seconds:.0f} s"
        time.sleep(0.02)
