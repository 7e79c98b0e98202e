"""Fictional people by their card: one function for each kind, dates and issuers filled in."""

from __future__ import annotations

from datetime import date

from devices.identity import DocumentKind, IdentityDocument
from devices.testbed.card_making import SampleCard, make_card, make_passport, number
from devices.testbed.passport import DG1, State, found_state
from devices.testbed.passport_chip import PassportChip

_PHOTO = bytes(1024)


def resident(
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
    newest_address: str = "",
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
            photo=_PHOTO,
        ),
        label=label,
        newest_address=newest_address,
    )


def foreigner_2023(label: str, name: str, latin: str, nationality: str = "USA") -> SampleCard:
    birth = date(1985, 7, 14)
    return make_card(
        IdentityDocument(
            kind=DocumentKind.FOREIGNER,
            number=number("922840", birth, 1),
            name=name,
            name_latin=latin,
            sex="1",
            nationality=nationality,
            birth_date=birth,
            valid_from=date(2024, 2, 1),
            valid_to=date(2034, 2, 1),
            photo=_PHOTO,
        ),
        label=label,
    )


def foreigner_2017(label: str, name: str, latin: str, nationality: str = "RUS") -> SampleCard:
    return make_card(
        IdentityDocument(
            kind=DocumentKind.FOREIGNER,
            number=f"{nationality}220188052011",
            name=name,
            name_latin=latin,
            sex="2",
            nationality=nationality,
            birth_date=date(1988, 5, 20),
            valid_from=date(2019, 6, 1),
            valid_to=date(2029, 6, 1),
            issuer="1500",
            photo=_PHOTO,
        ),
        label=label,
    )


def permit(label: str, name: str, area: str, birth: date, sequence: int) -> SampleCard:
    """area: 810000 Hong Kong, 820000 Macau, 830000 Taiwan."""
    return make_card(
        IdentityDocument(
            kind=DocumentKind.HMT,
            number=number(area, birth, sequence),
            name=name,
            sex="1" if sequence % 2 else "2",
            birth_date=birth,
            address="吉林省长春市南关区人民大街七千六百号",
            issuer="长春市公安局",
            valid_from=date(2021, 9, 1),
            valid_to=date(2026, 12, 31),
            photo=_PHOTO,
        ),
        label=label,
    )


def social(
    label: str,
    name: str,
    *,
    version: str = "2.00",
    protocol: int = 0,
    sequence: int = 28,
    answers: str = "get-response",
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
        answers=answers,
    )


def passport(
    label: str,
    *,
    document_number: str = "M12345678",
    latin: str = "KIM, MINJI",
    state: str = "KOR",
    valid_to: date = date(2031, 2, 28),
    protocol: int = 1,
    pace_only: bool = False,
    issuer: State | None = None,
) -> SampleCard:
    document = IdentityDocument(
        kind=DocumentKind.PASSPORT,
        number=document_number,
        name="",
        name_latin=latin,
        sex="2",
        nationality=state,
        issuer=state,
        birth_date=date(1993, 4, 17),
        valid_to=valid_to,
    )
    return make_passport(
        document, label=label, protocol=protocol, pace_only=pace_only, issuer=issuer
    )


def altered_passport(label: str) -> SampleCard:
    """Somebody changed the name on the chip: the state's signature no longer fits."""
    chip = passport(label).chip
    assert isinstance(chip, PassportChip)
    chip.files[DG1] = chip.files[DG1].replace(b"KIM<<MINJI", b"KIM<<MINJA")
    return SampleCard(label, None, chip)


def strange_passport(label: str) -> SampleCard:
    """Signed by a state whose certificate nobody has, so it reads as not verified."""
    return passport(label, issuer=found_state())
