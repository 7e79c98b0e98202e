"""Codes in real photographs: ours beside zxing-cpp, zbar, OpenCV and the three in a row.

    python -m tests.benchmarks.codes FOLDER [--json FILE]

FOLDER holds images/ and truth.json: [{"file": "…", "text": "…" or null}, …]; null: no code in it.
Right: the wanted text is among the answers, or nothing was answered where nothing is. Wrong:
answers, and none of them wanted.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import zxingcpp
from pyzbar import pyzbar

from devices.vision.codes import read_codes

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


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    pictures: list[tuple[Any, str | None]] = []
    for entry in json.loads((options.folder / "truth.json").read_text("utf-8")):
        image = cv2.imread(str(options.folder / "images" / entry["file"]))
        if image is None:
            print(f"{entry['file']}: not a picture OpenCV reads", file=sys.stderr)
            return 1
        pictures.append((image, entry["text"]))
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
