"""Papers read: fields right of all, seconds a picture, memory while and after."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np

from devices.ocr.fields import Paper
from devices.ocr.papers import parse_paper
from devices.ocr.text_reader import TextReader
from devices.testbed import desk, identity_papers, papers
from devices.vision.pages import find_page, flatten_page
from devices.vision.quads import Image
from tests.benchmarks.rows import Row, p50, p95, timed

TODAY = date(2026, 6, 1)
SEEDS = (1, 2, 3, 5, 8, 13)
"""Places, tilts, lights and noises of the desk under each paper; even ones lie on wood."""
SLOWEST = 5000.0
"""Milliseconds; what the screen tells whoever waits."""
MOST_MEMORY = 900.0
"""MB while it reads: a kiosk has 4 GB, of which the rest takes less than one."""


def rows() -> Iterator[Row]:
    reader = TextReader(idle=600)
    try:
        yield from _measured(reader)
    finally:
        reader.close()


def _measured(reader: TextReader) -> Iterator[Row]:
    [start] = timed(lambda: reader.read(np.full((300, 400, 3), 255, np.uint8)), 1)
    limit = f"limit {SLOWEST / 1000:.0f} s"
    yield Row("engine start", start, "ms", limit, SLOWEST, "below the limit",
              start <= SLOWEST, "once a visit, while the page is laid down")
    taken: list[float] = []
    for name, pictures in (("clean", _clean()), ("photographed", _photographed())):
        right = certain_wrong = total = 0
        for paper_name, image in pictures:
            lines: list[Paper | None] = []
            taken += timed(lambda image=image, lines=lines: lines.append(  # type: ignore[misc]
                parse_paper(reader.read(image), TODAY)), 1)
            hits, wrong, all_of_it = _compare(lines[0], identity_papers.says(paper_name))
            right, certain_wrong, total = right + hits, certain_wrong + wrong, total + all_of_it
        yield Row(f"fields right, {name}", right, "fields", "all", total,
                  "at least 98 % of all", right >= 0.98 * total, "our own drawn papers")
        yield Row(f"wrong but called certain, {name}", certain_wrong, "fields", "none", 0,
                  "none", certain_wrong == 0, "our own drawn papers")
    yield Row("one page, median", p50(taken), "ms", limit, SLOWEST, "below the limit",
              p50(taken) <= SLOWEST, "one thread, nice 10")
    yield Row("one page, p95", p95(taken), "ms", limit, SLOWEST, "below the limit",
              p95(taken) <= SLOWEST, "one thread, nice 10")
    assert reader.pid is not None
    peak = _memory(reader.pid, "VmHWM")
    yield Row("memory while reading", peak, "MB", "limit", MOST_MEMORY, "below the limit",
              peak <= MOST_MEMORY, "the engine's process at its highest")
    while_idle = _memory_of_children()
    yield Row("memory between two pages", while_idle, "MB", "limit", MOST_MEMORY,
              "below the limit", while_idle <= MOST_MEMORY, "until the application is over")
    reader.rest()
    reader.close()
    left = _memory_of_children()
    yield Row("memory after", left, "MB", "between two pages", while_idle,
              "nothing", left == 0, "every process this one has started")


def _compare(paper: Paper | None, truth: dict[str, str]) -> tuple[int, int, int]:
    """Fields right, fields wrong and yet called certain, fields there are."""
    read = paper.fields if paper is not None else {}
    right = sum(name in read and read[name].value == value for name, value in truth.items())
    wrong = sum(
        field.certain and truth.get(name, field.value) != field.value
        for name, field in read.items()
    )
    return right, wrong, len(truth)


def _clean() -> Iterator[tuple[str, Image]]:
    for name in identity_papers.DRAWERS:
        yield name, np.ascontiguousarray(np.asarray(papers.paper(name), np.uint8)[..., ::-1])


def _photographed() -> Iterator[tuple[str, Image]]:
    """Found and flattened as in a kiosk; a page that is not found counts as one without text."""
    for name in identity_papers.DRAWERS:
        for seed in SEEDS:
            surface: desk.Desk = "mat" if seed % 2 else "wood"
            image = desk.lay(papers.paper(name), surface, seed).image
            quad = find_page(image)
            yield name, np.zeros((64, 64, 3), np.uint8) if quad is None else flatten_page(
                image, quad
            )


def _memory_of_children() -> float:
    """MB of every process that this one has started and that still runs."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    threads = children.parent.parent.glob("*/children")
    pids = {int(pid) for thread in threads for pid in thread.read_text().split()}
    return sum(_memory(pid) for pid in pids)


def _memory(pid: int, what: str = "VmRSS") -> float:
    """MB a process holds now, or held at most (VmHWM)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(f"{what}:")).split()[1]) / 1024
