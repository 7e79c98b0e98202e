import pytest

from screens.input import hangul
from screens.input.layouts import LAYOUTS, Mode, layout

KINDS = [
    (mode, kind)
    for mode in LAYOUTS
    for kind in (("", "phone", "idnumber", "number") if mode == "digits" else ("",))
]


@pytest.mark.parametrize(("mode", "kind"), KINDS)
def test_a_key_stands_only_once_on_a_layout(mode: Mode, kind: str) -> None:
    ids = [key.id for row in layout(mode, kind).rows for key in row]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(("mode", "kind"), KINDS)
def test_every_row_fits_the_columns(mode: Mode, kind: str) -> None:
    columns = layout(mode, kind).columns
    reaching_down = 0.0
    for row in layout(mode, kind).rows:
        assert sum(key.width for key in row) + reaching_down <= columns
        reaching_down = sum(key.width for key in row if key.rows > 1)


@pytest.mark.parametrize(("mode", "kind"), KINDS)
def test_delete_and_done_are_on_every_layout(mode: Mode, kind: str) -> None:
    ids = {key.id for row in layout(mode, kind).rows for key in row}
    assert {"delete", "done"} <= ids


def test_every_jamo_can_be_typed() -> None:
    keys = [key for row in LAYOUTS["hangul"].rows for key in row]
    reachable = {key.id for key in keys} | {key.shifted for key in keys}
    assert reachable >= hangul.JAMO - set("ㅘㅙㅚㅝㅞㅟㅢ")


def test_only_id_numbers_get_an_x() -> None:
    def ids(kind: str) -> set[str]:
        return {key.id for row in layout("digits", kind).rows for key in row}

    assert "X" in ids("idnumber")
    assert "X" not in ids("phone")
    assert "." in ids("number")
