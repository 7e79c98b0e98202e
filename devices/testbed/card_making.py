"""Cards for the testbed from documents: make_card() for any, make_passport() for passports."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from devices.identity import DocumentKind, IdentityDocument
from devices.testbed.chips import SamChip, SmartcardChip, SocialSecurityChip, identity_text
from devices.testbed.passport import State, mrz, portrait, state
from devices.testbed.passport_chip import PassportChip


@dataclass(frozen=True, repr=False)
class SampleCard:
    """label: how the testbed names it. document: what a driver should read; None when nothing."""

    label: str
    document: IdentityDocument | None
    chip: SamChip | SmartcardChip


def number(area: str, birth: date, sequence: int) -> str:
    """An 18-character number with its MOD 11-2 check character (GB 11643)."""
    body = f"{area}{birth:%Y%m%d}{sequence:03d}"
    weighted = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(body))
    return body + "10X98765432"[weighted % 11]


def make_card(
    document: IdentityDocument,
    *,
    label: str = "card",
    version: str = "2.00",
    protocol: int = 0,
    answers: str = "get-response",
    newest_address: str = "",
) -> SampleCard:
    """A card whose chip holds `document`.

    version, protocol, answers: social security cards only, see SocialSecurityChip.
    Raises ValueError when a field does not fit on such a card.
    """
    if document.kind is DocumentKind.SOCIAL_SECURITY:
        files = _social_security_files(document, version)
        return SampleCard(label, document, SocialSecurityChip(files, version, protocol, answers))
    if document.kind is DocumentKind.PASSPORT:
        return make_passport(document, label=label, protocol=protocol)
    raw_address = newest_address.encode("utf-16-le").ljust(70, b"\0") if newest_address else b""
    photo = document.photo.ljust(1024, b"\0")
    document = replace(document, newest_address=newest_address)
    return SampleCard(label, document, SamChip(identity_text(document), photo, raw_address))


def make_passport(
    document: IdentityDocument,
    *,
    label: str = "passport",
    protocol: int = 1,
    pace_only: bool = False,
    issuer: State | None = None,
) -> SampleCard:
    """A passport that reads as `document` to a driver that trusts its issuer (else not verified).

    issuer: the state that signs it; None is the testbed's own, passport.state().
    """
    document = replace(document, photo=document.photo or portrait(), verified=True)
    second = mrz(document).split("\n")[1]
    information = (second[:10] + second[13:20] + second[21:28]).encode("ascii")
    files = (issuer or state()).passport(document)
    return SampleCard(label, document, PassportChip(files, information, protocol, pace_only))


def _social_security_files(document: IdentityDocument, version: str) -> dict[int, dict[int, bytes]]:
    raw = document.name.encode("gb18030")
    if len(raw) > (30 if version < "2" else 50):
        raise ValueError("name too long for this card")

    def bcd(day: date | None) -> bytes:
        return bytes.fromhex(f"{day:%Y%m%d}") if day else bytes(4)

    personal = {
        0x08: document.number.encode("ascii"),
        0x09: raw[:30].ljust(30, b"\0"),
        0x0A: document.sex.encode("ascii"),
        0x0B: bytes.fromhex(document.ethnic_group or "00"),
        0x0C: bytes.fromhex(document.number[:6]),
        0x0D: bcd(document.birth_date),
    }
    if version >= "2":
        personal[0x4E] = raw[30:].ljust(20, b"\0")
    common = {
        0x01: bytes.fromhex("220100") + bytes(13),
        0x02: b"1",
        0x03: version.encode("ascii"),
        0x04: bytes.fromhex("220100") + bytes(6),
        0x05: bcd(document.valid_from),
        0x06: bcd(document.valid_to),
        0x07: b"A12345678",
    }
    return {0xEF05: common, 0xEF06: personal}
