"""Sample cards of fictional people, and make_card() for any other.

The numbers carry right check digits (GB 11643). Nobody here exists.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from devices.identity import DocumentKind, IdentityDocument
from devices.testbed.chips import (
    ForeignChip,
    SamChip,
    SmartcardChip,
    SocialSecurityChip,
    identity_text,
)
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


def _kim_passport(label: str, *, pace_only: bool = False) -> SampleCard:
    document = IdentityDocument(
        kind=DocumentKind.PASSPORT,
        number="M12345678",
        name="",
        name_latin="KIM, MINJI",
        sex="2",
        nationality="KOR",
        issuer="KOR",
        birth_date=date(1993, 4, 17),
        valid_to=date(2031, 2, 28),
    )
    return make_passport(document, label=label, pace_only=pace_only)


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


def _resident(
    label: str,
    name: str,
    *,
    area: str,
    birth: date,
    sequence: int,
    address: str,
    ethnic_group: str = "01",
    valid_from: date = date(2016, 5, 20),
    valid_to: date | None = date(2036, 5, 20),
    issuer: str = "长春市公安局朝阳分局",
) -> SampleCard:
    return make_card(
        IdentityDocument(
            kind=DocumentKind.RESIDENT,
            number=number(area, birth, sequence),
            name=name,
            # The seventeenth digit is odd for men, even for women (GB 11643).
            sex="1" if sequence % 2 else "2",
            ethnic_group=ethnic_group,
            birth_date=birth,
            address=address,
            issuer=issuer,
            valid_from=valid_from,
            valid_to=valid_to,
            photo=bytes(1024),
        ),
        label=label,
    )


def _smith() -> SampleCard:
    birth = date(1985, 7, 14)
    return make_card(
        IdentityDocument(
            kind=DocumentKind.FOREIGNER,
            number=number("922840", birth, 1),
            name="史密斯",
            name_latin="SMITH, JOHNATHAN ALEXANDER BARTHOLOMEW",
            sex="1",
            nationality="USA",
            birth_date=birth,
            valid_from=date(2024, 2, 1),
            valid_to=date(2034, 2, 1),
            photo=bytes(1024),
        ),
        label="smith",
    )


def _petrova() -> SampleCard:
    return make_card(
        IdentityDocument(
            kind=DocumentKind.FOREIGNER,
            number="RUS220188052011",
            name="彼得罗娃",
            name_latin="PETROVA, ANNA",
            sex="2",
            nationality="RUS",
            birth_date=date(1988, 5, 20),
            valid_from=date(2019, 6, 1),
            valid_to=date(2029, 6, 1),
            issuer="1500",
            photo=bytes(1024),
        ),
        label="petrova",
    )


def _hk_chan() -> SampleCard:
    birth = date(1979, 11, 3)
    return make_card(
        IdentityDocument(
            kind=DocumentKind.HMT,
            number=number("810000", birth, 15),
            name="陈志明",
            sex="1",
            birth_date=birth,
            address="吉林省长春市南关区人民大街七千六百号",
            issuer="长春市公安局",
            valid_from=date(2021, 9, 1),
            valid_to=date(2026, 12, 31),
            photo=bytes(1024),
            other_number="H12345678",
        ),
        label="hk_chan",
    )


def _social(
    label: str, name: str, *, version: str = "2.00", protocol: int = 0, sequence: int = 28
) -> SampleCard:
    birth = date(1968, 3, 9)
    return make_card(
        IdentityDocument(
            kind=DocumentKind.SOCIAL_SECURITY,
            number=number("220104", birth, sequence),
            name=name,
            sex="1" if sequence % 2 else "2",
            ethnic_group="01",
            birth_date=birth,
            valid_from=date(2018, 1, 8),
            valid_to=date(2028, 1, 8),
        ),
        label=label,
        version=version,
        protocol=protocol,
    )


LONG_NAME = "阿卜杜热合曼·买买提依明·艾尔肯·吐尔逊江"

_MAKERS: dict[str, Callable[[], SampleCard]] = {
    "zhang_wei": lambda: _resident(
        "zhang_wei",
        "张伟",
        area="220104",
        birth=date(1985, 3, 12),
        sequence=17,
        address="吉林省长春市朝阳区红旗街道湖西路88号3单元502室",
    ),
    "li_rare": lambda: _resident(
        "li_rare",
        "李𬀩㐂",
        area="220102",
        birth=date(1992, 8, 25),
        sequence=44,
        address="吉林省长春市南关区桃源街道解放大路1号",
        issuer="长春市公安局南关分局",
    ),
    "jin_meihua": lambda: _resident(
        "jin_meihua",
        "金美花",
        area="222401",
        birth=date(1958, 1, 30),
        sequence=62,
        address="吉林省长春市绿园区春城街道升阳街27号",
        ethnic_group="10",
        valid_from=date(2006, 4, 11),
        valid_to=None,
        issuer="长春市公安局绿园分局",
    ),
    "long_name": lambda: _resident(
        "long_name",
        "买买提依明·阿卜杜热合曼江",
        area="653101",
        birth=date(1990, 12, 1),
        sequence=33,
        address="吉林省长春市宽城区站前街道长江路260号长春站北广场公寓9栋1104室",
        ethnic_group="05",
        issuer="长春市公安局宽城分局",
    ),
    "zhao_expired": lambda: _resident(
        "zhao_expired",
        "赵敏",
        area="220105",
        birth=date(1999, 6, 6),
        sequence=86,
        address="吉林省长春市二道区东盛街道吉林大路2133号",
        valid_from=date(2014, 6, 9),
        valid_to=date(2024, 6, 9),
        issuer="长春市公安局二道分局",
    ),
    # Looks after kiosks: the card of staff mode.
    "staff_liu": lambda: _resident(
        "staff_liu",
        "刘洋",
        area="220103",
        birth=date(1988, 11, 2),
        sequence=43,
        address="吉林省长春市南关区桃源街道桃源路19号",
        issuer="长春市公安局南关分局",
    ),
    "smith": _smith,
    "petrova": _petrova,
    "hk_chan": _hk_chan,
    "wang_social": lambda: _social("wang_social", "王秀兰"),
    "wang_social_t1": lambda: _social("wang_social_t1", "王秀兰", protocol=1),
    "long_social": lambda: _social("long_social", LONG_NAME, sequence=31),
    "psam_social": lambda: _social("psam_social", "孙丽", version="3.00", sequence=42),
    "kim_passport": lambda: _kim_passport("kim_passport"),
    "pace_passport": lambda: _kim_passport("pace_passport", pace_only=True),
    "unknown_card": lambda: SampleCard("unknown_card", None, ForeignChip()),
}

NAMES: tuple[str, ...] = tuple(_MAKERS)


def sample_card(name: str) -> SampleCard:
    """A fresh sample card. Raises KeyError for a name not in NAMES."""
    return _MAKERS[name]()
