"""The process that recognises text: rapidocr on onnxruntime, some 500 MB while it runs.

`python -m devices.ocr.engine FD PARENT THREADS`: FD is a connected Unix stream socket, PARENT the
process it works for. A request is one JSON line {"do": "read" | "turned", "height": H, "width": W}
and H·W·3 bytes of BGR; an answer is one JSON line, see `devices.ocr.text_reader`. Pictures are in
memory only: the process may neither write a file nor open a socket, and dies with its parent.
"""

import contextlib
import ctypes
import json
import logging
import os
import resource
import signal
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import rapidocr
from numpy.typing import NDArray
from rapidocr.main import RapidOCRError
from rapidocr.utils.process_img import map_boxes_to_original

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4  # linux/prctl.h
_NICE = 10  # the screen's drawing goes first
_LEAST_CONFIDENCE = 0.5  # of a line; below it is rather a pattern than text
_SURE_OF_DIRECTION = 0.9  # rapidocr's own limit for turning a line
_LONG_SIDE = 1600  # pixels; a page of a 1080p camera holds no more, time and memory grow with it
_LEAST_SIDE = 64  # pixels
_MOST_SLENDER = 8  # long side to short side
_MAJORITY = 0.75  # of the text's length, to call a page upside down or upright
# Named one by one: a model that is named is loaded as it is, one that is not may be downloaded.
_MODELS = {
    "Det.model_path": "PP-OCRv6_det_small.onnx",
    "Cls.model_path": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    "Rec.model_path": "PP-OCRv6_rec_small.onnx",
}


class Engine:
    """rapidocr as we use it. One thread."""

    def __init__(self, threads: int) -> None:
        folder = Path(rapidocr.__file__).parent / "models"
        settings: dict[str, object] = {
            "Global.log_level": "critical",
            "Global.max_side_len": _LONG_SIDE,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            **{name: str(folder / model) for name, model in _MODELS.items()},
        }
        self._ocr = rapidocr.RapidOCR(params=settings)

    def read(self, image: NDArray[np.uint8]) -> dict[str, Any]:
        """{"lines": [[text, [[x, y] × 4], confidence] …]}, see TextLine."""
        boxes, turns, crops = self._found(image)
        if not crops:
            return {"lines": []}
        # The classifier errs on single lines: one page's text stands one way.
        for lying in (False, True):
            group = [at for at, box in enumerate(boxes) if _stands(box) == lying]
            most = _majority(boxes[group], [turns[at] for at in group])
            for at in group:
                if most is not None and bool(turns[at]) != (most == 180):
                    turns[at] = most == 180
                    crops[at] = np.ascontiguousarray(crops[at][::-1, ::-1])
        recognised = self._ocr.recognize_txt(crops)
        lines = []
        for box, turned, text, confidence in zip(
            boxes, turns, recognised.txts or (), recognised.scores or (), strict=True
        ):
            if text.strip() and confidence >= _LEAST_CONFIDENCE:
                lines.append([text, _as_read(box, turned), float(confidence)])
        return {"lines": lines}

    def turned(self, image: NDArray[np.uint8]) -> dict[str, Any]:
        """{"turned": 0 | 180 | null}: how the most of the text stands."""
        boxes, turns, _ = self._found(image)
        lying = [at for at, box in enumerate(boxes) if not _stands(box)]
        if 2 * len(lying) < len(boxes):  # the page lies on its side
            return {"turned": None}
        return {"turned": _majority(boxes[lying], [turns[at] for at in lying])}

    def _found(
        self, image: NDArray[np.uint8]
    ) -> tuple[NDArray[np.float32], list[bool | None], list[NDArray[np.uint8]]]:
        """Lines of text: boxes n×4×2 in pixels, for each whether its text is upside down (None:
        cannot tell), and its picture, turned so that it can be read."""
        ocr = self._ocr
        scaled, record = ocr.preprocess_img(_roomy(image))
        try:
            crops, detected = ocr.detect_and_crop(scaled, record)
        except RapidOCRError:  # nothing found
            return np.empty((0, 4, 2), np.float32), [], []
        crops, classified = ocr.cls_and_rotate(crops)
        high, wide = image.shape[:2]
        boxes = map_boxes_to_original(np.array(detected.boxes), record, high, wide)
        turns = [
            "180" in label if score > _SURE_OF_DIRECTION else None
            for label, score in classified.cls_res or ()
        ]
        return boxes, turns, list(crops)


def _majority(boxes: NDArray[np.float32], turns: list[bool | None]) -> int | None:
    """0 or 180 where most of the text, by its length, stands so; None where it disagrees."""
    lengths: Counter[int] = Counter()
    for box, turned in zip(boxes, turns, strict=True):
        along = float(np.linalg.norm(box[1] - box[0]))
        across = float(np.linalg.norm(box[3] - box[0]))
        if turned is not None and max(along, across) > 2 * min(along, across):
            lengths[180 if turned else 0] += round(max(along, across))  # few signs tell nothing
    if not lengths:
        return None
    direction, length = lengths.most_common(1)[0]
    return direction if length >= _MAJORITY * lengths.total() else None


def _stands(box: NDArray[np.float32]) -> bool:
    """Whether rapidocr reads it as a line from below to above."""
    width = max(np.linalg.norm(box[0] - box[1]), np.linalg.norm(box[2] - box[3]))
    height = max(np.linalg.norm(box[0] - box[3]), np.linalg.norm(box[1] - box[2]))
    return int(height) >= 1.5 * int(width)


def _roomy(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture, widened to the right and below where it is a mere strip: rapidocr scales by
    the short side, and would make gigabytes of 2 × 300 pixels."""
    high, wide = image.shape[:2]
    least = max(_LEAST_SIDE, max(high, wide) // _MOST_SLENDER)
    below, right = max(0, least - high), max(0, least - wide)
    return np.pad(image, ((0, below), (0, right), (0, 0)), mode="edge")


def _as_read(box: NDArray[np.float32], turned: bool | None) -> list[list[float]]:
    """The corners from the text's own top-left on, as the line was turned to be read."""
    first = (1 if _stands(box) else 0) + (2 if turned else 0)
    return [[float(x), float(y)] for x, y in np.roll(box, -first, axis=0)]


def _shut_in(parent: int) -> None:
    """Dies with its parent, leaves nothing behind. Before the first picture comes."""
    prctl = ctypes.CDLL(None).prctl
    prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit(1)  # it died before the line above
    prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    os.nice(_NICE)
    sys.addaudithook(_no_network)


def _no_network(event: str, _: object) -> None:
    if event.startswith(("socket.", "urllib.", "http.")):
        raise PermissionError(f"no {event} here")


def main(requests: BinaryIO, answers: BinaryIO, threads: int) -> None:
    """Answer until the other side closes the wire."""

    def say(answer: Mapping[str, Any]) -> None:
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()

    engine = Engine(threads)
    # The first run loads the models.
    engine.read(np.full((64, 320, 3), 255, np.uint8))
    say({"ready": True})
    while line := requests.readline():
        request = json.loads(line)
        shape = (int(request["height"]), int(request["width"]), 3)
        raw = requests.read(shape[0] * shape[1] * 3)
        if len(raw) < shape[0] * shape[1] * 3:
            return
        image = np.frombuffer(raw, np.uint8).reshape(shape)
        work = engine.turned if request["do"] == "turned" else engine.read
        try:
            answer = work(image)
        except Exception as error:  # noqa: BLE001 - the seam: its kind only, no picture in it
            answer = {"fault": type(error).__name__}
        say(answer)


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    _shut_in(int(sys.argv[2]))
    wire = int(sys.argv[1])
    with (
        contextlib.suppress(OSError),  # the other side closed the wire
        open(wire, "rb") as requests,
        open(wire, "wb", closefd=False) as answers,
    ):
        main(requests, answers, int(sys.argv[3]))
