"""The empty mat in the data folder: taken, read when it changed, set aside and taken back."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from devices.errors import DeviceFault
from devices.testbed import desk, papers
from devices.testbed.desk import Picture
from devices.vision.camera import Frame
from kiosk.desk_mat import DeskMat, MatState

MAT, WOOD = desk.lay(None, "mat", 3).image, desk.lay(None, "wood", 3).image
PAPER = desk.lay(papers.paper("rental_contract"), "mat", 3).image


def watched(mat: DeskMat, image: Picture, seconds: int, start: int, found: bool = False) -> None:
    for second in range(start, start + seconds):
        mat.saw(Frame(image, second, float(second)), found)


def test_a_taken_mat_is_kept_and_read_again_after_a_new_start(tmp_path: Path) -> None:
    mat = DeskMat(tmp_path)
    assert (mat.current(), mat.state) == (None, MatState.NONE)
    mat.take([MAT])
    assert mat.state is MatState.FITS
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o644
    again = DeskMat(tmp_path).current()
    first = mat.current()
    assert first is not None and again is not None
    assert np.array_equal(first.mean, again.mean)


def test_what_another_process_takes_is_used_at_once(tmp_path: Path) -> None:
    mine = DeskMat(tmp_path)
    mine.take([MAT])
    before = mine.current()
    assert mine.current() is before  # not read again
    DeskMat(tmp_path).take([WOOD])
    after = mine.current()
    assert before is not None and after is not None
    assert np.abs(after.mean - before.mean).mean() > 20


def test_a_mat_that_is_not_empty_leaves_the_old_one(tmp_path: Path) -> None:
    mat = DeskMat(tmp_path)
    mat.take([MAT])
    before = mat.current()
    with pytest.raises(DeviceFault) as refusal:
        mat.take([PAPER])
    assert refusal.value.code == "mat.not_empty"
    assert mat.current() is before


def test_a_mat_that_no_longer_fits_is_set_aside_until_it_fits_again(tmp_path: Path) -> None:
    mat = DeskMat(tmp_path)
    mat.take([MAT])
    watched(mat, WOOD, 10, 0)
    assert (mat.current(), mat.state) == (None, MatState.ASIDE)
    assert DeskMat(tmp_path).state is MatState.ASIDE  # the next visit knows
    watched(mat, WOOD, 10, 10)
    assert mat.state is MatState.ASIDE
    watched(mat, MAT, 2, 20)
    assert mat.current() is not None
    assert DeskMat(tmp_path).state is MatState.FITS


def test_taking_it_anew_ends_being_set_aside(tmp_path: Path) -> None:
    mat = DeskMat(tmp_path)
    mat.take([MAT])
    watched(mat, WOOD, 10, 0)
    mat.take([WOOD])
    assert mat.state is MatState.FITS
    watched(mat, WOOD, 10, 10)
    assert mat.state is MatState.FITS
    assert len(list(tmp_path.iterdir())) == 1


def test_a_page_that_lies_there_for_long_sets_nothing_aside(tmp_path: Path) -> None:
    mat = DeskMat(tmp_path)
    mat.take([MAT])
    watched(mat, PAPER, 20, 0, found=True)
    assert mat.state is MatState.FITS


@pytest.mark.parametrize("data", [b"", b"no picture", cv2.imencode(".png", MAT)[1].tobytes()[:500]])
def test_a_file_that_is_no_picture_is_no_mat(tmp_path: Path, data: bytes) -> None:
    mat = DeskMat(tmp_path)
    mat.take([MAT])
    (file,) = tmp_path.iterdir()
    file.write_bytes(data)
    assert (mat.current(), mat.state) == (None, MatState.NONE)
    watched(mat, WOOD, 10, 0)
    mat.take([MAT])
    assert mat.state is MatState.FITS
