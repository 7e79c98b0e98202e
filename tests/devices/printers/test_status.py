"""Status bytes: facts of Epson's reference, and honesty about silence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.printers.status import PrinterState, is_paper_answer, is_status_byte, read_status

READY = {1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}
BYTE = st.none() | st.integers(0, 255)


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, PrinterState.READY),
        ({4: 0x1E}, PrinterState.NEAR_END),
        ({1: 0x1A, 2: 0x32}, PrinterState.PAPER_OUT),
        ({4: 0x72}, PrinterState.PAPER_OUT),
        ({1: 0x1A, 2: 0x16}, PrinterState.COVER_OPEN),
        ({1: 0x1A, 2: 0x52, 3: 0x1A}, PrinterState.ERROR),
        ({1: 0x1A}, PrinterState.ERROR),
        ({3: None}, PrinterState.READY),
        ({4: None}, PrinterState.UNKNOWN),
        ({1: None}, PrinterState.UNKNOWN),
        ({1: None, 4: 0x72}, PrinterState.PAPER_OUT),
        ({2: 0x36, 4: 0x72}, PrinterState.COVER_OPEN),
    ],
)
def test_replies_give_the_state_a_person_must_mend_first(
    change: dict[int, int | None], state: PrinterState
) -> None:
    assert read_status({**READY, **change}).state is state


@given(st.dictionaries(st.integers(1, 4), BYTE))
def test_ready_only_when_printer_cause_and_paper_answered_well(
    replies: dict[int, int | None],
) -> None:
    if read_status(replies).fault is None:
        assert all(is_status_byte(replies[n] or 0) for n in (1, 2, 4))


@given(st.integers(0, 255))
def test_a_byte_is_never_both_kinds_of_answer(byte: int) -> None:
    assert not (is_status_byte(byte) and is_paper_answer(byte))


def test_every_state_that_cannot_print_names_a_fault() -> None:
    assert read_status({}).fault == "printer.unreachable"
    assert read_status({**READY, 4: 0x1E}).fault is None
