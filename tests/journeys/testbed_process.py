"""The testbed as a process of its own, as technicians run it."""

import subprocess
import sys
from pathlib import Path
from typing import Self

from devices.testbed.remote import RemoteTestbed

ROOT = Path(__file__).parents[2]
_READY = b"testbed ready"
_STOP_SECONDS = 10


class TestbedProcess:
    """`with TestbedProcess(folder) as testbed: testbed.remote.lay_card("zhang_wei")`"""

    __test__ = False  # the name means a bench, not a test class

    def __init__(self, folder: Path, pcscd_port: int | None = None) -> None:
        """pcscd_port: of a pcscd that this process talks to already; else it starts its own."""
        more = [] if pcscd_port is None else ["--pcscd", str(pcscd_port)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "devices.testbed", "--dir", str(folder), *more],
            cwd=ROOT, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        if not said.startswith(_READY):
            raise RuntimeError(f"the testbed ended with {self._process.wait()}")
        self.remote = RemoteTestbed(folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        self._process.terminate()
        self._process.communicate(timeout=_STOP_SECONDS)
