"""Faults in words: from a code of faults.toml to what stands on the screen."""

from collections.abc import Mapping
from typing import TypeVar

from kiosk.contract.faults import FAULTS, Fault
from kiosk.views import FaultView
from kiosk.words import Words

T = TypeVar("T")


def fault_view(
    code: str, words: Words, actions: tuple[str, ...] = ("retry", "help")
) -> FaultView:
    """The fault as the resident reads it. An unlisted code is shown as "unexpected", honestly."""
    fault = known_fault(code)
    return FaultView(fault.code, words(fault.resident), words(fault.way_on), actions)


def known_fault(code: str) -> Fault:
    return FAULTS.get(code) or FAULTS["unexpected"]


class Sentences(Mapping[str, str]):
    """Problem code → sentence in one language, for form fields."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def __getitem__(self, code: str) -> str:
        fault = known_fault(code)
        return f"{self._words(fault.resident)} {self._words(fault.way_on)}"

    def __iter__(self):  # type: ignore[no-untyped-def]  # Mapping's own signature is enough
        return iter(FAULTS)

    def __len__(self) -> int:
        return len(FAULTS)
