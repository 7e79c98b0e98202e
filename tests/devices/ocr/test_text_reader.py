"""The engine is a real process here: it reads, hangs, dies and is ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from devices.errors import DeviceFault
from devices.ocr.text_reader import TextReader
from tests.devices.ocr.conftest import picture_of

PAGE = picture_of("公民身份号码 220104198503120177", "吉林省长春市朝阳区湖西路88号", "长春市公安局")


def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "not within its time"
        time.sleep(0.01)


def running(pid: int) -> bool:
    """Neither gone nor a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def status(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(f"{name}:")).split()[1])


def test_reads_every_line_where_it_stands(reader: TextReader) -> None:
    lines = sorted(reader.read(PAGE), key=lambda line: line.corners[0][1])
    assert [line.text.replace(" ", "") for line in lines] == [
        "公民身份号码220104198503120177", "吉林省长春市朝阳区湖西路88号", "长春市公安局",
    ]
    for row, line in enumerate(lines):
        left, top = line.corners[0]
        right, bottom = line.corners[2]
        assert 40 < left < 80 < right
        assert top < 100 + 70 * row < bottom
        assert line.confidence > 0.9


def test_lines_of_a_page_upside_down_start_at_their_own_beginning(reader: TextReader) -> None:
    for line in reader.read(np.ascontiguousarray(PAGE[::-1, ::-1])):
        assert line.corners[0][0] > line.corners[1][0] + 50
        assert line.corners[0][1] > line.corners[3][1]


def test_tells_how_a_page_lies(reader: TextReader) -> None:
    assert reader.turned(PAGE) == 0
    assert reader.turned(np.ascontiguousarray(PAGE[::-1, ::-1])) == 180
    assert reader.turned(np.full((300, 400, 3), 230, np.uint8)) is None


def test_an_empty_page_has_no_lines(reader: TextReader) -> None:
    assert reader.read(np.full((300, 400, 3), 255, np.uint8)) == ()


@pytest.mark.parametrize(
    "picture",
    [np.zeros((10, 10), np.uint8), np.zeros((0, 9, 3), np.uint8), np.zeros((9, 9, 3), np.float32)],
)
def test_what_is_no_picture_is_refused_without_troubling_the_engine(picture: object) -> None:
    fresh = TextReader()
    with pytest.raises(DeviceFault) as told:
        fresh.read(picture)  # type: ignore[arg-type]
    assert told.value.code == "text.unreadable"
    assert fresh.pid is None


def test_tiny_pictures_are_read_without_a_fault(reader: TextReader) -> None:
    for shape in ((1, 1, 3), (2, 300, 3), (300, 2, 3)):
        assert reader.read(np.zeros(shape, np.uint8)) == ()


def test_many_threads_each_get_their_own_answer(reader: TextReader) -> None:
    names = ["长春市朝阳区", "南关区解放大路", "绿园区春城街道"]
    found: dict[str, str] = {}

    def read(name: str) -> None:
        found[name] = "".join(line.text for line in reader.read(picture_of(name)))

    threads = [threading.Thread(target=read, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {name: name for name in names}


def test_a_killed_engine_is_started_again(reader: TextReader) -> None:
    reader.turned(PAGE)
    first = reader.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    until(lambda: reader.pid is None)
    assert reader.turned(PAGE) == 0
    assert reader.pid not in (None, first)


def test_an_engine_that_hangs_is_a_named_fault_and_is_replaced(reader: TextReader) -> None:
    reader.turned(PAGE)
    first = reader.pid
    assert first is not None
    os.kill(first, signal.SIGSTOP)
    before = reader._limit
    reader._limit = 0.3
    with pytest.raises(DeviceFault) as told:
        reader.read(PAGE)
    reader._limit = before
    assert told.value.code == "text.engine_gone"
    assert not running(first)
    assert reader.turned(PAGE) == 0


def test_the_engine_gives_way_and_can_neither_write_files_nor_be_dumped(reader: TextReader) -> None:
    reader.turned(PAGE)
    pid = reader.pid
    assert pid is not None
    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    assert int(stat[16]) == min(19, os.nice(0) + 10)
    limits = subprocess.run(
        ["prlimit", "--pid", str(pid), "--fsize", "--core", "--noheadings", "-o", "SOFT,HARD"],
        capture_output=True, text=True, check=True,
    )
    assert limits.stdout.split() == ["0"] * 4


def test_idle_and_close_give_the_memory_back() -> None:
    own = TextReader(idle=1.5)
    assert own.pid is None
    assert own.turned(PAGE) == 0
    first = own.pid
    assert first is not None
    assert status(first, "VmRSS") > 100_000
    until(lambda: own.pid is None)
    assert not running(first)
    own.warm_up()
    until(lambda: own.pid is not None)
    second = own.pid
    assert second is not None
    own.close()
    assert own.pid is None
    assert not running(second)
    with pytest.raises(DeviceFault) as told:
        own.read(PAGE)
    assert told.value.code == "text.engine_gone"


CHILD = """
import sys, threading, time
from devices.ocr.text_reader import TextReader
import numpy as np
reader = TextReader()
threading.Thread(target=lambda: reader.turned(np.zeros((40, 40, 3), np.uint8))).start()
while reader.pid is None:
    time.sleep(0.01)
print(reader.pid, flush=True)
time.sleep(60)
"""


def test_the_engine_dies_with_its_parent() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", CHILD], stdout=subprocess.PIPE, text=True,
        cwd=Path(__file__).parents[3],
    )
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert running(pid)
    parent.kill()
    parent.wait()
    until(lambda: not running(pid))
    parent.stdout.close()


def test_the_engine_may_not_use_the_network() -> None:
    code = (
        "import sys, devices.ocr.engine as engine\n"
        "sys.addaudithook(engine._no_network)\n"
        "import socket\n"
        "try:\n    socket.create_connection(('127.0.0.1', 9))\n"
        "except PermissionError:\n    print('refused')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[3],
    )
    assert done.stdout == "refused\n"
