"""The kinds of hard desks: what makes each one hard. See `tests.benchmarks.desks` for its parts."""

from collections.abc import Callable

import cv2
import numpy as np

from devices.vision.quads import in_order
from tests.benchmarks.desks import (
    Chance,
    Corners,
    Desk,
    Picture,
    camera,
    clutter,
    ground_of,
    mask_of,
    place,
    put,
    sheet_of,
)

Drawn = tuple[Picture, Corners | None]


def _plain(chance: Chance) -> Drawn:
    return _laid(chance, ground_of(chance), sheet_of(chance))


def _laid(
    chance: Chance, ground: Picture, sheet: Picture, least: float = 0.22, most: float = 0.6
) -> Drawn:
    turn = chance.uniform(-0.5, 0.5) + (np.pi / 2 * chance.integers(4) if _odds(chance, 0.3) else 0)
    corners = place(chance, ground.shape, sheet, chance.uniform(least, most), turn)
    return put(ground, sheet, corners, chance.uniform(0.1, 0.5), chance.uniform(3, 14)), corners


def _odds(chance: Chance, share: float) -> bool:
    return bool(chance.random() < share)


def _fills(chance: Chance) -> Drawn:
    """The sheet fills the picture nearly to its borders."""
    ground, sheet = ground_of(chance), sheet_of(chance)
    if (ground.shape[0] > ground.shape[1]) != (sheet.shape[0] > sheet.shape[1]):
        sheet = np.ascontiguousarray(np.rot90(sheet))
    high, wide = ground.shape[:2]
    sheet = cv2.resize(sheet, (int(sheet.shape[0] * wide / high), sheet.shape[0]))
    corners = place(chance, ground.shape, sheet, 0.97, chance.uniform(-0.04, 0.04))
    return put(ground, sheet, corners, 0.3, 6), corners


def _low_contrast(chance: Chance) -> Drawn:
    ground = ground_of(chance, white=True)
    sheet = sheet_of(chance, str(chance.choice(["sample", "table", "written", "receipt"])))
    corners = place(
        chance, ground.shape, sheet, chance.uniform(0.25, 0.6), chance.uniform(-0.5, 0.5)
    )
    return put(ground, sheet, corners, chance.uniform(0.0, 0.3), chance.uniform(2, 8)), corners


def _small(chance: Chance) -> Drawn:
    return _laid(chance, ground_of(chance), sheet_of(chance), 0.07, 0.2)


def _inner_table(chance: Chance) -> Drawn:
    return _laid(chance, ground_of(chance), sheet_of(chance, "table"))


def _clutter(chance: Chance) -> Drawn:
    scene, corners = _plain(chance)
    clutter(chance, scene, corners)
    return scene, corners


def _shadow(chance: Chance) -> Drawn:
    """A shadow with a sharp or soft edge falls across."""
    scene, corners = _plain(chance)
    high, wide = scene.shape[:2]
    dark: Picture = np.zeros((high, wide), np.float32)
    ends = np.stack([chance.uniform(0, wide, 4), chance.uniform(0, high, 4)], axis=1)
    cv2.fillPoly(dark, [cv2.convexHull(ends.astype(np.float32)).astype(np.int32)], (1.0,))
    dark = cv2.GaussianBlur(dark, (0, 0), chance.uniform(2, 30))
    return scene * (1 - chance.uniform(0.25, 0.55) * dark[..., None]), corners


def _lamp(chance: Chance) -> Drawn:
    """A lamp mirrored on desk and sheet."""
    scene, corners = _plain(chance)
    high, wide = scene.shape[:2]
    y, x = np.mgrid[:high, :wide].astype(np.float32)
    middle = chance.uniform(0.1, 0.9, 2) * (wide, high)
    reach = chance.uniform(0.06, 0.25) * high
    away = np.hypot(x - middle[0], y - middle[1]) / reach
    return scene + (chance.uniform(80, 240) * np.exp(-away * away))[..., None], corners


def _hand(chance: Chance) -> Drawn:
    """Fingers hold the sheet at one side."""
    scene, corners = _plain(chance)
    assert corners is not None
    side, along = int(chance.integers(4)), chance.uniform(0.25, 0.75)
    spot = corners[side] * (1 - along) + corners[(side + 1) % 4] * along
    out = (spot - corners.mean(axis=0)) / np.linalg.norm(spot - corners.mean(axis=0))
    skin = tuple(float(v) for v in np.array([120, 150, 205]) * chance.uniform(0.6, 1.1))
    aside = np.array([-out[1], out[0]]) * 44
    for finger in range(int(chance.integers(1, 4))):
        tip, root = spot + aside * finger - out * chance.uniform(20, 70), spot + out * 400
        ends = [tuple(int(v) for v in end) for end in (tip, root + aside * finger)]
        cv2.line(scene, ends[0], ends[1], skin, 38, cv2.LINE_AA)
    return scene, corners


def _curled(chance: Chance) -> Drawn:
    """Sides that are bent by some pixels."""
    scene, corners = _plain(chance)
    assert corners is not None
    high, wide = scene.shape[:2]
    swing, length = chance.uniform(3, 9), chance.uniform(700, 1600)
    start = chance.uniform(0, 2 * np.pi)
    y, x = np.mgrid[:high, :wide].astype(np.float32)

    def shift(at: Picture) -> Picture:
        return swing * np.sin(at / length * 2 * np.pi + start)

    bent = cv2.remap(
        scene, (x + shift(y)).astype(np.float32), (y + 0.6 * shift(x)).astype(np.float32),
        cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT,
    )
    return bent, corners - np.stack([shift(corners[:, 1]), 0.6 * shift(corners[:, 0])], axis=1)


def _folded(chance: Chance) -> Drawn:
    """One corner is folded over."""
    scene, corners = _plain(chance)
    assert corners is not None
    at = int(chance.integers(4))
    before, tip, after = corners[at - 1], corners[at], corners[(at + 1) % 4]
    part = chance.uniform(0.05, 0.15)
    flap = np.array([tip, tip + (before - tip) * part, tip + (after - tip) * part])
    hole = mask_of(flap, scene.shape)
    rim = scene[mask_of(corners, scene.shape)[..., 0] == 0]
    scene = scene * (1 - hole) + np.median(rim, axis=0) * hole
    fold = np.array([flap[1], flap[2], flap[1] + flap[2] - tip])
    cover = mask_of(fold, scene.shape)
    return scene * (1 - cover) + np.array([222.0, 226.0, 228.0]) * cover, corners


def _on_bare_paper(chance: Chance) -> Drawn:
    """A sheet on a larger empty one."""
    ground, sheet = ground_of(chance), sheet_of(chance)
    corners = place(
        chance, ground.shape, sheet, chance.uniform(0.2, 0.5), chance.uniform(-0.5, 0.5)
    )
    middle = corners.mean(axis=0)
    larger = middle + (corners - middle) * chance.uniform(1.12, 1.5) + chance.uniform(-50, 50, 2)
    bare = np.full((1754, 1240, 3), chance.integers(215, 250), np.uint8)
    below = put(ground, bare, larger, 0.3, 6)
    return put(below, sheet, corners, chance.uniform(0.1, 0.4), 5), corners


def _stack(chance: Chance) -> Drawn:
    """A sheet on two others that show beside it."""
    ground, sheet = ground_of(chance), sheet_of(chance, "sample")
    corners = place(
        chance, ground.shape, sheet, chance.uniform(0.2, 0.5), chance.uniform(-0.5, 0.5)
    )
    middle = corners.mean(axis=0)
    for _ in range(2):
        turn = chance.uniform(-0.5, 0.5)
        cos, sin = np.cos(turn), np.sin(turn)
        lower = (corners - middle) @ np.array([[cos, -sin], [sin, cos]]).T + middle
        ground = put(ground, sheet_of(chance), lower + chance.uniform(-220, 220, 2), 0.3, 5)
    return put(ground, sheet, corners, chance.uniform(0.1, 0.4), 5), corners


def _keyboard(chance: Chance) -> Drawn:
    ground = ground_of(chance)
    left, top = int(chance.integers(0, 900)), int(chance.integers(0, 600))
    for column in range(14):
        for row in range(5):
            x, y = left + column * 70, top + row * 70
            cv2.rectangle(ground, (x, y), (x + 58, y + 58), (25, 25, 28), -1)
    return _laid(chance, ground, sheet_of(chance))


def _sleeve(chance: Chance) -> Drawn:
    """A clear cover around the sheet: a second, pale outline a little further out."""
    ground, sheet = ground_of(chance), sheet_of(chance)
    corners = place(
        chance, ground.shape, sheet, chance.uniform(0.25, 0.6), chance.uniform(-0.4, 0.4)
    )
    middle = corners.mean(axis=0)
    outer = middle + (corners - middle) * chance.uniform(1.03, 1.12)
    cover = mask_of(outer, ground.shape) * chance.uniform(0.08, 0.25)
    return put(ground * (1 - cover) + 235 * cover, sheet, corners, 0.1, 4), corners


def _noise(chance: Chance) -> Drawn:
    return _plain(chance)


def _outside(chance: Chance) -> Drawn:
    """A good part of the sheet lies outside: nothing to find."""
    ground, sheet = ground_of(chance), sheet_of(chance)
    corners = place(
        chance, ground.shape, sheet, chance.uniform(0.3, 0.6), chance.uniform(-0.5, 0.5)
    )
    high, wide = ground.shape[:2]
    way = chance.uniform(0, 2 * np.pi)
    corners = corners - corners.mean(axis=0) + np.array([wide, high]) * (
        0.5 + 0.5 * np.array([np.cos(way), np.sin(way)])
    )
    return put(ground, sheet, corners, 0.3, 6), None


def _empty(chance: Chance) -> Drawn:
    ground = ground_of(chance, white=_odds(chance, 0.2))
    clutter(chance, ground)
    return ground, None


KINDS: dict[str, Callable[[Chance], Drawn]] = {
    "plain": _plain, "fills": _fills, "low contrast": _low_contrast, "small": _small,
    "inner table": _inner_table, "clutter": _clutter, "shadow": _shadow, "lamp": _lamp,
    "hand": _hand, "curled": _curled, "folded": _folded, "on bare paper": _on_bare_paper,
    "stack": _stack, "keyboard": _keyboard, "sleeve": _sleeve, "noise": _noise,
    "outside": _outside, "empty": _empty,
}


def desk(kind: str, seed: int) -> Desk:
    """The same desk for the same kind and seed."""
    chance = np.random.default_rng((seed, list(KINDS).index(kind)))
    scene, corners = KINDS[kind](chance)
    image = camera(chance, scene, noisy=kind == "noise")
    return Desk(kind, image, None if corners is None else in_order(corners))
