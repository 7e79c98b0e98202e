"""The camera is watched off the UI thread, and let go of when the screen is left."""

from collections.abc import Iterator

import pytest

from devices.testbed.camera import CameraHttp
from devices.vision.camera import Camera
from kiosk.scanning import Captured, Scanning, kept
from kiosk.workers import Workers
from tests.kiosk.rig import wait_until


@pytest.fixture(scope="module")
def camera() -> Iterator[CameraHttp]:
    with CameraHttp() as camera:
        yield camera


class Desk:
    def __init__(self, camera: CameraHttp) -> None:
        self.workers = Workers()
        self.captured: list[Captured] = []
        self.failed: list[str] = []
        self.scanning = Scanning(
            Camera(camera.address), self.workers, self.captured.append, self.failed.append)

    def see(self) -> None:
        wait_until(lambda: self.scanning.seen is not None, "picture")

    def close(self) -> None:
        self.scanning.close()
        wait_until(lambda: not self.scanning._thread.is_alive(), "thread ended")
        self.workers.stop()


@pytest.fixture
def desk(camera: CameraHttp) -> Iterator[Desk]:
    camera.lay("rental_contract")
    desk = Desk(camera)
    yield desk
    desk.close()


def test_page_is_seen_flattened_and_kept_as_jpeg(desk: Desk) -> None:
    desk.see()
    desk.scanning.capture()
    desk.scanning.capture()
    wait_until(lambda: bool(desk.workers.deliver()), "captured")
    (captured,) = desk.captured
    page = kept(captured.image)
    assert page.jpeg[:2] == b"\xff\xd8"
    assert (page.height, page.width) == captured.image.shape[:2]
    assert page.height > page.width
    assert "jpeg" not in repr(page)


def test_empty_desk_is_page_absent_and_watching_goes_on(camera: CameraHttp) -> None:
    camera.take()
    desk = Desk(camera)
    desk.see()
    desk.scanning.capture()
    wait_until(lambda: bool(desk.workers.deliver()), "failed")
    assert desk.failed == ["page.absent"]
    desk.see()
    desk.close()


def test_result_after_closing_is_dropped_and_the_picture_forgotten(desk: Desk) -> None:
    desk.see()
    desk.scanning.capture()
    desk.scanning.close()
    wait_until(lambda: bool(desk.workers.deliver()), "came")
    assert desk.captured == []
    assert desk.scanning.seen is None
    assert not desk.scanning.camera_gone
