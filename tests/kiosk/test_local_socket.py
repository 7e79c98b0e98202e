"""The local socket answers one line for one line, whatever comes in."""

import json
import socket
import stat
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from devices.short_paths import short_name
from kiosk.local_socket import LocalSocket, ask


def _echo(question: Mapping[str, Any]) -> dict[str, Any]:
    return {"said": question["text"]}


def _break(question: Mapping[str, Any]) -> dict[str, Any]:
    raise RuntimeError(f"secret {question}")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    # A Unix socket's name has 107 bytes; the folder of a kiosk may be deeper.
    deep = tmp_path_factory.mktemp("kiosk") / ("d" * 100) / ("e" * 100)
    deep.mkdir(parents=True)
    server = LocalSocket(deep / "s", {"echo": _echo, "break": _break})
    yield deep / "s"
    server.close()
    assert not (deep / "s").exists()


def test_question_is_answered(path: Path) -> None:
    assert ask(path, "echo", text="你好") == {"ok": True, "said": "你好"}


def test_only_the_owner_may_connect(path: Path) -> None:
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_unknown_verb_names_those_there_are(path: Path) -> None:
    assert ask(path, "dance") == {"ok": False, "error": "ask for one of: break, echo"}


def test_broken_verb_tells_its_kind_and_nothing_else(path: Path) -> None:
    assert ask(path, "break", text="private") == {"ok": False, "error": "RuntimeError"}
    assert ask(path, "echo") == {"ok": False, "error": "KeyError"}


def test_nobody_listening_is_an_os_error(path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        ask(path.with_name("none"), "echo")


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(min_size=1, max_size=80).filter(lambda line: b"\n" not in line))
@example(b"[" * 60_000)
@example(b'{"do": ["echo"]}')
@example(b'{"do": {}}')
@example(b"null")
@example(b"\xff")
def test_garbage_gets_one_refusal_and_the_connection_goes_on(path: Path, garbage: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as wire:
        wire.settimeout(5)
        with short_name(path) as name:
            wire.connect(name)
        wire.sendall(garbage + b"\n" + b'{"do": "echo", "text": "still there"}\n')
        with wire.makefile("rb") as lines:
            assert json.loads(lines.readline())["ok"] is False
            assert json.loads(lines.readline()) == {"ok": True, "said": "still there"}


def test_client_that_hangs_up_early_harms_nobody(path: Path) -> None:
    for _ in range(5):
        with socket.socket(socket.AF_UNIX) as wire:
            with short_name(path) as name:
                wire.connect(name)
            wire.sendall(b'{"do": "ec')
    assert ask(path, "echo", text="x")["ok"]


def test_socket_of_a_dead_app_is_replaced_and_taken_away_on_close() -> None:
    with tempfile.TemporaryDirectory(prefix="ym") as folder:
        path = Path(folder) / "s"
        path.write_text("left over")
        server = LocalSocket(path, {"echo": _echo})
        assert ask(path, "echo", text="x")["ok"]
        server.close()
        assert not path.exists()
