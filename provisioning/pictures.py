"""What the kiosk's eyes make of pictures in files."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from devices.errors import DeviceFault
from devices.vision.camera import Camera
from devices.vision.codes import read_codes
from devices.vision.mat_taking import frames_of
from devices.vision.pages import assess_page, find_page, flatten_page
from devices.vision.quads import Image, Points
from kiosk.contract.faults import FAULTS
from kiosk.desk_mat import FRAMES, DeskMat

EXIT_UNREADABLE = 1
_MOST_BYTES = 100_000_000
_CAMERA_SECONDS, _SETTLING_SECONDS = 12.0, 1.5


class UnreadableFile(Exception):
    """A file that is no picture; str() names what to do."""


def load(path: Path) -> Image:
    """A picture as H×W×3 BGR uint8. Raises UnreadableFile."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UnreadableFile("larger than 100 MB; give the camera's picture, not a scan batch")
        data = path.read_bytes()
    except IsADirectoryError:
        raise UnreadableFile("is a folder; name the pictures in it, as in FOLDER/*.jpg") from None
    except FileNotFoundError:
        raise UnreadableFile("does not exist; check its name") from None
    except OSError as error:
        raise UnreadableFile(f"cannot be opened ({error.strerror}); check its rights") from None
    if not data:
        raise UnreadableFile("is empty; save the picture again")
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:  # sizes that OpenCV refuses
        image = None
    if image is None:
        raise UnreadableFile("is no picture that OpenCV reads; convert it to JPEG or PNG")
    return image


def take_mat(data: Path, address: str, files: list[Path], printed: bool) -> str:
    """Learn a kiosk's mat from its camera or from pictures; "" or what is in the way."""
    try:
        pictures = [load(path) for path in files] if files else _seen_by(address)
        DeskMat(data).take(pictures, printed)
    except UnreadableFile as error:
        return f"a picture {error}"
    except DeviceFault as fault:
        known = FAULTS[fault.code]
        return f"{fault.code}: {known.resident} {known.way_on} {known.staff} ({fault})"
    except ValueError as error:
        return f"{error}; give pictures of one camera"
    except OSError as error:
        return f"{data}: cannot be written ({error.strerror}); check its rights"
    return ""


def _seen_by(address: str) -> list[Image]:
    camera = Camera(address)
    camera.start()
    try:
        return frames_of(camera, FRAMES, _CAMERA_SECONDS, _SETTLING_SECONDS)
    finally:
        camera.stop()


def codes_in(image: Image) -> dict[str, Any]:
    return {
        "codes": [
            {
                "text": code.text,
                "raw": code.raw.hex(),
                "format": code.format,
                "corners": _rounded(code.corners),
            }
            for code in read_codes(image, "best")
        ]
    }


def page_in(image: Image) -> dict[str, Any]:
    quad = find_page(image)
    if quad is None:
        return {"corners": None, "fault": "page.absent", "sharpness": None}
    verdict = assess_page(flatten_page(image, quad))
    return {
        "corners": _rounded(quad.corners),
        "fault": verdict.code,
        "sharpness": round(verdict.sharpness, 3),
    }


def _rounded(corners: Points) -> list[list[float]]:
    return [[round(float(x), 1), round(float(y), 1)] for x, y in corners]


def look_at(files: list[Path], json_lines: bool, look: Callable[[Image], dict[str, Any]]) -> int:
    """Print what `look` finds in each file; 0, or EXIT_UNREADABLE when one could not be read."""
    failed = False
    for path in files:
        try:
            found = look(load(path))
        except UnreadableFile as error:
            failed = True
            print(f"yimen: {path}: {error}", file=sys.stderr)
            if json_lines or not sys.stdout.isatty():
                line = {"file": str(path), "error": str(error)}
                print(json.dumps(line, ensure_ascii=False), flush=True)
            continue
        if json_lines or not sys.stdout.isatty():
            line = {"file": str(path), **found}
            print(json.dumps(line, ensure_ascii=False), flush=True)
        else:
            print(f"{path}: {_told(found)}")
    return EXIT_UNREADABLE if failed else 0


def _told(found: dict[str, Any]) -> str:
    if "codes" in found:
        listed = [f"{code['format']} {code['text']!r}" for code in found["codes"]]
        return ", ".join(listed) or "no code"
    return f"corners {found['corners']}, {found['fault'] or 'good'}"
