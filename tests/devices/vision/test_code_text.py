"""Bytes of codes that name no character set, read by what they most likely say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.vision.code_text import COMMON_HANZI, decode_text


@pytest.mark.parametrize(
    "text",
    [
        "张伟", "一", "李娜", "长春市", "社会保险参保证明", "换驾照", "王秀兰，女，汉族",
        "贺珺", "李璟", "冯祎", "付煜璟", "宋翀璟", "肖梅", "专", "丝", "为", "影楼", "囤积居奇",
        "姓名：欧阳馨；证号：220104199001011234", "增值税电子普通发票", "吉A·12345",
    ],
)
def test_gbk_is_read_as_chinese(text: str) -> None:
    assert decode_text(text.encode("gbk")) == text


@pytest.mark.parametrize(
    "text",
    [
        "ﾃﾞｻﾞｲﾝQR\r\nhttp://example.jp/", "ﾎｰﾑﾍﾟｰｼﾞ", "Google モバイル",
        "日本語テスト", "東京都新宿区", "ありがとう",
    ],
)
def test_shift_jis_is_read_as_japanese(text: str) -> None:
    assert decode_text(text.encode("shift_jis")) == text


@pytest.mark.parametrize("text", ["臺北市政府", "身分證字號", "王小明", "國民身分證"])
def test_big5_is_read_as_traditional_chinese(text: str) -> None:
    assert decode_text(text.encode("big5")) == text


@pytest.mark.parametrize("text", ["Café", "München", "São Paulo", "Straße 5", "20 °C"])
def test_latin_1_is_read_as_western(text: str) -> None:
    assert decode_text(text.encode("latin-1")) == text


@pytest.mark.parametrize("text", ["Café", "Привет мир", "Ελλάδα", "é", "서울특별시", "张伟", "🀄"])
def test_utf8_is_read_as_it_is(text: str) -> None:
    assert decode_text(text.encode()) == text


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert decode_text("\ufeff长春".encode()) == "长春"
    assert decode_text("\ufeffYM1".encode()) == "YM1"


@given(st.text(st.sampled_from(sorted(COMMON_HANZI)), min_size=2, max_size=30))
def test_any_words_of_common_hanzi_in_gbk_come_back(text: str) -> None:
    assert decode_text(text.encode("gbk")) == text


@given(st.binary(max_size=60))
def test_any_bytes_give_what_one_character_set_says(raw: bytes) -> None:
    text = decode_text(raw)
    assert text is not None  # Latin-1 reads everything
    sets = ("utf-8", "utf-8-sig", "gb18030", "shift_jis", "big5", "latin-1")
    assert any(_says(raw, name) == text for name in sets)


def _says(raw: bytes, name: str) -> str | None:
    try:
        return raw.decode(name)
    except UnicodeDecodeError:
        return None
