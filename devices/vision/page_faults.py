"""What is wrong with a flattened page: nothing on it, a reflection, a finger.

Each is told only where it is certain: a good page held back costs a person more than a poor one let
through, which they see on the screen themselves.
"""

import cv2
import numpy as np

from devices.vision.quads import Image

_WORK_LONG_SIDE = 400  # pixels
_GLARE_LEVEL = 249  # darkest channel
_GLARE_LEAST = 0.008  # of the page
_GLARE_MOST = 0.35
_GLARE_FADES = 1.0  # of its radius
_GLARE_ABOVE = 16  # grey levels over what lies around; bright light alone falls off softly
_PAPER_MOST = 232  # median level above which the whole page is overexposed and nothing stands out
_BLANK_LONG_SIDE = 800  # pixels
_FAINT = 7.0  # grey levels below the paper: hard pencil has 12 and more
_GRAINS = 5.0  # times the paper's own grain
_LEAST_STROKE = 6  # pixels
_BLANK_MOST = 0.0003  # of the page that specks may take: a signature takes 0.001
_SKIN_LOW, _SKIN_HIGH = (40, 136, 78), (245, 176, 126)  # Y, Cr, Cb (ITU-R BT.601)
_SKIN_FROM_PAPER = 10  # Cr above the paper's own
_FINGER_LEAST, _FINGER_MOST = 0.006, 0.3  # of the page
_FINGER_WIDTH = 0.035  # of the page's shorter side; the desk beside a curled edge is narrower


def has_glare(flat: Image) -> bool:
    """Whether a lamp or window is mirrored on the page (H×W×3 BGR uint8)."""
    small = _shrunk(flat)
    level = small.min(axis=2)
    if float(np.median(level)) > _PAPER_MOST:
        return False
    mask = np.where(level >= _GLARE_LEVEL, 255, 0).astype(np.uint8)
    knot = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (5, 5))
    opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, knot)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(opened)
    for number in range(1, count):
        share = stats[number, cv2.CC_STAT_AREA] / level.size
        if not _GLARE_LEAST < share < _GLARE_MOST:
            continue
        spot = np.where(labels == number, 255, 0).astype(np.uint8)
        # A lamp's image fades within about its own size; what light does to a desk fades slower.
        size = float(np.sqrt(stats[number, cv2.CC_STAT_AREA] / np.pi))
        near, far = _wider(spot, size * _GLARE_FADES / 3), _wider(spot, 6 + size * _GLARE_FADES)
        around = (far > 0) & (near == 0)
        # The paper around, not the ink on it.
        if around.any() and np.percentile(level[around], 75) < _GLARE_LEVEL - _GLARE_ABOVE:
            return True
    return False


def _wider(spot: Image, by: float) -> Image:
    knot = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * round(by) + 1, 2 * round(by) + 1))
    return np.asarray(cv2.dilate(spot, knot), np.uint8)


def is_blank(flat: Image) -> bool:
    """Whether there is no writing on the page (H×W×3 BGR uint8), not even faint pencil.

    Writing is strokes darker than the paper beside them; shade and the paper's grain are not. A
    folded sheet is not called blank: its fold may as well be a ruled line.
    """
    small = _shrunk(flat, _BLANK_LONG_SIDE)
    inner = small[_within(small)]
    level = cv2.GaussianBlur(inner.min(axis=2), (0, 0), 0.8).astype(np.float32)
    # What a blurred picture leaves of print is broad: two widths of strokes are looked for.
    for width in (9, 25):
        knot = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
        deep = cv2.morphologyEx(level, cv2.MORPH_BLACKHAT, knot)
        grain = float(np.percentile(deep, 60))
        mask = np.where(deep > max(_FAINT, _GRAINS * grain), 255, 0).astype(np.uint8)
        count, _, stats, _ = cv2.connectedComponentsWithStats(mask)
        strokes = stats[1:count, cv2.CC_STAT_AREA]
        inked = int(strokes[strokes >= _LEAST_STROKE].sum())
        if inked > _BLANK_MOST * mask.size:
            return False
    return True


def _within(image: Image) -> tuple[slice, slice]:
    """All but the rim, where the desk may show."""
    high, wide = image.shape[0] // 25, image.shape[1] // 25
    return slice(high, -high or None), slice(wide, -wide or None)


def has_finger(flat: Image) -> bool:
    """Whether a finger reaches over the page's edge (H×W×3 BGR uint8)."""
    small = _shrunk(flat)
    tones = cv2.cvtColor(cv2.medianBlur(small, 5), cv2.COLOR_BGR2YCrCb)
    skin = cv2.inRange(tones, np.array(_SKIN_LOW), np.array(_SKIN_HIGH))
    paper = float(np.median(tones[..., 1]))
    skin[tones[..., 1] < paper + _SKIN_FROM_PAPER] = 0
    wide = max(3, round(_FINGER_WIDTH * min(skin.shape)))
    padded = cv2.copyMakeBorder(skin, wide, wide, wide, wide, cv2.BORDER_REPLICATE)
    knot = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (wide, wide))
    opened = cv2.morphologyEx(padded, cv2.MORPH_OPEN, knot)[wide:-wide, wide:-wide]
    count, _, stats, _ = cv2.connectedComponentsWithStats(opened)
    height, width = skin.shape
    for left, top, wide_, high, area in stats[1:count]:
        at_edge = left == 0 or top == 0 or left + wide_ == width or top + high == height
        along = wide_ > 0.8 * width or high > 0.8 * height  # a strip of desk, not a finger
        deep = min(wide_ / width, high / height) > _FINGER_WIDTH
        share = area / skin.size
        if at_edge and deep and not along and _FINGER_LEAST < share < _FINGER_MOST:
            return True
    return False


def _shrunk(flat: Image, long_side: int = _WORK_LONG_SIDE) -> Image:
    scale = long_side / max(flat.shape[:2])
    if scale >= 1:
        return flat
    return cv2.resize(flat, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
