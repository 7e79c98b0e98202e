"""Whole pictures, and nothing else, out of streams of any kind."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from devices.vision.mjpeg import MjpegParts, is_whole

PICTURE = b"\xff\xd8\xff\xe0" + bytes(range(200)) + b"\xff\xd9"
HALF = PICTURE[:90]


def part(body: bytes, length: int | None = None, mark: bytes = b"--frame") -> bytes:
    head = b"" if length is None else f"Content-Length: {length}\r\n".encode()
    return mark + b"\r\nContent-Type: image/jpeg\r\n" + head + b"\r\n" + body + b"\r\n"


def pictures(stream: bytes, boundary: str = "frame", step: int = 7) -> list[bytes]:
    parts = MjpegParts(boundary)
    pieces = (stream[at : at + step] for at in range(0, len(stream), step))
    return [picture for piece in pieces for picture in parts.feed(piece)]


def test_a_picture_with_its_length_comes_without_waiting_for_the_next_one() -> None:
    assert pictures(part(PICTURE, len(PICTURE))) == [PICTURE]


def test_a_picture_without_a_length_comes_when_the_next_one_begins() -> None:
    assert pictures(part(PICTURE)) == []
    assert pictures(part(PICTURE) + part(HALF)) == [PICTURE]


def test_the_boundary_may_be_told_with_its_dashes() -> None:
    assert pictures(part(PICTURE, len(PICTURE)), boundary="--frame") == [PICTURE]


def test_half_a_picture_is_left_out_whatever_length_it_says_and_the_next_one_comes() -> None:
    whole = part(PICTURE, len(PICTURE))
    for length in (None, len(HALF), len(PICTURE), 3, 99_999_999):
        assert pictures(part(HALF, length) + whole) == [PICTURE], length


def test_fill_bytes_after_the_end_do_not_matter() -> None:
    assert is_whole(PICTURE + b"\0\0")
    assert not is_whole(HALF)
    assert not is_whole(b"")


@given(st.lists(st.binary(max_size=60) | st.just(part(PICTURE, len(PICTURE)))), st.integers(1, 40))
def test_any_stream_gives_only_whole_pictures_and_a_good_part_after_it_comes_through(
    noise: list[bytes], step: int
) -> None:
    stream = b"".join(noise) + part(HALF, len(HALF)) + part(PICTURE, len(PICTURE))
    found = pictures(stream, step=step)
    assert all(is_whole(picture) for picture in found)
    assert found[-1] == PICTURE
