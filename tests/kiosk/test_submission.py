"""Freezing: what is committed can be opened by the hub alone and is exactly what was signed."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kiosk.contract.keys import new_sealing_key
from kiosk.contract.payload import unpack
from kiosk.contract.receipts import parse_qr
from kiosk.contract.sealing import SealError, open_envelope
from kiosk.submission import commit
from offline_store.database import Store
from tests.kiosk.rig import (
    COMPLETE,
    OTHER_PAGE,
    STROKES,
    City,
    consent,
    filled,
    identity_for,
    new_city,
    sealed_bytes,
)

DECLARATION = ("I declare it.",)
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize("slug", COMPLETE)
def test_hub_opens_exactly_what_was_signed(store: Store, city: City, slug: str) -> None:
    identity = identity_for(city)
    application = filled(slug)
    first = next(iter(application.pages))
    application.keep_page(first, OTHER_PAGE)
    application.sign(STROKES, DECLARATION)
    done = commit(application, consent(), "ko", NOW, identity, store.outbox)
    sealed = sealed_bytes(store, done.submission_id)
    header, plain = open_envelope(
        sealed, {city.keys.sealing_id: city.sealing}, identity.private_key.public_key())
    body, images = unpack(plain)
    assert (body.id, body.receipt_number, body.language) == (
        done.submission_id, done.receipt_number, "ko")
    assert (header.kiosk_id, header.service_code) == (
        identity.kiosk_id, application.service["code"])
    assert body.answers == application.form.clean(application.answers)
    assert body.signature == application.signature()
    assert body.signature is not None
    assert body.signature.digest_of_what_was_shown == application.shown_digest(DECLARATION)
    assert body.assurance == "chip_verified"
    kept = [page for pages in application.pages.values() for page in pages]
    assert len(images) == len(kept)
    refs = [ref for material in body.materials for ref in material.pages]
    assert [ref.digest for ref in refs] == [hashlib.sha256(p.jpeg).hexdigest() for p in kept]
    item = store.outbox.item(done.submission_id)
    assert item.digest == hashlib.sha256(sealed).hexdigest()


def test_nobody_else_opens_it(store: Store, city: City) -> None:
    identity = identity_for(city)
    done = commit(filled(), consent(), "zh", NOW, identity, store.outbox)
    sealed = sealed_bytes(store, done.submission_id)
    public = identity.private_key.public_key()
    for keys in ({}, {city.keys.sealing_id: new_sealing_key()}):
        with pytest.raises(SealError):
            open_envelope(sealed, keys, public)
    with pytest.raises(SealError):
        open_envelope(sealed, {city.keys.sealing_id: city.sealing},
                      identity_for(new_city()).private_key.public_key())


def test_receipt_is_owed_from_the_commit_on_and_its_code_is_signed_by_this_kiosk(
    store: Store, city: City
) -> None:
    identity = identity_for(city)
    done = commit(filled(), consent(), "zh", NOW, identity, store.outbox)
    assert [row.number for row in store.outbox.receipts_owed()] == [done.receipt_number]
    code = parse_qr(done.receipt_qr)
    assert (str(code.number), code.kiosk_id) == (done.receipt_number, identity.kiosk_id)
    code.verify(identity.private_key.public_key())


def test_numbers_of_a_day_are_never_given_twice(store: Store, city: City) -> None:
    identity = identity_for(city)
    done = [commit(filled(), consent(), "zh", NOW, identity, store.outbox) for _ in range(5)]
    assert len({each.receipt_number for each in done}) == 5
    assert len({each.submission_id for each in done}) == 5


def test_failure_before_the_commit_leaves_nothing_behind(store: Store, city: City) -> None:
    """A hub key that is none: nothing can be sealed."""
    identity = replace(identity_for(city),
                       hub=city.keys.model_copy(update={"sealing": "AAAA"}))
    with pytest.raises(ValueError, match="key"):
        commit(filled(), consent(), "zh", NOW, identity, store.outbox)
    assert store.outbox.waiting() == []
    assert store.outbox.receipts_owed() == []
