"""Pages on drawn hard desks, on a kiosk's own mat and in photographs: ours beside two peers.

    python -m tests.benchmarks.pages [FOLDER] [--seeds N] [--first S] [--json FILE]

FOLDER holds images/ and corners.json: [{"file": "…", "corners": [[x, y], …4]}, …], hand-made. Drawn
desks: every kind of `desk_kinds` with seeds S…S+N-1. Those below HELD_OUT were looked at while the
finder was made, those from there on never. Overlap is intersection over union; an answer below .90,
or any where there is no sheet, is wrong.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np

from devices.testbed import desk as kiosk_desk
from devices.vision.pages import find_page, track_page
from devices.vision.quads import in_order, polygon_area
from tests.benchmarks.desk_kinds import KINDS, desk
from tests.benchmarks.desks import Corners, Picture, camera, place, put, sheet_of
from tests.benchmarks.rows import Row, p50, p95

HELD_OUT = 5000
_WRONG_BELOW = 0.90
# Where a second sheet, or a part of one, is an honest answer too: not in the shares of the found.
_DISPUTED = ("on bare paper", "stack", "outside", "empty")
_MAROON = (0.25, 0.2, 0.5)  # a household register's cover, a passport's; BGR
_FULL_HD = (1920, 1080)
Finder = Callable[[Picture], Corners | None]


@dataclass(frozen=True, eq=False)
class Scene:
    kind: str
    image: Picture
    corners: Corners | None


@dataclass(frozen=True)
class Score:
    """`found` of `sheets`, their mean and least overlap, `wrong` answers, milliseconds of CPU."""

    finder: str
    found: int
    sheets: int
    mean: float
    least: float
    wrong: int
    median_ms: float
    p95_ms: float


def _ours(image: Picture) -> Corners | None:
    quad = find_page(image)
    return None if quad is None else quad.corners


def _tutorial(image: Picture) -> Corners | None:
    """Grey, blur, Canny, the largest contour with four corners: what every tutorial does."""
    scale = 500 / image.shape[0]
    grey = cv2.cvtColor(cv2.resize(image, None, fx=scale, fy=scale), cv2.COLOR_BGR2GRAY)
    lines = cv2.Canny(cv2.GaussianBlur(grey, (5, 5), 0), 75, 200)
    contours, _ = cv2.findContours(lines, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    for contour in sorted(contours, key=cv2.contourArea, reverse=True)[:5]:
        few = cv2.approxPolyDP(contour, 0.02 * cv2.arcLength(contour, True), True)
        if len(few) == 4:
            return np.asarray(in_order(few) / scale)
    return None


def _channels(image: Picture) -> Corners | None:
    """Canny and Otsu of every channel, convex quads of 5 % and more, by edge under their sides."""
    scale = 640 / max(image.shape[:2])
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    steep = cv2.morphologyEx(cv2.GaussianBlur(grey, (3, 3), 0), cv2.MORPH_GRADIENT, np.ones((3, 3)))
    best, best_score = None, 0.0
    for channel in cv2.split(cv2.medianBlur(small, 5)):
        level, area = cv2.threshold(channel, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
        lines = cv2.dilate(cv2.Canny(channel, 0.3 * level, 0.8 * level), np.ones((3, 3)))
        for mask in (area, lines):
            contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
            for contour in contours:
                few = cv2.approxPolyDP(contour, 0.02 * cv2.arcLength(contour, True), True)
                if len(few) != 4 or not cv2.isContourConvex(few):
                    continue
                share = cv2.contourArea(few) / grey.size
                if share < 0.05:
                    continue
                sides = np.zeros_like(grey)
                cv2.polylines(sides, [few], True, (255,), 3)
                score = float((steep[sides > 0] > 20).mean()) * share**0.5
                if score > best_score:
                    best, best_score = in_order(few) / scale, score
    return best


FINDERS: dict[str, Finder] = {
    "yimen": _ours, "tutorial Canny": _tutorial, "channels, quads": _channels
}


def overlap(one: Corners, other: Corners) -> float:
    """Intersection over union of two convex quads (4×2, in order)."""
    common, _ = cv2.intersectConvexConvex(one.astype(np.float32), other.astype(np.float32))
    return float(common / (polygon_area(one) + polygon_area(other) - common))


def drawn(first: int, count: int, kinds: Sequence[str] = tuple(KINDS)) -> Iterator[Scene]:
    """Hard desks of every kind."""
    for kind in kinds:
        for seed in range(first, first + count):
            made = desk(kind, seed)
            yield Scene(kind, made.image, made.corners)


def on_mat(first: int, count: int) -> Iterator[Scene]:
    """A kiosk's own desk: its mat, a fixed camera; sheets, cards, dark covers; changing light."""
    for seed in range(first, first + count):
        chance = np.random.default_rng((seed, 99))
        sheet = sheet_of(chance)
        if seed % 6 == 5:
            sheet = (sheet * _MAROON).astype(np.uint8)
        ground = np.asarray(kiosk_desk.lay(None, "mat", seed).image, np.float32)
        corners = place(
            chance, ground.shape, sheet, chance.uniform(0.07, 0.6), chance.uniform(-0.6, 0.6)
        )
        scene = put(ground, sheet, corners, 0.4, 6)
        yield Scene("mat", camera(chance, scene), in_order(corners))


def photographs(folder: Path) -> Iterator[Scene]:
    for entry in json.loads((folder / "corners.json").read_text("utf-8")):
        image = cv2.imread(str(folder / "images" / entry["file"]))
        if image is None:
            raise ValueError(f"{entry['file']}: not a picture OpenCV reads")
        corners = in_order(np.array(entry["corners"], np.float64))
        yield Scene(entry["file"], np.asarray(image), corners)


def score(name: str, scenes: Sequence[Scene]) -> Score:
    """Run one finder over scenes that hold a sheet, or none."""
    finder, overlaps, wrong, times = FINDERS[name], [], 0, []
    for scene in scenes:
        began = time.thread_time()
        corners = finder(scene.image)
        times.append(1000 * (time.thread_time() - began))
        if corners is None:
            continue
        got = 0.0 if scene.corners is None else overlap(corners, scene.corners)
        wrong += got < _WRONG_BELOW
        if scene.corners is not None:
            overlaps.append(got)
    sheets = sum(scene.corners is not None for scene in scenes)
    return Score(
        name, len(overlaps), sheets, round(float(np.mean(overlaps or [0])), 4),
        round(min(overlaps, default=0.0), 3), wrong, round(p50(times), 1), round(p95(times), 1),
    )


def tracking_ms(scene: Scene, rounds: int = 20) -> float:
    """p95 CPU milliseconds of following a sheet that lies still, 1080p."""
    image = cv2.resize(scene.image, _FULL_HD)
    quad = find_page(image)
    assert quad is not None
    times = []
    for number in range(rounds):
        again = kiosk_desk.again(image, number)
        began = time.thread_time()
        track_page(again, quad)
        times.append(1000 * (time.thread_time() - began))
    return p95(times)


def rows() -> Iterator[Row]:
    """A slice of the held-out desks, the mat, and photographs where YIMEN_PAGE_PHOTOGRAPHS says."""
    sets = [
        ("pages on hard desks", list(drawn(HELD_OUT, 2, _usual())), 0.90, 0.975),
        ("pages on a kiosk's mat", list(on_mat(HELD_OUT, 40)), 0.99, 0.985),
    ]
    folder = os.environ.get("YIMEN_PAGE_PHOTOGRAPHS")
    if folder:
        sets.append(("pages in photographs", list(photographs(Path(folder))), 0.90, 0.975))
    for what, scenes, least_found, least_mean in sets:
        ours, peer = score("yimen", scenes), score("channels, quads", scenes)
        share, its = ours.found / ours.sheets, peer.found / peer.sheets
        name = peer.finder
        yield Row(f"{what}: found", share, "of sheets", name, its, f"≥ {least_found}",
                  share >= least_found)
        yield Row(f"{what}: overlap", ours.mean, "mean IoU", name, peer.mean,
                  f"≥ {least_mean}", ours.mean >= least_mean)
        yield Row(f"{what}: wrong", ours.wrong, "answers", name, peer.wrong, "none",
                  ours.wrong == 0)
    frames = [Scene(s.kind, cv2.resize(s.image, _FULL_HD), None) for s in sets[0][1]]
    ours, peer = score("yimen", frames), score("channels, quads", frames)
    yield Row("finding a page, 1080p, p95", ours.p95_ms, "ms", peer.finder, peer.p95_ms, "≤ 60",
              ours.p95_ms <= 60, "CPU of one thread")
    tracking = tracking_ms(next(on_mat(1, 1)))
    yield Row("following a page, 1080p, p95", tracking, "ms", "finding it", ours.p95_ms,
              "≤ 15", tracking <= 15)


def _usual() -> tuple[str, ...]:
    return tuple(kind for kind in KINDS if kind not in _DISPUTED)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--seeds", type=int, default=6)
    parser.add_argument("--first", type=int, default=HELD_OUT)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    sets = {"mat": list(on_mat(options.first, 10 * options.seeds))}
    if options.folder is not None:
        sets["photographs"] = list(photographs(options.folder))
    hard = list(drawn(options.first, options.seeds))
    sets["hard desks"] = [scene for scene in hard if scene.kind not in _DISPUTED]
    sets |= {kind: [scene for scene in hard if scene.kind == kind] for kind in KINDS}
    figures = []
    print(f"{'set':16}{'finder':18}{'found':>9}{'mean':>8}{'least':>7}{'wrong':>7}{'ms':>7}{'p95':>7}")
    for what, scenes in sets.items():
        for name in FINDERS:
            one = score(name, scenes)
            figures.append({"set": what, **asdict(one)})
            share = f"{one.found}/{one.sheets}"
            print(f"{what:16}{name:18}{share:>9}{one.mean:>8}{one.least:>7}{one.wrong:>7}"
                  f"{one.median_ms:>7}{one.p95_ms:>7}")
    if options.json is not None:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
