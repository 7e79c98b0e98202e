"""One engine for all tests of this folder: starting one takes seconds."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from devices.ocr.text_reader import TextReader
from devices.printers.glyphs import font_path


@pytest.fixture(scope="session")
def reader() -> Iterator[TextReader]:
    text_reader = TextReader(idle=300)
    yield text_reader
    text_reader.close()


def picture_of(*texts: str) -> NDArray[np.uint8]:
    """These lines, black on white, as a BGR picture of 200 × 640 pixels or more."""
    sheet = Image.new("RGB", (640, 200 + 70 * len(texts)), (255, 255, 255))
    pen = ImageDraw.Draw(sheet)
    font = ImageFont.truetype(font_path("Regular"), 36, index=2)
    for row, text in enumerate(texts):
        pen.text((60, 100 + 70 * row), text, font=font, fill=(20, 20, 20), anchor="lm")
    return np.ascontiguousarray(np.asarray(sheet)[..., ::-1])
