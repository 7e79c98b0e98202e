"""Sealed drafts: opened with their key only, and only as they were sealed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.contract import drafts
from kiosk.contract.draft_keys import DraftKey
from kiosk.contract.drafts import (
    DraftBody,
    DraftError,
    DraftHeader,
    DraftPage,
    Owner,
    open_draft,
    read_header,
    seal_draft,
)

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
SERVICE = {"code": "1122", "version": "aa", "form": None}
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
OWNER = Owner(number="220102199003071235", name="张伟", document_kind="resident_card")


def header_of(key: DraftKey, **changes: object) -> DraftHeader:
    return DraftHeader.model_validate({
        "draft_id": key.draft_id, "service_code": "1122", "service_version": "aa",
        "kiosk_id": "K0007", "created": NOW, "expires": NOW + timedelta(days=14), **changes,
    })


def body_of(pages: list[bytes], answers: dict[str, str] | None = None) -> DraftBody:
    refs = tuple(DraftPage(material="m", size=len(page), width=4, height=5) for page in pages)
    return DraftBody(service=SERVICE, language="ko", owner=OWNER, answers=dict(answers or {}),
                     sources={"name": "person.name"}, doubtful=("phone",), pages=refs)


def sealed_draft(key: DraftKey, pages: list[bytes] | None = None) -> bytes:
    pages = [b"page one", b"two"] if pages is None else pages
    return seal_draft(key, header_of(key), body_of(pages), pages)


@given(st.dictionaries(TEXTS, TEXTS, max_size=5),
       st.lists(st.binary(min_size=1, max_size=400), max_size=4))
def test_whatever_was_sealed_comes_out(answers: dict[str, str], pages: list[bytes]) -> None:
    key, body = DraftKey.new(), body_of(pages, answers)
    sealed = seal_draft(key, header_of(key), body, pages)
    assert open_draft(key, sealed) == (header_of(key), body, pages)
    assert read_header(sealed) == header_of(key)


KEY = DraftKey.new()
SEALED = sealed_draft(KEY)


@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_any_byte_changed_is_noticed(place: int, by: int) -> None:
    changed = bytearray(SEALED)
    changed[place] ^= by
    with pytest.raises(DraftError) as error:
        open_draft(KEY, bytes(changed))
    assert error.value.code == "draft.damaged"


@given(st.integers(0, len(SEALED) - 1))
def test_cut_off_draft_is_noticed(length: int) -> None:
    with pytest.raises(DraftError):
        open_draft(KEY, SEALED[:length])


@given(st.binary(max_size=300))
def test_anything_else_is_no_draft(data: bytes) -> None:
    with pytest.raises(DraftError):
        read_header(data)


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(DraftError) as error:
        open_draft(DraftKey.new(), SEALED)
    assert error.value.code == "draft.damaged"


def test_later_expiry_cannot_be_written_in() -> None:
    longer = SEALED.replace(b"2026-12-07", b"2027-12-07", 1)
    assert read_header(longer).expires.year == 2027
    with pytest.raises(DraftError):
        open_draft(KEY, longer)


def test_sealed_bytes_and_texts_of_objects_say_nothing_personal() -> None:
    for secret in (OWNER.number.encode(), OWNER.name.encode(), KEY.raw, KEY.symbols.encode()):
        assert secret not in SEALED
    _, body, _ = open_draft(KEY, SEALED)
    assert OWNER.number not in f"{body!r}{body}{body.owner!r}{body.owner}"


def test_header_of_another_draft_or_other_pages_are_a_programs_mistake() -> None:
    other = DraftKey.new()
    with pytest.raises(ValueError, match="another draft"):
        seal_draft(other, header_of(KEY), body_of([]), [])
    with pytest.raises(ValueError, match="sizes differ"):
        seal_draft(KEY, header_of(KEY), body_of([b"x"]), [b"xx"])


def test_draft_that_would_be_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MAX_DRAFT", 5000)
    sealed_draft(KEY, [bytes(3000)])
    with pytest.raises(DraftError) as error:
        sealed_draft(KEY, [bytes(5000)])
    assert error.value.code == "draft.too_large"


@pytest.mark.parametrize("change", [
    {"draft_id": "x"}, {"expires": "soon"}, {"expires": "2026-12-07T08:00:00"}, {"more": 1},
])
def test_header_of_another_shape_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="DraftHeader"):
        header_of(KEY, **change)
