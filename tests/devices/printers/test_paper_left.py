"""Receipts left: nothing is known until the sensor speaks, then it is counted down."""

from hypothesis import given
from hypothesis import strategies as st

from devices.printers.draw import draw
from devices.printers.layout import Cut, Feed, Layout, Qr, Text
from devices.printers.paper_left import PaperLeft
from devices.printers.rows import CUTTER_DOTS, DOTS_PER_MM, length_mm
from devices.printers.status import PrinterState

LENGTHS = st.floats(1, 500)
STATES = st.sampled_from(PrinterState)


@given(st.lists(LENGTHS, min_size=1, max_size=20), st.floats(0, 20_000))
def test_each_paper_shortens_the_roll_and_never_below_nothing(
    printed: list[float], mark: float
) -> None:
    left = PaperLeft().seen(PrinterState.NEAR_END, mark)
    for mm in printed:
        before, left = left, left.printed(mm)
        assert left.receipt_mm == mm
        if mark == 0:
            assert left.mm is None
        else:
            assert before.mm is not None
            assert left.mm == max(0.0, before.mm - mm)


@given(LENGTHS, LENGTHS, st.floats(0, 20_000))
def test_what_is_no_receipt_shortens_the_roll_only(
    receipt: float, slip: float, mark: float
) -> None:
    before = PaperLeft().seen(PrinterState.NEAR_END, mark).printed(receipt)
    after = before.used(slip)
    assert after.receipt_mm == receipt
    assert (after.mm is None) == (before.mm is None)
    assert after.mm is None or before.mm is None or after.mm == max(0.0, before.mm - slip)


@given(st.lists(STATES), LENGTHS)
def test_receipts_are_known_only_after_the_sensor_spoke(
    states: list[PrinterState], mark: float
) -> None:
    left = PaperLeft()
    for state in states:
        left = left.seen(state, mark)
    spoke = {PrinterState.NEAR_END, PrinterState.PAPER_OUT} & set(states)
    if not spoke:
        assert left.receipts is None
    if states and states[-1] is PrinterState.READY:
        assert left.receipts is None


def test_the_sensor_saying_it_again_does_not_give_paper_back() -> None:
    left = PaperLeft().seen(PrinterState.NEAR_END, 1000.0).printed(400.0)
    assert left.seen(PrinterState.NEAR_END, 1000.0).receipts == 1


def test_length_is_what_is_drawn_and_what_is_fed_to_the_cutter() -> None:
    layout: Layout = (Text("回执", height=2), Feed(3), Qr("YIMEN1:" + "A" * 80, 5), Cut())
    drawn = draw(layout).height - 24 - 48  # without the margins of the preview
    assert length_mm(layout, 48) == (drawn + CUTTER_DOTS) / DOTS_PER_MM
