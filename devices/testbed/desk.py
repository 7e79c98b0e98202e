"""A paper on a desk as a document camera sees it: perspective, light from one side, noise."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Desk = Literal["mat", "wood", "white"]
Picture = NDArray[Any]  # H×W×3, uint8 when seen, float32 while it is lit
WIDTH, HEIGHT = 1920, 1080
_FILL = 0.84  # share of the picture's height that an upright sheet takes


@dataclass(frozen=True, eq=False)
class Scene:
    """`image` BGR 1080×1920×3 uint8; `corners` 4×2 float, clockwise from the sheet's top-left."""

    image: Picture
    corners: NDArray[np.float64] | None


def lay(sheet: Image.Image | None, desk: Desk = "mat", seed: int = 1, blur: float = 0.0) -> Scene:
    """The desk with the sheet on it, or empty. `seed` decides place, tilt, light and noise;
    `blur` is the sigma of the lens being out of focus, in pixels."""
    chance = np.random.default_rng(seed)
    ground = _ground(desk)
    corners = None
    if sheet is not None:
        corners = _place(sheet, chance)
        ground = _put(ground, sheet, corners)
    lit = ground * _light(chance)[..., None]
    if blur > 0:
        lit = cv2.GaussianBlur(lit, (0, 0), blur)
    return Scene(_noisy(lit, chance), corners)


@lru_cache(maxsize=3)
def _ground(desk: Desk) -> Picture:
    """The bare desk, always the same; drawn once."""
    ground = {"mat": _mat, "wood": _wood, "white": _white}[desk](np.random.default_rng(11))
    ground.flags.writeable = False
    return ground


def again(image: Picture, seed: int) -> Picture:
    """The same view a moment later: other noise, nothing else."""
    return _noisy(image.astype(np.float32), np.random.default_rng(seed), 1.2)


def _noisy(image: Picture, chance: np.random.Generator, sigma: float = 2.2) -> Picture:
    noise = chance.standard_normal((HEIGHT, WIDTH, 1), np.float32) * sigma
    return np.asarray(np.clip(image + noise, 0, 255), np.uint8)


def _mat(chance: np.random.Generator) -> Picture:
    """A dark grey-green desk mat of fine fabric."""
    weave: Picture = chance.standard_normal((HEIGHT, WIDTH), np.float32)
    weave = cv2.GaussianBlur(weave, (0, 0), 1)
    mat = np.empty((HEIGHT, WIDTH, 3), np.float32)
    mat[:] = (62, 66, 56)
    return mat + 9 * weave[..., None]


def _white(chance: np.random.Generator) -> Picture:
    """A desk top as white as paper, a little uneven."""
    spots: Picture = chance.standard_normal((HEIGHT // 8, WIDTH // 8), np.float32)
    spots = cv2.resize(cv2.GaussianBlur(spots, (0, 0), 2), (WIDTH, HEIGHT))
    white = np.empty((HEIGHT, WIDTH, 3), np.float32)
    white[:] = (232, 236, 237)
    return white + 12 * spots[..., None]


def _wood(chance: np.random.Generator) -> Picture:
    """Oak boards with the grain along the width."""
    grain: Picture = chance.standard_normal((HEIGHT, WIDTH // 8), np.float32)
    grain = cv2.GaussianBlur(grain, (0, 0), sigmaX=24, sigmaY=1.6)
    grain = cv2.resize(grain, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    grain = grain / float(np.abs(grain).max())
    wood: Picture = np.empty((HEIGHT, WIDTH, 3), np.float32)
    wood[:] = (72, 108, 146)
    wood = wood * (1 + 0.22 * grain[..., None])
    for index, edge in enumerate(range(180, HEIGHT, 300)):
        wood[edge : edge + 3] *= 0.62
        wood[edge + 3 : edge + 300] *= 1 + 0.05 * (-1) ** index
    return wood


def _place(sheet: Image.Image, chance: np.random.Generator) -> NDArray[np.float64]:
    """Where the sheet lies: turned up to 5 degrees, the camera not quite straight above."""
    tall = min(HEIGHT * _FILL, WIDTH * _FILL * sheet.height / sheet.width)
    wide = tall * sheet.width / sheet.height
    half = np.array([[-wide, -tall], [wide, -tall], [wide, tall], [-wide, tall]]) / 2
    turn = np.deg2rad(chance.uniform(-5, 5))
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    lean = 1 + chance.uniform(-0.05, 0.05) * np.array([-1, -1, 1, 1])
    corners = half @ rotation.T * lean[:, None]
    middle = np.array([WIDTH, HEIGHT]) / 2 + chance.uniform(-18, 18, 2)
    return np.asarray(corners + middle, np.float64)


def _put(ground: Picture, sheet: Image.Image, corners: NDArray[np.float64]) -> Picture:
    flat: Picture = np.asarray(sheet.convert("RGB"), np.uint8)[..., ::-1]
    shrink = 1.15 * float(np.linalg.norm(corners[3] - corners[0])) / flat.shape[0]
    if shrink < 1:  # a lens averages; a warp alone would alias thin strokes
        flat = cv2.resize(flat, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    high, wide = flat.shape[:2]
    # Outer edges of the corner pixels, in coordinates where a pixel's middle is a whole number.
    source = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32) - 0.5
    turn = cv2.getPerspectiveTransform(source, corners.astype(np.float32))
    size = (WIDTH, HEIGHT)
    view = cv2.warpPerspective(flat, turn, size, borderMode=cv2.BORDER_REPLICATE)
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    outline = np.rint(corners * 16).astype(np.int32)
    cv2.fillConvexPoly(mask, outline, 255, cv2.LINE_AA, shift=4)
    cover = mask.astype(np.float32)[..., None] / 255
    fallen = cv2.warpAffine(mask, np.array([[1, 0, 5], [0, 1, 8]], np.float32), size)
    shadow = cv2.GaussianBlur(fallen.astype(np.float32), (0, 0), 7)[..., None] / 255
    return np.asarray(ground * (1 - 0.5 * shadow) * (1 - cover) + view * cover, np.float32)


def _light(chance: np.random.Generator) -> Picture:
    """Brighter towards a lamp at one side, darker in the corners."""
    y, x = np.mgrid[-1 : 1 : complex(HEIGHT), -1 : 1 : complex(WIDTH)].astype(np.float32)
    angle = chance.uniform(0, 2 * np.pi)
    slope = 0.12 * (np.cos(angle) * x + np.sin(angle) * y)
    return np.asarray(0.94 + slope - 0.08 * (x * x + y * y), np.float32)
