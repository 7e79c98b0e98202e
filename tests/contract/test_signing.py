"""Signed requests and documents, and the traps on the way."""

from datetime import UTC, datetime, timedelta

import pytest
import requests
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver
from http_message_signatures.algorithms import ED25519
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.contract import keys, signing
from kiosk.contract.signing import ClockSkew, SignatureError, SignedRequest, Signer, UnknownSigner

KEY = keys.new_signing_key()
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
URL = "http://127.0.0.1:8080/v1/submissions?x=%E4%B8%80"


def signed(body: bytes = b'{"a": 1}', created: datetime = NOW) -> SignedRequest:
    """A request signed by K0417."""
    method = "POST" if body else "GET"
    headers = {"Content-Type": "application/json"} if body else {}
    request = requests.Request(method, URL, data=body or None, headers=headers).prepare()
    signing.sign_request(request, "K0417", KEY, created)
    return SignedRequest(method, URL, dict(request.headers), body)


def verify(request: SignedRequest, now: datetime = NOW) -> Signer:
    """Verify with a directory of one kiosk."""
    return signing.verify_request(
        request, lambda name: KEY.public_key() if name == "K0417" else None, now
    )


@settings(max_examples=30)
@given(st.binary(max_size=500))
def test_signed_request_verifies(body: bytes) -> None:
    signer = verify(signed(body))
    assert signer.key_id == "K0417"
    assert signer.created == NOW


def test_every_signature_has_its_own_nonce() -> None:
    assert verify(signed()).nonce != verify(signed()).nonce


@pytest.mark.parametrize(
    "change",
    [
        {"body": b'{"a": 2}'},
        {"body": b""},
        {"method": "PUT"},
        {"url": URL.replace("/v1/", "/v2/")},
        {"url": URL.replace("8080", "8081")},
        {"url": URL + "&y=1"},
        {"headers": {}},
    ],
)
def test_changed_request_is_refused(change: dict[str, object]) -> None:
    values = vars(signed()) | change
    with pytest.raises(SignatureError):
        verify(SignedRequest(**values))


def test_body_added_to_a_request_without_one_is_refused() -> None:
    request = signed(b"")
    with pytest.raises(SignatureError):
        verify(SignedRequest("GET", URL, request.headers, b"surprise"))


def test_signature_over_less_than_required_is_refused() -> None:
    request = requests.Request("GET", URL).prepare()
    resolver = MappingKeyResolver(public_keys={}, private_keys={"K0417": KEY})
    HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=resolver).sign(
        request,
        key_id="K0417",
        created=NOW,
        nonce="n" * 22,
        tag=signing.TAG,
        covered_component_ids=("@method",),
    )
    with pytest.raises(SignatureError):
        verify(SignedRequest("GET", URL, dict(request.headers), b""))


def test_signature_without_a_nonce_is_refused() -> None:
    request = requests.Request("GET", URL).prepare()
    resolver = MappingKeyResolver(public_keys={}, private_keys={"K0417": KEY})
    HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=resolver).sign(
        request,
        key_id="K0417",
        created=NOW,
        tag=signing.TAG,
        covered_component_ids=("@method", "@target-uri"),
    )
    with pytest.raises(SignatureError, match="nonce"):
        verify(SignedRequest("GET", URL, dict(request.headers), b""))


@pytest.mark.parametrize("seconds", [-61, 61, -86400, 86400 * 365])
def test_request_from_another_time_is_told_apart_from_a_forged_one(seconds: int) -> None:
    with pytest.raises(ClockSkew):
        verify(signed(created=NOW + timedelta(seconds=seconds)))


@pytest.mark.parametrize("seconds", [-60, 0, 60])
def test_request_within_a_minute_passes(seconds: int) -> None:
    verify(signed(created=NOW + timedelta(seconds=seconds)))


def test_unknown_signer_is_told_apart() -> None:
    request = requests.Request("GET", URL).prepare()
    signing.sign_request(request, "K9999", KEY, NOW)
    with pytest.raises(UnknownSigner):
        verify(SignedRequest("GET", URL, dict(request.headers), b""))


@pytest.mark.parametrize("value", ["", "x", 'a=("@method")', "a=1, a=2", "é"])
def test_malformed_signature_fields_are_refused(value: str) -> None:
    with pytest.raises(SignatureError):
        verify(SignedRequest("GET", URL, {"Signature-Input": value, "Signature": value}, b""))


JSONS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=8), JSONS, max_size=5))
def test_signed_document_verifies_as_its_kind_only(document: dict[str, object]) -> None:
    out = signing.sign_document(document, KEY, "receipt")
    assert signing.verify_document(out, KEY.public_key(), "receipt") == document
    wrong = [
        (out, "keys"),
        (out | {"kind": "keys"}, "keys"),
        (out | {"document": {**document, "more": 1}}, "receipt"),
        (out | {"signature": "AAAA"}, "receipt"),
        (out | {"signature": None}, "receipt"),
        (None, "receipt"),
        ({}, "receipt"),
    ]
    for candidate, kind in wrong:
        with pytest.raises(SignatureError):
            signing.verify_document(candidate, KEY.public_key(), kind)
    with pytest.raises(SignatureError):
        signing.verify_document(out, keys.new_signing_key().public_key(), "receipt")
