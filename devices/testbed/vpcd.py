"""A smart card in a virtual reader: the client's side of vpcd's wire.

u16 big-endian length, then the body. Bodies of one byte are 00 power off, 01 power on, 02 reset
(no answer) and 04 (answer: the ATR); anything else is an APDU. Closing the connection lifts the
card.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from typing import Protocol

from devices.testbed.cards import SampleCard
from devices.testbed.chips import ForeignChip, SmartcardChip
from devices.testbed.faults import CardAct, NoSuchFault, Wire, WireFault, refuse_missing

POWER_OFF, POWER_ON, RESET, GET_ATR = b"\x00", b"\x01", b"\x02", b"\x04"
INSERT_LIMIT_SECONDS = 5.0
# pcscd looks for a card only every 0.4 s. A quicker exchange, which no hand can do, leaves it
# believing the slot empty for good (seen with pcscd 1.9.9).
QUICKEST_EXCHANGE_SECONDS = 0.5


SLOW_SECONDS = 0.1
NO_DIAGNOSIS = bytes.fromhex("6F00")

Injectable = WireFault | CardAct | bytes


class PcscService(Protocol):
    """A PC/SC service that can be stopped and started again, such as devices.testbed.pcsc.Pcscd."""

    def start(self) -> None:
        """Does nothing while it runs."""

    def stop(self) -> None: ...


class SmartcardSlot:
    """One slot of vpcd on this machine. Thread-safe.

    port: vpcd's first port (devices.testbed.pcsc.Pcscd.port). index: 0 or 1, which of its slots.
    service: the PC/SC service, for the faults that take the reader away.
    """

    def __init__(self, port: int, index: int = 0, service: PcscService | None = None) -> None:
        self._service = service
        self._port = port + index
        self._index = index
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self._card: SampleCard | None = None
        self._lifted = threading.Event()
        self._lifted_at = 0.0
        self._fault: Injectable | None = None
        self._good_left = 0
        self._times: int | None = 1
        self._slow = False
        # A stalled answer waits here until the wire is healed or the card lifted.
        self._change = threading.Condition()
        self._unplugging = threading.Lock()
        self._heals = 0
        self.apdus: list[bytes] = []

    @property
    def reader(self) -> str:
        """The name of this slot as PC/SC lists it."""
        return f"Virtual PCD 00 {self._index:02}"

    @property
    def card(self) -> SampleCard | None:
        return self._card

    def insert(self, card: SampleCard) -> None:
        """Put a card in, instead of the one there. Raises ConnectionError without a vpcd.

        A card without contacts behaves as one that is none of ours.
        """
        self.remove()
        chip = card.chip if hasattr(card.chip, "respond") else ForeignChip()
        connected = threading.Event()
        time.sleep(max(0.0, self._lifted_at + QUICKEST_EXCHANGE_SECONDS - time.monotonic()))
        with self._lock:
            self._lifted = threading.Event()
            self._card = card
            self._thread = threading.Thread(
                target=self._lie,
                args=(chip, self._lifted, connected),
                name="smartcard",
                daemon=True,
            )
            self._thread.start()
        if not connected.wait(INSERT_LIMIT_SECONDS):
            self.remove()
            raise ConnectionError(f"no vpcd on port {self._port}")

    def remove(self) -> None:
        with self._lock:
            if self._card is not None:
                self._lifted_at = time.monotonic()
            self._lift(self._lifted)
            self._card = None
            if self._socket is not None:
                _hang_up(self._socket)
            thread, self._thread = self._thread, None
        if thread is not None:
            thread.join()

    def inject(self, fault: Injectable, *, after: int = 0, times: int | None = 1) -> None:
        """Spoil answers after that many more good ones. Bytes are answered as they are (6982, say).

        times: None is until heal().
        """
        with self._lock:
            self._fault, self._good_left, self._times = fault, after, times

    def fault(self, kind: WireFault, after: int | None = None) -> None:
        """See devices.testbed.faults. Raises NoSuchFault without a `service` to stop."""
        refuse_missing(Wire.SMARTCARD, kind)
        self.heal()
        if kind in (WireFault.ABSENT, WireFault.UNPLUGGED) and self._service is None:
            raise NoSuchFault("the PC/SC service is not the testbed's own, so it stays")
        match kind:
            case WireFault.ABSENT:
                assert self._service is not None
                self._service.stop()
            case WireFault.SLOW:
                self._slow = True
            case WireFault.WRONG_STATUS:
                self.inject(NO_DIAGNOSIS, after=after or 0, times=None)
            case WireFault.RECOVER:
                pass
            case _:
                self.inject(kind, after=after or 0, times=None)

    def heal(self) -> None:
        """Forget every fault; the service runs again when a fault had stopped it."""
        with self._lock:
            self._fault = None
            self._slow = False
        with self._change:
            self._heals += 1
            self._change.notify_all()
        with self._unplugging:  # what is being pulled is out before it is put back
            if self._service is not None:
                self._service.start()

    def close(self) -> None:
        self.remove()

    def _lie(
        self, chip: SmartcardChip, lifted: threading.Event, connected: threading.Event
    ) -> None:
        """Be there until lifted, also for a pcscd that starts again meanwhile."""
        while not lifted.is_set():
            try:
                wire = socket.create_connection(("127.0.0.1", self._port), timeout=1)
            except OSError:
                lifted.wait(0.02)
                continue
            with wire:
                wire.settimeout(None)
                wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                with self._lock:
                    self._socket = wire
                    if lifted.is_set():
                        _hang_up(wire)
                connected.set()
                try:
                    self._serve(wire, chip, lifted)
                except OSError:
                    lifted.wait(0.02)  # pcscd hung up
                with self._lock:
                    self._socket = None

    def _serve(self, wire: socket.socket, chip: SmartcardChip, lifted: threading.Event) -> None:
        while not lifted.is_set():
            body = _receive(wire, int.from_bytes(_receive(wire, 2), "big"))
            if body in (POWER_ON, RESET):
                chip.power_on()
            elif body == GET_ATR:
                _send(wire, chip.atr)
            elif body != POWER_OFF:
                fault = self._next_fault(body)
                if fault is CardAct.PULLED:
                    self._lift(lifted)
                    with self._lock:
                        self._card = None
                        self._lifted_at = time.monotonic()
                    return
                if fault is WireFault.UNPLUGGED:
                    self._unplug(wire, chip.respond(body))
                    return
                if self._slow:
                    lifted.wait(SLOW_SECONDS)
                if fault is WireFault.STALLED:
                    self._hold_back(lifted)
                answer = fault if isinstance(fault, bytes) else chip.respond(body)
                if fault is WireFault.GARBLED:
                    answer = bytes(byte ^ 0xFF for byte in answer)
                elif fault is WireFault.TRUNCATED:
                    answer = answer[: max(1, len(answer) // 2)]
                _send(wire, answer)

    def _lift(self, lifted: threading.Event) -> None:
        lifted.set()
        with self._change:
            self._change.notify_all()

    def _hold_back(self, lifted: threading.Event) -> None:
        with self._change:
            before = self._heals
            self._change.wait_for(lambda: lifted.is_set() or self._heals > before)

    def _unplug(self, wire: socket.socket, answer: bytes) -> None:
        """The service goes while half an answer is on its way."""
        with self._unplugging:
            wire.sendall(len(answer).to_bytes(2, "big") + answer[: len(answer) // 2])
            _hang_up(wire)
            if self._service is not None:
                self._service.stop()

    def _next_fault(self, apdu: bytes) -> Injectable | None:
        with self._lock:
            self.apdus.append(apdu)
            if self._fault is None:
                return None
            if self._good_left:
                self._good_left -= 1
                return None
            fault = self._fault
            if self._times is not None:
                self._times -= 1
                if self._times == 0:
                    self._fault = None
            return fault


def _receive(wire: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        # Without this the kernel holds back acknowledgements and each APDU takes 40 ms. The kernel
        # forgets it, so it is asked again each time.
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        more = wire.recv(count - len(data))
        if not more:
            raise ConnectionError("vpcd hung up")
        data += more
    return data


def _send(wire: socket.socket, body: bytes) -> None:
    wire.sendall(len(body).to_bytes(2, "big") + body)


def _hang_up(wire: socket.socket) -> None:
    with suppress(OSError):  # it hung up first
        wire.shutdown(socket.SHUT_RDWR)
