"""Driver for resident card readers with a SAM-V module on a serial line (GA/T 467-2019)."""

from __future__ import annotations

import time

from devices.cards import samv_frames as frames
from devices.cards.samv_frames import Command, Reply
from devices.cards.samv_text import parse_text
from devices.errors import DeviceFault
from devices.identity import IdentityDocument
from devices.serial_wire import SerialWire

POLL_SECONDS = 0.06
# Time a reader may think before it answers, wire time apart. Field values: 100 ms and 2 s.
ANSWER_SECONDS = {Command.READ_BASE: 2.0, Command.READ_BASE_AND_FINGERPRINT: 2.0}
SHORT_ANSWER_SECONDS = 0.3
# A card laid down askew or sliding needs a second look before we trouble its owner.
READ_ATTEMPTS = 3
# One missed answer is a flicker of the field, two are a card that was lifted.
ABSENT_ANSWERS = 2
# As many answers in a row lost or senseless make a reader that is plugged in but dead.
UNANSWERED_IN_A_ROW = 3
# A pause this long inside an answer ends it. Wide enough for a USB adapter on a busy machine.
GAP_SECONDS = 0.3


class SamvReader:
    """Resident card, permits for Hong Kong, Macau and Taiwan residents and for foreigners.

    port: a serial device path. Satisfies devices.cards.CardReader.
    """

    def __init__(self, port: str, baud: int = 115200, *, name: str = "id_card") -> None:
        self._name = name
        self._wire = SerialWire(port, baud)
        self._buffer = bytearray(frames.LONGEST_FRAME_BYTES * 2)
        self._unanswered = 0

    @property
    def name(self) -> str:
        return self._name

    def wait_for_card(self, timeout: float) -> bool:
        deadline = time.monotonic() + timeout
        while not self._find():
            if time.monotonic() + POLL_SECONDS > deadline:
                return False
            time.sleep(POLL_SECONDS)
        return True

    def read(self) -> IdentityDocument:
        """Raises DeviceFault: card.removed, card.unreadable, card.unknown, reader.gone."""
        detail = ""
        for _ in range(READ_ATTEMPTS):
            try:
                return self._read_once()
            except DeviceFault as fault:
                if fault.code in ("reader.gone", "card.unknown"):
                    raise
                detail = str(fault)
            finally:
                self._wipe()
            if not any(self._lies_there() for _ in range(ABSENT_ANSWERS)):
                raise DeviceFault("card.removed", f"lifted while it was read; {detail}")
        raise DeviceFault("card.unreadable", detail)

    def wait_for_removal(self, timeout: float) -> bool:
        deadline = time.monotonic() + timeout
        absent = 0
        while True:
            absent = 0 if self._lies_there() else absent + 1
            if absent >= ABSENT_ANSWERS:
                return True
            if time.monotonic() + POLL_SECONDS > deadline and not absent:
                return False
            time.sleep(POLL_SECONDS)

    def close(self) -> None:
        self._wipe()
        self._wire.close()

    def _find(self) -> bool:
        """Whether the reader answers that it found a card; an answer lost to noise is no."""
        return self._try(Command.FIND) == frames.CARD_FOUND

    def _lies_there(self) -> bool:
        """Whether the card still lies there, read or not; noise on the line does not lift a card.

        After a read some readers answer "none found" until the card was lifted. The selected card
        itself still answers then: asked for an address added later, it has one or has none. A
        reader too old for that question has to rely on "find".
        """
        try:
            status = self._try(Command.READ_NEWEST_ADDRESS)
        finally:
            self._wipe()
        if status in (frames.OK, frames.NO_SUCH_ITEM):
            return True
        return self._try(Command.FIND) in (frames.CARD_FOUND, None)

    def _try(self, command: Command) -> int | None:
        """The status answered, None when the answer was lost. Raises reader.gone only."""
        try:
            return self._ask(command).status
        except DeviceFault as fault:
            if fault.code == "reader.gone":
                raise
            return None

    def _read_once(self) -> IdentityDocument:
        selected = self._ask(Command.SELECT)
        if selected.status != frames.OK:
            raise frames.fault_of(selected.status)
        try:
            reply = self._ask(Command.READ_BASE)
        except DeviceFault as fault:
            if fault.code == "reader.gone":
                raise
            # Lost on the line, not in the card: it is still selected, so just ask again.
            reply = self._ask(Command.READ_BASE)
        if reply.status != frames.OK:
            raise frames.fault_of(reply.status)
        text_at, photo_at = frames.base_parts(self._buffer, reply)
        with memoryview(self._buffer) as view, view[text_at] as text, view[photo_at] as photo:
            return parse_text(text, bytes(photo))

    def _ask(self, command: Command) -> Reply:
        """One command, one answer, whose data stay in self._buffer until the next.

        Raises card.unreadable for no answer or a broken one, reader.gone when that goes on.
        """
        try:
            reply = self._exchange(command)
        except DeviceFault as fault:
            self._unanswered += 1
            if fault.code != "reader.gone" and self._unanswered >= UNANSWERED_IN_A_ROW:
                self._unanswered = 0
                raise DeviceFault("reader.gone", f"reader stopped making sense: {fault}") from fault
            raise
        self._unanswered = 0
        return reply

    def _exchange(self, command: Command) -> Reply:
        self._wire.send(frames.request(command))
        thinking = ANSWER_SECONDS.get(command, SHORT_ANSWER_SECONDS)
        deadline = time.monotonic() + thinking
        received = 0
        while received < len(self._buffer):
            count = self._wire.receive_into(self._buffer, received, deadline)
            if count == 0:
                break
            received += count
            reply = frames.decode_reply(self._buffer, received)
            if reply is not None:
                return reply
            deadline = time.monotonic() + GAP_SECONDS
        raise DeviceFault("card.unreadable", "answer broke off" if received else "no answer")

    def _wipe(self) -> None:
        self._buffer[:] = bytes(len(self._buffer))
