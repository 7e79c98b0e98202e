"""When a page lies still, told from frames with their own times."""

from functools import lru_cache

import cv2
import numpy as np
import pytest

from devices.testbed import desk, papers
from devices.testbed.desk import Picture
from devices.vision.camera import Frame
from devices.vision.mat import Mat
from devices.vision.page_watch import PageWatch
from devices.vision.pages import find_page


@lru_cache(maxsize=8)
def view(paper: str | None, seed: int = 3, blur: float = 0.0) -> Picture:
    return desk.lay(papers.paper(paper) if paper else None, "mat", seed, blur).image


def frames(*images: Picture, start: int = 0, step: float = 0.5) -> list[Frame]:
    return [Frame(image, start + n, (start + n) * step) for n, image in enumerate(images)]


def test_an_empty_desk_is_page_absent() -> None:
    (sight,) = map(PageWatch().look, frames(view(None)))
    assert (sight.quad, sight.code, sight.ready) == (None, "page.absent", False)


def test_a_page_that_lies_still_for_a_second_is_ready() -> None:
    watch = PageWatch()
    image = view("rental_contract")
    steady = [watch.look(frame).steady for frame in frames(image, image, image)]
    assert steady == [0.0, 0.5, 1.0]
    assert watch.look(Frame(image, 9, 2.0)).ready


def test_a_page_that_moves_begins_anew() -> None:
    watch = PageWatch()
    lying, moved = view("rental_contract"), view("rental_contract", 4)
    sights = [watch.look(frame) for frame in frames(lying, lying, moved, moved)]
    assert [sight.steady for sight in sights] == [0.0, 0.5, 0.0, 0.5]


def test_a_hand_over_a_page_that_lies_still_begins_anew() -> None:
    watch = PageWatch()
    lying = view("rental_contract")
    hand = np.array(lying)
    hand[430:640, 860:1060] = (120, 150, 205)
    sights = [watch.look(frame) for frame in frames(lying, lying, hand)]
    assert sights[-1].quad is not None
    assert sights[-1].steady == 0.0


def test_a_page_out_of_focus_is_blurred_and_never_ready() -> None:
    watch = PageWatch()
    image = view("rental_contract", 3, 6.0)
    sight = [watch.look(frame) for frame in frames(image, image, image, image)][-1]
    assert sight.steady == 1.0
    assert sight.code == "page.blurred"
    assert not sight.ready


@pytest.mark.parametrize(("factor", "code"), [(0.3, "page.small"), (1.0, None)])
def test_a_page_too_far_away_is_page_small(factor: float, code: str | None) -> None:
    near = view("household_register")
    image = np.array(view(None))
    part = near[:: round(1 / factor), :: round(1 / factor)]
    high, wide = part.shape[:2]
    top, left = (image.shape[0] - high) // 2, (image.shape[1] - wide) // 2
    image[top : top + high, left : left + wide] = part
    assert PageWatch().look(Frame(image, 1, 0.0)).code == code


def slid(image: Picture, across: int) -> Picture:
    """The view with everything on the desk moved to the right by so many pixels."""
    moved = np.array(view(None))
    moved[:, across:] = image[:, :-across]
    return moved


@pytest.mark.parametrize("known", [False, True])
@pytest.mark.parametrize("over", [60, 150])
def test_a_sheet_over_the_pictures_border_is_page_cut(over: int, known: bool) -> None:
    page = find_page(view("rental_contract"))
    assert page is not None
    right = float(page.corners[:, 0].max())
    image = slid(view("rental_contract"), round(view(None).shape[1] - right + over))
    mat = Mat.learn([view(None)]) if known else None
    watch = PageWatch(mat=mat)
    sights = [watch.look(frame) for frame in frames(image, image, image, image)]
    assert {sight.code for sight in sights} == {"page.cut"}
    assert not any(sight.ready for sight in sights)


def test_the_same_frame_again_gives_the_same_answer() -> None:
    watch = PageWatch()
    frame = Frame(view("rental_contract"), 1, 0.0)
    assert watch.look(frame) is watch.look(frame)


def test_reset_forgets_how_long_the_last_page_lay() -> None:
    watch = PageWatch()
    image = view("rental_contract")
    for frame in frames(image, image, image):
        watch.look(frame)
    watch.reset()
    assert watch.look(Frame(image, 10, 10.0)).steady == 0.0


def test_a_lens_that_finds_its_focus_while_the_page_lies_makes_it_ready() -> None:
    watch = PageWatch()
    soft, sharp = view("rental_contract", 3, 6.0), view("rental_contract")
    sights = [watch.look(frame) for frame in frames(soft, soft, soft, *[sharp] * 4)]
    assert sights[2].code == "page.blurred"
    assert sights[-1].ready


def hand_at(reach: int) -> Picture:
    """The contract with a hand over it that comes in from the right by so many pixels."""
    image = view("rental_contract").copy()
    cv2.ellipse(image, (1920 - reach, 520), (260, 120), 0, 0, 360, (120, 150, 205), -1)
    cv2.rectangle(image, (1920 - reach, 400), (1920, 640), (120, 150, 205), -1)
    return image


def test_a_page_is_not_taken_while_a_hand_moves_over_it() -> None:
    watch = PageWatch()
    moving = [hand_at(400 + 60 * step) for step in range(12)]
    sights = [watch.look(frame) for frame in frames(*moving, step=0.2)]
    assert not any(sight.ready for sight in sights)
    gone = view("rental_contract")
    after = [watch.look(frame) for frame in frames(*[gone] * 8, start=12, step=0.2)]
    assert after[-1].ready and not after[0].ready


def test_a_page_that_was_taken_is_not_taken_again_while_it_lies_there() -> None:
    watch = PageWatch()
    watch.reset(taken=True)
    page = view("rental_contract")
    sights = [watch.look(frame) for frame in frames(*[page] * 6)]
    assert {sight.code for sight in sights} == {"page.same"}
    assert not any(sight.ready for sight in sights)


@pytest.mark.parametrize("between", [view(None), hand_at(700)])
def test_the_next_page_is_taken_after_the_last_was_lifted_or_turned_over(between: Picture) -> None:
    watch = PageWatch()
    watch.reset(taken=True)
    page = view("rental_contract")
    sights = [watch.look(frame) for frame in frames(page, page, between, page, page, page, page)]
    assert sights[1].code == "page.same"
    assert sights[-1].ready
