"""A kiosk's own desk, drawn: its mat, plain or with places printed on it, and what lies there.

The camera is fixed, so the kiosk has seen the mat empty; the light is another each time.
"""

from functools import lru_cache
from typing import Literal

import cv2
import numpy as np

from devices.testbed import desk as kiosk_desk
from devices.vision.mat import Mat
from devices.vision.quads import in_order
from tests.benchmarks.desks import Chance, Corners, Picture, camera, place, put, sheet_of

Surface = Literal["plain", "printed"]
Kind = Literal["sheet", "register", "cover", "hand", "faint", "empty"]
_MAROON = (0.25, 0.2, 0.5)  # a household register's cover, a passport's; BGR
_INK = (150, 155, 150)


@lru_cache(maxsize=2)
def bare(surface: Surface) -> Picture:
    """The mat alone, before any light: float32."""
    mat = np.clip(np.asarray(kiosk_desk.lay(None, "mat", 11).image, np.float32), 0, 255)
    if surface == "printed":
        printed = mat.astype(np.uint8)
        cv2.rectangle(printed, (640, 90), (1280, 990), _INK, 4, cv2.LINE_AA)
        cv2.rectangle(printed, (1400, 380), (1760, 610), _INK, 4, cv2.LINE_AA)
        cv2.putText(printed, "PLACE PAPER HERE", (700, 1040), 0, 1.4, _INK, 3, cv2.LINE_AA)
        mat = printed.astype(np.float32)
    mat.flags.writeable = False
    return mat


@lru_cache(maxsize=2)
def learned(surface: Surface) -> Mat:
    """The mat as the kiosk learned it, in the light of that day."""
    return Mat.learn([camera(np.random.default_rng((7, 7)), bare(surface)) for _ in range(5)])


def lay(kind: Kind, surface: Surface, seed: int) -> tuple[Picture, Corners | None]:
    """What the camera sees, BGR uint8, and the corners of the sheet."""
    chance = np.random.default_rng((seed, 123))
    ground, sheet = bare(surface), sheet_of(chance)
    if kind == "empty":
        return camera(chance, ground), None
    match kind:
        case "register":
            sheet = (sheet * _MAROON).astype(np.uint8)
        case "cover":  # dark, of any colour
            sheet = (sheet * chance.uniform(0.16, 0.6, 3)).astype(np.uint8)
        case "faint":  # nearly as dark as the mat, and of its colour or another
            tone = np.array([62, 66, 56]) + chance.uniform(-22, 22, 3)
            sheet = np.clip(sheet * 0.1 + tone - 20, 0, 255).astype(np.uint8)
    corners = place(
        chance, ground.shape, sheet, chance.uniform(0.07, 0.6), chance.uniform(-0.6, 0.6)
    )
    scene = put(ground, sheet, corners, 0.4, 6)
    if kind == "hand":
        _hold(chance, scene, corners)
    return camera(chance, scene), in_order(corners)


def _hold(chance: Chance, scene: Picture, corners: Corners) -> None:
    """One to three fingers over a side, in place."""
    side, part = int(chance.integers(4)), chance.uniform(0.25, 0.75)
    spot = corners[side] * (1 - part) + corners[(side + 1) % 4] * part
    out = spot - corners.mean(axis=0)
    out /= np.linalg.norm(out)
    skin = tuple(float(v) for v in np.array([120, 150, 205]) * chance.uniform(0.6, 1.1))
    aside = np.array([-out[1], out[0]]) * 44
    for finger in range(int(chance.integers(1, 4))):
        tip, root = spot + aside * finger - out * chance.uniform(20, 70), spot + out * 400
        ends = [tuple(int(v) for v in end) for end in (tip, root + aside * finger)]
        cv2.line(scene, ends[0], ends[1], skin, 38, cv2.LINE_AA)
