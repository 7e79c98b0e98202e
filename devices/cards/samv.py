"""Driver for resident card readers with a SAM-V module on a serial line (GA/T 467-2019)."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from devices.cards import samv_frames as frames
from devices.cards.samv_frames import Command
from devices.cards.samv_line import SamvLine, serial_ports
from devices.cards.samv_text import parse_newest_address, parse_text
from devices.errors import DeviceFault
from devices.identity import IdentityDocument

# A person waits from laying the card down, so it is looked for often; lifting it is in no hurry.
FIND_SECONDS = 0.01
POLL_SECONDS = 0.06
# A card laid down askew or sliding needs a second look before we trouble its owner.
READ_ATTEMPTS = 3
# No attempt begins later than this after the first: its owner waits five seconds at most.
LAST_ATTEMPT_SECONDS = 2.5
# One missed answer is a flicker of the field, two are a card that was lifted.
ABSENT_ANSWERS = 2


class SamvReader:
    """Resident card, permits for Hong Kong, Macau and Taiwan residents and for foreigners.

    port: a serial device path, or "auto": then port and speed are found by asking every serial
    port of `ports()` for a SAM-V module, again after each loss. baud: 0 finds it on a given port.
    Satisfies devices.cards.CardReader. status(), sam_id(), reset() and change_baud() are for
    technicians; call them while no watch uses the reader.
    """

    def __init__(
        self,
        port: str,
        baud: int = 115200,
        *,
        name: str = "id_card",
        ports: Callable[[], Sequence[str]] = serial_ports,
    ) -> None:
        self._name = name
        self._line = SamvLine(port, baud, ports)
        self._forget()

    def _forget(self) -> None:
        """Another reader may be plugged in the next time: what this one can do is open again."""
        self._read_command = Command.READ_BASE
        self._knows_newest_address: bool | None = None
        # Whether "find" or "select" ever saw a card that had been read before.
        self._sees_a_read_card = False
        self._may_hide = False
        self._times_unseen = 0

    @property
    def name(self) -> str:
        return self._name

    @property
    def place(self) -> tuple[str, int] | None:
        """Port and speed in use, None while no reader is found."""
        return self._line.place

    def wait_for_card(self, timeout: float) -> bool:
        deadline = time.monotonic() + timeout
        while self._try(Command.FIND) != frames.CARD_FOUND:
            if time.monotonic() + FIND_SECONDS > deadline:
                return False
            time.sleep(FIND_SECONDS)
        self._may_hide = False
        self._times_unseen = 0
        return True

    def read(self) -> IdentityDocument:
        """Raises DeviceFault: card.removed, card.unreadable, card.unknown, reader.gone."""
        detail = ""
        last_begin = time.monotonic() + LAST_ATTEMPT_SECONDS
        for _ in range(READ_ATTEMPTS):
            try:
                return self._read_once()
            except DeviceFault as fault:
                if fault.code in ("reader.gone", "card.unknown"):
                    raise
                detail = str(fault)
            finally:
                self._line.wipe()
            if all(self._lies_there() is False for _ in range(ABSENT_ANSWERS)):
                raise DeviceFault("card.removed", f"lifted while it was read; {detail}")
            if time.monotonic() > last_begin:
                break
        raise DeviceFault("card.unreadable", detail)

    def wait_for_removal(self, timeout: float) -> bool:
        """True once the card is gone.

        A reader that hides a card once read, and knows no other question about it, cannot tell:
        then the card counts as lying there until the reader finds one anew.
        """
        deadline = time.monotonic() + timeout
        absent = 0
        while True:
            absent = absent + 1 if self._lies_there() is False else 0
            if absent >= ABSENT_ANSWERS:
                return True
            if time.monotonic() + POLL_SECONDS > deadline and not absent:
                return False
            time.sleep(POLL_SECONDS)

    def close(self) -> None:
        self._forget()
        self._line.close()

    def status(self) -> None:
        """Raises the DeviceFault the module reports about itself, if any."""
        self._insist(Command.STATUS)

    def reset(self) -> None:
        """Start the module anew."""
        self._insist(Command.RESET)

    def sam_id(self) -> str:
        """The module's number as printed on it: 05.01-20121231-0000000001-0000000001."""
        reply = self._insist(Command.SAM_ID)
        return frames.sam_id_text(bytes(self._line.buffer[reply.start : reply.end]))

    def change_baud(self, baud: int) -> None:
        """Let module and port talk at `baud` until the module loses its power."""
        self._line.change_baud(baud)

    def _insist(self, command: Command) -> frames.Reply:
        reply = self._line.ask(command)
        if reply.status != frames.OK:
            raise frames.fault_of(reply.status)
        return reply

    def _lies_there(self) -> bool | None:
        """Whether the card still lies there, read or not; noise on the line does not lift a card.

        After a read some readers answer "none found" until the card was lifted. The selected card
        itself still answers then: asked for an address added later, it has one or has none. A
        reader too old for that question may still select the card. One that does neither has not
        told us anything: None.
        """
        find_is_right = not self._may_hide
        if self._knows_newest_address is not False:
            try:
                status = self._try(Command.READ_NEWEST_ADDRESS)
            finally:
                self._line.wipe()
            if status in (frames.OK, frames.NO_SUCH_ITEM):
                self._knows_newest_address = True
                return True
            if status in (frames.BAD_COMMAND, None) and self._knows_newest_address is None:
                self._knows_newest_address = False
            # It understood the question, and no card answered.
            find_is_right |= bool(self._knows_newest_address) or status == frames.READ_FAILED
        found = self._try(Command.FIND)
        if found is None:
            return True
        if find_is_right:
            return found == frames.CARD_FOUND
        if self._times_unseen >= ABSENT_ANSWERS:
            # Hidden until lifted: found again, it is another card, or this one laid down anew.
            return False if found == frames.CARD_FOUND else None
        if found == frames.CARD_FOUND or self._try(Command.SELECT) == frames.OK:
            self._sees_a_read_card = True
            self._times_unseen = 0
            return True
        if self._sees_a_read_card:
            return False
        self._times_unseen += 1
        return None

    def _try(self, command: Command) -> int | None:
        """The status answered, None when the answer was lost. Raises reader.gone only."""
        try:
            return self._line.ask(command).status
        except DeviceFault as fault:
            if fault.code == "reader.gone":
                raise
            return None

    def _read_once(self) -> IdentityDocument:
        selected = self._line.ask(Command.SELECT)
        if selected.status != frames.OK:
            raise frames.fault_of(selected.status)
        self._may_hide = True
        reply = self._ask_again_if_lost(self._read_command)
        if reply.status == frames.BAD_COMMAND and self._read_command is Command.READ_BASE:
            # Some modules hand out the text only together with the fingerprint.
            self._read_command = Command.READ_BASE_AND_FINGERPRINT
            reply = self._ask_again_if_lost(self._read_command)
        if reply.status != frames.OK:
            raise frames.fault_of(reply.status)
        buffer = self._line.buffer
        parts = frames.base_parts(
            buffer, reply, fingerprint=self._read_command is Command.READ_BASE_AND_FINGERPRINT
        )
        # Nobody here may use a fingerprint, so it goes before anything else is looked at.
        length = parts.fingerprint.stop - parts.fingerprint.start
        buffer[parts.fingerprint] = bytes(length)
        with memoryview(buffer) as view, view[parts.text] as text, view[parts.photo] as photo:
            document = parse_text(text, bytes(photo))
        self._line.wipe()
        return replace(document, newest_address=self._newest_address())

    def _newest_address(self) -> str:
        """The address added to the chip last; empty when there is none or it cannot be had."""
        if self._knows_newest_address is False:
            return ""
        try:
            reply = self._ask_again_if_lost(Command.READ_NEWEST_ADDRESS)
            # Of a card that was read this moment, any other answer says the reader cannot ask it.
            self._knows_newest_address = reply.status in (frames.OK, frames.NO_SUCH_ITEM)
            if reply.status != frames.OK:
                return ""
            with memoryview(self._line.buffer) as view, view[reply.start : reply.end] as text:
                return parse_newest_address(text)
        except DeviceFault as fault:
            if fault.code == "reader.gone":
                raise
            self._knows_newest_address = self._knows_newest_address or False
            return ""

    def _ask_again_if_lost(self, command: Command) -> frames.Reply:
        """Lost on the line, not in the card: it is still selected, so just ask again."""
        try:
            return self._line.ask(command)
        except DeviceFault as fault:
            if fault.code == "reader.gone":
                raise
            return self._line.ask(command)
