"""The line to a SAM-V module: finds its port and speed, asks one command, gets one answer."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from devices.cards import samv_frames as frames
from devices.cards.samv_frames import Command, Reply
from devices.errors import DeviceFault
from devices.serial_wire import SerialWire

# Time a reader may think before it answers, wire time apart. Field values: 100 ms and 2 s.
ANSWER_SECONDS = {Command.READ_BASE: 2.0, Command.READ_BASE_AND_FINGERPRINT: 2.0}
SHORT_ANSWER_SECONDS = 0.3
# A module answers "status" at once; 21 bytes at 9600 baud take 22 ms.
PROBE_SECONDS = 0.15
# As many answers in a row lost or senseless make a reader that is plugged in but dead.
UNANSWERED_IN_A_ROW = 3
# A pause this long inside an answer ends it. Wide enough for a USB adapter on a busy machine.
GAP_SECONDS = 0.3
# One call looks no longer than this; the next goes on where it stopped, so a watch can stop.
SEARCH_SECONDS = 1.5
# GA/T 467: the module needs 5 ms to change its speed.
BAUD_CHANGE_SECONDS = 0.005
AUTO = "auto"
PORT_PATTERNS = ("serial/by-id/*", "ttyUSB*", "ttyACM*", "ttyS*")


def serial_ports(taken: Collection[str] = (), dev: Path = Path("/dev")) -> list[str]:
    """Serial devices of this machine, the likeliest first, each once, by the name that stays.

    taken: ports of other devices, under whatever name; they are left out.
    """
    others = {Path(port).resolve() for port in taken}
    found: dict[Path, str] = {}
    for pattern in PORT_PATTERNS:
        for path in sorted(dev.glob(pattern)):
            if path.resolve() not in others:
                found.setdefault(path.resolve(), str(path))
    return list(found.values())


class SamvLine:
    """port: a device path, or "auto" to look for the module on `ports()` at every speed.

    baud: bits per second; 0 to find it. On "auto" it is tried first, the other speeds after it.
    ports: where "auto" looks, asked anew each time round; name there only ports that are free to
    be written to (a printer would print the question). Data of an answer stay in `buffer` until
    the next question or wipe().
    """

    def __init__(
        self, port: str, baud: int, ports: Callable[[], Sequence[str]] = serial_ports
    ) -> None:
        speeds = tuple(frames.BAUDS)
        if port != AUTO and baud:
            speeds = (baud,)
        elif baud:
            speeds = (baud, *(speed for speed in speeds if speed != baud))
        self._certain = port != AUTO and baud != 0
        self._ports = ports if port == AUTO else lambda: [port]
        self._speeds = speeds
        self._wire: SerialWire | None = None
        self._last: tuple[str, int] | None = None
        self._search: deque[tuple[str, int]] = deque()
        self._known_ports: tuple[str, ...] = ()
        self._unanswered = 0
        self.buffer = bytearray(frames.LONGEST_FRAME_BYTES * 2)

    @property
    def place(self) -> tuple[str, int] | None:
        """Port and speed of the module found, None while there is none."""
        return self._last if self._wire is not None else None

    def ask(self, command: Command, data: bytes = b"") -> Reply:
        """One command, one answer, whose data stay in self.buffer until the next.

        Raises card.unreadable for no answer or a broken one, reader.gone when that goes on.
        """
        wire = self._settled()
        try:
            reply = self._exchange(wire, command, data)
        except DeviceFault as fault:
            self._unanswered += 1
            if fault.code == "reader.gone":
                self.close()
            elif self._unanswered >= UNANSWERED_IN_A_ROW:
                self.close()
                raise DeviceFault("reader.gone", f"reader stopped making sense: {fault}") from fault
            raise
        self._unanswered = 0
        return reply

    def change_baud(self, baud: int) -> None:
        """Change the speed of the module and of this end, and make sure both understand it.

        Raises ValueError for a speed GA/T 467 does not know, DeviceFault otherwise.
        """
        if baud not in frames.BAUDS:
            raise ValueError(f"{baud} is no speed of a SAM-V module")
        command = Command.SET_BAUD
        reply = self.ask(command, bytes([frames.BAUDS[baud]]))
        if reply.status != frames.OK:
            raise frames.fault_of(reply.status)
        assert self._last is not None
        place = (self._last[0], baud)
        self._let_go()
        time.sleep(BAUD_CHANGE_SECONDS)
        if not self._probe(*place):
            raise DeviceFault("reader.gone", "no answer at the new speed")
        # A module that lost its power is back at its old speed.
        self._speeds = (baud, *(speed for speed in self._speeds if speed != baud))
        self._certain = False

    def wipe(self) -> None:
        self.buffer[:] = bytes(len(self.buffer))

    def close(self) -> None:
        """Let go of the port. The next question opens it again, or looks for it."""
        self.wipe()
        self._let_go()
        self._unanswered = 0

    def _let_go(self) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.close()

    def _settled(self) -> SerialWire:
        """The wire to the module. Raises reader.gone while none is found."""
        if self._wire is not None:
            return self._wire
        if self._certain:
            self._last = (self._ports()[0], self._speeds[0])
            self._wire = SerialWire(*self._last)
            return self._wire
        until = time.monotonic() + SEARCH_SECONDS
        self._search_new_ports()
        if not self._search:
            self._search.extend(self._places(self._known_ports))
        if self._last is not None:
            self._search.appendleft(self._last)
        while self._search and time.monotonic() < until:
            if self._probe(*self._search.popleft()):
                assert self._wire is not None
                # After the next loss the ports are others, so it begins anew.
                self._search.clear()
                self._known_ports = ()
                return self._wire
            self._search_new_ports()
        raise DeviceFault("reader.gone", "no SAM-V module found")

    def _search_new_ports(self) -> None:
        """What was plugged in just now is asked before the search goes on."""
        ports = tuple(self._ports())
        fresh = [port for port in ports if port not in self._known_ports]
        self._search.extendleft(reversed(self._places(fresh)))
        self._known_ports = ports

    def _places(self, ports: Sequence[str]) -> list[tuple[str, int]]:
        """Every port at the likeliest speed, then at the next."""
        return [(port, baud) for baud in self._speeds for port in ports]

    def _probe(self, port: str, baud: int) -> bool:
        """Whether a module answers there; it is then the one of this line."""
        wire = SerialWire(port, baud)
        try:
            self._exchange(wire, Command.STATUS, thinking=PROBE_SECONDS)
        except DeviceFault:
            wire.close()
            return False
        self._wire, self._last = wire, (port, baud)
        return True

    def _exchange(
        self, wire: SerialWire, command: Command, data: bytes = b"", thinking: float | None = None
    ) -> Reply:
        wire.send(frames.request(command, data))
        if thinking is None:
            thinking = ANSWER_SECONDS.get(command, SHORT_ANSWER_SECONDS)
        deadline = time.monotonic() + thinking
        received = 0
        while received < len(self.buffer):
            count = wire.receive_into(self.buffer, received, deadline)
            if count == 0:
                break
            received += count
            reply = frames.decode_reply(self.buffer, received)
            if reply is not None:
                return reply
            deadline = time.monotonic() + GAP_SECONDS
        raise DeviceFault("card.unreadable", "answer broke off" if received else "no answer")
