"""A process that dies leaves no memory behind, and says how it died without quoting anybody."""

import logging
import subprocess
import sys

import pytest

from kiosk.process import report

_LOOK = """
import ctypes, resource
from kiosk.process import forbid_dumps
forbid_dumps()
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), resource.getrlimit(resource.RLIMIT_CORE))
"""  # PR_GET_DUMPABLE, linux/prctl.h


def test_forbidden_dumps_hold_for_the_whole_process() -> None:
    done = subprocess.run([sys.executable, "-c", _LOOK], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0 (0, 0)"


def test_report_names_kind_and_place_and_quotes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def inner() -> None:
        raise ValueError("220102199003071235")

    with pytest.raises(ValueError, match="2201") as caught:
        inner()
    with caplog.at_level(logging.CRITICAL):
        report(caught.value)
    assert "unexpected ValueError at test_process.py:" in caplog.text
    assert "2201" not in caplog.text
