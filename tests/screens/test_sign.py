import pytest

from kiosk.steps import Step
from kiosk.views import Looks, Stroke
from screens.widgets.signature_pad import SignaturePad
from tests.harness import Hands
from tests.screens.desk_b import at, calls, words_of
from tests.screens.sample_pages import signature


def write(hands: Hands, strokes: tuple[Stroke, ...]) -> None:
    x, y, width, height = hands.widgets()["sign.pad"]
    for stroke in strokes:
        finger = hands.touch(x + stroke[0][0] * width, y + stroke[0][1] * height)
        for px, py, _ in stroke[1:]:
            finger.move(x + px * width, y + py * height)
            hands.frame()
        finger.lift()
        hands.frame()


def pad(hands: Hands) -> SignaturePad:
    widget = hands.app.find("sign.pad")
    assert isinstance(widget, SignaturePad)
    return widget


def test_next_waits_for_a_signature() -> None:
    with at(Step.SIGN) as (hands, visit):
        assert "sign.next" not in hands.widgets()
        write(hands, signature()[:1])
        hands.wait(0.1)
        hands.tap("sign.next")
        assert calls(visit, "next") == [()]


def test_strokes_arrive_in_order_with_places_and_times() -> None:
    with at(Step.SIGN) as (hands, visit):
        wanted = signature()
        write(hands, wanted)
        strokes: tuple[Stroke, ...] = calls(visit, "sign")[-1][0]
        assert len(strokes) == len(wanted)
        times = [point[2] for stroke in strokes for point in stroke]
        assert times == sorted(times)
        assert times[0] == 0.0
        for got, drawn in zip(strokes, wanted, strict=True):
            assert abs(got[0][0] - drawn[0][0]) < 0.01
            assert abs(got[-1][1] - drawn[-1][1]) < 0.01


def test_a_dot_is_a_stroke() -> None:
    with at(Step.SIGN) as (hands, visit):
        write(hands, (((0.5, 0.5, 0.0),),))
        assert len(calls(visit, "sign")[-1][0]) == 1


def test_writing_beyond_the_edge_stays_on_the_pad() -> None:
    with at(Step.SIGN) as (hands, visit):
        write(hands, (((0.9, 0.5, 0.0), (1.3, -0.4, 0.1)),))
        last = calls(visit, "sign")[-1][0][0][-1]
        assert last[:2] == (1.0, 0.0)


def test_clear_takes_the_ink_away_and_next_with_it() -> None:
    with at(Step.SIGN) as (hands, visit):
        write(hands, signature())
        hands.wait(0.1)
        hands.tap("sign.clear")
        hands.wait(0.1)
        assert calls(visit, "clear_signature") == [()]
        assert pad(hands).strokes == ()
        assert "sign.next" not in hands.widgets()


def test_ink_of_a_second_signature_belongs_to_it_alone() -> None:
    with at(Step.SIGN) as (hands, visit):
        write(hands, signature())
        hands.wait(0.1)
        hands.tap("sign.clear")
        hands.wait(0.1)
        write(hands, signature()[:1])
        assert len(calls(visit, "sign")[-1][0]) == 1


def test_no_paper_is_told_before_anyone_signs() -> None:
    with at(Step.SIGN, sign_fault="printer.paper_out") as (hands, visit):
        assert "no paper" in words_of(hands, "fault")
        assert "sign.pad" not in hands.widgets()
        hands.tap("fault.skip")
        assert calls(visit, "skip") == [()]
        hands.tap("fault.retry")
        assert calls(visit, "retry") == [()]


def test_the_pad_appears_when_the_trouble_is_over() -> None:
    with at(Step.SIGN, sign_fault="printer.cover_open") as (hands, visit):
        visit.sign_fault = ""
        visit.on_change()
        hands.wait(0.1)
        assert "sign.pad" in hands.widgets()


def test_a_signature_from_before_is_said_and_can_be_made_anew() -> None:
    with at(Step.SIGN, signed=True) as (hands, visit):
        assert "sign.next" in hands.widgets()
        assert hands.see("sign.signed_before")
        hands.tap("sign.clear")
        hands.wait(0.1)
        assert not visit.signed


def test_leaving_forgets_the_strokes() -> None:
    with at(Step.SIGN) as (hands, visit):
        write(hands, signature())
        screen = hands.app.stage.screen
        visit.go(Step.REVIEW)
        hands.wait(0.1)
        assert getattr(screen, "_strokes", None) == ()


def test_application_can_be_taken_along_from_here_where_a_slip_can_be_printed() -> None:
    with at(Step.SIGN) as (hands, visit):
        hands.tap("draft.take")
        assert calls(visit, "take_with_you") == [()]
    with at(Step.SIGN, can_take=False) as (hands, _):
        assert not hands.see("draft.take")


@pytest.mark.parametrize("language", ["zh", "en", "ko"])
def test_pad_stays_and_buttons_are_whole_once_it_is_signed_in_large_text(language: str) -> None:
    with at(Step.SIGN, language=language, looks=Looks(large_text=True)) as (hands, _):
        before = hands.widgets()["sign.pad"]
        write(hands, signature())
        hands.wait(0.1)
        seen = hands.widgets()
        assert seen["sign.pad"] == before
        (x, y, _, high), bar = seen["sign.next"], seen["bar.help"]
        assert y + high <= bar[1]
        assert high < before[3] / 2
        assert seen["draft.take"][0] + seen["draft.take"][2] <= x
