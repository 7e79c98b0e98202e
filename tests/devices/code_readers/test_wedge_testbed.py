"""The testbed as a process of its own, with a code reader that plays a keyboard."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from queue import Queue

from devices.code_readers import CodeEvent, CodeReaderState, CodeScanned, EvdevReader, reader_at
from devices.testbed.control import ask

LIMIT = 30.0


def test_a_code_shown_at_the_testbed_comes_from_the_keyboard(tmp_path: Path) -> None:
    command = [
        sys.executable, "-m", "devices.testbed", "--dir", str(tmp_path), "--code-reader", "wedge",
    ]
    environment = {**os.environ, "PCSCLITE_CSOCK_NAME": ""}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    try:
        deadline = time.monotonic() + LIMIT
        while not (tmp_path / "wires.json").exists():
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.01)
        wires = json.loads((tmp_path / "wires.json").read_text())
        events: Queue[CodeEvent] = Queue()
        reader = reader_at(wires["code_reader"], events.put)
        assert isinstance(reader, EvdevReader)
        reader.start()
        assert events.get(timeout=LIMIT) == CodeReaderState(True)
        ask(wires["control"], "code.show", text="长春 YM1")
        assert events.get(timeout=LIMIT) == CodeScanned("长春 YM1")
        reader.stop()
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=LIMIT)
