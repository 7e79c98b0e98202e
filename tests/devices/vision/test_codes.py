"""Codes drawn by other libraries, read back; old Chinese codes without a named character set."""

import io

import cv2
import numpy as np
import pytest
import segno
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from devices.testbed import desk, papers
from devices.testbed.desk import Picture
from devices.vision.codes import decode_text, read_codes


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
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=60)
)
def test_reads_any_utf8_text(text: str) -> None:
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


@given(st.binary(max_size=40))
def test_decode_text_gives_what_the_bytes_say_or_nothing(raw: bytes) -> None:
    text = decode_text(raw)
    assert text is None or raw in (text.encode(), text.encode("gb18030", "surrogatepass"))
