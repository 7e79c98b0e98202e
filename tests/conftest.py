"""What tests of several rooms share: one pcscd a run, since a process can talk to only one."""

import os
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from devices.testbed.pcsc import Pcscd, start_pcscd
from tests.journeys.fixtures import (  # noqa: F401 - journeys and faults share them
    bench,
    city,
    own_city,
    resident,
    resident_of_own_city,
    shared_hub,
)

# Where the launcher puts the fonts; `./yimen test` says so, a plain pytest does not.
os.environ.setdefault(
    "YIMEN_FONTS", str(Path(__file__).parents[1] / ".venv" / "share" / "yimen" / "fonts")
)


# A busy machine is no fault of the code, and the same run finds the same examples (./yimen campaign
# looks for new ones): benchmarks hold the figures, tests do not.
settings.register_profile("yimen", deadline=None, derandomize=True)
settings.load_profile("yimen")


class WhyItBroke:
    """Where the run itself broke, in its last lines too: who sees only those must know why."""

    LINES = 12

    def __init__(self) -> None:
        self._texts: list[str] = []

    def pytest_internalerror(self, excrepr: object) -> None:
        self._texts.append(str(excrepr))

    def pytest_unconfigure(self) -> None:
        for text in self._texts:
            print("== the run broke:", *text.splitlines()[-self.LINES :], sep="\n",
                  file=sys.stderr)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(WhyItBroke())


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, Any, Any]:
    """A worker's report takes no half surrogate pair and no strange type to the other process: one
    in a log line ends the whole run ("INTERNALERROR … crashitem")."""
    return plain((yield))


def plain(value: Any) -> Any:
    """The same in types and characters that pytest-xdist carries."""
    match value:
        case dict():
            return {plain(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return type(value)(map(plain, value))
        case str():
            return value.encode("utf-8", "backslashreplace").decode()
        case None | bool() | int() | float() | bytes():
            return value
    return repr(value)


@pytest.fixture(scope="session")
def session_pcscd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pcscd]:
    daemon = start_pcscd(tmp_path_factory.mktemp("pcscd"))
    yield daemon
    daemon.stop()
