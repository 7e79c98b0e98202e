"""Whatever happens at a reader, in whatever order and at any moment: events keep their order."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from queue import Empty, Queue

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from devices.cards import CardEvent, CardFault, CardGone, CardRead, CardSeen, CardWatch, ReaderState
from devices.cards.pcsc_codes import CARD_TROUBLE, REMOVED, fault_of
from devices.cards.samv import SamvReader
from devices.errors import FAULT_CODES
from devices.testbed.cards import sample_card
from devices.testbed.faults import CardAct, WireFault
from devices.testbed.samv import READ_BASE, SamvPty

LIMIT = 8.0

ACTIONS: dict[str, Callable[[SamvPty], None]] = {
    "card": lambda samv: samv.insert(sample_card("zhang_wei")),
    "another card": lambda samv: samv.insert(sample_card("li_rare")),
    "wrong card": lambda samv: samv.insert(sample_card("unknown_card")),
    "lift": lambda samv: samv.remove(),
    "unplug": lambda samv: samv.unplug(),
    "plug": lambda samv: samv.replug(),
    "garble": lambda samv: samv.inject(WireFault.GARBLED, times=2),
    "pull": lambda samv: samv.inject(CardAct.PULLED, on=READ_BASE),
    "break off": lambda samv: samv.inject(WireFault.TRUNCATED, on=READ_BASE),
    "not read": lambda samv: samv.inject(0x41, on=READ_BASE, times=4),
}


class Order:
    """Takes events and knows which may come next."""

    def __init__(self) -> None:
        self.present: bool | None = None
        self.next: tuple[type[CardEvent], ...] = (ReaderState,)

    def take(self, event: CardEvent) -> None:
        assert isinstance(event, self.next), f"{event} instead of {self.next}"
        match event:
            case ReaderState(present=present):
                assert present is not self.present
                self.present = present
                self.next = (ReaderState, CardSeen) if present else (ReaderState,)
            case CardSeen():
                self.next = (CardRead, CardFault)
            case CardRead() | CardFault():
                self.next = (CardGone,)
            case CardGone():
                self.next = (ReaderState, CardSeen)


# Without shrinking, which would try a failure on real wires for minutes.
@settings(max_examples=5, deadline=None, phases=(Phase.explicit, Phase.generate))
@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(ACTIONS)), st.floats(0, 0.15)), min_size=3, max_size=8
    )
)
def test_events_keep_their_order_and_all_is_well_in_the_end(
    doings: list[tuple[str, float]],
) -> None:
    events: Queue[CardEvent] = Queue()
    order = Order()
    expected = sample_card("jin_meihua").document
    with closing(SamvPty()) as samv:
        watch = CardWatch([SamvReader(samv.port)], events.put)
        watch.start()
        try:
            for doing, pause in doings:
                ACTIONS[doing](samv)
                threading.Event().wait(pause)
            samv.heal()
            samv.remove()
            limit = time.monotonic() + LIMIT
            while not (order.present and CardSeen in order.next and events.empty() and watch.idle):
                assert time.monotonic() < limit, f"still waiting for {order.next}"
                # In short waits: the last event is here before the watch calls itself idle.
                with suppress(Empty):
                    order.take(events.get(timeout=0.05))
            # A card laid down after all that is read as on the first day.
            samv.insert(sample_card("jin_meihua"))
            event: CardEvent | None = None
            while not isinstance(event, CardRead) or event.document != expected:
                event = events.get(timeout=LIMIT)
                order.take(event)
        finally:
            watch.stop()


@given(st.integers(-(2**31), 2**32 - 1), st.booleans())
def test_any_answer_of_pcscd_is_success_or_a_named_fault(result: int, about_a_card: bool) -> None:
    fault = fault_of(result, "transmit", about_a_card=about_a_card)
    if result == 0:
        assert fault is None
    else:
        assert fault is not None and fault.code in FAULT_CODES


@given(st.sampled_from(sorted(REMOVED | CARD_TROUBLE)))
def test_a_fault_is_the_same_from_signed_and_unsigned_codes(code: int) -> None:
    signed = fault_of(code - 2**32, "connect")
    unsigned = fault_of(code, "connect")
    assert signed is not None and unsigned is not None
    assert signed.code == unsigned.code == (
        "card.removed" if code in REMOVED else "card.unreadable"
    )
