"""Cards: from the card on the reader to the identity, beside what the wire alone takes.

- ID card: the bytes that went over the simulated serial line in the same run, at ten bits a byte.
- Smart cards: the same commands, raw and back to back through the same pcscd in the same run, to a
  card that gives the same answers after the same time. Runs of ours and of the peer take turns.
  Once with a card whose bytes take the time of a fast interface, once with one that answers at
  once, which no card does: that shows what is ours.
"""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smartcard import scard

from devices.cards import CardGone, CardRead, CardSeen
from devices.cards.samv import SamvReader
from devices.cards.smartcard import CardApplication, SmartcardReader
from devices.cards.social_security import SocialSecurityCard
from devices.cards.travel_document import AccessKey, TravelDocument, TrustStore
from devices.testbed import passport, passport_chip
from devices.testbed.cards import SampleCard, sample_card
from devices.testbed.chips import SmartcardChip
from devices.testbed.pcsc import start_pcscd
from devices.testbed.pty import BITS_PER_BYTE
from devices.testbed.samv import SamvPty
from devices.testbed.vpcd import QUICKEST_EXCHANGE_SECONDS, SmartcardSlot
from tests.benchmarks.card_events import LIMIT_SECONDS, watching
from tests.benchmarks.rows import Row, p50, p95

RUNS = 30
RUNS_AT_ONCE = 60
INSERTIONS = 20
BAUD = 115200
SAM_GOAL, PCSC_GOAL = 1.15, 1.3
# Sooner than a hand has let go of the card.
SEEN_GOAL_MS = 50.0
SEEN_GOAL_TIMES = 1.1
Figure = Callable[[Sequence[float]], float]
FIGURES: Sequence[tuple[str, Figure]] = (("p50", p50), ("p95", p95))


def rows() -> Iterator[Row]:
    yield from _id_card()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="yimen-bench-"))
        daemon = start_pcscd(Path(folder))
        stack.callback(daemon.stop)
        ours, peers = (
            stack.enter_context(closing(SmartcardSlot(daemon.port, index))) for index in (0, 1)
        )
        yield from _insertion(ours)
        for name in KINDS:
            yield from _smartcard(name, ours, peers, paced=True)
            yield from _smartcard(name, ours, peers, paced=False)


def _within(name: str, ours: Sequence[float], peer: str, peers: Sequence[float],
            times: float | None, note: str = "") -> Iterator[Row]:
    """Seconds of ours beside those of the peer, as p50 and p95 in milliseconds.

    times: how many times the peer's are allowed; None is no goal.
    """
    for label, figure in FIGURES:
        value, limit = 1000 * figure(ours), 1000 * figure(peers)
        goal, holds = "", None
        if times is not None:
            goal, holds = f"at most {times} times the peer", value <= times * limit
        yield Row(f"{name}, {label}", value, "ms", peer, limit, goal, holds,
                  f"{value / limit:.3f} times{note}")


def _id_card() -> Iterator[Row]:
    chance = random.Random(1)
    read, seen, wire = [], [], []
    with closing(SamvPty(BAUD)) as samv, watching(
        SamvReader(samv.port, BAUD), lambda: samv.carried
    ) as events:
        for _ in range(RUNS):
            # The card comes at any moment between two questions of the driver.
            threading.Event().wait(chance.uniform(0.05, 0.12))
            before, laid = samv.carried, time.monotonic()
            samv.insert(sample_card("zhang_wei"))
            seen.append(events.until(CardSeen).at - laid)
            answer = events.until(CardRead)
            read.append(answer.at - laid)
            wire.append((answer.mark - before) * BITS_PER_BYTE / BAUD)
            samv.remove()
            events.until(CardGone)
    yield from _within("ID card laid down → identity", read, f"its bytes at {BAUD} baud", wire,
                       SAM_GOAL)
    for label, figure in FIGURES:
        value = 1000 * figure(seen)
        yield Row(f"ID card laid down → seen, {label}", value, "ms", "", None,
                  f"at most {SEEN_GOAL_MS:.0f} ms", value <= SEEN_GOAL_MS)


def _insertion(slot: SmartcardSlot) -> Iterator[Row]:
    """pcscd asks its readers every 0.4 s by itself (vpcd; USB readers tell): that is the peer."""
    chance = random.Random(2)
    ours, peers = [], []
    with watching(SmartcardReader([SocialSecurityCard()], slot.reader)) as events:
        for _ in range(INSERTIONS):
            bare = _BareWaiting(slot.reader)
            # At any moment between two looks of pcscd; a slot takes no quicker exchange.
            threading.Event().wait(QUICKEST_EXCHANGE_SECONDS + chance.uniform(0, 0.4))
            begin = time.monotonic()
            slot.insert(sample_card("wang_social"))
            ours.append(events.until(CardSeen).at - begin)
            peers.append(bare.told_at() - begin)
            slot.remove()
            events.until(CardGone)
    yield from _within("smart card put in → seen", ours, "pcscd tells a bare waiting loop", peers,
                       SEEN_GOAL_TIMES)


class _BareWaiting:
    """The plainest program that waits for a card: one call of PC/SC without end."""

    def __init__(self, reader: str) -> None:
        self._at = 0.0
        _, self._context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
        self._states = [(reader, scard.SCARD_STATE_EMPTY)]
        self._thread = threading.Thread(target=self._wait)
        self._thread.start()

    def _wait(self) -> None:
        while not self._states[0][1] & scard.SCARD_STATE_PRESENT:
            _, changed = scard.SCardGetStatusChange(
                self._context, int(1000 * LIMIT_SECONDS), self._states
            )
            self._states = [(name, state) for name, state, _ in changed]
        self._at = time.monotonic()

    def told_at(self) -> float:
        self._thread.join(LIMIT_SECONDS)
        scard.SCardReleaseContext(self._context)
        assert self._at, "the bare loop saw no card"
        return self._at


@dataclass(frozen=True)
class Kind:
    """title: in the table. bits_a_byte and speed (bits a second): its interface at a fast pace."""

    title: str
    bits_a_byte: int
    speed: int
    pace: str


# ISO/IEC 7816-3: 8 bits, start, parity, two of guard time; ISO/IEC 14443-3: 8 bits and parity.
_CONTACTS = (12, 115200, "115,200 baud")
KINDS = {
    "wang_social": Kind("social security card, T=0,", *_CONTACTS),
    "wang_social_t1": Kind("social security card, T=1,", *_CONTACTS),
    "kim_passport": Kind("passport with photo,", 9, 424_000, "424 kbit/s"),
}


class Recorder:
    """A chip that notes what it was asked in this session, what it answered, how long it took."""

    def __init__(self, chip: SmartcardChip, seconds_a_byte: float) -> None:
        self._chip = chip
        self._seconds_a_byte = seconds_a_byte
        self.session: list[tuple[bytes, bytes, float]] = []

    @property
    def atr(self) -> bytes:
        return self._chip.atr

    def power_on(self) -> None:
        self._chip.power_on()
        self.session = []

    def respond(self, apdu: bytes) -> bytes:
        begin = time.perf_counter()
        answer = self._chip.respond(apdu)
        self.session.append((apdu, answer, time.perf_counter() - begin))
        _pass_by(begin, self._seconds_a_byte * (len(apdu) + len(answer)))
        return answer


class Tape:
    """A chip that gives recorded answers in order, each after the time it took then."""

    def __init__(self, atr: bytes, seconds_a_byte: float) -> None:
        self.atr = atr
        self._seconds_a_byte = seconds_a_byte
        self.session: list[tuple[bytes, bytes, float]] = []
        self._at = 0

    def power_on(self) -> None:
        self._at = 0

    def respond(self, apdu: bytes) -> bytes:
        begin = time.perf_counter()
        _, answer, took = self.session[self._at]
        self._at += 1
        while time.perf_counter() - begin < took:
            pass  # computing, as a chip does, and not asleep
        _pass_by(begin, self._seconds_a_byte * (len(apdu) + len(answer)))
        return answer


def _pass_by(begin: float, seconds: float) -> None:
    """Until `seconds` after `begin`, counted as perf_counter does: bytes on their way."""
    left = begin + seconds - time.perf_counter()
    if left > 0:
        threading.Event().wait(left)


def _smartcard(
    name: str, slot: SmartcardSlot, peer_slot: SmartcardSlot, *, paced: bool
) -> Iterator[Row]:
    kind, card = KINDS[name], sample_card(name)
    seconds_a_byte = kind.bits_a_byte / kind.speed if paced else 0.0
    recorder = Recorder(_chip(card), seconds_a_byte)
    tape = Tape(recorder.atr, seconds_a_byte)
    ours, peers, chip = [], [], []
    with closing(SmartcardReader(_applications(card), slot.reader)) as reader:
        slot.insert(SampleCard(name, card.document, recorder))
        assert reader.wait_for_card(LIMIT_SECONDS)
        assert reader.read() == card.document
        tape.session = recorder.session
        peer_slot.insert(SampleCard(name, None, tape))
        _BareWaiting(peer_slot.reader).told_at()
        for _ in range(RUNS if paced else RUNS_AT_ONCE):
            begin = time.monotonic()
            reader.read()
            ours.append(time.monotonic() - begin)
            tape.session = recorder.session
            chip.append(sum(took for _, _, took in tape.session))
            peers.append(_bare_read(peer_slot.reader, [list(apdu) for apdu, _, _ in tape.session]))
        slot.remove()
        peer_slot.remove()
        assert reader.wait_for_removal(LIMIT_SECONDS)
    size = sum(len(apdu) + len(answer) for apdu, answer, _ in tape.session)
    pace = kind.pace if paced else "a card that answers at once"
    yield from _within(
        f"{kind.title} present → identity, {pace}", ours, "the same commands sent raw", peers,
        PCSC_GOAL if paced else None,
        f"; {len(tape.session)} commands, {size} bytes, {1000 * p50(chip):.1f} ms in the chip",
    )


def _chip(card: SampleCard) -> Any:
    assert hasattr(card.chip, "respond")
    return card.chip


def _applications(card: SampleCard) -> list[CardApplication]:
    if not isinstance(card.chip, passport_chip.PassportChip):
        return [SocialSecurityCard()]
    assert card.document is not None
    key = AccessKey.from_mrz(passport.mrz(card.document))
    return [TravelDocument(lambda: key, TrustStore([passport.state().certificate]))]


def _bare_read(reader: str, commands: Sequence[list[int]]) -> float:
    """Seconds to power the card, send the commands back to back, and power it off."""
    _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
    begin = time.monotonic()
    result, handle, protocol = scard.SCardConnect(
        context, reader, scard.SCARD_SHARE_EXCLUSIVE,
        scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1,
    )
    assert result == scard.SCARD_S_SUCCESS, "the bare loop could not connect"
    pci = scard.SCARD_PCI_T0 if protocol == scard.SCARD_PROTOCOL_T0 else scard.SCARD_PCI_T1
    for command in commands:
        result, _ = scard.SCardTransmit(handle, pci, command)
        assert result == scard.SCARD_S_SUCCESS, "the bare loop lost its card"
    scard.SCardDisconnect(handle, scard.SCARD_UNPOWER_CARD)
    took = time.monotonic() - begin
    scard.SCardReleaseContext(context)
    return took
