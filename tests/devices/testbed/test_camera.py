"""The testbed's camera as a stream of bytes, read without any video library."""

import http.client
from collections.abc import Iterator
from urllib.parse import urlsplit

import cv2
import numpy as np
import pytest

from devices.testbed.camera import CameraHttp


@pytest.fixture
def camera() -> Iterator[CameraHttp]:
    with CameraHttp(frames_a_second=60) as one:
        yield one


def opened(camera: CameraHttp) -> http.client.HTTPResponse:
    parts = urlsplit(camera.address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=3)
    connection.request("GET", parts.path)
    return connection.getresponse()


def next_frame(stream: http.client.HTTPResponse) -> bytes:
    length = 0
    while line := stream.readline().strip():
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    data = stream.read(length)
    stream.readline()
    return data


def test_streams_full_hd_jpeg_frames(camera: CameraHttp) -> None:
    with opened(camera) as stream:
        assert stream.headers.get_content_type() == "multipart/x-mixed-replace"
        frames = [next_frame(stream) for _ in range(3)]
    for frame in frames:
        image = cv2.imdecode(np.frombuffer(frame, np.uint8), cv2.IMREAD_COLOR)
        assert image is not None
        assert image.shape == (1080, 1920, 3)
    assert frames[0] != frames[1]


def test_the_picture_changes_when_a_paper_is_laid_and_taken(camera: CameraHttp) -> None:
    empty = camera.picture()
    camera.lay("photo_card")
    laid = camera.picture()
    camera.take()
    assert laid != empty
    assert camera.picture() == empty
    assert camera.state()["paper"] is None


def test_an_unknown_paper_leaves_the_desk_as_it_was(camera: CameraHttp) -> None:
    with pytest.raises(KeyError):
        camera.lay("passport")
    assert camera.state()["paper"] is None


def test_a_garbled_frame_is_no_jpeg_and_a_mended_one_is(camera: CameraHttp) -> None:
    camera.garble()
    broken = np.frombuffer(camera.picture(), np.uint8)
    assert cv2.imdecode(broken, cv2.IMREAD_COLOR) is None
    camera.garble(False)
    whole = np.frombuffer(camera.picture(), np.uint8)
    assert cv2.imdecode(whole, cv2.IMREAD_COLOR) is not None


def test_gone_ends_the_stream_and_refuses_new_ones_until_it_is_back(camera: CameraHttp) -> None:
    with opened(camera) as stream:
        next_frame(stream)
        camera.gone()
        assert ends(stream)
    with pytest.raises(ConnectionRefusedError):
        opened(camera)
    camera.gone(False)
    with opened(camera) as stream:
        assert next_frame(stream)


def ends(stream: http.client.HTTPResponse) -> bool:
    """Read what is still under way; True when the stream then ends or breaks."""
    try:
        while stream.read(65536):
            continue
    except (ConnectionResetError, http.client.HTTPException):
        pass
    return True


def test_another_path_is_not_found(camera: CameraHttp) -> None:
    parts = urlsplit(camera.address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=3)
    connection.request("GET", "/")
    assert connection.getresponse().status == 404
