"""Reading QR codes and bar codes from pictures.

zxing-cpp first; only where it finds nothing and effort is "best", prepared pictures, then zbar for
the bar codes with a check digit. zbar never goes first: a wrong answer would hide a right one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import cv2
import numpy as np
import zxingcpp
from pyzbar import pyzbar

from devices.vision.quads import Image, Points

Effort = Literal["live", "best"]

_F = zxingcpp.BarcodeFormat
_LIVE_FORMATS = (_F.QRCode, _F.Code128)
_ZBAR_KINDS = [pyzbar.ZBarSymbol.EAN13, pyzbar.ZBarSymbol.EAN8, pyzbar.ZBarSymbol.UPCA]
_SMALL = 1400  # pixels; below this a code may need enlarging
_LARGE = 2600  # pixels; above this zbar takes seconds


@dataclass(frozen=True, eq=False)
class Code:
    """One code: `text`, the bytes it holds, its `format` ("QRCode", "Code128", "EAN13", …) and
    `corners` 4×2 float in pixels, clockwise from the code's own top-left."""

    text: str
    raw: bytes
    format: str
    corners: Points


def read_codes(image: Image, effort: Effort = "live") -> list[Code]:
    """Codes in a picture (H×W×3 BGR or H×W grey, uint8), each text once; [] where there is none.

    "live": QR and Code 128 in one quick try, for every frame of a camera. "best": every format,
    then enlarged, sharpened, evened out, then EAN by zbar; for a picture taken once.
    """
    grey = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    if effort == "live":
        return _distinct(_zxing(grey, _LIVE_FORMATS, 1.0))
    for prepared, scale in _prepared(grey):
        codes = _distinct(_zxing(prepared, (_F.AllReadable,), scale))
        if codes:
            return codes
    return _distinct(_zbar(grey))


def decode_text(raw: bytes) -> str | None:
    """Bytes of a code as text: UTF-8, else GB18030 (older Chinese codes name no character set)."""
    for coding in ("utf-8", "gb18030"):
        try:
            return raw.decode(coding)
        except UnicodeDecodeError:
            continue
    return None


def _prepared(grey: Image) -> Iterator[tuple[Image, float]]:
    """The picture as it is, then what turns some misses into hits; with its scale."""
    yield grey, 1.0
    soft = cv2.GaussianBlur(grey, (0, 0), 2)
    yield cv2.addWeighted(grey, 2.2, soft, -1.2, 0), 1.0
    if max(grey.shape) < _SMALL:
        yield cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), 2.0
    else:
        yield cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), 0.5
    yield cv2.createCLAHE(3.0, (8, 8)).apply(grey), 1.0


def _zxing(grey: Image, formats: Any, scale: float) -> Iterator[Code]:
    for found in zxingcpp.read_barcodes(np.ascontiguousarray(grey), formats=formats):
        spot = found.position
        places = (spot.top_left, spot.top_right, spot.bottom_right, spot.bottom_left)
        corners = np.array([(place.x, place.y) for place in places], np.float64) / scale
        raw = bytes(found.bytes)
        # A bar code's text may differ from its bytes by check digits; only matrix codes hold text
        # in a character set they may not name.
        matrix = found.format in (_F.QRCode, _F.DataMatrix, _F.Aztec, _F.PDF417)
        text = decode_text(raw) if matrix else None
        name = str(found.format).replace(" ", "").replace("-", "")
        yield Code(found.text if text is None else text, raw, name, corners)


def _zbar(grey: Image) -> Iterator[Code]:
    scale = min(1.0, _LARGE / max(grey.shape))
    if scale < 1:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    for found in pyzbar.decode(grey, symbols=_ZBAR_KINDS):
        left, top, wide, high = found.rect
        right, bottom = left + wide, top + high
        box = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float64)
        yield Code(found.data.decode("ascii"), found.data, found.type, box / scale)


def _distinct(codes: Iterator[Code]) -> list[Code]:
    seen: dict[tuple[str, bytes], Code] = {}
    for code in codes:
        seen.setdefault((code.format, code.raw), code)
    return list(seen.values())
