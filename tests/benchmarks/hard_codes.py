"""QR codes that are hard to read, drawn with known truth; the same number, the same picture.

The kinds are those of published sets of hard photographs: blur, light, glare, damage, curved
paper, odd perspective, many codes. They are drawings: a decoder's share of them says how it stands
beside another, not what it reads in a hall.
"""

import io
import statistics
from collections.abc import Callable, Iterator

import cv2
import numpy as np
import segno
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

from tests.benchmarks.codes import READERS
from tests.benchmarks.rows import Row

Plane = NDArray[np.float64]
Picture = NDArray[np.uint8]
Drawn = tuple[Plane, list[str]]

HEIGHT, WIDTH = 900, 1200
_SIGNS = list("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghij0123456789/:.-")
_OF_EACH_KIND = 6
_MODULE = 8  # pixels of a module as drawn, before it is laid into the picture


def hard_picture(kind: str, number: int) -> tuple[Picture, list[str]]:
    """One grey picture of a kind (KINDS) with the texts of the codes in it."""
    chance = np.random.default_rng([*kind.encode(), number])
    plane, texts = KINDS[kind](chance)
    noisy = plane + chance.normal(0, 4, plane.shape)
    _, coded = cv2.imencode(".jpg", np.clip(noisy, 0, 255).astype(np.uint8))
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8), texts


def _text(chance: Generator, length: int = 0) -> str:
    return "".join(chance.choice(_SIGNS, length or int(chance.integers(10, 60))))


def _code(text: str, version: int | None = None, border: int = 4) -> Plane:
    file = io.BytesIO()
    error = None if version is None else "L"
    made = segno.make_qr(text, version=version, error=error, boost_error=False)
    made.save(file, kind="png", scale=_MODULE, border=border)
    return np.asarray(Image.open(file).convert("L"), np.float64)


def _desk(chance: Generator, height: int, width: int) -> Plane:
    coarse = chance.normal(0, 1, (height // 16 + 2, width // 16 + 2))
    fine = chance.normal(0, 1, (height // 3 + 1, width // 3 + 1))
    texture = 130 + 30 * cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(texture + 12 * cv2.resize(fine, (width, height)), 0, 255)


def _corners(chance: Generator, side: float, tilt: float, turn: float) -> Plane:
    square = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], float) * side / 2
    square = square * (1 + chance.uniform(-tilt, tilt, (4, 2)))
    turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    return np.asarray(square @ turned.T, np.float64)


def _lay(desk: Plane, code: Plane, corners: Plane) -> Plane:
    """The code on the desk, drawn at twice the size so that its edges are smooth."""
    height, width = desk.shape
    high, wide = code.shape
    source = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    matrix = np.diag([2.0, 2.0, 1.0]) @ cv2.getPerspectiveTransform(
        source, corners.astype(np.float32)
    )
    double, size = (2 * width, 2 * height), (width, height)
    ink = cv2.warpPerspective(code, matrix, double)
    mask = cv2.warpPerspective(np.ones_like(code), matrix, double)
    ink = cv2.resize(ink, size, interpolation=cv2.INTER_AREA)
    mask = cv2.resize(mask, size, interpolation=cv2.INTER_AREA)
    return np.asarray(desk * (1 - mask) + ink * 0.75 + 35 * mask, np.float64)


def _one(
    chance: Generator, low: float = 220, high: float = 420, tilt: float = 0.1, turn: float = 0.2,
) -> tuple[Plane, str, Plane]:
    """Picture, text and the code's corners in it."""
    text = _text(chance)
    middle = np.array([WIDTH, HEIGHT]) * chance.uniform(0.38, 0.62, 2)
    side = chance.uniform(low, high)
    corners = _corners(chance, side, tilt, chance.uniform(-turn, turn)) + middle
    return _lay(_desk(chance, HEIGHT, WIDTH), _code(text), corners), text, corners


def _around(corners: Plane) -> tuple[Plane, float, Plane, Plane]:
    """Middle and side of a code, and the distance of every pixel from its middle."""
    middle = np.asarray(corners.mean(axis=0), np.float64)
    side = float(np.linalg.norm(corners[1] - corners[0]))
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float64)
    return middle, side, x - middle[0], y - middle[1]


def _blurred(chance: Generator) -> Drawn:
    plane, text, corners = _one(chance)
    modules = _code(text).shape[0] / _MODULE
    sigma = _around(corners)[1] / modules * chance.uniform(0.3, 0.6)
    return np.asarray(cv2.GaussianBlur(plane, (0, 0), sigma)), [text]


def _dark_or_bright(chance: Generator) -> Drawn:
    plane, text, _ = _one(chance)
    return plane * chance.uniform(0.1, 0.25) + chance.choice([2, 190]), [text]


def _bright_spots(chance: Generator) -> Drawn:
    plane, text, corners = _one(chance)
    _, side, x, y = _around(corners)
    for _ in range(int(chance.integers(2, 7))):
        at, size = chance.uniform(-0.6, 0.6, 2) * side, chance.uniform(0.05, 0.15) * side
        spot = np.exp(-((x - at[0]) ** 2 + (y - at[1]) ** 2) / (2 * size**2))
        plane = plane + chance.uniform(150, 400) * spot
    return plane, [text]


def _close(chance: Generator) -> Drawn:
    plane, text, _ = _one(chance, 780, 1000)
    return np.asarray(cv2.GaussianBlur(plane, (0, 0), chance.uniform(2, 9))), [text]


def _curved(chance: Generator) -> Drawn:
    plane, text, corners = _one(chance, tilt=0.05)
    middle, side, x, y = _around(corners)
    radius = side * chance.uniform(0.55, 0.9)
    across = np.clip(x / radius, -0.999, 0.999)
    height = np.sqrt(1 - across**2)
    from_x = (middle[0] + radius * np.arcsin(across)).astype(np.float32)
    from_y = (middle[1] + y + side * chance.uniform(-0.25, 0.25) * (height - 1)).astype(np.float32)
    bent = cv2.remap(plane, from_x, from_y, cv2.INTER_LINEAR)
    return np.asarray(bent * (0.4 + 0.6 * height)), [text]


def _damaged(chance: Generator) -> Drawn:
    plane, text, corners = _one(chance)
    side = _around(corners)[1]
    for _ in range(int(chance.integers(2, 7))):
        begin = corners.min(axis=0) + chance.uniform(0, 1, 2) * side
        end = begin + chance.uniform(-0.35, 0.35, 2) * side
        ink, wide = float(chance.choice([20, 225])), int(side * chance.uniform(0.01, 0.035))
        cv2.line(plane, tuple(map(int, begin)), tuple(map(int, end)), ink, wide)
    return plane, [text]


def _glare(chance: Generator) -> Drawn:
    plane, text, corners = _one(chance)
    _, side, x, y = _around(corners)
    angle = chance.uniform(0, np.pi)
    off = (x * np.cos(angle) + y * np.sin(angle)) - chance.uniform(-0.3, 0.3) * side
    wide = side * chance.uniform(0.05, 0.3)
    light = np.clip(chance.uniform(0.5, 1.1) * np.exp(-(off**2) / (2 * wide**2)), 0, 1)
    return plane * (1 - 0.85 * light) + 235 * light, [text]


def _many_modules(chance: Generator) -> Drawn:
    version = int(chance.integers(15, 33))
    text = _text(chance, 12 * version)
    side = min(860.0, chance.uniform(2.4, 3.8) * (17 + 4 * version))
    middle = np.array([WIDTH / 2, HEIGHT / 2])
    corners = _corners(chance, side, 0.03, chance.uniform(-0.1, 0.1)) + middle
    return _lay(_desk(chance, HEIGHT, WIDTH), _code(text, version), corners), [text]


def _lots(chance: Generator) -> Drawn:
    plane, texts = _desk(chance, 870, 1425), []
    for row in range(3):
        for column in range(5):
            text = _text(chance, int(chance.integers(8, 30)))
            middle = [285 * column + 142, 290 * row + 145]
            side, turn = chance.uniform(110, 220), chance.uniform(-0.5, 0.5)
            plane = _lay(plane, _code(text), _corners(chance, side, 0.1, turn) + middle)
            texts.append(text)
    return np.asarray(cv2.GaussianBlur(plane, (0, 0), chance.uniform(0.3, 1.4))), texts


def _monitor(chance: Generator) -> Drawn:
    plane, text, corners = _one(chance)
    _, _, x, y = _around(corners)
    grid = 1 + 0.25 * np.sin(x * chance.uniform(1, 2.5)) * np.sin(y * chance.uniform(1, 2.5))
    bands = 1 + 0.3 * np.sin(y * chance.uniform(0.02, 0.2) + x * chance.uniform(-0.1, 0.1))
    return np.asarray(cv2.GaussianBlur(plane * grid * bands, (0, 0), 1.1)), [text]


def _nominal(chance: Generator) -> Drawn:
    plane, text, _ = _one(chance, 90, 400)
    return plane, [text]


def _striped(chance: Generator) -> Drawn:
    plane, text, corners = _one(chance, tilt=0.2)
    _, _, x, y = _around(corners)
    dark = ((x * 0.76 + y * 0.64) // chance.uniform(20, 60)) % 2 > 0
    return plane * np.where(dark, chance.uniform(0.35, 0.6), 1), [text]


def _slanted(chance: Generator) -> Drawn:
    text, lean, turn = _text(chance), chance.uniform(0.75, 1.15), chance.uniform(0, 2 * np.pi)
    flat = _corners(chance, 1.0, 0.0, turn)
    away = flat[:, 1] * np.sin(lean) + 1.6
    seen = np.stack([flat[:, 0], flat[:, 1] * np.cos(lean)], axis=1) * (1.6 / away)[:, None]
    corners = seen * chance.uniform(300, 540) + [WIDTH / 2, HEIGHT / 2]
    return _lay(_desk(chance, HEIGHT, WIDTH), _code(text), corners), [text]


def _turned(chance: Generator) -> Drawn:
    plane, text, _ = _one(chance, 100, 400, turn=np.pi)
    return plane, [text]


def _shadows(chance: Generator) -> Drawn:
    plane, text, corners = _one(chance)
    middle, side, _, _ = _around(corners)
    shade = np.zeros((HEIGHT, WIDTH))
    for _ in range(3):
        spots = (middle + chance.uniform(-1, 1, (5, 2)) * side).astype(np.int32)
        cv2.fillConvexPoly(shade, cv2.convexHull(spots), 1.0)
    soft = cv2.GaussianBlur(shade, (0, 0), chance.uniform(1, 12))
    return np.asarray(plane * (1 - soft * chance.uniform(0.6, 0.88))), [text]


def _inverted(chance: Generator) -> Drawn:
    plane, text, _ = _one(chance)
    return 255 - plane, [text]


KINDS: dict[str, Callable[[Generator], Drawn]] = {
    "blurred": _blurred, "brightness": _dark_or_bright, "bright spots": _bright_spots,
    "close": _close, "curved": _curved, "damaged": _damaged, "glare": _glare,
    "high version": _many_modules, "lots": _lots, "monitor": _monitor, "nominal": _nominal,
    "noncompliant": _inverted, "pathological": _striped, "perspective": _slanted,
    "rotations": _turned, "shadows": _shadows,
}


def rows() -> Iterator[Row]:
    """Mean share over the kinds, so that a kind with many codes weighs no more than another."""
    names = [name for name in READERS if name != "yimen live"]
    shares: dict[str, list[float]] = {name: [] for name in names}
    wrong = dict.fromkeys(names, 0)
    for kind in KINDS:
        drawn = [hard_picture(kind, number) for number in range(_OF_EACH_KIND)]
        total = sum(len(texts) for _, texts in drawn)
        for name in names:
            right = 0
            for image, texts in drawn:
                found = set(READERS[name](image))
                right += len(found & set(texts))
                wrong[name] += len(found - set(texts))
            shares[name].append(100 * right / total)
    mean = {name: round(statistics.mean(each), 1) for name, each in shares.items()}
    best = max(names[1:], key=lambda name: mean[name])
    yield Row(
        "hard codes, drawn: right", mean[names[0]], "%", f"best: {best}", mean[best],
        "at least as many as the best peer", mean[names[0]] >= mean[best],
        ", ".join(f"{name} {mean[name]}" for name in names[1:]),
    )
    yield Row(
        "hard codes, drawn: wrong", wrong[names[0]], "answers", best, wrong[best], "none",
        wrong[names[0]] == 0,
    )
