"""The camera driver against the testbed's stream, with every fault of the wire."""

import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from devices.testbed.camera import CameraHttp
from devices.vision.camera import Camera
from devices.vision.pages import find_page


@pytest.fixture
def stand() -> Iterator[CameraHttp]:
    with CameraHttp() as camera:
        yield camera


@pytest.fixture
def camera(stand: CameraHttp) -> Iterator[Camera]:
    driver = Camera(stand.address)
    driver.start()
    yield driver
    driver.stop()


def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.005)


def sees_page(camera: Camera) -> bool:
    frame = camera.latest()
    return frame is not None and find_page(frame.image) is not None


def test_gives_full_hd_frames_that_count_up(camera: Camera) -> None:
    until(lambda: camera.alive)
    first = camera.latest()
    assert first is not None
    assert first.image.shape == (1080, 1920, 3)
    assert first.image.dtype == np.uint8
    until(lambda: (now := camera.latest()) is not None and now.number > first.number)


def test_shows_a_paper_soon_after_it_was_laid_down_and_not_after_it_was_taken(
    stand: CameraHttp, camera: Camera
) -> None:
    until(lambda: camera.alive)
    assert not sees_page(camera)
    stand.lay("rental_contract")
    until(lambda: sees_page(camera), 2.0)
    stand.take()
    until(lambda: not sees_page(camera), 2.0)


@pytest.mark.parametrize("fault", [CameraHttp.stall, CameraHttp.garble, CameraHttp.gone])
def test_is_not_alive_while_the_wire_fails_and_comes_back_by_itself(
    stand: CameraHttp, camera: Camera, fault: Callable[[CameraHttp, bool], None]
) -> None:
    until(lambda: camera.alive)
    fault(stand, True)
    until(lambda: not camera.alive, 4.0)
    assert camera.latest() is None
    fault(stand, False)
    until(lambda: camera.alive, 6.0)


def test_a_camera_that_is_not_there_gives_nothing_and_stops_at_once(stand: CameraHttp) -> None:
    stand.gone()
    driver = Camera(stand.address)
    driver.start()
    assert driver.latest() is None
    started = time.monotonic()
    driver.stop()
    assert time.monotonic() - started < 1.5


def test_forgets_the_last_picture_when_stopped_and_starts_again(camera: Camera) -> None:
    until(lambda: camera.alive)
    camera.stop()
    assert camera.latest() is None
    camera.start()
    until(lambda: camera.alive)


def test_a_device_that_is_not_there_is_not_alive() -> None:
    driver = Camera("/dev/video97")
    driver.start()
    assert not driver.alive
    driver.stop()
