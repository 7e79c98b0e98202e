"""The fixed slice of `yimen campaign network` that every run of the tests takes."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from threading import Thread

import pytest

from tests.campaigns.lives.life import Warm
from tests.campaigns.lives.storms import ROUNDS, Storms
from tests.campaigns.lives.weather import KINDS, Relay, Weather

SEED = 1


def test_the_receipt_law_holds_in_every_weather(scratch: Path, warm: Warm) -> None:
    with Storms(SEED, scratch, warm=warm) as storms:
        outcomes = [storms.round(number) for number in range(len(ROUNDS))]
    assert {one.kind: one.broken for one in outcomes if one.broken} == {}
    assert {one.kind for one in outcomes} == set(ROUNDS)
    assert all(one.struck > 0 for one in outcomes if one.kind in KINDS)
    assert all(one.submissions > 0 for one in outcomes)


class _Echo(ThreadingHTTPServer):
    """Answers with what it got, and remembers it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _EchoHandler)
        self.asked: list[bytes] = []


class _EchoHandler(BaseHTTPRequestHandler):
    server: _Echo

    def do_PATCH(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(body)
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def echo() -> Iterator[_Echo]:
    server = _Echo()
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def asked(relay: Relay, body: bytes) -> tuple[int, bytes]:
    line = http.client.HTTPConnection(relay.url.removeprefix("http://"), timeout=10)
    try:
        line.request("PATCH", "/x", body)
        answer = line.getresponse()
        return answer.status, answer.read()
    finally:
        line.close()


def test_each_weather_does_what_its_name_says(echo: _Echo) -> None:
    got = echo.asked
    broken = (OSError, http.client.HTTPException)
    with Relay(echo.server_address[1]) as relay:
        assert asked(relay, b"fine") == (200, b"fine")

        def strikes(kind: str) -> None:
            relay.weather = Weather(kind, Random(3), share=1.0, most=1)
            got.clear()

        strikes("reset at once")
        with pytest.raises(broken):
            asked(relay, b"one")
        assert not got
        strikes("answer lost")
        with pytest.raises(broken):
            asked(relay, b"two")
        assert got == [b"two"]
        strikes("answer cut")
        with pytest.raises(broken):
            asked(relay, b"three")
        assert got == [b"three"]
        strikes("request doubled")
        assert asked(relay, b"four") == (200, b"four")
        assert got == [b"four", b"four"]
        strikes("answers out of order")
        assert asked(relay, b"five") == (200, b"four")
        strikes("latency")
        assert asked(relay, b"six") == (200, b"six")
        strikes("captive page")
        assert asked(relay, b"seven")[1] != b"seven"
        strikes("storm of errors")
        assert asked(relay, b"eight")[0] >= 400
        assert not got
        assert asked(relay, b"fine again") == (200, b"fine again")
        assert relay.struck.total() == 8
