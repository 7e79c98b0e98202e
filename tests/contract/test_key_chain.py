"""Trust moves along links only; and what kiosks and hubs tell each other survives the wire."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kiosk.contract import key_chain, keys
from kiosk.contract.contact import Contact, ContactReply, Escalation, Kept, KeptList, Returned
from kiosk.contract.messages import (
    MAX_SUBMISSION,
    Announce,
    HubKeys,
    KeyDirectory,
    Message,
    Problem,
    SignedDocument,
    UploadOffer,
)
from kiosk.contract.signing import SignatureError, sign_document

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
RING = [keys.new_signing_key() for _ in range(5)]
STRANGER = keys.new_signing_key()
SEALING = keys.new_sealing_key().public_key()


def links(count: int) -> list[SignedDocument]:
    """Links from the first key to the one after `count` rotations."""
    return [
        SignedDocument(**key_chain.link(RING[n + 1].public_key(), RING[n], NOW))
        for n in range(count)
    ]


def directory(signer: Any, chain: list[SignedDocument], named: Any = None) -> dict[str, Any]:
    signing = (named or signer).public_key()
    hub = HubKeys(
        signing=keys.public_text(signing), signing_id=keys.key_id(signing),
        sealing=keys.public_text(SEALING), sealing_id=keys.key_id(SEALING),
    )  # fmt: skip
    document = KeyDirectory(hub=hub, kiosks=(), time=NOW, chain=tuple(chain))
    return sign_document(document.model_dump(mode="json"), signer, "keys")


@given(st.integers(0, 4), st.integers(0, 4), st.randoms(use_true_random=False))
def test_every_later_key_is_reached_and_no_earlier_one(known: int, now: int, random: Any) -> None:
    chain = links(now)
    random.shuffle(chain)
    signed = directory(RING[now], chain)
    trusted = RING[known].public_key()
    if known <= now:
        found = key_chain.read_directory(signed, trusted)
        assert found.hub.signing == keys.public_text(RING[now].public_key())
    else:
        with pytest.raises(SignatureError):
            key_chain.read_directory(signed, trusted)


@given(st.sampled_from(["missing", "stranger", "other key", "kind", "signature"]),
       st.integers(0, 2))
def test_chain_with_one_link_that_is_not_genuine_leads_nowhere(wrong: str, place: int) -> None:
    chain = links(3)
    good = chain[place]
    match wrong:
        case "missing":
            del chain[place]
        case "stranger":
            chain[place] = SignedDocument(
                **key_chain.link(RING[place + 1].public_key(), STRANGER, NOW)
            )
        case "other key":
            document = {**good.document, "signing": keys.public_text(STRANGER.public_key())}
            chain[place] = good.model_copy(update={"document": document})
        case "kind":
            chain[place] = good.model_copy(update={"kind": "receipt"})
        case "signature":
            chain[place] = good.model_copy(update={"signature": "A" * 86 + "=="})
    with pytest.raises(SignatureError):
        key_chain.read_directory(directory(RING[3], chain), RING[0].public_key())


def test_thief_of_the_line_cannot_bring_a_key_of_their_own() -> None:
    for chain in ([], links(2)):
        with pytest.raises(SignatureError):
            key_chain.read_directory(directory(STRANGER, chain), RING[0].public_key())
    with pytest.raises(SignatureError, match="another signing key"):
        key_chain.read_directory(directory(RING[0], [], STRANGER), RING[0].public_key())


def test_links_in_a_circle_end() -> None:
    chain = [
        SignedDocument(**key_chain.link(RING[1].public_key(), RING[0], NOW)),
        SignedDocument(**key_chain.link(RING[0].public_key(), RING[1], NOW)),
    ]
    with pytest.raises(SignatureError, match="circle"):
        key_chain.follow(RING[0].public_key(), chain)


@given(st.none() | st.integers() | st.text(max_size=20) | st.dictionaries(st.text(max_size=5),
       st.none() | st.text(max_size=5) | st.lists(st.integers(), max_size=2), max_size=4))
def test_anything_else_is_no_directory(value: object) -> None:
    with pytest.raises(SignatureError):
        key_chain.read_directory(value, RING[0].public_key())


def shaped(pattern: str) -> st.SearchStrategy[str]:
    return st.from_regex(pattern, fullmatch=True)


IDS = shaped(r"[0-9A-Za-z_-]{16,64}")
DIGESTS = shaped(r"[0-9a-f]{64}")
TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
COUNTS = st.integers(0, 10**9)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=40)
SIGNED = st.builds(
    SignedDocument, kind=TEXTS, key_id=TEXTS, signature=TEXTS,
    document=st.dictionaries(TEXTS, st.none() | st.booleans() | st.integers() | TEXTS, max_size=3),
)
MESSAGES: dict[type[Message], st.SearchStrategy[Message]] = {
    Announce: st.builds(
        Announce, submission_id=IDS, digest=DIGESTS, size=st.integers(1, MAX_SUBMISSION),
        receipt_number=TEXTS, receipt=st.none() | SIGNED,
    ),
    Contact: st.builds(
        Contact, waiting=COUNTS, shelved=COUNTS, oldest=st.none() | TIMES, audit_seq=COUNTS,
        sealed_to=st.lists(shaped("[0-9a-f]{20}"), max_size=3).map(tuple),
        audit_head=shaped("[0-9a-f]{0,64}"), catalog=TEXTS,
        clock_offset=st.floats(-1e9, 1e9),
    ),
    ContactReply: st.builds(
        ContactReply, kiosk_id=TEXTS, name=TEXTS, hall=TEXTS, epoch=IDS, time=TIMES
    ),
    Escalation: st.builds(
        Escalation, submission_id=IDS, digest=DIGESTS, receipt_number=TEXTS, service_code=TEXTS,
        code=shaped("[a-z_.]{1,60}"), attempts=COUNTS, created=TIMES,
        staff_id=shaped("(S[0-9]{4})?"),
    ),
    KeptList: st.builds(
        KeptList,
        kept=st.lists(st.builds(Kept, submission_id=IDS, digest=DIGESTS), max_size=3).map(tuple),
    ),
    Problem: st.builds(
        Problem, title=TEXTS, status=st.integers(400, 599), code=TEXTS, retryable=st.booleans()
    ),
    Returned: st.builds(Returned, receipt=SIGNED),
    UploadOffer: st.builds(UploadOffer, upload_url=TEXTS, offset=COUNTS, expires=TIMES),
}


@pytest.mark.parametrize("model", MESSAGES, ids=lambda model: model.__name__)
@given(data=st.data())
@settings(max_examples=40)
def test_message_comes_out_of_its_json_as_it_went_in(
    model: type[Message], data: st.DataObject
) -> None:
    message = data.draw(MESSAGES[model])
    assert model.model_validate_json(message.model_dump_json()) == message


@pytest.mark.parametrize("model", [m for m in MESSAGES if m is not Problem],
                         ids=lambda model: model.__name__)
@given(data=st.data(), name=st.text(st.characters(codec="utf-8"), min_size=1, max_size=9))
@settings(max_examples=40)
def test_unknown_field_is_noticed(
    model: type[Message], data: st.DataObject, name: str
) -> None:
    told = data.draw(MESSAGES[model]).model_dump(mode="json")
    assume(name not in told)
    with pytest.raises(ValueError, match="extra"):
        model.model_validate({**told, name: 1})
