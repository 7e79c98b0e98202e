"""A list of a hundred rows: only what is in view exists, everything can be reached."""

from itertools import pairwise

from kiosk.steps import Step
from kiosk.views import Looks
from screens.widgets.lazy_column import LazyColumn
from screens.widgets.scroll import Scroll
from tests.screens.desk import Desk
from tests.screens.sample_catalog import largest_group


def _group(desk: Desk, looks: Looks | None = None) -> LazyColumn:
    desk.show("group", "en", looks)
    screen = desk.app.stage.screen
    assert screen is not None
    return next(one for one in screen.walk() if isinstance(one, LazyColumn))


def test_only_rows_near_the_view_exist_and_the_last_one_is_reached(desk: Desk) -> None:
    rows = _group(desk)
    items = len(desk.visit.items)
    assert items > 60
    assert rows.made < 20
    last = desk.visit.items[-1]
    sid = (f"group.item.{last.id}" if len(last.services) > 1
           else f"home.service.{last.services[0].code}")
    assert desk.hands.see(sid)
    assert sid not in desk.hands.widgets()
    desk.hands.tap(sid)
    assert (("open_service", last.services[0].code) in desk.visit.calls
            or desk.visit.item == last.id)


def test_rows_lie_below_each_other_without_gaps_wherever_one_scrolls(desk: Desk) -> None:
    rows = _group(desk, Looks(large_text=True))
    scroll = rows._scroll()
    assert scroll is not None
    gap = desk.app._look.mm(4.0)
    offset = 0.0
    while offset < scroll.reach:
        scroll.scroll_to(offset)
        seen = sorted(rows.children, key=lambda row: -row.top)
        assert seen[0].top >= min(scroll.top, rows.top)
        assert seen[-1].y <= max(scroll.y, rows.y)
        for above, below in pairwise(seen):
            assert abs(above.y - below.top - gap) <= 1.5
        offset += scroll.height * 0.7


def test_an_item_opens_in_its_place_and_the_others_stay(desk: Desk) -> None:
    rows = _group(desk)
    scroll = rows._scroll()
    assert scroll is not None
    several = [one for one in desk.visit.items if len(one.services) > 1]
    before = desk.hands.widgets()[f"group.item.{several[0].id}"]
    kept = {id(row) for row in rows.children}
    desk.hands.tap(f"group.item.{several[0].id}")
    assert desk.hands.widgets()[f"group.item.{several[0].id}"] == before
    assert f"home.service.{several[0].services[0].code}" in desk.hands.widgets()
    assert len(kept & {id(row) for row in rows.children}) >= 3
    desk.hands.tap(f"group.item.{several[0].id}")
    assert not desk.hands.see(f"home.service.{several[0].services[1].code}")


def test_back_from_a_guide_the_list_stands_where_it_was(desk: Desk) -> None:
    rows = _group(desk)
    scroll = rows._scroll()
    assert scroll is not None
    scroll.scroll_to(900.0)
    desk.visit.go(Step.SERVICE)
    desk.hands.frame()
    desk.visit.go(Step.GROUP)
    desk.hands.frame()
    body = next(one for one in desk.app.stage.walk() if isinstance(one, Scroll))
    assert abs(body.offset - 900.0) < 40


def test_what_opening_and_dragging_make_does_not_grow_with_the_list(desk: Desk) -> None:
    """How long it takes: tests/benchmarks/lists.py."""
    _group(desk)
    desk.visit.group_id, items = largest_group()
    assert items > 200
    desk.visit.on_change()
    desk.hands.frame()
    rows = next(one for one in desk.app.stage.walk() if isinstance(one, LazyColumn))
    assert rows.made < 20
    scroll = rows._scroll()
    assert scroll is not None
    for step in range(1, 60):
        before = rows.made
        scroll.scroll_to(step * 40.0)
        assert rows.made - before <= 2
