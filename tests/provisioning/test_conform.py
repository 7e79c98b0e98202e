"""`yimen conform` holds against our hub, and notices a server that breaks a rule."""

import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from hub import enrolment
from provisioning.conform import Run
from tests.hub.rig import ROOT, HubProcess
from tests.kiosk.lines import HubBehindRelay
from tests.provisioning.wrong_servers import FAULTS, Fault, WrongServer


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubBehindRelay]:
    process = HubBehindRelay(tmp_path_factory.mktemp("conform") / "data").start()
    yield process
    process.stop()


def rotate(hub: HubProcess) -> str:
    return f"{sys.executable} -m hub keys rotate --data {hub.data}"


def test_our_hub_keeps_every_rule(hub: HubBehindRelay) -> None:
    code = hub.run("enrol-code").strip()
    done = subprocess.run(
        [sys.executable, "-m", "provisioning", "conform", hub.url, "--code", code,
         "--rotate", rotate(hub)],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count(" yes ") == 12
    assert "NO" not in done.stdout


def test_rule_that_needs_the_servers_own_hands_is_not_asked_by_itself(hub: HubBehindRelay) -> None:
    rows = Run(hub.url, hub.run("enrol-code").strip()).rows()
    assert [row.rule.partition(":")[0] for row in rows if row.holds is None] == ["rotation"]
    assert [row for row in rows if row.holds is False] == []


class _Careless(BaseHTTPRequestHandler):
    """Says yes to everything, as a portal does."""

    def do_POST(self) -> None:
        self.send_response(201)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_GET = do_POST

    def log_message(self, format: str, *args: object) -> None:
        """Silence."""


def test_server_that_says_yes_to_everything_fails_at_the_first_rule() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Careless)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    rows = Run(f"http://127.0.0.1:{server.server_address[1]}", "ABCD-EFGH").rows()
    assert [row.holds for row in rows] == [False, None]
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WrongServer]:
    with WrongServer(tmp_path_factory.mktemp("wrong") / "data").serving() as server:
        yield server


def failing(server: WrongServer, rotate: str = "") -> list[str]:
    with server.city.database.transaction() as session:
        code = enrolment.new_code(session, server.city.clock())
    return [row.rule for row in Run(server.url, code, rotate).rows() if row.holds is False]


def test_server_with_nothing_wrong_fails_nowhere(wrong: WrongServer) -> None:
    wrong.fault = Fault()
    assert failing(wrong) == []


@pytest.mark.parametrize("what", FAULTS)
def test_rule_that_a_server_breaks_is_named(wrong: WrongServer, what: str) -> None:
    wrong.fault, rule = FAULTS[what]
    data = wrong.city.folders.root
    rotate = f"{sys.executable} -m hub keys rotate --data {data}" if rule == "rotation" else ""
    assert [name[: len(rule)] for name in failing(wrong, rotate)] == [rule]


def test_used_code_is_told(hub: HubBehindRelay, tmp_path: Path) -> None:
    code = hub.run("enrol-code").strip()
    assert Run(hub.url, code).rows()[0].holds
    (row, _) = Run(hub.url, code).rows()
    assert "hub.code_refused" in row.seen
