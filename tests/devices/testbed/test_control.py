"""The whole testbed, worked through its socket as the panel, the tour and technicians do."""

import base64
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import serial
from cryptography import x509
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from devices.printers.layout import Cut, Qr, Text
from devices.printers.receipt_printer import ReceiptPrinter
from devices.testbed import cards, papers, passport
from devices.testbed.control import ControlRefused, ControlServer, ask
from devices.testbed.faults import Wire, WireFault
from devices.testbed.panel_state import FAULTS, WIRES, Bench
from devices.testbed.testbed import Testbed


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Testbed]:
    # Its own pcscd, whatever this process talks to already, and no trace of it afterwards.
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PCSCLITE_CSOCK_NAME", "")
        one = Testbed(tmp_path_factory.mktemp("bench"))
    with one:
        yield one


def wires(bench: Testbed) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((bench.folder / "wires.json").read_text())
    return found


def do(bench: Testbed, verb: str, **arguments: Any) -> dict[str, Any]:
    return ask(wires(bench)["control"], verb, **arguments)


def test_wires_name_every_end_a_kiosk_needs(bench: Testbed) -> None:
    named = {"id_card", "printer", "camera", "code_reader", "vpcd_port", "pcsc", "control"}
    assert set(wires(bench)) == named
    assert Path(wires(bench)["pcsc"]).is_socket()


def test_the_state_of_the_sample_passports_can_be_trusted_from_a_folder(bench: Testbed) -> None:
    stored = (bench.folder / "csca" / "testbed.cer").read_bytes()
    assert x509.load_der_x509_certificate(stored) == passport.state().certificate


def test_a_card_goes_to_the_reader_it_fits_or_to_the_one_named(bench: Testbed) -> None:
    assert do(bench, "card.insert", name="zhang_wei") == {"reader": "id_card"}
    assert do(bench, "card.insert", name="wang_social") == {"reader": "smartcard"}
    lying = do(bench, "status")["readers"]
    assert lying == {"id_card": "zhang_wei", "smartcard": "wang_social"}
    do(bench, "card.remove", reader="smartcard")
    assert do(bench, "status")["readers"] == {"id_card": "zhang_wei", "smartcard": None}
    do(bench, "card.insert", name="unknown_card", reader="id_card")
    do(bench, "card.remove")
    assert do(bench, "status")["readers"] == {"id_card": None, "smartcard": None}


@pytest.mark.parametrize(
    ("on", "off", "fault"),
    [
        ("printer.paper_out", "printer.paper_in", "paper_out"),
        ("printer.cover_open", "printer.cover_close", "cover_open"),
    ],
)
def test_printer_faults_go_on_and_off(bench: Testbed, on: str, off: str, fault: str) -> None:
    do(bench, on)
    assert do(bench, "status")["printer"]["faults"] == {fault: True}
    do(bench, off)
    assert do(bench, "status")["printer"]["faults"] == {}


def test_printer_gone_and_back_is_what_the_driver_sees(bench: Testbed) -> None:
    driver = ReceiptPrinter(wires(bench)["printer"])
    do(bench, "fault", wire="printer", kind="absent")
    assert driver.status().fault == "printer.unreachable"
    do(bench, "heal", wire="printer")
    assert driver.status().fault is None


def test_the_last_receipt_comes_back_as_bytes_and_picture_and_its_code_is_shown(
    bench: Testbed, tmp_path: Path
) -> None:
    driver = ReceiptPrinter(wires(bench)["printer"])
    driver.print((Text("申请回执"), Qr("YIMEN1:YM0001:k1:sig"), Cut()), "YM0001")
    paper = base64.b64decode(do(bench, "printer.paper")["escpos"])
    assert paper == bench.printer.jobs[-1].raw
    do(bench, "printer.picture", path=str(tmp_path / "receipt.png"))
    with Image.open(tmp_path / "receipt.png") as picture:
        assert picture.width > 48 * 12
    with serial.Serial(wires(bench)["code_reader"], 9600, timeout=5) as line:
        assert do(bench, "code.show", last_receipt=True) == {"text": "YIMEN1:YM0001:k1:sig"}
        assert line.readline().strip() == b"YIMEN1:YM0001:k1:sig"


def test_a_reset_leaves_everything_as_it_was_at_the_start(bench: Testbed) -> None:
    do(bench, "reset")
    start = do(bench, "status")
    do(bench, "card.insert", name="zhang_wei")
    do(bench, "card.insert", name="wang_social")
    do(bench, "camera.lay", paper="photo_card")
    do(bench, "camera.blur")
    do(bench, "printer.cover_open")
    do(bench, "fault", wire="id_card", kind="absent")
    do(bench, "fault", wire="camera", kind="truncated", after=99)
    do(bench, "card.fault", reader="smartcard", fault="pulled", after=2)
    do(bench, "reset")
    after = do(bench, "status")
    assert after == {**start, "looks": after["looks"], "codes": after["codes"]}
    with pytest.raises(ControlRefused, match="nothing was printed"):
        do(bench, "printer.paper")


def test_papers_are_laid_blurred_and_taken(bench: Testbed) -> None:
    do(bench, "camera.lay", paper="photo_card")
    do(bench, "camera.blur")
    state = do(bench, "status")["camera"]
    assert (state["paper"], state["blurred"]) == ("photo_card", True)
    do(bench, "camera.blur", on=False)
    do(bench, "camera.take")
    state = do(bench, "status")["camera"]
    assert (state["paper"], state["blurred"]) == (None, False)


@pytest.mark.parametrize(
    ("verb", "arguments", "reason"),
    [
        ("card.insert", {"name": "nobody"}, "no such card"),
        ("card.insert", {}, "missing"),
        ("card.insert", {"name": "zhang_wei", "reader": "toaster"}, "reader"),
        ("camera.lay", {"paper": "passport"}, "no such paper"),
        ("camera.blur", {"on": "yes"}, "true or false"),
        ("printer.cut_after", {"bytes": -1}, "number"),
        ("code.show", {}, "missing"),
        ("fault", {"wire": "toaster", "kind": "slow"}, "wire"),
        ("fault", {"wire": "camera", "kind": "sour"}, "kind"),
        ("fault", {"wire": "camera", "kind": "wrong_checksum"}, "never wrong_checksum"),
        ("fault", {"wire": "camera", "kind": "truncated", "after": -1}, "number"),
        ("heal", {"wire": "toaster"}, "wire"),
        ("make.tea", {}, "no such verb"),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_reason(
    bench: Testbed, verb: str, arguments: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ControlRefused, match=reason):
        do(bench, verb, **arguments)


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.binary(max_size=80)
    | st.recursive(st.none() | st.text(), st.lists).map(lambda value: json.dumps(value).encode())
)
def test_any_line_gets_an_answer_and_the_next_request_works(bench: Testbed, line: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as wire:
        wire.connect(wires(bench)["control"])
        wire.sendall(line.replace(b"\n", b" ") + b"\n" + b'{"do": "status"}\n')
        lines = wire.makefile("rb")
        assert json.loads(lines.readline())["ok"] is False
        assert json.loads(lines.readline())["ok"] is True


def test_a_path_too_long_for_a_unix_address_works_all_the_same(tmp_path: Path) -> None:
    folder = tmp_path / ("deep" * 30)
    folder.mkdir()
    with ControlServer(folder / "control.sock", {"ping": lambda _: {"pong": 1}}):
        assert ask(folder / "control.sock", "ping") == {"pong": 1}
    assert not (folder / "control.sock").exists()


def test_the_panel_knows_every_wire_and_fault() -> None:
    assert set(WIRES) == set(Wire)
    assert set(FAULTS) == set(WireFault) - {WireFault.RECOVER}


def test_the_state_names_every_card_and_paper_with_its_title(bench: Testbed) -> None:
    state = do(bench, "status")
    assert state["cards"] == cards.TITLES
    assert set(state["papers"]) == set(papers.names())


def test_the_panel_sees_what_lies_where_and_says_what_went_wrong(bench: Testbed) -> None:
    panel = Bench(bench.folder / "control.sock")
    assert panel.act("card.insert", name="zhang_wei") == ""
    assert "no such card" in panel.act("card.insert", name="nobody")
    panel.refresh()
    assert panel.lying_card("id_card") == "zhang_wei"
    panel.act("card.remove")
    gone = Bench(bench.folder / "elsewhere" / "control.sock")
    gone.refresh()
    assert gone.error
    assert gone.lying_paper is None


def test_the_process_writes_its_wires_and_takes_them_away_when_it_ends(tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "PCSCLITE_CSOCK_NAME"}
    command = [sys.executable, "-m", "devices.testbed", "--dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"testbed ready")
        control = json.loads((tmp_path / "wires.json").read_text())["control"]
        assert ask(control, "status")["readers"] == {"id_card": None, "smartcard": None}
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert not (tmp_path / "wires.json").exists()


def test_help_says_what_the_testbed_is() -> None:
    command = [sys.executable, "-m", "devices.testbed", "--help"]
    started = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    assert "wires.json" in done.stdout
    assert time.monotonic() - started < 30
