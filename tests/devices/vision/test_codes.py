"""Codes drawn by other libraries, read back; old Chinese codes without a named character set."""

import io
from collections.abc import Callable
from typing import Literal

import cv2
import numpy as np
import pytest
import segno
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from devices.testbed import desk, papers
from devices.testbed.desk import Picture
from devices.vision.codes import read_codes


def qr(payload: bytes, scale: int = 4) -> Picture:
    file = io.BytesIO()
    segno.make_qr(payload).save(file, kind="png", scale=scale, border=4)
    return np.asarray(Image.open(file).convert("L"))


def on_desk(code: Picture) -> Picture:
    """A code on a sheet under the camera, with perspective, light and noise."""
    sheet = Image.new("RGB", (1240, 1754), "white")
    sheet.paste(Image.fromarray(code).resize((620, 620), Image.Resampling.NEAREST), (310, 500))
    return desk.lay(sheet, "wood", 4).image


@settings(max_examples=30, deadline=None)
@given(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), max_size=60)
)
def test_reads_any_utf8_text_with_a_hanzi(text: str) -> None:
    text = "门" + text
    (code,) = read_codes(qr(text.encode()))
    assert (code.text, code.raw) == (text, text.encode())


@pytest.mark.parametrize("text", ["长春市", "社会保险参保证明", "张伟，二二〇一〇四"])
def test_reads_gbk_without_a_named_character_set(text: str) -> None:
    (code,) = read_codes(qr(text.encode("gbk")))
    assert code.text == text


@pytest.mark.parametrize("effort", ["live", "best"])
def test_reads_a_receipt_under_the_camera(effort: str) -> None:
    wanted = "YIMEN1:YM01-261123-0007-K3:kiosk-01:" + "A" * 86
    image = on_desk(qr(wanted.encode()))
    codes = read_codes(image, "live" if effort == "live" else "best")
    assert [code.text for code in codes] == [wanted]
    assert [code.format for code in codes] == ["QRCode"]


def test_corners_lie_around_the_code() -> None:
    image = np.full((600, 800), 255, np.uint8)
    code = qr(b"YIMEN", 6)
    side = code.shape[0]
    image[100 : 100 + side, 300 : 300 + side] = code
    (found,) = read_codes(image)
    edge = 4 * 6  # the quiet zone
    wanted = [(300 + edge, 100 + edge), (300 + side - edge, 100 + edge)]
    wanted += [(300 + side - edge, 100 + side - edge), (300 + edge, 100 + side - edge)]
    assert np.abs(found.corners - np.array(wanted)).max() <= 3


def test_a_desk_without_a_code_gives_none() -> None:
    image = desk.lay(papers.paper("household_register")).image
    assert read_codes(image) == []
    assert read_codes(image, "best") == []


def test_best_effort_reads_an_article_number() -> None:
    drawn = zxingcpp.create_barcode("6901234567892", zxingcpp.BarcodeFormat.EAN13)
    bars = np.asarray(drawn.to_image(scale=3))
    image = cv2.copyMakeBorder(bars, 60, 60, 60, 60, cv2.BORDER_CONSTANT, value=255)
    (code,) = read_codes(image, "best")
    assert (code.text, code.format) == ("6901234567892", "EAN13")


def test_the_same_code_twice_in_a_picture_counts_once() -> None:
    one = qr(b"YM")
    assert len(read_codes(np.hstack([one, one]))) == 1


@pytest.mark.parametrize(
    ("text", "name"), [("长春市é", "utf-8"), ("ﾃｽﾄ", "shift_jis"), ("é", "iso-8859-1")]
)
def test_a_code_that_names_its_character_set_is_believed(text: str, name: str) -> None:
    drawn = segno.make_qr(text, encoding=name, eci=True)
    file = io.BytesIO()
    drawn.save(file, kind="png", scale=4, border=4)
    (code,) = read_codes(np.asarray(Image.open(file).convert("L")))
    assert code.text == text


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda code: 255 - code,
        lambda code: cv2.rotate(code, cv2.ROTATE_90_CLOCKWISE),
        lambda code: cv2.resize(code, None, fx=0.3, fy=0.3, interpolation=cv2.INTER_AREA),
        lambda code: cv2.GaussianBlur(code, (0, 0), 3.2),
        lambda code: (code * 0.08 + 100).astype(np.uint8),
    ],
    ids=["inverted", "turned", "tiny", "blurred", "pale"],
)
def test_best_effort_reads_a_code_that_is_hard_to_see(spoilt: Callable[[Picture], Picture]) -> None:
    image = spoilt(qr("一门 YIMEN".encode(), 5))
    assert [code.text for code in read_codes(image, "best")] == ["一门 YIMEN"]


def test_best_effort_reads_all_codes_of_a_sheet() -> None:
    texts = {f"YM-{number}" for number in range(6)}
    codes = [qr(text.encode(), 5) for text in sorted(texts)]
    sheet = np.hstack([np.vstack(codes[:3]), np.vstack(codes[3:])])
    assert {code.text for code in read_codes(sheet, "best")} == texts


@settings(max_examples=20, deadline=None)
@given(
    arrays(np.uint8, st.tuples(st.integers(0, 40), st.integers(0, 40))),
    st.sampled_from(["live", "best"]),
)
def test_any_small_picture_is_answered(image: Picture, effort: Literal["live", "best"]) -> None:
    assert all(code.corners.shape == (4, 2) for code in read_codes(image, effort))
