from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from kiosk.steps import Step
from kiosk.views import Looks
from tests.harness import Hands
from tests.screens.desk_b import at, calls, words_of
from tests.screens.sample_ending import NUMBER


def read_code(hands: Hands, path: Path) -> str:
    codes = zxingcpp.read_barcodes(Image.open(hands.picture(path)))
    assert len(codes) == 1
    return str(codes[0].text)


@pytest.mark.parametrize(
    "looks", [Looks(), Looks(large_text=True), Looks(high_contrast=True)],
    ids=["normal", "large", "contrast"],
)  # fmt: skip
def test_a_telephone_can_read_the_code_from_the_screen(looks: Looks, tmp_path: Path) -> None:
    with at(Step.DONE, looks=looks) as (hands, visit):
        hands.reveal("done.qr")
        assert read_code(hands, tmp_path / "done.png") == visit.receipt.qr


def test_the_number_is_shown() -> None:
    with at(Step.DONE) as (hands, _):
        assert words_of(hands, "done.number") == NUMBER


def test_without_the_signed_receipt_it_says_not_yet_confirmed() -> None:
    with at(Step.DONE) as (hands, visit):
        assert "not yet confirmed" in words_of(hands, "done.unconfirmed")
        visit.confirmed = True
        visit.on_change()
        hands.wait(0.1)
        assert not hands.see("done.unconfirmed")
        assert "The city has it" in words_of(hands, "done.confirmed")


def test_a_print_fault_is_told_plainly_and_the_code_stays() -> None:
    with at(Step.DONE, printed=False) as (hands, _):
        assert "could not be printed" in words_of(hands, "done.print_fault")
        assert hands.see("done.qr")


def test_what_happens_next_is_told_step_by_step() -> None:
    with at(Step.DONE) as (hands, _):
        assert "within 1 working day" in words_of(hands, "done.next_steps")


def test_finish_ends_the_visit() -> None:
    with at(Step.DONE) as (hands, visit):
        hands.tap("done.finish")
        assert calls(visit, "finish") == [()]
