"""Reading QR codes and bar codes from pictures.

zxing-cpp first. Only where effort is "best": what zbar and OpenCV read beside it, then prepared
pictures. They never go first and only add what cannot be wrong: codes with error correction or a
check digit.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import cv2
import numpy as np
import zxingcpp
from pyzbar import pyzbar

from devices.vision.code_pictures import prepared, quick_prepared
from devices.vision.code_places import straightened
from devices.vision.code_text import decode_text
from devices.vision.quads import Image, Points

Effort = Literal["live", "best"]

_F = zxingcpp.BarcodeFormat
_LIVE_FORMATS = (_F.QRCode, _F.Code128)
_LIVE_SMALL = 640  # pixels; a frame not larger is looked at once, with everything
_MATRIX_FORMATS = (_F.QRCode, _F.DataMatrix, _F.Aztec, _F.PDF417)
# On pictures that were worked on, only bar codes that prove themselves by a check character.
_CHECKED_FORMATS = (*_MATRIX_FORMATS, _F.Code128, _F.Code93, _F.EANUPC, _F.DataBar)
_ZBAR_KINDS = [
    pyzbar.ZBarSymbol.QRCODE,
    pyzbar.ZBarSymbol.EAN13,
    pyzbar.ZBarSymbol.EAN8,
    pyzbar.ZBarSymbol.UPCA,
]
_ZBAR_NAMES = {"QRCODE": "QRCode"}
_LARGE = 2600  # pixels; above this zbar takes seconds
_OPENCV_LARGE = 1600  # pixels; above this OpenCV's finder takes seconds
_MARGIN = 0.35  # of a code's size, around it when it is read a second time


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

    "live": QR and Code 128 in one quick try, for every frame of a camera. "best": every format and
    all that helps, some seconds for a picture without a code; for a picture taken once.
    """
    if image.size == 0:
        return []
    grey = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    grey = np.ascontiguousarray(grey)
    if effort == "live":
        return _live(grey)
    plain = _distinct(_zxing(grey, (_F.AllReadable,), 1.0))
    found = _distinct(iter([*plain, *_zbar(grey)]))
    if found:
        # Where one code is, there may be more that are smaller or paler.
        more = (_zxing(picture, _MATRIX_FORMATS, scale) for picture, scale in quick_prepared(grey))
        return _distinct(iter([*found, *(code for codes in more for code in codes)]))
    for picture, scale, binarizer in prepared(grey):
        codes = _distinct(_zxing(picture, _CHECKED_FORMATS, scale, binarizer))
        if codes:
            return codes
    return _distinct(_opencv(grey)) or _distinct(_straightened(_not_huge(grey)))


def _not_huge(grey: Image) -> tuple[Image, float]:
    scale = min(1.0, _OPENCV_LARGE / max(grey.shape))
    if scale == 1:
        return grey, scale
    return cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), scale


def _straightened(at: tuple[Image, float]) -> Iterator[Code]:
    """Codes at places where one was seen and not read, the first of each place."""
    grey, scale = at
    read: set[int] = set()
    for number, (picture, _, binarizer), back in straightened(grey):
        if number in read:
            continue
        for code in _zxing(picture, (_F.QRCode,), 1.0, binarizer):
            read.add(number)
            corners = cv2.perspectiveTransform(code.corners[None], back)[0]
            yield replace(code, corners=np.asarray(corners, np.float64) / scale)


def _live(grey: Image) -> list[Code]:
    """As much as 10 ms allow in a 1080p frame: what is light on dark, turned or blurred is looked
    for at half the size."""
    if min(grey.shape) <= _LIVE_SMALL:
        return _distinct(_zxing(grey, _LIVE_FORMATS, 1.0))
    plainly: dict[str, Any] = {"try_downscale": False, "try_invert": False}
    found = _distinct(_zxing(grey, (_F.QRCode,), 1.0, **plainly))
    if not found:
        half = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        found = _distinct(_zxing(half, (_F.QRCode,), 0.5))
    if not found:
        found = _distinct(_zxing(grey, (_F.Code128,), 1.0, try_rotate=False, **plainly))
    if not found:
        found = _distinct(_zxing(half, (_F.Code128,), 0.5, **plainly))
    return found


def _zxing(
    grey: Image, formats: Any, scale: float, binarizer: str = "LocalAverage", **options: Any
) -> Iterator[Code]:
    how = getattr(zxingcpp.Binarizer, binarizer)
    for found in zxingcpp.read_barcodes(grey, formats=formats, binarizer=how, **options):
        spot = found.position
        places = (spot.top_left, spot.top_right, spot.bottom_right, spot.bottom_left)
        corners = np.array([(place.x, place.y) for place in places], np.float64)
        raw = bytes(found.bytes)
        text: str = found.text
        # A bar code's text may differ from its bytes by check digits; only matrix codes hold text
        # in a character set they may not name.
        if found.format in _MATRIX_FORMATS and not _names_its_set(grey, found, corners, how):
            guessed = decode_text(raw)
            text = text if guessed is None else guessed
        name = str(found.format).replace(" ", "").replace("-", "")
        yield Code(text, raw, name, corners / scale)


def _names_its_set(grey: Image, found: Any, corners: Points, how: Any) -> bool:
    """Whether the code holds an ECI (ISO/IEC 15424 modifier); zxing-cpp then decoded it rightly.

    Only the hexadecimal form tells, so the code is read again, from the picture around it.
    """
    if bytes(found.bytes).isascii():
        return False
    low, high = corners.min(axis=0), corners.max(axis=0)
    margin = _MARGIN * float((high - low).max()) + 8
    left, top = np.maximum(low - margin, 0).astype(int)
    right, bottom = (high + margin).astype(int) + 1
    around = np.ascontiguousarray(grey[top:bottom, left:right])
    for picture in (around, grey):
        for again in zxingcpp.read_barcodes(
            picture,
            formats=found.format,
            binarizer=how,
            text_mode=zxingcpp.TextMode.HexECI,
        ):
            if again.bytes == found.bytes:
                identifier = bytes.fromhex(again.text)[:3].decode("ascii", "replace")
                return bool(identifier != again.symbology_identifier)
    return False


def _zbar(grey: Image) -> Iterator[Code]:
    scale = min(1.0, _LARGE / max(grey.shape))
    if scale < 1:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    for found in pyzbar.decode(grey, symbols=_ZBAR_KINDS):
        # zbar rewrites what is not ASCII by a guess of its own; that would be a wrong answer.
        if not found.data or not found.data.isascii():
            continue
        left, top, wide, high = found.rect
        right, bottom = left + wide, top + high
        box = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float64)
        kind = _ZBAR_NAMES.get(found.type, found.type)
        yield Code(found.data.decode("ascii"), found.data, kind, box / scale)


def _opencv(grey: Image) -> Iterator[Code]:
    """One QR code by OpenCV, which finds some that the others miss."""
    grey, scale = _not_huge(grey)
    try:
        text, corners, _ = cv2.QRCodeDetector().detectAndDecode(grey)
    except (cv2.error, UnicodeDecodeError):  # its binding trips over bytes that are not UTF-8
        return
    if text and text.isascii() and corners is not None:
        raw = text.encode("ascii")
        yield Code(text, raw, "QRCode", np.asarray(corners, np.float64).reshape(-1, 2)[:4] / scale)


def _distinct(codes: Iterator[Code]) -> list[Code]:
    seen: dict[tuple[str, bytes], Code] = {}
    for code in codes:
        seen.setdefault((code.format, code.raw), code)
    return list(seen.values())
