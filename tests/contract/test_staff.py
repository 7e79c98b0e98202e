"""Sealed staff questions and shift tokens: right ones hold, every other one is refused."""

import copy
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.contract import staff
from kiosk.contract.keys import key_id, new_sealing_key, new_signing_key
from kiosk.contract.messages import SignedDocument
from kiosk.contract.sealing import SealError
from kiosk.contract.signing import SignatureError, sign_document
from kiosk.contract.staff import (
    CLOCK_PLAY,
    SHIFT_LIFETIME,
    BindRequest,
    ShiftRequest,
    ShiftToken,
    StaffCard,
    TokenExpired,
    check_token,
    is_trivial_pin,
)

HUB, SEALING, STRANGER = new_signing_key(), new_sealing_key(), new_signing_key()
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
CARD = StaffCard(number="220103198811020429", name="刘洋", document_kind="resident_card",
                 assurance="chip_verified")
REQUEST = ShiftRequest(card=CARD, pin="280417")


def token(**changes: Any) -> ShiftToken:
    values = {"token_id": "t" * 24, "staff_id": "S0001", "name": "刘洋", "hall": "桃源",
              "role": "assistant", "kiosk_id": "K0001", "not_before": NOW,
              "expires": NOW + SHIFT_LIFETIME}
    return ShiftToken.model_validate(values | changes)


def signed(one: ShiftToken, key: Any = HUB, kind: str = "shift") -> SignedDocument:
    return SignedDocument.model_validate(sign_document(one.model_dump(mode="json"), key, kind))


@given(st.timedeltas(timedelta(days=-2), timedelta(days=2)))
def test_token_holds_from_its_beginning_to_its_end_and_at_no_other_time(
    after: timedelta
) -> None:
    one = token()
    lives = -CLOCK_PLAY <= after < SHIFT_LIFETIME
    try:
        assert check_token(signed(one), HUB.public_key(), "K0001", NOW + after) == one
        assert lives
    except TokenExpired:
        assert not lives


@given(st.sampled_from(["staff_id", "name", "hall", "role", "kiosk_id", "not_before", "expires",
                        "token_id"]), st.text(max_size=30))
@settings(max_examples=60)
def test_altered_token_is_refused(field: str, value: str) -> None:
    good = signed(token())
    document = copy.deepcopy(good.document) | {field: value}
    altered = good.model_copy(update={"document": document})
    if document != good.document:
        with pytest.raises(SignatureError):
            check_token(altered, HUB.public_key(), "K0001", NOW)


@pytest.mark.parametrize(("wrong", "kiosk_id"), [
    (signed(token(kiosk_id="K0002")), "K0001"),
    (signed(token(), STRANGER), "K0001"),
    (signed(token(), kind="receipt"), "K0001"),
    (signed(token(expires=NOW + SHIFT_LIFETIME + timedelta(seconds=1))), "K0001"),
    (signed(token(not_before=NOW - timedelta(hours=1))), "K0001"),
    (signed(token()).model_copy(update={"key_id": key_id(STRANGER.public_key())}), "K0001"),
])
def test_token_of_elsewhere_or_beyond_a_shift_is_refused(
    wrong: SignedDocument, kiosk_id: str
) -> None:
    with pytest.raises(SignatureError):
        check_token(wrong, HUB.public_key(), kiosk_id, NOW)


def test_question_is_understood_by_the_hub_alone_as_what_it_is_from_whom_it_is() -> None:
    keys = {key_id(SEALING.public_key()): SEALING}
    question = staff.ask(REQUEST, SEALING.public_key(), "K0001").question
    assert staff.understand(question, keys, "K0001", ShiftRequest) == REQUEST
    assert CARD.number not in question.model_dump_json()
    for held, kiosk_id, model in (
        ({}, "K0001", ShiftRequest),
        ({key_id(SEALING.public_key()): new_sealing_key()}, "K0001", ShiftRequest),
        (keys, "K0002", ShiftRequest),
        (keys, "K0001", BindRequest),
    ):
        with pytest.raises(SealError):
            staff.understand(question, held, kiosk_id, model)


def test_answer_reaches_who_asked_and_nobody_else() -> None:
    asked = staff.ask(REQUEST, SEALING.public_key(), "K0001")
    other = staff.ask(REQUEST, SEALING.public_key(), "K0001")
    answer = staff.answer(token(), asked.question, HUB, "K0001")
    assert "刘洋" not in str(answer)
    read = staff.read(answer, asked.reply_key, HUB.public_key(), "K0001")
    assert check_token(read, HUB.public_key(), "K0001", NOW) == token()
    with pytest.raises(SignatureError):
        staff.read(answer, other.reply_key, HUB.public_key(), "K0001")
    with pytest.raises(SignatureError):
        staff.read(answer, asked.reply_key, STRANGER.public_key(), "K0001")
    with pytest.raises(SealError):
        staff.read(answer, asked.reply_key, HUB.public_key(), "K0002")


@given(st.from_regex(r"[0-9]{6}", fullmatch=True))
def test_pins_in_a_row_or_repeated_are_trivial(pin: str) -> None:
    digits = [int(digit) for digit in pin]
    row = any(all((b - a) % 10 == step for a, b in pairwise(digits)) for step in range(10))
    repeated = pin[:3] == pin[3:] or pin[:2] * 3 == pin
    assert is_trivial_pin(pin, "") is (row or repeated)
    assert is_trivial_pin(pin, f"22{pin}19")


def test_nothing_of_card_and_pin_shows_in_a_repr() -> None:
    bind = BindRequest(card=CARD, pin="280417", code="0123456789")
    shown = repr((CARD, REQUEST, bind, token())) + f"{CARD} {REQUEST} {bind} {token()}"
    for secret in (CARD.number, CARD.name, "280417", "0123456789"):
        assert secret not in shown
