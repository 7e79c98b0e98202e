"""Asking for a person's cases: sealed both ways, bound to kiosk and question."""

import pytest

from kiosk.contract import case_search, keys
from kiosk.contract.messages import CaseList, CaseQuery
from kiosk.contract.sealing import SealError
from kiosk.contract.signing import SignatureError

HUB = keys.new_sealing_key()
SIGNING = keys.new_signing_key()
RING = {keys.key_id(HUB.public_key()): HUB}
QUERY = CaseQuery(
    number="220102199003071235", name="张伟", assurance="card_present", visit="visit-0001"
)


def test_question_and_answer_reach_each_other() -> None:
    search, reply_key = case_search.ask(QUERY, HUB.public_key(), "K0417")
    assert "张伟" not in search.model_dump_json()
    assert case_search.understand(search, RING, "K0417") == QUERY
    reply = case_search.answer(CaseList(cases=()), search, SIGNING, "K0417")
    assert case_search.read(reply, reply_key, SIGNING.public_key(), "K0417") == CaseList(cases=())


def test_question_of_another_kiosk_does_not_open() -> None:
    search, _ = case_search.ask(QUERY, HUB.public_key(), "K0417")
    for ring, kiosk in ((RING, "K0418"), ({}, "K0417")):
        with pytest.raises(SealError):
            case_search.understand(search, ring, kiosk)


@pytest.mark.parametrize("change", [{"sealed": "%"}, {"sealed": ""}, {"sealing_key_id": ""}])
def test_malformed_question_is_a_seal_error(change: dict[str, str]) -> None:
    search, _ = case_search.ask(QUERY, HUB.public_key(), "K0417")
    with pytest.raises(SealError):
        case_search.understand(search.model_copy(update=change), RING, "K0417")


def test_answer_to_another_question_or_from_another_hub_is_refused() -> None:
    search, reply_key = case_search.ask(QUERY, HUB.public_key(), "K0417")
    other, _ = case_search.ask(QUERY, HUB.public_key(), "K0417")
    crossed = case_search.answer(CaseList(cases=()), other, SIGNING, "K0417")
    stranger = keys.new_signing_key()
    foreign = case_search.answer(CaseList(cases=()), search, stranger, "K0417")
    for reply in (crossed, foreign, {}):
        with pytest.raises(SignatureError):
            case_search.read(reply, reply_key, SIGNING.public_key(), "K0417")


def test_people_stay_out_of_printed_messages() -> None:
    assert "张伟" not in repr(QUERY)
    assert "张伟" not in str(QUERY)
