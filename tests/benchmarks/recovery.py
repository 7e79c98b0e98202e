"""How long a card reader is away after something on its way died, without restarting the kiosk.

Measured from the moment the other end is there again (a service that answers, a plugged cable) to
the watch's event that the reader is back; of a dead thread from its end.
"""

from __future__ import annotations

import ctypes
import random
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

from devices.cards import CardFault, CardGone, CardRead, CardSeen, ReaderState
from devices.cards.pcsc_card import SILENCE_SECONDS
from devices.cards.samv import SamvReader
from devices.cards.samv_line import serial_ports
from devices.cards.social_security import SocialSecurityReader
from devices.testbed.cards import sample_card
from devices.testbed.faults import WireFault
from devices.testbed.pcsc import Pcscd, start_pcscd
from devices.testbed.samv import READ_BASE, SamvPty
from devices.testbed.vpcd import SmartcardSlot
from tests.benchmarks.card_events import LIMIT_SECONDS, Events, watching
from tests.benchmarks.rows import Row, p50

RUNS = 8
SILENCES = 3
# Away long enough for the pauses between two looks to reach their longest.
LONGEST_ABSENCE_SECONDS = 3.0
BACK_SECONDS = 2.0
ANSWER_SECONDS = 5.0


def rows() -> Iterator[Row]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="yimen-bench-")))
        daemon = start_pcscd(folder / "pcscd")
        stack.callback(daemon.stop)
        slot = stack.enter_context(closing(SmartcardSlot(daemon.port)))
        yield from _pcscd(daemon, slot)
        yield from _silent_card(slot)
        yield from _silent_module()
        yield from _cable(folder / "dev")
        yield from _thread()


def _row(what: str, seconds: Sequence[float], goal: float = BACK_SECONDS, note: str = "") -> Row:
    return Row(
        f"{what}, longest of {len(seconds)}", max(seconds), "s", "", None, f"at most {goal:g} s",
        max(seconds) <= goal, f"p50 {p50(seconds):.3f} s{note}",
    )


def _pcscd(daemon: Pcscd, slot: SmartcardSlot) -> Iterator[Row]:
    chance = random.Random(1)
    back, read = [], []
    slot.insert(sample_card("wang_social"))
    with watching(SocialSecurityReader(slot.reader)) as events:
        events.until(CardRead)
        for _ in range(RUNS):
            daemon.kill()
            events.until(ReaderState, present=False)
            threading.Event().wait(chance.uniform(0, LONGEST_ABSENCE_SECONDS))
            daemon.start()
            begin = time.monotonic()
            back.append(events.until(ReaderState, present=True).at - begin)
            read.append(events.until(CardRead).at - begin)
        slot.remove()
        events.until(CardGone)
    yield _row("pcscd killed and started again → reader back", back)
    yield _row("pcscd killed and started again → card in it read anew", read)


def _silent_card(slot: SmartcardSlot) -> Iterator[Row]:
    fault, following = [], []
    with watching(SocialSecurityReader(slot.reader)) as events:
        for _ in range(SILENCES):
            slot.inject(WireFault.STALLED, after=3)
            slot.insert(sample_card("wang_social"))
            seen = events.until(CardSeen).at
            fault.append(events.until(CardFault).at - seen)
            slot.remove()
            events.until(CardGone)
            slot.insert(sample_card("long_social"))
            seen = events.until(CardSeen).at
            following.append(events.until(CardRead).at - seen)
            slot.remove()
            events.until(CardGone)
    yield _row("smart card that never answers → unreadable", fault, ANSWER_SECONDS,
               f"; one command may take {SILENCE_SECONDS:g} s")
    yield _row("the card put in after it, seen → read", following)


def _silent_module() -> Iterator[Row]:
    fault = []
    with closing(SamvPty()) as samv, watching(SamvReader(samv.port)) as events:
        samv.inject(WireFault.STALLED, on=READ_BASE, times=None)
        for _ in range(SILENCES):
            samv.insert(sample_card("zhang_wei"))
            seen = events.until(CardSeen).at
            fault.append(events.until(CardFault).at - seen)
            samv.remove()
            events.until(CardGone)
    yield _row("ID card whose data never come → unreadable", fault, ANSWER_SECONDS)


def _cable(dev: Path) -> Iterator[Row]:
    """The SAM-V reader comes back under another name each time, beside two silent ports."""
    chance = random.Random(2)
    back = []
    with ExitStack() as stack:
        for number in range(2):
            deaf = stack.enter_context(closing(SamvPty(link=dev / f"ttyS{number}")))
            deaf.inject(WireFault.STALLED, times=None)
        events = stack.enter_context(
            watching(SamvReader("auto", ports=partial(serial_ports, dev=dev)))
        )
        for number in range(RUNS):
            threading.Event().wait(chance.uniform(0, LONGEST_ABSENCE_SECONDS))
            with closing(SamvPty(link=dev / f"ttyUSB{number}")):
                begin = time.monotonic()
                back.append(events.until(ReaderState, present=True).at - begin)
            events.until(ReaderState, present=False)
    yield _row("SAM-V reader plugged into another port → found", back, note="; 2 silent ports")


def _thread() -> Iterator[Row]:
    back = []
    threading.excepthook = lambda arguments: None  # an exit in a thread is nobody's error
    with closing(SamvPty()) as samv, watching(SamvReader(samv.port)) as events:
        events.until(ReaderState, present=True)
        for _ in range(RUNS):
            begin = _end_thread("card-watch-id_card")
            back.append(_back(events) - begin)
    yield _row("thread of a reader dead → reader back", back)


def _back(events: Events) -> float:
    events.until(ReaderState, present=False)
    return events.until(ReaderState, present=True).at


def _end_thread(name: str) -> float:
    """Let an exit be called inside the thread; when it ended."""
    (thread,) = (thread for thread in threading.enumerate() if thread.name == name)
    assert thread.ident is not None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread.ident), ctypes.py_object(SystemExit)
    )
    thread.join(LIMIT_SECONDS)
    assert not thread.is_alive(), "the thread lives on"
    return time.monotonic()
