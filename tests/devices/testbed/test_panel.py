"""The panel's window for real, without a screen: buttons pressed, lights seen, paper shown."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.printers.layout import Cut, Text
from devices.printers.receipt_printer import ReceiptPrinter
from devices.testbed.panel_font import chinese_font
from devices.testbed.testbed import Testbed

# One window a process (Kivy), so the window lives in one of its own. It presses what it is told
# and waits, frame by frame, for the light that says the testbed did it.
_PRESS_AND_WAIT = textwrap.dedent(
    """
    import sys, time
    from pathlib import Path
    from kivy.base import EventLoop
    from kivy.core.text import LabelBase
    from devices.testbed.control import ask
    from devices.testbed.panel_widgets import Chip, Entry
    from devices.testbed.panel_window import PanelApp

    folder, font, *labels = sys.argv[1:]
    LabelBase.register("Roboto", font)
    app = PanelApp(Path(folder))
    app._run_prepare()
    chips = {w.sid: w for w in app.root.walk() if isinstance(w, Chip)}

    def until(condition):
        end = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < end, "waited too long"
            EventLoop.idle()

    for label in labels:
        chips[label].dispatch("on_release")
        until(lambda: chips[label].is_on)
    until(lambda: app.paper_shown)
    entry = next(w for w in app.root.walk() if isinstance(w, Entry))
    entry.text = "街道:7"
    entry.dispatch("on_text_validate")
    until(lambda: app._work.empty())
    until(lambda: ask(Path(folder) / "control.sock", "status")["codes"] == 1)
    print("code shown")
    """
)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Testbed]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PCSCLITE_CSOCK_NAME", "")
        one = Testbed(tmp_path)
    with one:
        yield one


def test_buttons_do_what_they_say_and_printed_paper_appears(bench: Testbed) -> None:
    ReceiptPrinter(bench.printer.address).print((Text("申请回执"), Cut()), "YM0001")
    font = chinese_font(bench.folder, "Regular")
    code_line = os.open(bench.code_reader.port, os.O_RDWR | os.O_NOCTTY)
    labels = ["card.smith", "card.wang_social", "reader.id_card", "card.zhang_wei",
              "paper.rental_contract", "camera.blur", "printer.cover", "printer.low",
              "printer.out", "fault.camera.slow", "fault.id_card.wrong_checksum"]  # fmt: skip
    environment = {
        **os.environ,
        "SDL_VIDEODRIVER": "offscreen",
        "KIVY_NO_ARGS": "1",
        "KIVY_NO_FILELOG": "1",
        "KIVY_HOME": str(bench.folder / "kivy"),
        "PYTHONIOENCODING": "utf-8",
    }
    environment.pop("DISPLAY", None)
    command = [sys.executable, "-c", _PRESS_AND_WAIT, str(bench.folder), str(font), *labels]
    done = subprocess.run(command, capture_output=True, text=True, timeout=90, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip().endswith("code shown")
    state = bench.state()
    assert state["readers"] == {"id_card": "zhang_wei", "smartcard": "wang_social"}
    assert (state["camera"]["paper"], state["camera"]["blurred"]) == ("rental_contract", True)
    assert state["printer"]["faults"] == {"paper_out": True, "cover_open": True}
    assert state["faults"] == {"camera": "slow", "id_card": "wrong_checksum"}
    typed = os.read(code_line, 100)
    os.close(code_line)
    assert typed == "街道:7\r\n".encode()


def test_the_font_has_the_simplified_face_first(tmp_path: Path) -> None:
    from PIL import ImageFont

    font = ImageFont.truetype(chinese_font(tmp_path, "Regular"), 20)
    assert font.getname()[0] == "Noto Sans CJK SC"


def test_a_font_named_by_the_environment_is_taken_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIMEN_FONT", str(tmp_path / "house.ttf"))
    assert chinese_font(tmp_path, "Bold") == tmp_path / "house.ttf"
    assert list(tmp_path.iterdir()) == []
