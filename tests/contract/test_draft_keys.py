"""The slip's key: read back from paper, keyboard and reader; every slip of a finger noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.contract.draft_keys import (
    LENGTH,
    SYMBOLS,
    DraftCodeError,
    DraftKey,
    is_draft_id,
    is_slip_code,
)

KEYS = st.binary(min_size=16, max_size=16).filter(lambda raw: int.from_bytes(raw, "big") % 37 < 32)


@given(KEYS.map(DraftKey))
def test_key_is_read_back_from_text_and_code(key: DraftKey) -> None:
    assert DraftKey.parse(key.text) == key
    assert DraftKey.parse(key.qr_text) == key
    assert DraftKey.parse("\n".join(key.lines).lower()) == key
    assert is_slip_code(key.qr_text)
    assert not is_slip_code(key.text)
    assert len(key.symbols) == LENGTH


def test_known_keys_stand_in_crockfords_letters() -> None:
    """37 is 1 × 32 + 5 and leaves 0 modulo 37; 32 leaves 32, which would be his "*"."""
    assert DraftKey(bytes(16)).text == "000-000-000-000-000-000-000-000-000"
    assert DraftKey(bytes(15) + b"\x25").symbols == "0" * 24 + "15" + "0"
    assert DraftKey(bytes(15) + b"\x1f").symbols == "0" * 25 + "Z" + "Z"
    with pytest.raises(ValueError, match="cannot be typed"):
        _ = DraftKey(bytes(15) + b"\x20").symbols


@given(KEYS.map(DraftKey), st.integers(0, LENGTH - 1), st.sampled_from(SYMBOLS))
def test_any_one_wrong_symbol_is_noticed(key: DraftKey, place: int, symbol: str) -> None:
    text = key.symbols
    changed = text[:place] + symbol + text[place + 1 :]
    if changed != text:
        with pytest.raises(DraftCodeError):
            DraftKey.parse(changed)


@given(KEYS.map(DraftKey), st.integers(0, LENGTH - 2))
def test_two_neighbours_exchanged_are_noticed(key: DraftKey, place: int) -> None:
    text = key.symbols
    changed = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    if changed != text:
        with pytest.raises(DraftCodeError):
            DraftKey.parse(changed)


@given(KEYS.map(DraftKey))
def test_letters_that_look_like_digits_are_read_as_such(key: DraftKey) -> None:
    written = key.text.replace("0", "O").replace("1", "l")
    assert DraftKey.parse(f" {written} ".replace("-", "—")) == key


@pytest.mark.parametrize("text", ["", "YIMEND1:", "YIMEN1:a:b:c", "hello", "U" * 27, "0" * 26,
                                  "8" + "0" * 26, "YIMEND2:" + "0" * 27, "1YIMEND1:" + "0" * 27])
def test_anything_else_is_no_key(text: str) -> None:
    with pytest.raises(DraftCodeError) as error:
        DraftKey.parse(text)
    assert error.value.code == "code.unknown"


@given(KEYS.map(DraftKey), KEYS.map(DraftKey))
def test_id_and_sealing_key_tell_keys_apart_and_nothing_of_them(
    one: DraftKey, other: DraftKey
) -> None:
    assert is_draft_id(one.draft_id)
    assert (one.draft_id == other.draft_id) == (one == other)
    assert one.sealing_key()[:16] != bytes.fromhex(one.draft_id)
    assert one.raw not in one.sealing_key()
    assert one.symbols not in repr(one)
    assert one.raw.hex() not in repr(one)


def test_new_keys_can_all_be_typed() -> None:
    keys = [DraftKey.new() for _ in range(200)]
    assert all(DraftKey.parse(key.text) == key for key in keys)
    assert len({key.raw for key in keys}) == 200
