"""Codes in real photographs: ours beside zxing-cpp, zbar, OpenCV and the three in a row.

    python -m tests.benchmarks.codes FOLDER [--json FILE]

`yimen bench devices` measures drawn desks, and those photographs as well when
YIMEN_CODE_PHOTOGRAPHS names their FOLDER, which holds images/ and truth.json:
[{"file": "…", "text": "…" or null}, …]; null: no code in it.
Right: the wanted text is among the answers, or nothing was answered where nothing is. Wrong:
answers, and none of them wanted.
"""

import argparse
import io
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import segno
import zxingcpp
from PIL import Image
from pyzbar import pyzbar

from devices.testbed import desk
from devices.vision.codes import read_codes
from tests.benchmarks.rows import Row

_LIVE_FRAME = (1920, 1080)
Reader = Callable[[Any], list[str]]


@dataclass(frozen=True)
class Score:
    """What one reader did with a folder; times in milliseconds of CPU a picture."""

    reader: str
    right: int
    wrong: int
    missed: int
    with_code: int
    false_positives: int
    without_code: int
    median_ms: float
    p95_ms: float


def _ours(image: Any) -> list[str]:
    return [code.text for code in read_codes(image, "best")]


def _live(image: Any) -> list[str]:
    return [code.text for code in read_codes(image, "live")]


def _zxing(image: Any) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image)]


def _zbar(image: Any) -> list[str]:
    return [found.data.decode("utf-8", "replace") for found in pyzbar.decode(image)]


def _opencv(image: Any) -> list[str]:
    try:
        _, texts, _, _ = cv2.QRCodeDetector().detectAndDecodeMulti(image)
    except (cv2.error, UnicodeDecodeError):
        return []
    return [text for text in texts if text]


def _cascade(image: Any) -> list[str]:
    return _zxing(image) or _zbar(image) or _opencv(image)


READERS: dict[str, Reader] = {
    "yimen best": _ours,
    "yimen live": _live,
    "zxing-cpp": _zxing,
    "pyzbar": _zbar,
    "opencv": _opencv,
    "zxing-cpp, pyzbar, opencv": _cascade,
}


def score(name: str, reader: Reader, pictures: list[tuple[Any, str | None]]) -> Score:
    """Run one reader over all pictures (BGR uint8) with their wanted texts."""
    right = wrong = missed = false = 0
    times = []
    for image, wanted in pictures:
        started = time.thread_time()
        texts = reader(image)
        times.append(1000 * (time.thread_time() - started))
        if wanted is None:
            false += bool(texts)
        elif wanted in texts:
            right += 1
        elif texts:
            wrong += 1
        else:
            missed += 1
    empty = sum(wanted is None for _, wanted in pictures)
    return Score(
        name, right, wrong, missed, len(pictures) - empty, false, empty,
        round(statistics.median(times), 1), round(float(np.percentile(times, 95)), 1),
    )


def live_frame_ms(pictures: list[tuple[Any, str | None]], rounds: int = 9) -> float:
    """Median CPU milliseconds of a live try on 1080p frames without a code."""
    times = []
    for image, wanted in pictures:
        if wanted is not None:
            continue
        frame = cv2.resize(image, _LIVE_FRAME)
        for _ in range(rounds):
            started = time.thread_time()
            read_codes(frame, "live")
            times.append(1000 * (time.thread_time() - started))
    return round(statistics.median(times), 1) if times else 0.0


def drawn(count: int = 24) -> Iterator[tuple[Any, str | None]]:
    """Codes on papers that lie on a desk, smaller and more blurred each time.

    By turns plain ASCII, which every reader knows, and Chinese in GBK; every fourth paper is bare.
    """
    for seed in range(count):
        sheet = Image.new("RGB", (620, 876), "white")
        wanted = None
        if seed % 4:
            place = "CHANGCHUN" if seed % 2 else "长春市南关区"
            wanted = f"{place} {seed:04d}-{seed * 7919 % 100000:05d}"
            code = io.BytesIO()
            segno.make_qr(wanted.encode("gbk")).save(code, kind="png", border=4,
                                                     scale=8 - seed // 4)
            with Image.open(code) as picture:
                sheet.paste(picture.convert("RGB"), (60 + 9 * seed, 80 + 15 * seed))
        yield desk.lay(sheet, "wood" if seed % 2 else "mat", seed, seed / 12).image, wanted


def photographs(folder: Path) -> Iterator[tuple[Any, str | None]]:
    """Raises FileNotFoundError for a file that is not there or no picture."""
    for entry in json.loads((folder / "truth.json").read_text("utf-8")):
        image = cv2.imread(str(folder / "images" / entry["file"]))
        if image is None:
            raise FileNotFoundError(f"{entry['file']}: not a picture OpenCV reads")
        yield image, entry["text"]


def rows() -> Iterator[Row]:
    sets = [("codes on drawn desks", list(drawn()))]
    folder = os.environ.get("YIMEN_CODE_PHOTOGRAPHS")
    if folder:
        sets.append(("codes in photographs", list(photographs(Path(folder)))))
    for what, pictures in sets:
        ours = score("yimen best", _ours, pictures)
        peers = [score(name, READERS[name], pictures) for name in READERS if "yimen" not in name]
        best = max(peers, key=lambda peer: peer.right)
        yield Row(f"{what}: right", ours.right, f"of {ours.with_code}", f"best: {best.reader}",
                  best.right, "at least as many as the best peer", ours.right >= best.right,
                  ", ".join(f"{peer.reader} {peer.right}" for peer in peers[:3]))
        wrong = ours.wrong + ours.false_positives
        yield Row(f"{what}: wrong", wrong, "answers", best.reader,
                  best.wrong + best.false_positives, "none", wrong == 0)
        yield Row(f"{what}: median", ours.median_ms, "ms", best.reader, best.median_ms, "", None,
                  "CPU; effort best")
    bare = [picture for picture in sets[0][1] if picture[1] is None]
    frames = [cv2.resize(image, _LIVE_FRAME) for image, _ in bare]
    peer_ms = score("zxing-cpp", _zxing, [(frame, None) for frame in frames * 9]).median_ms
    live = live_frame_ms(bare)
    yield Row("live, 1080p frame without a code, median", live, "ms", "zxing-cpp alone", peer_ms,
              "at most 10 ms", live <= 10, "CPU")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    try:
        pictures = list(photographs(options.folder))
    except FileNotFoundError as error:
        print(error, file=sys.stderr)
        return 1
    scores = [score(name, reader, pictures) for name, reader in READERS.items()]
    frame = live_frame_ms(pictures)
    print(f"{'reader':28}{'right':>9}{'wrong':>7}{'missed':>8}{'false':>8}{'ms':>8}{'p95':>9}")
    for row in scores:
        print(
            f"{row.reader:28}{f'{row.right}/{row.with_code}':>9}{row.wrong:>7}{row.missed:>8}"
            f"{f'{row.false_positives}/{row.without_code}':>8}{row.median_ms:>8}{row.p95_ms:>9}"
        )
    print(f"live, 1080p frame without a code: median {frame} ms (limit 10)")
    if options.json is not None:
        figures = {"readers": [asdict(row) for row in scores], "live_frame_ms": frame}
        options.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
