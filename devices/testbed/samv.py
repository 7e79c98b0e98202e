"""Plays a resident card reader with a SAM-V module (GA/T 467-2019) on a pseudo-terminal.

It understands the bytes a driver really sends and answers at the pace of the wire. It is written
from the standard, apart from our driver's codec.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from operator import xor
from pathlib import Path

from devices.testbed.cards import SampleCard
from devices.testbed.chips import SamChip
from devices.testbed.faults import CardAct, Wire, WireFault, refuse_missing
from devices.testbed.pty import PtyLine

PREAMBLE = bytes.fromhex("AAAAAA9669")
FIND, SELECT, READ_BASE = b"\x20\x01", b"\x20\x02", b"\x30\x01"
READ_WITH_FINGERPRINT, READ_NEW_ADDRESS = b"\x30\x10", b"\x30\x03"
SET_BAUD = 0x60
SPEEDS = (115200, 57600, 38400, 19200, 9600)
# What a fingerprint looks like here: easily found wherever it must not be.
FINGERPRINT = b"\xf1\x9e" * 512
RESET, STATUS, SAM_ID = b"\x10\xff", b"\x11\xff", b"\x12\xff"
LONGEST_REQUEST_BYTES = 64
SLOW_SECONDS = 0.1
NOT_READ = 0x41  # the third status byte of a card that could not be read


class FindAfterRead(StrEnum):
    """What "find" answers while a card that was read still lies there; readers differ."""

    FOUND = "found"  # 9F again
    NONE = "none"  # 80 until the card was lifted


Spoil = Callable[[bytes], bytes]
"""The whole frame as it should be, to the bytes that go over the wire instead."""


Injectable = WireFault | CardAct | Spoil | int


@dataclass
class _Injected:
    fault: Injectable
    command: bytes | None
    times: int | None
    after: int | None


class SamvPty:
    """One reader. Thread-safe; `port` is what a driver opens."""

    def __init__(
        self,
        baud: int = 115200,
        *,
        link: Path | None = None,
        find_after_read: FindAfterRead = FindAfterRead.FOUND,
        select_after_read: bool = True,
    ) -> None:
        """select_after_read: whether a card that was read can be selected before it was lifted."""
        self.find_after_read = find_after_read
        self.select_after_read = select_after_read
        self.commands: list[bytes] = []
        self._lock = threading.Lock()
        self._card: SampleCard | None = None
        self._selected = False
        self._was_read = False
        self._injected: list[_Injected] = []
        self._slow = False
        self._healed = threading.Event()
        self._pending = bytearray()
        self._own_baud = baud
        self._line = PtyLine(baud, self._received, link)

    @property
    def port(self) -> str:
        return self._line.port

    @property
    def carried(self) -> int:
        """How many bytes went over the wire so far, both ways together."""
        return self._line.carried

    @property
    def card(self) -> SampleCard | None:
        return self._card

    def insert(self, card: SampleCard) -> None:
        """Lay a card on the reader. Any card without a SAM chip is a wrong card to it."""
        with self._lock:
            self._card = card
            self._selected = self._was_read = False

    def remove(self) -> None:
        with self._lock:
            self._card = None
            self._selected = self._was_read = False

    def inject(
        self,
        fault: Injectable,
        *,
        on: bytes | None = None,
        times: int | None = 1,
        after: int | None = None,
    ) -> None:
        """Make the next answers wrong. An int is a third status byte to answer instead.

        on: only answers to this command (two bytes); None is any. times: None is until heal().
        after: how many bytes of the answer come before it breaks off; None is half of them.
        """
        with self._lock:
            self._injected.append(_Injected(fault, on, times, after))

    def fault(self, kind: WireFault, after: int | None = None) -> None:
        """See devices.testbed.faults."""
        refuse_missing(Wire.ID_CARD, kind)
        self.heal()
        match kind:
            case WireFault.ABSENT:
                self.unplug()
            case WireFault.SLOW:
                self._slow = True
            case WireFault.WRONG_STATUS:
                self.inject(NOT_READ, on=READ_BASE, times=None)
            case WireFault.RECOVER:
                pass
            case _:
                self.inject(kind, times=None, after=after)

    def heal(self) -> None:
        """Forget every fault and plug the cable in."""
        self._healed.set()
        with self._lock:
            self._injected.clear()
            self._slow = False
            self._healed = threading.Event()
        self.replug()

    def power_cut(self) -> None:
        """Off and on again: back at the speed it was made with, every card forgotten."""
        with self._lock:
            self._selected = self._was_read = False
        self._line.change_speed(self._own_baud)

    def unplug(self) -> None:
        self._line.unplug()

    def replug(self) -> None:
        self._pending.clear()
        self._line.plug()

    def close(self) -> None:
        self._line.close()

    def _received(self, data: bytes) -> None:
        self._pending += data
        while True:
            at = self._pending.find(PREAMBLE)
            if at < 0:
                del self._pending[: -len(PREAMBLE) + 1]
                return
            del self._pending[:at]
            if len(self._pending) < 7:
                return
            length = int.from_bytes(self._pending[5:7], "big")
            if not 3 <= length <= LONGEST_REQUEST_BYTES:
                del self._pending[:1]
                self._send(bytes([0, 0, 0x11]), 7)
                continue
            if len(self._pending) < 7 + length:
                return
            frame = bytes(self._pending[: 7 + length])
            del self._pending[: 7 + length]
            self._serve(frame)

    def _serve(self, frame: bytes) -> None:
        if reduce(xor, frame[5:-1]) != frame[-1]:
            self._send(bytes([0, 0, 0x10]), len(frame))
            return
        command = frame[7:9]
        with self._lock:
            self.commands.append(command)
            injected = self._injected_for(command)
            if injected is not None and isinstance(injected.fault, int):
                answer = bytes([0, 0, injected.fault])
                injected = None
            else:
                answer = self._answer(command)
            healed = self._healed
            slow = self._slow
        if slow:
            healed.wait(SLOW_SECONDS)
        self._send(answer, len(frame), injected)
        if command[0] == SET_BAUD and answer[2] == 0x90:
            self._line.change_speed(SPEEDS[command[1]])

    def _injected_for(self, command: bytes) -> _Injected | None:
        for injected in self._injected:
            if injected.command in (None, command):
                if injected.times is not None:
                    injected.times -= 1
                    if injected.times == 0:
                        self._injected.remove(injected)
                return injected
        return None

    def _answer(self, command: bytes) -> bytes:
        def status(third: int, data: bytes = b"") -> bytes:
            return bytes([0, 0, third]) + data

        chip = self._card.chip if self._card is not None else None
        if command in (RESET, STATUS):
            return status(0x90)
        if command == SAM_ID:
            return status(0x90, bytes.fromhex("05000100DC2A34010100000001000000"))
        if command == FIND:
            hidden = self._was_read and self.find_after_read is FindAfterRead.NONE
            if chip is None or hidden:
                return status(0x80)
            self._selected = False
            return status(0x9F, bytes(4))
        if command == SELECT:
            if chip is None or (self._was_read and not self.select_after_read):
                return status(0x81)
            if not isinstance(chip, SamChip):
                return status(0x40)
            self._selected = True
            return status(0x90, bytes(8))
        if command in (READ_BASE, READ_WITH_FINGERPRINT, READ_NEW_ADDRESS):
            if not self._selected or not isinstance(chip, SamChip):
                return status(0x41)
            if command == READ_NEW_ADDRESS:
                return status(0x90, chip.newest_address) if chip.newest_address else status(0x91)
            self._was_read = True
            lengths = len(chip.text).to_bytes(2, "big") + len(chip.photo).to_bytes(2, "big")
            if command == READ_BASE:
                return status(0x90, lengths + chip.text + chip.photo)
            return status(0x90, lengths + b"\x04\x00" + chip.text + chip.photo + FINGERPRINT)
        if command[0] == SET_BAUD:
            return status(0x90 if command[1] < len(SPEEDS) else 0x21)
        return status(0x21)

    def _send(self, body: bytes, request_bytes: int, injected: _Injected | None = None) -> None:
        fault = injected.fault if injected is not None else None
        covered = (len(body) + 1).to_bytes(2, "big") + body
        frame = bytearray(PREAMBLE + covered + bytes([reduce(xor, covered)]))
        card = self._card
        if fault is WireFault.STALLED:
            return
        if callable(fault):
            frame = bytearray(fault(bytes(frame)))
        if fault is WireFault.GARBLED:
            for at in range(0, len(frame), 7):
                frame[at] ^= 0x5A
        elif fault is WireFault.WRONG_CHECKSUM:
            frame[-1] ^= 0x01
        elif fault is CardAct.NOISE_BEFORE:
            frame[:0] = b"\xff\x00\xaa\xaa" + PREAMBLE + b"\xff\xff" + b"\xaa\xaa\xaa\x96"
        elif fault in (WireFault.TRUNCATED, CardAct.PULLED, WireFault.UNPLUGGED):
            after = injected.after if injected is not None else None
            del frame[len(frame) // 2 if after is None else after :]
        if fault is CardAct.PULLED:
            self.remove()
        self._line.send(
            bytes(frame),
            request_bytes,
            # A long answer breaks off when the card is lifted while it is on its way.
            stop=lambda: len(body) > 64 and self._card is not card and fault is None,
        )
        if fault is WireFault.UNPLUGGED:
            threading.Thread(target=self.unplug, name="samv-unplug", daemon=True).start()
