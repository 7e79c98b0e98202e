"""Drawn desks with sheets whose corners are known, harder than a kiosk's own desk.

Each kind of desk is one thing that goes wrong in photographs; `seed` decides everything else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from devices.testbed import papers

Picture = NDArray[Any]  # H×W×3, float32 while it is lit, uint8 when seen
Corners = NDArray[np.float64]  # 4×2, clockwise
Chance = np.random.Generator
_SIZES = ((1920, 1080), (1920, 1080), (1440, 1080), (1080, 1440))


@dataclass(frozen=True, eq=False)
class Desk:
    """`image` BGR uint8; `corners` of the uppermost sheet, in order, None where there is none."""

    kind: str
    image: Picture
    corners: Corners | None


def clouds(chance: Chance, high: int, wide: int, size: float) -> NDArray[np.float32]:
    """Soft noise of about unit strength with spots of `size` pixels and finer ones in them."""
    total: Picture = np.zeros((high, wide), np.float32)
    for octave in range(4):
        cell = max(1.0, size / 2**octave)
        grid = (max(2, int(high / cell)), max(2, int(wide / cell)))
        spots: Picture = chance.standard_normal(grid).astype(np.float32) / 2**octave
        total += cv2.resize(spots, (wide, high), interpolation=cv2.INTER_CUBIC)
    return total


def _wood(chance: Chance, high: int, wide: int) -> Picture:
    tones = ((72, 108, 146), (60, 80, 105), (110, 150, 185), (45, 60, 80), (30, 38, 55))
    grain: Picture = clouds(chance, high, wide // 16 + 2, 24)
    grain = cv2.resize(grain, (wide, high), interpolation=cv2.INTER_CUBIC)
    if chance.random() < 0.4:  # boards run upright
        grain = cv2.resize(np.ascontiguousarray(grain.T), (wide, high))
    board = np.array(tones[chance.integers(len(tones))], np.float32)
    ground: Picture = board * (1 + chance.uniform(0.04, 0.16) * grain[..., None])
    for seam in chance.integers(0, high, chance.integers(0, 5)):
        ground[seam : seam + 3] *= 0.6
    return ground


def _cloth(chance: Chance, high: int, wide: int) -> Picture:
    pitch, angle = float(chance.integers(30, 110)), chance.uniform(0, np.pi)
    y, x = np.mgrid[:high, :wide]
    u, v = x * np.cos(angle) + y * np.sin(angle), -x * np.sin(angle) + y * np.cos(angle)
    if chance.random() < 0.5:
        inside = (u // pitch).astype(int) % 2 ^ (v // pitch).astype(int) % 2
    else:
        inside = (u % pitch < pitch * chance.uniform(0.2, 0.6)).astype(int)
    one = chance.integers(30, 170, 3).astype(np.float32)
    other = np.clip(one + chance.integers(-70, 70, 3), 10, 200).astype(np.float32)
    weave = clouds(chance, high, wide, 4)[..., None] * 4
    return np.asarray(np.where(inside[..., None] > 0, one, other) + weave)


def _even(chance: Chance, high: int, wide: int) -> Picture:
    tone = chance.integers(25, 150, 3).astype(np.float32)
    if chance.random() < 0.5:
        tone = tone.mean() + 0.3 * (tone - tone.mean())
    size, depth = chance.integers(4, 60), chance.uniform(1, 6)
    return tone + clouds(chance, high, wide, float(size))[..., None] * depth


def _white(chance: Chance, high: int, wide: int) -> Picture:
    """A desk nearly as bright as paper."""
    tone = chance.uniform(188, 228) * chance.uniform(0.97, 1.0, 3)
    return tone.astype(np.float32) + clouds(chance, high, wide, 80)[..., None] * 2


_GROUNDS: tuple[Callable[[Chance, int, int], Picture], ...] = (_wood, _wood, _cloth, _even, _even)


def _table(chance: Chance) -> Picture:
    sheet = np.full((1754, 1240, 3), 250, np.uint8)
    left, top = int(chance.integers(40, 160)), int(chance.integers(60, 260))
    right, bottom = int(chance.integers(1080, 1200)), int(chance.integers(1500, 1700))
    frame = int(chance.integers(3, 9))
    cv2.rectangle(sheet, (left, top), (right, bottom), (20, 20, 20), frame)
    for y in range(top, bottom, 70):
        cv2.line(sheet, (left, y), (right, y), (40, 40, 40), 2)
    for x in np.linspace(left, right, 5)[1:-1].astype(int):
        cv2.line(sheet, (int(x), top), (int(x), bottom), (40, 40, 40), 2)
    return sheet


def _receipt(chance: Chance) -> Picture:
    high = int(chance.integers(700, 1200))
    sheet = np.full((high, 400, 3), 248, np.uint8)
    for y in range(40, high - 40, 26):
        text = f"{chance.integers(1_000_000):06d} item {chance.uniform(1, 99):5.2f}"
        cv2.putText(sheet, text, (24, y), 0, 0.62, (70, 70, 70), 1, cv2.LINE_AA)
    return sheet


def _card(chance: Chance) -> Picture:
    """Credit-card format (ISO/IEC 7810 ID-1), tinted, with a portrait."""
    tint = chance.integers(150, 235, 3).astype(np.float32) + np.zeros((630, 1000, 3), np.float32)
    tinted = tint + clouds(chance, 630, 1000, 100)[..., None] * 6
    sheet: Picture = np.asarray(np.clip(tinted, 0, 255), np.uint8)
    cv2.rectangle(sheet, (640, 90), (930, 450), (150, 160, 170), -1)
    for y in range(100, 520, 70):
        cv2.putText(sheet, "Name field text", (50, y), 0, 1.1, (40, 40, 40), 2, cv2.LINE_AA)
    return sheet


def _handwriting(chance: Chance) -> Picture:
    """Ruled or plain paper with lines of scribble, close to the edges."""
    sheet = np.full((1754, 1240, 3), chance.integers(222, 252), np.uint8)
    ink = tuple(int(v) for v in chance.integers(30, 110, 3))
    for y in range(60, 1720, int(chance.integers(44, 90))):
        x = np.arange(30, int(chance.integers(600, 1215)), 6)
        wave = y + 9 * np.sin(x * chance.uniform(0.1, 0.3)) + chance.standard_normal(len(x)) * 5
        words = np.stack([x, wave], axis=1).astype(np.int32)
        for part in np.array_split(words, max(1, len(x) // 14)):
            cv2.polylines(sheet, [part[:-2]], False, ink, 3, cv2.LINE_AA)
    return sheet


def sheet_of(chance: Chance, kind: str = "") -> Picture:
    """A sheet of paper (BGR uint8): of one sort, or any."""
    sort = kind or str(chance.choice(["sample", "sample", "table", "receipt", "card", "written"]))
    match sort:
        case "table":
            sheet = _table(chance)
        case "receipt":
            sheet = _receipt(chance)
        case "card":
            sheet = _card(chance)
        case "written":
            sheet = _handwriting(chance)
        case _:
            names = papers.names()
            paper = papers.paper(names[chance.integers(len(names))])
            sheet = np.asarray(paper.convert("RGB"), np.uint8)[..., ::-1].copy()
    if chance.random() < 0.5:
        sheet = (sheet * chance.uniform(0.82, 1.0)).astype(np.uint8)
    return sheet


def place(
    chance: Chance, shape: tuple[int, ...], sheet: Picture, share: float, turn: float
) -> Corners:
    """Where a sheet of about `share` of the picture lies, seen by a camera that leans a little."""
    high, wide = shape[:2]
    aspect = sheet.shape[0] / sheet.shape[1]
    half = np.array([[-1, -aspect], [1, -aspect], [1, aspect], [-1, aspect]], np.float64)
    half *= np.sqrt(share * wide * high / aspect) / 2
    cos, sin = np.cos(turn), np.sin(turn)
    flat = half @ np.array([[cos, -sin], [sin, cos]]).T
    lean = chance.uniform(0, 0.45)
    way = chance.uniform(0, 2 * np.pi)
    axis = np.array([np.cos(way), np.sin(way)])
    depth = flat @ axis * np.sin(lean) / (1.3 * max(wide, high))
    seen = flat - np.outer(flat @ axis, axis) * (1 - np.cos(lean))
    seen /= (1 + depth)[:, None]
    room = np.array([wide, high]) - 16
    seen *= min(1.0, *(room / np.ptp(seen, axis=0)))
    low, most = 8 - seen.min(axis=0), np.array([wide, high]) - 8 - seen.max(axis=0)
    return np.asarray(seen + chance.uniform(low, np.maximum(most, low + 1e-6)), np.float64)


def mask_of(corners: Corners, shape: tuple[int, ...]) -> Picture:
    mask: Picture = np.zeros(shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, np.rint(corners * 16).astype(np.int32), 255, cv2.LINE_AA, shift=4)
    return np.asarray(mask, np.float32)[..., None] / 255


def put(ground: Picture, sheet: Picture, corners: Corners, shadow: float, soft: float) -> Picture:
    """The sheet on the ground with its shadow (`soft`: pixels)."""
    high, wide = ground.shape[:2]
    shrink = min(1.0, 1.1 * float(np.linalg.norm(corners[3] - corners[0])) / sheet.shape[0])
    small = cv2.resize(sheet, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    tall, broad = small.shape[:2]
    source = np.array([[0, 0], [broad, 0], [broad, tall], [0, tall]], np.float32) - 0.5
    turn = cv2.getPerspectiveTransform(source, corners.astype(np.float32))
    view = cv2.warpPerspective(
        small.astype(np.float32), turn, (wide, high), borderMode=cv2.BORDER_REPLICATE
    )
    cover = mask_of(corners, ground.shape)
    fallen = cv2.warpAffine(
        cover, np.array([[1, 0, soft / 2], [0, 1, soft]], np.float32), (wide, high)
    )
    dark = cv2.GaussianBlur(fallen, (0, 0), soft)[..., None]
    return np.asarray(ground * (1 - shadow * dark) * (1 - cover) + view * cover, np.float32)


def clutter(chance: Chance, image: Picture, away_from: Corners | None = None) -> None:
    """Cups, pens and cables, in place; none over the sheet `away_from`."""
    high, wide = image.shape[:2]
    free = image.copy() if away_from is not None else None
    for _ in range(int(chance.integers(2, 6))):
        colour = tuple(float(v) for v in chance.integers(20, 235, 3))
        x, y = int(chance.integers(0, wide)), int(chance.integers(0, high))
        far = (x + int(chance.integers(-400, 400)), y + int(chance.integers(-300, 300)))
        if chance.random() < 0.4:
            cv2.circle(image, (x, y), int(chance.integers(30, 120)), colour, -1, cv2.LINE_AA)
        else:
            cv2.line(image, (x, y), far, colour, int(chance.integers(6, 26)), cv2.LINE_AA)
    if away_from is not None and free is not None:
        cover = mask_of(away_from, image.shape)
        image[:] = image * (1 - cover) + free * cover


def camera(chance: Chance, scene: Picture, noisy: bool = False) -> Picture:
    """Light from one side, the lens, the sensor's noise."""
    high, wide = scene.shape[:2]
    y, x = np.mgrid[-1 : 1 : complex(high), -1 : 1 : complex(wide)].astype(np.float32)
    angle, slope = chance.uniform(0, 2 * np.pi), chance.uniform(0, 0.25)
    light = chance.uniform(0.75, 1.02) + slope * (np.cos(angle) * x + np.sin(angle) * y)
    seen = scene * (light - 0.08 * (x * x + y * y))[..., None]
    blur = chance.uniform(1.5, 4) if noisy else chance.uniform(0.4, 1.2)
    seen = cv2.GaussianBlur(seen, (0, 0), blur)
    noise = chance.standard_normal((high, wide, 1)).astype(np.float32)
    seen = seen + noise * (chance.uniform(5, 11) if noisy else chance.uniform(1, 4))
    return np.asarray(np.clip(seen, 0, 255), np.uint8)


def ground_of(chance: Chance, white: bool = False) -> Picture:
    """A bare desk of one of the usual sizes and materials."""
    wide, high = _SIZES[chance.integers(len(_SIZES))]
    kind = _white if white else _GROUNDS[chance.integers(len(_GROUNDS))]
    return np.asarray(kind(chance, high, wide), np.float32)
