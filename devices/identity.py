"""What a chip says about a person, whatever the kind of card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DocumentKind(StrEnum):
    RESIDENT = "resident_card"
    HMT = "hmt_residence_permit"
    FOREIGNER = "foreigner_permanent_residence"
    SOCIAL_SECURITY = "social_security_card"
    PASSPORT = "passport"


@dataclass(frozen=True, repr=False)
class IdentityDocument:
    """One identity document as read from its chip. Empty text means: the chip does not say.

    number: 18 characters (GB 11643), 15 for the foreigner's card of 2017; of a passport its own.
    sex: GB/T 2261.1: "1" male, "2" female, "9" unspecified, "0" unknown.
    ethnic_group: two digits, GB/T 3304. nationality: ISO 3166 alpha-3.
    valid_to: None means long-term or unknown.
    other_number: of a J permit, the pass its holder travels to the mainland with.
    newest_address: an address added to the chip after the card was printed with `address`.
    photo: 1024 bytes of WLT, opaque, or a passport's JPEG or JPEG 2000; empty when none is held.
    verified: the issuing state's signature over a passport's data was checked and holds.
    chip: the data come from the chip itself, not from typing or from a picture.
    """

    kind: DocumentKind
    number: str
    name: str
    name_latin: str = ""
    sex: str = "0"
    ethnic_group: str = ""
    nationality: str = ""
    birth_date: date | None = None
    address: str = ""
    issuer: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    photo: bytes = b""
    chip: bool = True
    newest_address: str = ""
    verified: bool = False
    other_number: str = ""

    def __repr__(self) -> str:
        # A repr ends up in logs and tracebacks; a person must not.
        return f"IdentityDocument(kind={self.kind.value!r})"
