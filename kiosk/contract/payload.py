"""The inside of an envelope: a ZIP file, stored, the same bytes every time.

`submission.json` (RFC 8785 JSON) first, then `pages/01.jpg`, `pages/02.jpg` …
in the order of the materials. Fixed times and modes, no compression (JPEG
gains nothing, and lengths must not depend on a zlib version).
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

import rfc8785
from pydantic import ValidationError

from kiosk.contract.messages import PageRef, SubmissionBody

SUBMISSION = "submission.json"
MAX_PAGES = 400
MAX_BODY = 4 * 1024 * 1024
MAX_PAGE = 20 * 1024 * 1024
_EPOCH = (1980, 1, 1, 0, 0, 0)
# RuntimeError: zipfile's answer to an entry that claims to be encrypted.
_NOT_A_ZIP = (zipfile.BadZipFile, ValueError, RuntimeError, EOFError, OverflowError)


class PayloadError(Exception):
    """The payload does not hold together; the text says where."""


@dataclass(frozen=True)
class PageImage:
    """One page as JPEG bytes, under its file name in the payload."""

    file: str
    data: bytes

    def __repr__(self) -> str:
        return f"PageImage({self.file}, {len(self.data)} bytes)"


def page_image(index: int, data: bytes, width: int, height: int) -> tuple[PageRef, PageImage]:
    """Name page `index` (from 1) and describe it: SHA-256 and size in pixels."""
    name = f"pages/{index:02d}.jpg"
    ref = PageRef(file=name, digest=hashlib.sha256(data).hexdigest(), width=width, height=height)
    return ref, PageImage(name, data)


def pack(submission: SubmissionBody, pages: Sequence[PageImage]) -> bytes:
    """Pack a submission and its pages; the same input gives the same bytes.

    Raises PayloadError when pages and references do not match one to one.
    """
    _check_pages(submission, pages)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        body = rfc8785.dumps(submission.model_dump(mode="json"))
        for name, data in [(SUBMISSION, body), *((page.file, page.data) for page in pages)]:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, data)
    return out.getvalue()


def unpack(data: bytes) -> tuple[SubmissionBody, list[PageImage]]:
    """Unpack and check everything: names, sizes, digests. Raises PayloadError."""
    raw, pages = unpack_raw(data)
    try:
        submission = SubmissionBody.model_validate(raw)
    except ValidationError as error:
        where = ", ".join(".".join(str(part) for part in e["loc"]) for e in error.errors()[:5])
        # The values stay out of the message: they are personal.
        raise PayloadError(f"submission.json: {where}") from None
    _check_pages(submission, pages)
    return submission, pages


def unpack_raw(data: bytes) -> tuple[dict[str, object], list[PageImage]]:
    """Unpack without looking into the submission: its JSON object and the pages.

    For a hub that files even what it does not understand. Raises PayloadError.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            if not names or names[0] != SUBMISSION or len(set(names)) != len(names):
                raise PayloadError("submission.json must come first, every name once")
            if len(entries) > MAX_PAGES + 1:
                raise PayloadError("too many pages")
            for entry in entries:
                limit = MAX_BODY if entry.filename == SUBMISSION else MAX_PAGE
                if entry.compress_type != zipfile.ZIP_STORED or entry.file_size > limit:
                    raise PayloadError(f"{entry.filename}: compressed or too large")
            body = _read_json(archive.read(SUBMISSION))
            pages = [PageImage(name, archive.read(name)) for name in names[1:]]
    except _NOT_A_ZIP as error:
        raise PayloadError("not a payload") from error
    if not isinstance(body, dict):
        raise PayloadError("submission.json: not an object")
    return body, pages


def _read_json(data: bytes) -> object:
    def refuse(constant: str) -> object:
        raise ValueError(f"{constant} is not JSON")

    body: object = json.loads(data, parse_constant=refuse)
    # Half a surrogate pair is JSON but no text: nothing downstream could store it.
    json.dumps(body, ensure_ascii=False).encode()
    return body


def _check_pages(submission: SubmissionBody, pages: Sequence[PageImage]) -> None:
    wanted = {ref.file: ref.digest for material in submission.materials for ref in material.pages}
    count = sum(len(material.pages) for material in submission.materials)
    if len(wanted) != count or count > MAX_PAGES:
        raise PayloadError("a page is named twice, or there are too many")
    if [page.file for page in pages] != sorted(wanted):
        raise PayloadError("pages and references differ")
    for page in pages:
        if len(page.data) > MAX_PAGE:
            raise PayloadError(f"{page.file}: too large")
        if hashlib.sha256(page.data).hexdigest() != wanted[page.file]:
            raise PayloadError(f"{page.file}: digest differs")
