"""How long the screen needs for the largest list of services: opened, dragged by a finger."""

import gc
from collections.abc import Iterator

from screens.widgets.lazy_column import LazyColumn
from tests.benchmarks.rows import Row, p50, p95, timed
from tests.screens.desk import Desk
from tests.screens.sample_catalog import largest_group

SUITE = "search"
FRAME = 1000 / 60  # milliseconds
_OPENINGS, _DRAGS = 20, 60
_PIXELS_A_DRAG = 40.0
_ANOTHER = "tax"


def rows() -> Iterator[Row]:
    """A frame each is the limit of one at 60 a second; a tap may take two."""
    with Desk() as desk:
        desk.show("group", "en")  # fonts and letters are warm, as on a kiosk that runs
        largest, items = largest_group()
        gc.freeze()  # as a kiosk does once it has started

        def open_group(group: str) -> None:
            desk.visit.group_id = group
            desk.visit.on_change()
            desk.hands.frame()

        times, tidied = [], []
        for _ in range(_OPENINGS):
            open_group(_ANOTHER)
            gc.collect()
            times += timed(lambda: open_group(largest), 1)
            tidied += timed(gc.collect, 1)  # main.py has it done in the first quiet frame
        yield Row(f"opening a group of {items}, p95", p95(times), "ms", "a frame", FRAME,
                  "at most two frames", p95(times) <= 2 * FRAME)
        yield Row("taking away what the last screen left, p95", p95(tidied), "ms", "a frame", FRAME,
                  "at most a frame", p95(tidied) <= FRAME)
        column = next(one for one in desk.app.stage.walk() if isinstance(one, LazyColumn))
        scroll = column._scroll()
        assert scroll is not None
        offsets = iter(_PIXELS_A_DRAG * step for step in range(1, _DRAGS + 1))
        times = timed(lambda: scroll.scroll_to(next(offsets)), _DRAGS)
        yield Row("dragging it, median", p50(times), "ms", "a frame", FRAME,
                  "at most one frame", p50(times) <= FRAME)
        yield Row("dragging it, p95", p95(times), "ms", "a frame", FRAME,
                  "at most two frames", p95(times) <= 2 * FRAME)
