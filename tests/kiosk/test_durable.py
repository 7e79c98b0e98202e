"""A file written durably is the old one or the new one, never half."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.durable import write_durably


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(first=st.binary(max_size=300), second=st.binary(max_size=300))
def test_file_holds_what_was_written_last(tmp_path: Path, first: bytes, second: bytes) -> None:
    path = tmp_path / "file"
    write_durably(path, first)
    write_durably(path, second)
    assert path.read_bytes() == second
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_failed_write_leaves_the_old_file_and_no_rubbish(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.mkdir()
    (path / "inside").write_text("old")
    with pytest.raises(OSError, match="directory"):
        write_durably(path, b"new")
    assert [each.name for each in tmp_path.iterdir()] == ["file"]
    assert (path / "inside").read_text() == "old"


def test_writer_killed_at_any_time_leaves_one_whole_file(tmp_path: Path) -> None:
    """A process that writes again and again is killed; what is there is one of its contents."""
    path = tmp_path / "file"
    code = (
        "import sys\nfrom pathlib import Path\nfrom kiosk.durable import write_durably\n"
        "path = Path(sys.argv[1])\n"
        "write_durably(path, b'a' * 50000)\nprint('ready', flush=True)\n"
        "while True:\n"
        "    write_durably(path, b'b' * 70000)\n    write_durably(path, b'a' * 50000)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2], env=os.environ | {"PYTHONPATH": "."},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    process.kill()
    process.wait(10)
    process.stdout.close()
    assert path.read_bytes() in (b"a" * 50000, b"b" * 70000)
