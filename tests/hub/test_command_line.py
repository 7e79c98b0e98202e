"""`python -m hub` and what importing the hub brings along."""

import asyncio
import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from hub.serve import listener
from tests.hub.rig import ROOT, HubProcess, KioskSide


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the repository."""
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_importing_the_hub_loads_nothing_of_the_kiosks_machine() -> None:
    code = (
        "import sys, hub.serve, hub.__main__\n"
        "heavy = {'kivy', 'cv2', 'smartcard', 'serial', 'sqlite_utils'} & set(sys.modules)\n"
        "ours = {name.split('.')[0] for name in sys.modules} & "
        "{'devices', 'offline_store', 'screens', 'provisioning', 'main'}\n"
        "kiosk = [name for name in sys.modules if name.startswith('kiosk.') "
        "and not name.startswith('kiosk.contract')]\n"
        "print(sorted(heavy), sorted(ours), kiosk)"
    )
    done = python("-c", code)
    assert done.stdout.strip() == "[] [] []", done.stderr


def test_answers_do_not_wait_for_the_callers_acknowledgement() -> None:
    async def accepted() -> int:
        options: asyncio.Queue[int] = asyncio.Queue()

        def came(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            wire = writer.get_extra_info("socket")
            options.put_nowait(wire.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        bound = listener("127.0.0.1", 0)
        async with await asyncio.start_server(came, sock=bound):
            _, writer = await asyncio.open_connection(*bound.getsockname())
            writer.close()
            return await options.get()

    assert asyncio.run(accepted()) != 0


def test_help_names_every_chore() -> None:
    done = python("-m", "hub", "--help")
    assert done.returncode == 0
    for chore in ("enrol-code", "account", "revoke", "cases", "--ready-file"):
        assert chore in done.stdout


def test_chore_works_as_a_process_beside_the_running_hub(hub: HubProcess) -> None:
    done = python("-m", "hub", "enrol-code", "--data", str(hub.data))
    assert KioskSide(hub).enrol(done.stdout.strip()).status_code == 201


@pytest.mark.parametrize(
    "arguments",
    [
        ["account", "--name", "x", "--password", "short"],
        ["account", "--name", "x", "--password", "long enough", "--role", "king"],
        ["revoke", "--kiosk", "K0001"],
    ],
)
def test_wrong_arguments_are_refused(tmp_path: Path, arguments: list[str]) -> None:
    done = python("-m", "hub", arguments[0], "--data", str(tmp_path), *arguments[1:])
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_serving_needs_a_folder() -> None:
    assert python("-m", "hub").returncode == 2


def test_damaged_catalog_is_named_and_nothing_served(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.json"
    bundle.write_text(json.dumps({"version": "x"}))
    done = python(
        *("-m", "hub", "--data", str(tmp_path / "data"), "--port", "0"),
        *("--catalog", str(bundle)),
    )
    assert done.returncode == 4
    assert "Traceback" not in done.stderr
    assert "catalog" in done.stderr


def test_taken_port_is_named(hub: HubProcess, tmp_path: Path) -> None:
    done = python("-m", "hub", "--data", str(tmp_path / "data"), "--port", str(hub.port))
    assert done.returncode == 5
    assert str(hub.port) in done.stderr
    assert "Traceback" not in done.stderr
