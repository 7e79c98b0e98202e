"""The inside of an envelope."""

import io
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.contract import payload
from kiosk.contract.messages import MaterialPages, Person, SubmissionBody
from kiosk.contract.payload import PageImage, PayloadError

TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)


def body(materials: tuple[MaterialPages, ...] = (), **answers: str) -> SubmissionBody:
    """A submission with these materials and answers."""
    return SubmissionBody(
        id="a" * 24,
        receipt_number="YM0417-261123-0042-04",
        service_code="1" * 31,
        service_version="f" * 64,
        language="zh",
        created=datetime(2026, 11, 23, 8, tzinfo=UTC),
        applicant=Person(number="220102199003071235", name="张伟"),
        answers=dict(answers),
        materials=materials,
    )


def with_pages(*sheets: bytes) -> tuple[SubmissionBody, list[PageImage]]:
    """A submission of one material with these pages."""
    made = [payload.page_image(i, data, 10, 10) for i, data in enumerate(sheets, 1)]
    material = MaterialPages(id="paper", pages=tuple(ref for ref, _ in made))
    return body((material,) if sheets else ()), [image for _, image in made]


@settings(max_examples=50)
@given(st.lists(st.binary(max_size=200), max_size=12), st.dictionaries(TEXTS, TEXTS, max_size=5))
def test_payload_unpacks_to_what_was_packed(sheets: list[bytes], answers: dict[str, str]) -> None:
    submission, pages = with_pages(*sheets)
    submission = submission.model_copy(update={"answers": answers})
    packed = payload.pack(submission, pages)
    assert payload.unpack(packed) == (submission, pages)


def test_same_submission_packs_to_the_same_bytes() -> None:
    submission, pages = with_pages(b"one", b"two")
    first = payload.pack(submission, pages)
    assert payload.pack(submission, pages) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.namelist() == ["submission.json", "pages/01.jpg", "pages/02.jpg"]
        assert {e.compress_type for e in archive.infolist()} == {zipfile.ZIP_STORED}
        assert {e.date_time for e in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_pages_and_references_must_match() -> None:
    submission, pages = with_pages(b"one", b"two")
    for wrong in (pages[:1], pages[::-1], [pages[0], PageImage("pages/02.jpg", b"other")]):
        with pytest.raises(PayloadError):
            payload.pack(submission, wrong)


def test_changed_page_is_noticed() -> None:
    submission, pages = with_pages(b"one page", b"two page")
    packed = payload.pack(submission, pages)
    with pytest.raises(PayloadError):
        payload.unpack(packed.replace(b"one page", b"own page"))


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_any_bytes_are_refused_by_a_payload_error(data: bytes) -> None:
    with pytest.raises(PayloadError):
        payload.unpack(data)


@pytest.mark.parametrize("bit", [1, 8, 128])
def test_damaged_payload_is_refused_or_opens_unharmed(bit: int) -> None:
    submission, pages = with_pages(b"one page")
    packed = payload.pack(submission, pages)
    refused = 0
    for place in range(len(packed)):
        damaged = bytearray(packed)
        damaged[place] ^= bit
        try:
            opened = payload.unpack(bytes(damaged))
        except PayloadError:
            refused += 1
        else:
            assert opened == (submission, pages)
    assert refused > len(packed) * 0.6


def test_refusal_does_not_quote_a_person() -> None:
    packed = payload.pack(body(), [])
    for cut in (b'"name":"', b'"applicant":'):
        with pytest.raises(PayloadError) as caught:
            payload.unpack(packed.replace(cut, cut[::-1]))
        assert "张伟" not in str(caught.value)


@pytest.mark.parametrize("text", [b"NaN", b"[]", b'{"a": NaN}', b'{"a": "\\ud800"}', b"[" * 9999])
def test_text_that_cannot_be_stored_is_refused(text: bytes) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("submission.json", text)
    with pytest.raises(PayloadError):
        payload.unpack_raw(out.getvalue())


@pytest.mark.parametrize(
    ("names", "compression"),
    [
        (["pages/01.jpg", "submission.json"], zipfile.ZIP_STORED),
        (["submission.json"], zipfile.ZIP_DEFLATED),
        ([], zipfile.ZIP_STORED),
    ],
)
def test_archive_of_another_shape_is_refused(names: list[str], compression: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name in names:
            archive.writestr(name, b"{}")
    with pytest.raises(PayloadError):
        payload.unpack_raw(out.getvalue())
