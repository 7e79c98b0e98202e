"""The 256 bytes of text on an identity card (GA/T 490-2019), all four kinds. Pure.

UTF-16LE, padded with spaces; widths below in bytes. The character at byte 248 says the kind:
space resident, J Hong Kong/Macau/Taiwan permit, I foreigner 2017, Y foreigner 2023.
"""

from __future__ import annotations

from datetime import date
from itertools import accumulate

from devices.cards.samv_frames import TEXT_BYTES
from devices.errors import DeviceFault
from devices.identity import DocumentKind, IdentityDocument

KIND_FLAG_AT = 248
LONG_TERM = "长期"
NEWEST_ADDRESS_BYTES = 70

Layout = dict[str, slice]


def _layout(*fields: tuple[str, int]) -> Layout:
    ends = accumulate(width for _, width in fields)
    return {name: slice(end - width, end) for (name, width), end in zip(fields, ends, strict=True)}


RESIDENT = _layout(
    ("name", 30),
    ("sex", 2),
    ("ethnic_group", 4),
    ("birth", 16),
    ("address", 70),
    ("number", 36),
    ("issuer", 30),
    ("valid_from", 16),
    ("valid_to", 16),
    ("reserved", 36),
)
# As the resident card, but for the last 36 bytes: they begin with the number of the pass.
_REST = RESIDENT["reserved"].start
PERMIT = RESIDENT | {"other_number": slice(_REST, _REST + 18)}
FOREIGNER_2017 = _layout(
    ("name_latin", 120),
    ("sex", 2),
    ("number", 30),
    ("nationality", 6),
    ("name", 30),
    ("valid_from", 16),
    ("valid_to", 16),
    ("birth", 16),
    ("version", 4),
    ("issuer", 8),
    ("type", 2),
    ("reserved", 6),
)
FOREIGNER_2023 = _layout(
    ("name", 30),
    ("sex", 2),
    ("renewals", 4),
    ("birth", 16),
    ("name_latin", 70),
    ("number", 36),
    ("reserved", 30),
    ("valid_from", 16),
    ("valid_to", 16),
    ("name_latin_more", 22),
    ("nationality", 6),
    ("type", 2),
    ("old_number", 6),
)

KINDS: dict[str, tuple[DocumentKind, Layout, int]] = {
    " ": (DocumentKind.RESIDENT, RESIDENT, 18),
    "J": (DocumentKind.HMT, PERMIT, 18),
    "I": (DocumentKind.FOREIGNER, FOREIGNER_2017, 15),
    "Y": (DocumentKind.FOREIGNER, FOREIGNER_2023, 18),
}
SEXES = frozenset("0129")


def parse_text(text: bytearray | memoryview, photo: bytes = b"") -> IdentityDocument:
    """The document in 256 bytes of card text.

    Raises DeviceFault: card.unknown for a kind this page does not know, card.unreadable for text
    that no card of that kind holds. The check digit of the number is not judged here: the chip is
    the authority, whoever uses the number decides.
    """
    if len(text) != TEXT_BYTES:
        raise DeviceFault("card.unreadable", f"card text of {len(text)} bytes")
    flag = _decode(text, slice(KIND_FLAG_AT, KIND_FLAG_AT + 2), "type flag")
    if flag not in KINDS:
        raise DeviceFault("card.unknown", "type flag of no known card")
    kind, layout, number_length = KINDS[flag]

    def field(name: str) -> str:
        return _decode(text, layout[name], name).strip(" \0") if name in layout else ""

    number = field("number")
    if len(number) != number_length or not number.isascii() or not number.isalnum():
        raise DeviceFault("card.unreadable", "number of a wrong form")
    sex = field("sex")
    if sex not in SEXES:
        raise DeviceFault("card.unreadable", "sex not in GB/T 2261.1")
    ethnic_group = field("ethnic_group")
    if ethnic_group and not (len(ethnic_group) == 2 and _is_digits(ethnic_group)):
        raise DeviceFault("card.unreadable", "ethnic group not in GB/T 3304")
    other_number = field("other_number")
    if not (other_number.isascii() and other_number.isalnum()):
        # Nothing hangs on it, so a card that writes something else there is still a good card.
        other_number = ""
    # Taken unstripped and together: a space may well stand where the Latin name is split in two.
    latin = "".join(
        _decode(text, layout[part], part)
        for part in ("name_latin", "name_latin_more")
        if part in layout
    ).strip(" \0")
    return IdentityDocument(
        kind=kind,
        number=number,
        name=field("name"),
        name_latin=latin,
        sex=sex,
        ethnic_group=ethnic_group,
        nationality=field("nationality"),
        birth_date=_date(field("birth"), "birth"),
        address=field("address"),
        issuer=field("issuer"),
        valid_from=_date(field("valid_from"), "valid from"),
        valid_to=_date(field("valid_to"), "valid to", long_term=True),
        photo=photo,
        other_number=other_number,
    )


def parse_newest_address(text: bytearray | memoryview) -> str:
    """The address in the answer to READ_NEWEST_ADDRESS. Raises card.unreadable."""
    if len(text) != NEWEST_ADDRESS_BYTES:
        raise DeviceFault("card.unreadable", f"newest address of {len(text)} bytes")
    return _decode(text, slice(None), "newest address").strip(" \0")


def _decode(text: bytearray | memoryview, part: slice, name: str) -> str:
    try:
        return str(text[part], "utf-16-le")
    except UnicodeDecodeError:
        # Not chained: the exception carries the bytes of the field.
        raise DeviceFault("card.unreadable", f"{name} is not UTF-16") from None


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _date(text: str, name: str, *, long_term: bool = False) -> date | None:
    if not text or (long_term and text == LONG_TERM):
        return None
    try:
        if len(text) != 8 or not _is_digits(text):
            raise ValueError
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise DeviceFault("card.unreadable", f"{name} is no date") from None
