"""One kiosk, one hub, one printer on the testbed; whichever dies is started again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, Protocol, Self

from devices.testbed.ports import free_ports
from devices.testbed.printer import PrinterTcp
from hub import city as cities
from hub import enrolment
from tests.campaigns.lives import law
from tests.campaigns.lives.editions import edition
from tests.campaigns.lives.life import Life, TooLong, Warm
from tests.campaigns.lives.weather import Relay

START_SECONDS = 20.0
REST_SECONDS = 20.0
REACH_SECONDS = 10.0


class Box(Protocol):
    """Where a machine keeps its files, and what else happens to them when it dies."""

    folder: Path

    def cut(self) -> None: ...

    def restore(self) -> None: ...

    def dismantle(self) -> None: ...


class Folder:
    """Files of a machine whose process only is killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)

    def cut(self) -> None:
        """The kernel lives on: nothing is lost that was written."""

    def restore(self) -> None:
        """Nothing to do."""

    def dismantle(self) -> None:
        """Nothing to do."""


class City:
    """`with City(scratch, warm, kiosk_box, hub_box) as city: city.start(); …`"""

    def __init__(
        self, scratch: Path, warm: Warm, kiosk_box: Box, hub_box: Box, sabotage: str = "",
        patience: float = REST_SECONDS, weather: bool = False,
    ) -> None:  # fmt: skip
        """scratch: for what no power cut touches (logs, sockets, the catalog's editions).
        patience: seconds within which everything must have come to rest.
        weather: a relay stands between kiosk and hub."""
        self._patience = patience
        self._scratch = scratch
        self._warm = warm
        self._boxes = {"kiosk": kiosk_box, "hub": hub_box}
        self._sabotage = sabotage
        self._edition = 0
        self._code = ""
        self.port = free_ports()
        self.relay = Relay(self.port) if weather else None
        self.public_url = self.relay.url if self.relay else f"http://127.0.0.1:{self.port}"
        self.printer = PrinterTcp()
        self.lives: dict[str, Life] = {}
        self.committed: set[str] = set()
        self.refused: list[str] = []
        self.handed_in = 0
        self._ordered = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for who in list(self.lives):
            self._end(who)
        self.printer.close()
        if self.relay is not None:
            self.relay.close()

    @property
    def hub_folder(self) -> Path:
        return self._boxes["hub"].folder / "hub"

    @property
    def store(self) -> Path:
        return self._boxes["kiosk"].folder / "kiosk" / "kiosk.db"

    # ---- lives

    def start(self) -> None:
        """Start whoever does not run."""
        if "hub" not in self.lives:
            self.start_hub()
        if "kiosk" not in self.lives:
            self.start_kiosk()

    def start_hub(self, die_at: str = "") -> None:
        data = self.hub_folder
        if not self._code:
            database = cities.open_database(data)
            with database.transaction() as session:
                self._code = enrolment.new_code(session, datetime.now(UTC))
            database.close()
        ready = self._scratch / "hub-ready.json"
        ready.unlink(missing_ok=True)
        life = self._bear(
            "hub", data=str(data), port=self.port, url=self.public_url, ready=str(ready),
            catalog=str(self._catalog()), die_at=die_at,
        )  # fmt: skip
        _until(lambda: ready.exists() or life.gone, "the hub's address", START_SECONDS)
        if life.gone and not die_at:
            raise TooLong(f"the hub ended: {self.log('hub')}")

    def start_kiosk(self, die_at: str = "") -> None:
        config = {
            "data": str(self._boxes["kiosk"].folder / "kiosk"),
            "devices": {"printer": self.printer.address},
            "hub": {"url": self.public_url, "enrolment_code": self._code},
        }
        self._ordered = 0
        self._bear("kiosk", config=config, die_at=die_at)

    def _bear(self, who: str, **given: Any) -> Life:
        log = self._scratch / f"{who}.log"
        self.lives[who] = self._warm.bear(who, log, sabotage=self._sabotage, **given)
        return self.lives[who]

    @property
    def at_work(self) -> bool:
        """Something is under way at the kiosk, as far as it told."""
        state = self.lives["kiosk"].last("state") if "kiosk" in self.lives else None
        return state is None or state["waiting"] > 0 or state["taken"] < self._ordered

    def kill(self, *whos: str) -> None:
        """Cut the boxes' power, if they have one, then end the processes."""
        for who in whos:
            self._boxes[who].cut()
        for who in whos:
            self._end(who)
        for who in whos:
            self._boxes[who].restore()

    def has_died(self, who: str) -> None:
        """It ended by itself at its state. Raises TooLong when it never reached it."""
        if not self.lives[who].until_gone(REACH_SECONDS):
            raise TooLong("the state was never reached")
        self.kill(who)

    def _end(self, who: str) -> None:
        life = self.lives.pop(who)
        life.kill()
        self._note(life)
        life.bury()

    def _note(self, life: Life) -> None:
        for line in life.said:
            if line["what"] == "committed":
                self.committed.add(line["number"])

    def log(self, who: str) -> str:
        path = self._scratch / f"{who}.log"
        return path.read_text(errors="replace")[-1500:] if path.exists() else ""

    def dismantle(self) -> None:
        """Give back what the boxes took; everybody must be gone."""
        for box in self._boxes.values():
            box.dismantle()

    # ---- what goes on

    def hand_in(self, sizes: list[int]) -> None:
        self.handed_in += len(sizes)
        self._ordered += len(sizes)
        self.lives["kiosk"].order("hand_in", sizes=sizes)

    def arm(self, who: str, point: str) -> None:
        """Let it die at a state from now on."""
        life = self.lives[who]
        life.order("arm", point=point)
        life.until(lambda: life.last("armed") is not None, "armed", START_SECONDS)

    def new_catalog(self) -> None:
        """The hub is started again with another edition."""
        self._edition += 1
        self._end("hub")
        self.start_hub()

    def wait_for_commits(self) -> None:
        """Until all that was handed in is committed and printed, whether the hub lives or not."""
        life, ordered = self.lives["kiosk"], self._ordered
        life.until(
            lambda: sum(line["what"] == "printed" for line in life.said) == ordered,
            "all printed", self._patience,
        )  # fmt: skip

    def come_to_rest(self) -> None:
        """Everybody lives, and nothing waits any more. Raises TooLong."""
        self.start()
        life = self.lives["kiosk"]
        version = json.loads(self._catalog().read_text())["version"]

        def rests() -> bool:
            state = life.last("state")
            return state is not None and (
                state["taken"] == self._ordered and state["waiting"] == 0
                and state["enrolled"] and state["catalog"] == version
            )  # fmt: skip

        try:
            life.until(rests, "rest", self._patience)
        except TooLong as error:
            state = life.last("state")
            raise TooLong(f"{error}; {state}\n{self.log('kiosk')}\n{self.log('hub')}") from None
        self._note(life)
        # Only of one that lives: a disk whose power was cut refuses everything.
        self.refused = [line["code"] for line in life.said if line["what"] == "refused"]

    def wait_for_memory(self) -> None:
        """Until a restored hub got back what it had forgotten, and the kiosk knows the new case
        numbers; or the time for it is up."""
        self.come_to_rest()
        with suppress(TooLong):
            _until(lambda: not self.broken_laws(), "what the hub forgot", self._patience)

    def broken_laws(self) -> list[law.Broken]:
        """Check the law while everybody rests."""
        broken = law.check(
            self.store, self.hub_folder,
            law.papers(self.printer.jobs), self.committed,
        )  # fmt: skip
        return broken + [law.Broken("a sound kiosk takes what is handed in", code)
                         for code in self.refused]  # fmt: skip

    def _catalog(self) -> Path:
        path = self._scratch / f"catalog-{self._edition}.json"
        if not path.exists():
            path.write_text(json.dumps(edition(self._edition), ensure_ascii=False))
        return path


def _until(condition: Callable[[], bool], what: str, seconds: float) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > limit:
            raise TooLong(f"{what}: not within {seconds:.0f} s")
        time.sleep(0.002)


def sizes(chance: Random) -> list[int]:
    """Bytes of the pages of one to three applications: mostly small, now and then two chunks."""
    ranges = ((100, 20_000), (20_000, 300_000), (300_000, 900_000), (1_100_000, 1_500_000))
    chosen = chance.choices(ranges, (5, 4, 2, 1), k=chance.choice((1, 1, 2, 3)))
    return [chance.randint(*one) for one in chosen]


__all__ = ["Box", "City", "Folder", "sizes"]
