"""`yimen testbed …` against a testbed that really runs, in a folder too deep for a Unix socket."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from PIL import Image
from typer.testing import CliRunner

from devices.cards.samv import SamvReader
from devices.printers.layout import Cut, Qr, Text
from devices.printers.receipt_printer import ReceiptPrinter
from devices.short_paths import short_name
from devices.testbed.cards import NAMES, sample_card
from devices.testbed.faults import LOOKS, NO_SUCH, Wire
from devices.testbed.remote import RemoteTestbed
from provisioning.processes import ROOT
from provisioning.testbed import app
from tests.journeys.testbed_process import TestbedProcess


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteTestbed]:
    deep = tmp_path_factory.mktemp("city") / ("d" * 100) / ("e" * 100) / "testbed"
    with TestbedProcess(deep) as testbed:
        yield testbed.remote


@pytest.fixture(autouse=True)
def _as_at_the_start(bench: RemoteTestbed) -> None:
    bench.reset()


def yimen(*words: str) -> subprocess.CompletedProcess[str]:
    """The real command."""
    return subprocess.run(
        [sys.executable, "-m", "provisioning", "testbed", *words],
        cwd=ROOT, capture_output=True, text=True, timeout=30, check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip


def run(bench: RemoteTestbed, *words: str) -> str:
    """The same command in this process, which is quicker; its output."""
    done = CliRunner().invoke(app, ["--data", str(bench.folder.parent), *words])
    assert done.exit_code == 0, done.output
    return done.output


def refused(bench: RemoteTestbed, *words: str) -> str:
    done = CliRunner().invoke(app, ["--data", str(bench.folder.parent), *words])
    assert done.exit_code == 1, done.output
    return done.output


def test_a_card_laid_by_the_real_command_is_read_by_the_real_driver(bench: RemoteTestbed) -> None:
    data = str(bench.folder.parent)
    done = yimen("--data", data, "card", "insert", "zhang_wei")
    assert (done.returncode, done.stdout) == (0, "zhang_wei lies on id_card\n"), done.stderr
    reader = SamvReader(bench.wires()["id_card"])
    assert reader.wait_for_card(5)
    assert reader.read() == sample_card("zhang_wei").document
    reader.close()


def test_without_a_testbed_the_command_says_how_to_start_one(tmp_path: Path) -> None:
    done = yimen("--data", str(tmp_path), "printer", "paper-out")
    assert done.returncode == 3
    assert "yimen run" in done.stderr
    assert f"--dir {tmp_path / 'testbed'}" in done.stderr


def test_an_unknown_word_is_wrong_usage(bench: RemoteTestbed) -> None:
    done = yimen("--data", str(bench.folder.parent), "fault", "printer", "sour")
    assert done.returncode == 2
    assert "wrong_status" in done.stderr


def test_a_testbed_that_was_killed_is_told_from_none(tmp_path: Path) -> None:
    left_behind = tmp_path / "control.sock"
    with socket.socket(socket.AF_UNIX) as server, short_name(left_behind) as name:
        server.bind(name)
    done = CliRunner().invoke(app, ["--data", str(tmp_path), "status"])
    assert "does not answer" in str(done.exception)


def test_cards_are_listed_laid_and_taken(bench: RemoteTestbed) -> None:
    listed = run(bench, "card", "list")
    assert [line.split()[0] for line in listed.splitlines()] == list(NAMES)
    run(bench, "card", "insert", "wang_social")
    run(bench, "card", "insert", "smith", "--reader", "id_card")
    assert bench.state()["readers"] == {"id_card": "smith", "smartcard": "wang_social"}
    run(bench, "card", "remove", "--reader", "id_card")
    assert bench.state()["readers"] == {"id_card": None, "smartcard": "wang_social"}
    run(bench, "card", "remove")
    assert bench.state()["readers"] == {"id_card": None, "smartcard": None}


def test_a_name_that_does_not_exist_is_refused_with_one_that_does(bench: RemoteTestbed) -> None:
    assert "did you mean zhang_wei" in refused(bench, "card", "insert", "zang_wei")
    assert "rental_contract" in refused(bench, "camera", "lay", "rental")
    assert "reader" in refused(bench, "card", "insert", "smith", "--reader", "toaster")


@pytest.mark.parametrize(
    ("on", "off", "fault"),
    [
        ("paper-out", "paper-in", "paper_out"),
        ("near-end", "near-end --off", "near_end"),
        ("cover-open", "cover-close", "cover_open"),
        ("jam", "jam --off", "error"),
        ("cut-after 40", "back", "cut_after"),
    ],
)
def test_what_is_done_to_the_printer_shows_until_it_is_undone(
    bench: RemoteTestbed, on: str, off: str, fault: str
) -> None:
    run(bench, "printer", *on.split())
    assert list(bench.state()["printer"]["faults"]) == [fault]
    run(bench, "printer", *off.split())
    assert bench.state()["printer"]["faults"] == {}


def test_a_printer_whose_cable_was_pulled_prints_when_it_is_back(
    bench: RemoteTestbed, tmp_path: Path
) -> None:
    driver = ReceiptPrinter(bench.wires()["printer"])
    run(bench, "printer", "gone")
    assert driver.status().fault == "printer.unreachable"
    run(bench, "printer", "back")
    driver.print((Text("申请回执"), Qr("YIMEN1:YM0001"), Cut()), "YM0001")
    picture = run(bench, "printer", "picture", str(tmp_path / "paper.png")).strip()
    with Image.open(picture) as image:
        assert image.height > 100
    assert run(bench, "code", "show") == "YIMEN1:YM0001\n"


def test_the_camera_is_worked(bench: RemoteTestbed) -> None:
    assert "rental_contract" in run(bench, "camera", "list")
    run(bench, "camera", "lay", "rental_contract")
    run(bench, "camera", "blur")
    camera = bench.state()["camera"]
    assert (camera["paper"], camera["blurred"]) == ("rental_contract", True)
    run(bench, "camera", "blur", "--off")
    run(bench, "camera", "take")
    run(bench, "camera", "stall")
    camera = bench.state()["camera"]
    assert (camera["paper"], camera["blurred"], camera["stalled"]) == (None, False, True)
    run(bench, "camera", "gone")
    assert bench.state()["faults"] == {"camera": "absent"}
    run(bench, "camera", "gone", "--off")
    assert bench.state()["faults"] == {}


def test_any_fault_is_set_shown_and_healed(bench: RemoteTestbed) -> None:
    run(bench, "fault", "camera", "truncated", "--after", "99")
    run(bench, "fault", "id_card", "wrong_checksum")
    said = run(bench, "status")
    assert LOOKS[Wire.CAMERA]["truncated"] in said  # type: ignore[index]
    assert json.loads(run(bench, "status", "--json"))["faults"] == {
        "camera": "truncated", "id_card": "wrong_checksum"
    }  # fmt: skip
    run(bench, "heal", "camera")
    assert bench.state()["faults"] == {"id_card": "wrong_checksum"}
    run(bench, "heal")
    assert bench.state()["faults"] == {}
    assert "never wrong_checksum" in refused(bench, "fault", "camera", "wrong_checksum")


def test_a_card_is_pulled_while_it_is_read(bench: RemoteTestbed) -> None:
    run(bench, "card", "insert", "zhang_wei")
    run(bench, "card", "pull")
    reader = SamvReader(bench.wires()["id_card"])
    assert reader.wait_for_card(5)
    with pytest.raises(Exception, match="lifted"):
        reader.read()
    reader.close()
    assert bench.state()["readers"]["id_card"] is None


def test_a_reader_that_hides_what_it_has_read_still_lies_there_for_the_driver(
    bench: RemoteTestbed,
) -> None:
    run(bench, "card", "after-read", "--hidden", "--unselectable")
    run(bench, "card", "insert", "zhang_wei")
    reader = SamvReader(bench.wires()["id_card"])
    assert reader.wait_for_card(5)
    reader.read()
    assert not reader.wait_for_card(0.3)
    reader.close()
    run(bench, "card", "after-read")
    assert reader.wait_for_card(5)
    reader.close()


def test_there_is_an_a4_printer_only_where_it_was_asked_for(bench: RemoteTestbed) -> None:
    assert "--page-printer" in refused(bench, "pages", "jam")


def test_reset_clears_the_bench(bench: RemoteTestbed) -> None:
    run(bench, "card", "insert", "zhang_wei")
    run(bench, "printer", "cover-open")
    run(bench, "reset")
    state = bench.state()
    assert state["readers"]["id_card"] is None
    assert state["printer"]["faults"] == {}


def test_every_fault_is_explained_or_denied(bench: RemoteTestbed) -> None:
    said = run(bench, "faults")
    for wire in Wire:
        for kind in (*LOOKS[wire], *NO_SUCH[wire]):
            assert kind in said.partition(wire)[2]


def every_command(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    yield name, command
    for word, part in getattr(command, "commands", {}).items():
        yield from every_command(part, f"{name} {word}")


@pytest.mark.parametrize(
    ("name", "command"), list(every_command(typer.main.get_command(app), "testbed"))
)
def test_every_command_and_option_has_a_help_text(name: str, command: Any) -> None:
    assert len(command.help or "") > 15, name
    for parameter in command.params:
        assert getattr(parameter, "help", None), f"{name} {parameter.name}"


def test_the_testbed_in_a_deep_folder_leaves_no_socket_behind(tmp_path: Path) -> None:
    deep = tmp_path / ("f" * 200)
    with TestbedProcess(deep) as testbed:
        pcsc = Path(testbed.remote.wires()["pcsc"])
        assert pcsc.is_socket()
        assert len(str(pcsc)) < 108
        begin = time.monotonic()
        assert testbed.remote.state()["readers"] == {"id_card": None, "smartcard": None}
        assert time.monotonic() - begin < 5
    assert not pcsc.exists()
    assert not (deep / "control.sock").exists()
