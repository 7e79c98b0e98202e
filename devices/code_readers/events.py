"""What happens at a code reader."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class CodeScanned:
    """A code was read. Its text may concern a person, so repr does not show it."""

    text: str = field(repr=False)


@dataclass(frozen=True)
class CodeFault:
    """Something came that is no code. code: see devices.errors.FAULT_CODES."""

    code: str


@dataclass(frozen=True)
class CodeReaderState:
    """The reader became usable (present) or was lost."""

    present: bool


CodeEvent = CodeScanned | CodeFault | CodeReaderState
