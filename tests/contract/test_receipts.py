"""Receipt numbers and the code beside them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.contract import keys, receipts
from kiosk.contract.receipts import ReceiptCodeError, ReceiptNumber

NUMBERS = st.builds(
    receipts.make,
    st.from_regex(r"[0-9]{4}", fullmatch=True).filter(str.isascii),
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.integers(1, 9999),
)
KEY = keys.new_signing_key()


def reads(text: str) -> ReceiptNumber | None:
    """Parse, or None when it is refused."""
    try:
        return receipts.parse(text)
    except ReceiptCodeError:
        return None


@given(NUMBERS)
def test_number_is_read_back_as_printed(number: ReceiptNumber) -> None:
    assert receipts.parse(str(number)) == number
    assert len(str(number)) == 21


@given(NUMBERS)
def test_number_is_read_as_people_type_it(number: ReceiptNumber) -> None:
    text = str(number)
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else " " for c in text)
    for typed in (text.lower(), text.replace("-", ""), text.replace("-", " – "), wide):
        assert receipts.parse(typed) == number


@given(NUMBERS, st.data())
def test_every_wrong_character_is_noticed(number: ReceiptNumber, data: st.DataObject) -> None:
    text = str(number)
    place = data.draw(st.sampled_from([i for i, c in enumerate(text) if c != "-"]))
    other = data.draw(st.sampled_from("0123456789YMO").filter(lambda c: c != text[place]))
    assert reads(text[:place] + other + text[place + 1 :]) is None


@given(NUMBERS, st.data())
def test_every_exchange_of_two_digits_is_noticed(
    number: ReceiptNumber, data: st.DataObject
) -> None:
    letters = list(str(number))
    digits = [i for i, c in enumerate(letters) if c.isdigit()]
    a, b = data.draw(st.lists(st.sampled_from(digits), min_size=2, max_size=2, unique=True))
    if letters[a] != letters[b]:
        letters[a], letters[b] = letters[b], letters[a]
        assert reads("".join(letters)) is None


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_refused_by_its_code(text: str) -> None:
    number = reads(text)
    assert number is None or receipts.parse(str(number)) == number


@pytest.mark.parametrize(
    ("kiosk", "day", "sequence"),
    [
        ("417", date(2026, 1, 1), 1),
        ("0417", date(2026, 1, 1), 0),
        ("0417", date(2026, 1, 1), 10000),
        ("0417", date(1999, 1, 1), 1),
    ],
)
def test_number_out_of_range_is_refused(kiosk: str, day: date, sequence: int) -> None:
    with pytest.raises(ValueError, match=r"digits|1\.\.9999|century"):
        receipts.make(kiosk, day, sequence)


@given(NUMBERS)
def test_code_is_read_and_verified(number: ReceiptNumber) -> None:
    text = receipts.qr_text(number, "K0417", KEY)
    code = receipts.parse_qr(text)
    assert (code.number, code.kiosk_id) == (number, "K0417")
    code.verify(KEY.public_key())


@given(NUMBERS, NUMBERS)
def test_code_of_another_number_or_kiosk_is_forged(
    number: ReceiptNumber, other: ReceiptNumber
) -> None:
    text = receipts.qr_text(number, "K0417", KEY)
    changed = [text.replace("K0417", "K0418")]
    if other != number:
        changed.append(text.replace(str(number), str(other)))
    for forged in changed:
        with pytest.raises(ReceiptCodeError) as caught:
            receipts.parse_qr(forged).verify(KEY.public_key())
        assert caught.value.code == "code.forged"


@given(st.text(max_size=160) | st.text(max_size=90).map(lambda t: f"YIMEN1:{t}"))
def test_foreign_code_is_unknown(text: str) -> None:
    with pytest.raises(ReceiptCodeError) as caught:
        receipts.parse_qr(text)
    assert caught.value.code == "code.unknown"
