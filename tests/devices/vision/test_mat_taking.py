"""Taking the empty mat, and noticing that the camera sees another view."""

import time

import cv2
import numpy as np
import pytest

from devices.errors import DeviceFault
from devices.testbed import desk
from devices.testbed.camera import CameraHttp
from devices.vision.camera import Camera
from devices.vision.mat import Mat
from devices.vision.mat_taking import MatDoubt, empty_mat, frames_of
from tests.benchmarks import mats


def empty(surface: mats.Surface = "printed", count: int = 4) -> list[desk.Picture]:
    image = mats.lay("empty", surface, 2)[0]
    chance = np.random.default_rng(5)
    noisy = [image + chance.normal(0, 2, image.shape) for _ in range(count)]
    return [np.clip(frame, 0, 255).astype(np.uint8) for frame in noisy]


def refused(frames: list[desk.Picture]) -> str:
    with pytest.raises(DeviceFault) as refusal:
        empty_mat(frames)
    return refusal.value.code


def test_the_mean_of_the_frames_is_taken() -> None:
    frames = empty()
    picture = empty_mat(frames)
    assert picture.dtype == np.uint8
    assert np.abs(picture.astype(float) - np.mean(frames, axis=0)).max() <= 0.5


def test_a_page_on_the_mat_is_refused_unless_it_is_known_to_be_print() -> None:
    frames = [mats.lay("sheet", "plain", 1)[0]]
    assert refused(frames) == "mat.not_empty"
    assert empty_mat(frames, printed=True).shape == frames[0].shape


def test_a_hand_that_moves_over_the_mat_is_refused() -> None:
    frames = empty()
    cv2.ellipse(frames[2], (1500, 520), (300, 160), 10, 0, 360, (120, 150, 205), -1)
    assert refused(frames) == "mat.not_empty"


@pytest.mark.parametrize("factor", [0.05, 6.0])
def test_a_mat_in_the_dark_or_in_glaring_light_is_refused(factor: float) -> None:
    frames = [np.clip(frame * factor, 0, 255).astype(np.uint8) for frame in empty()]
    assert refused(frames) == "mat.light"


def test_print_out_of_focus_is_refused_and_a_mat_with_nothing_on_it_needs_no_focus() -> None:
    blurred = [cv2.GaussianBlur(frame, (0, 0), 10) for frame in empty()]
    assert refused(blurred) == "mat.blurred"
    plain = [cv2.GaussianBlur(frame, (0, 0), 10) for frame in empty("plain")]
    assert empty_mat(plain).shape == plain[0].shape


def test_frames_of_two_sizes_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="one size"):
        empty_mat([np.zeros((4, 6, 3), np.uint8), np.zeros((6, 4, 3), np.uint8)])


def test_frames_come_one_after_the_other_and_a_dead_camera_is_gone() -> None:
    with CameraHttp(frames_a_second=40.0) as testbed:
        camera = Camera(testbed.address)
        camera.start()
        try:
            begun = time.monotonic()
            assert len(frames_of(camera, 3, 10.0, settling=0.2)) == 3
            assert time.monotonic() - begun >= 0.2
            testbed.gone()
            with pytest.raises(DeviceFault) as gone:
                frames_of(camera, 400, 0.3)
            assert gone.value.code == "camera.gone"
        finally:
            camera.stop()


def doubted(mat: Mat, *images: desk.Picture, found: bool = False) -> list[bool | None]:
    """What is said of each picture, one a second."""
    doubt = MatDoubt()
    return [doubt.fits(mat, image, float(n), found) for n, image in enumerate(images)]


@pytest.mark.parametrize("surface", ["plain", "printed"])
def test_the_empty_mat_fits_in_any_light(surface: mats.Surface) -> None:
    for seed in range(4):
        image = mats.lay("empty", surface, seed)[0]
        assert doubted(mats.learned(surface), image, image) == [None, True]


def test_a_page_or_a_hand_is_no_reason_to_doubt() -> None:
    page = mats.lay("sheet", "plain", 1)[0]
    assert True not in doubted(mats.learned("plain"), *[page] * 12, found=True)
    assert False not in doubted(mats.learned("plain"), *[page] * 12, found=True)
    hand = mats.lay("empty", "plain", 2)[0].copy()
    cv2.ellipse(hand, (1500, 520), (300, 160), 10, 0, 360, (120, 150, 205), -1)
    assert False not in doubted(mats.learned("plain"), *[hand] * 12)


def test_another_desk_is_told_after_some_seconds_of_rest() -> None:
    other = desk.lay(None, "wood", 3).image
    said = doubted(mats.learned("printed"), *[other] * 9)
    assert said[:6] == [None] * 6
    assert said[-1] is False


def test_a_mat_seen_from_another_place_is_told() -> None:
    mat = mats.learned("plain")
    image = mats.lay("empty", "plain", 2)[0]
    moved = desk.lay(None, "wood", 2).image.copy()
    moved[:, :1300] = image[:, -1300:]  # a third of it shows the table beside the mat
    assert doubted(mat, *[moved] * 9)[-1] is False


def test_what_moves_begins_the_doubt_anew_and_another_size_ends_it() -> None:
    mat = mats.learned("printed")
    one, other = desk.lay(None, "wood", 3).image, mats.lay("register", "printed", 1)[0]
    assert False not in doubted(mat, *[one, one, other] * 5)
    assert doubted(mat, np.ascontiguousarray(one[:, :1200])) == [False]
