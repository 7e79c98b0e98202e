"""Whatever the hub publishes and the line does, in any order: a kiosk shows a catalog that the hub
put in force, never goes back to one it knows to be replaced, and is up to date after an honest
exchange."""

import tempfile
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from os import PathLike
from pathlib import Path
from threading import Thread
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from hub import city
from hub.published import SOURCE
from hub.publishing import Publisher, calendar_beside
from kiosk.catalog_updates import CatalogUpdates
from kiosk.contract.publishing import NEXT_CATALOG, PATH
from kiosk.contract.working_days import city_day
from kiosk.hub_line import HubFault, HubLine
from tests import shipped_catalog
from tests.kiosk.rig import HandClock, new_city

BEGAN = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


class _Handler(SimpleHTTPRequestHandler):
    """Serves whatever lies in the folder `line` leads to."""

    def guess_type(self, path: str | PathLike[str]) -> str:
        return "application/json" if str(path).endswith(".json") else "application/gzip"

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix(PATH))

    def send_error(self, code: int, *_: Any, **__: Any) -> None:
        body = b'{"title": "no", "status": 404, "code": "hub.not_found", "retryable": false}'
        self.send_response(code)
        self.send_header("Content-Type", "application/problem+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""


class Publishing(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self._scratch = tempfile.TemporaryDirectory()
        folder = Path(self._scratch.name)
        self.clock = HandClock(BEGAN)
        self._database = city.open_database(folder / "hub")
        self.publisher: Publisher = city.open_publisher(
            folder / "hub", self._database, self.clock.now
        )
        self.publisher.publish_source(
            shipped_catalog.written(folder), calendar_beside(SOURCE, SOURCE)
        )
        self.number = 0
        self.order: list[str] = []
        """Versions in the order in which they came into force."""
        self._note()
        self.served = self.publisher.repository.folder
        self.older: list[Path] = []
        handler = partial(_Handler, directory=str(folder / "line"))
        self._link = folder / "line"
        self._link.symlink_to(self.served)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self.line = HubLine(f"http://127.0.0.1:{self._server.server_address[1]}", (1.0, 2.0))
        self.kiosk = CatalogUpdates(folder / "kiosk")
        (folder / "kiosk").mkdir()
        (folder / "kiosk" / "root.json").write_bytes(self.publisher.repository.root_bytes())
        self.reached = -1

    def teardown(self) -> None:
        self.line.close()
        self._server.shutdown()
        self._server.server_close()
        self._database.close()
        self._scratch.cleanup()

    # ---- the hub's people, and time

    @rule(days=st.integers(-1, 4))
    def publish(self, days: int) -> None:
        self.number += 1
        bundle = {"version": f"{self.number:064d}", "services": [], "groups": []}
        day = city_day(self.clock.now()) + timedelta(days=days)
        self.publisher.publish_ahead(bundle, day)
        self._note()

    @rule()
    def withdraw(self) -> None:
        self.publisher.withdraw()

    @rule(new_root=st.booleans())
    def rotate(self, new_root: bool) -> None:
        self.publisher.rotate(new_root, None)

    @rule(hours=st.sampled_from([1, 20, 30]))
    def time_passes(self, hours: int) -> None:
        """The hub looks as often as it does, in effect: each time before somebody asks."""
        self.clock.pass_by(hours * 3600.0)
        self.publisher.look()
        self._note()

    def _note(self) -> None:
        edition = self.publisher.edition()
        assert edition is not None
        if self.order[-1:] != [edition.version]:
            self.order.append(edition.version)

    # ---- the line

    @rule()
    def somebody_keeps_a_copy(self) -> None:
        copy = Path(tempfile.mkdtemp(dir=self._scratch.name))
        for path in self.publisher.repository.folder.rglob("*.*"):
            to = copy / path.relative_to(self.publisher.repository.folder)
            to.parent.mkdir(exist_ok=True)
            to.write_bytes(path.read_bytes())
        self.older.append(copy)

    @precondition(lambda self: self.older)
    @rule(data=st.data())
    def kiosk_is_shown_an_old_copy(self, data: st.DataObject) -> None:
        self._lead_to(data.draw(st.sampled_from(self.older)))
        self._fetch()

    @rule()
    def kiosk_has_no_line(self) -> None:
        self._lead_to(self._link.parent / "nowhere")
        assert self._fetch() == "hub.unreachable"

    @rule()
    def kiosk_asks_the_hub(self) -> None:
        self._lead_to(self.publisher.repository.folder)
        assert self._fetch() == ""
        here = self.kiosk.in_force(self.clock.now())
        assert here is not None
        assert here.edition.version == self.order[-1]
        coming = [one.edition for one in self.kiosk.editions()][:-1]
        edition = self.publisher.edition(NEXT_CATALOG)
        assert coming == ([] if edition is None else [edition])

    def _lead_to(self, folder: Path) -> None:
        self._link.unlink()
        self._link.symlink_to(folder)

    def _fetch(self) -> str:
        try:
            self.kiosk.fetch(self.line, new_city().keys, self.clock.now())
        except HubFault as fault:
            return fault.code
        return ""

    # ---- always

    @invariant()
    def what_people_see_was_put_in_force_and_never_goes_back(self) -> None:
        here = self.kiosk.in_force(self.clock.now())
        if here is None:
            assert self.reached < 0
            return
        version = here.edition.version
        if version not in self.order:  # it came by its date; taken back at the hub since
            assert here.edition.effective_from is not None
            return
        reached = max(n for n, one in enumerate(self.order) if one == version)
        assert reached >= self.reached
        self.reached = reached
        here.bundle()


Publishing.TestCase.settings = settings(max_examples=10, stateful_step_count=12, deadline=None)
TestPublishing = Publishing.TestCase
