"""What is printed is what was meant, read back by the testbed's own interpreter."""

from itertools import pairwise

import cv2
import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from devices.printers.draw import draw
from devices.printers.escpos import encode, encode_parts, raster
from devices.printers.layout import Cut, Feed, Layout, Line, Pair, Qr, Rule, Text
from devices.printers.rows import TextRow, arrange
from devices.testbed.escpos_reader import EscposReader
from devices.testbed.paper_roll import (
    Printed,
    PrintedCode,
    PrintedCut,
    PrintedLine,
    PrintedPicture,
    PrintHead,
    draw_paper,
)

WORDS = st.text(st.sampled_from("abc 019-:长春市政务，。（）김매화é·㐂龘\x1b\x10\n"), max_size=40)
ALIGN = st.sampled_from(("left", "center", "right"))
SCALE = st.sampled_from((1, 2))
LINES: st.SearchStrategy[Line] = st.one_of(
    st.builds(
        Text, WORDS, st.sampled_from(("left", "center", "right")), SCALE, SCALE, st.booleans()
    ),
    st.builds(Pair, WORDS, WORDS),
    st.just(Rule()),
    st.builds(Qr, st.text(min_size=1, max_size=60), st.integers(1, 8)),
    st.builds(Feed, st.integers(1, 9)),
    st.just(Cut()),
)
LAYOUTS = st.lists(LINES, max_size=8).map(tuple)
RECEIPT: Layout = (
    Text("申请回执", align="center", width=2, height=2, bold=True),
    Pair("回执号", "YM01-261123-0007-K3"),
    Pair("申请人", "李㐂"),
    Text("접수되었습니다"),
    Qr("YIMEN1:YM01:kiosk:" + "A" * 86, 5),
    Cut(),
)


def interpret(data: bytes) -> list[Printed]:
    head = PrintHead()
    return [item for command in EscposReader().feed(data) for item in head.execute(command)]


@settings(max_examples=60, deadline=None)
@given(LAYOUTS, st.sampled_from((32, 48)))
def test_encode_prints_each_row_as_arranged(layout: Layout, columns: int) -> None:
    rows = [row for row in arrange(layout, columns) if isinstance(row, TextRow)]
    printed = interpret(encode(layout, columns))
    found = [item for item in printed if isinstance(item, PrintedLine | PrintedPicture)]
    assert len(found) == len(rows)
    for row, item in zip(rows, found, strict=True):
        assert isinstance(item, PrintedLine) == row.in_printer_font
        if isinstance(item, PrintedLine):
            assert item.text == row.text
            assert all(
                (s.width, s.height, s.bold) == (row.width, row.height, row.bold) for s in item.spans
            )
            assert item.align == ("left", "center", "right").index(row.align)
    codes = [item.data.decode() for item in printed if isinstance(item, PrintedCode)]
    assert codes == [line.data for line in layout if isinstance(line, Qr)]
    cuts = sum(isinstance(item, PrintedCut) for item in printed)
    assert cuts == sum(isinstance(line, Cut) for line in layout)


@settings(max_examples=40, deadline=None)
@given(LAYOUTS, st.data())
def test_reader_gives_the_same_commands_however_the_bytes_are_cut(
    layout: Layout, data: st.DataObject
) -> None:
    whole = encode(layout)
    reader = EscposReader()
    at = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6)))
    edges = [0, *at, len(whole)]
    pieces = [whole[a:b] for a, b in pairwise(edges)]
    assert [c for p in pieces for c in reader.feed(p)] == EscposReader().feed(whole)


@given(st.binary(max_size=400))
def test_reader_takes_any_bytes_without_losing_one(data: bytes) -> None:
    reader = EscposReader()
    raw = b"".join(command.raw for command in reader.feed(data))
    assert data.startswith(raw)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 72), st.integers(1, 40))
def test_raster_never_contains_a_real_time_command(seed: int, wide: int, high: int) -> None:
    chance = np.random.default_rng(seed)
    # Bytes that make up such commands, far more often than a picture would have them.
    packed = chance.choice(np.array([0x10, 0x04, 0x05, 0x14, 0xFF], np.uint8), (high, wide))
    dots = np.where(np.unpackbits(packed, axis=1), 0, 255).astype(np.uint8)
    data = raster(Image.fromarray(dots))[8:]
    assert not any(b"\x10" + end in data for end in (b"\x04", b"\x05", b"\x14"))


def test_text_in_gbk_is_raw_gb18030_in_chinese_mode() -> None:
    data = encode((Text("长春，一门"),))
    assert data.startswith(b"\x1b@\x1c&")
    assert "长春，一门\n".encode("gb18030") in data
    assert data.endswith(b"\x1c.")


def test_escape_bytes_in_a_name_never_reach_the_printer() -> None:
    data = encode((Text("A\x1b@\x10\x04\x01B"),))
    assert b"A@B\n" in data


def test_a_receipt_in_gbk_stays_below_one_kilobyte() -> None:
    plain = tuple(line for line in RECEIPT if line not in (Pair("申请人", "李㐂"), RECEIPT[3]))
    assert len(encode(plain)) < 1024


def test_parts_joined_are_the_whole_job() -> None:
    assert b"".join(encode_parts(RECEIPT)) == encode(RECEIPT)


@pytest.mark.parametrize("columns", [32, 48])
def test_drawn_code_reads_back_from_preview_and_from_paper(columns: int) -> None:
    wanted = "YIMEN1:YM01:kiosk:" + "A" * 86
    preview = np.asarray(draw(RECEIPT, columns))
    paper = np.asarray(draw_paper(interpret(encode(RECEIPT, columns)), columns))
    for picture in (preview, cv2.cvtColor(paper, cv2.COLOR_RGB2GRAY)):
        assert [code.text for code in zxingcpp.read_barcodes(picture)] == [wanted]


def test_preview_has_the_same_ink_as_the_paper_where_a_line_is_raster() -> None:
    preview = np.asarray(draw((Text("접수 완료"),))) < 128
    (picture,) = (
        i for i in interpret(encode((Text("접수 완료"),))) if isinstance(i, PrintedPicture)
    )
    assert picture.dots.sum() == preview.sum() > 100


def test_too_much_for_a_code_is_refused_before_anything_prints() -> None:
    with pytest.raises(ValueError, match="2331"):
        encode((Qr("x" * 2332),))
