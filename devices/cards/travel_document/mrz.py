"""The machine readable zone (ICAO 9303-3 to -6): sizes TD1, TD2 and TD3. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import cycle

from devices.errors import DeviceFault
from devices.identity import DocumentKind, IdentityDocument

WEIGHTS = (7, 3, 1)
NUMBER_WIDTH = 9
TD1_LENGTH, TD2_LENGTH, TD3_LENGTH = 90, 72, 88
SEXES = {"M": "1", "F": "2", "<": "9", "X": "9"}
# Germany alone writes one letter (9303-3, part D).
NATIONALITIES = {"D": "DEU"}
_ALLOWED = re.compile(r"[A-Z0-9<]+")


def check_digit(text: str) -> str:
    """9303-3, 4.9. `text` holds A–Z, 0–9 and < only."""
    values = (int(sign, 36) if sign != "<" else 0 for sign in text)
    return str(sum(value * weight for value, weight in zip(values, cycle(WEIGHTS))) % 10)


@dataclass(frozen=True, repr=False)
class AccessKey:
    """What opens the chip: document number, birth and expiry (YYMMDD), as printed in the MRZ."""

    number: str
    birth: str
    expiry: str

    def __post_init__(self) -> None:
        """Raises ValueError for what no MRZ can hold."""
        if not _ALLOWED.fullmatch(self.number):
            raise ValueError("a document number holds capital letters and digits")
        for day in (self.birth, self.expiry):
            if not re.fullmatch(r"[0-9<]{6}", day):
                raise ValueError("a date in an MRZ has six digits")

    @classmethod
    def from_mrz(cls, text: str) -> AccessKey:
        """From the two or three lines, seen by a camera or typed; check digits must be right.

        Raises ValueError.
        """
        try:
            fields = _fields(_joined(text))
        except DeviceFault as fault:
            raise ValueError(str(fault)) from None
        return cls(fields.number, fields.birth, fields.expiry)

    def information(self) -> bytes:
        """MRZ_information of 9303-11, 9.7.2: number, birth, expiry, each with its check digit."""
        number = self.number.ljust(NUMBER_WIDTH, "<")
        parts = (number, self.birth, self.expiry)
        return "".join(part + check_digit(part) for part in parts).encode("ascii")


@dataclass(frozen=True, repr=False)
class _Fields:
    number: str
    nationality: str
    issuer: str
    birth: str
    sex: str
    expiry: str
    names: str


def parse_mrz(text: str, today: date) -> IdentityDocument:
    """The document an MRZ describes (fillers and line ends may be left in).

    today: resolves the two-digit years; a birth lies before it, an expiry within 50 years of it.
    Raises DeviceFault("card.unreadable") for a wrong length, character or check digit.
    """
    fields = _fields(_joined(text))
    family, _, given = fields.names.strip("<").partition("<<")
    names = [re.sub("<+", " ", part).strip() for part in (family, given)]
    nationality = fields.nationality.strip("<")
    return IdentityDocument(
        kind=DocumentKind.PASSPORT,
        number=fields.number.rstrip("<"),
        name="",
        name_latin=", ".join(part for part in names if part),
        sex=SEXES[fields.sex],
        nationality=NATIONALITIES.get(nationality, nationality),
        issuer=fields.issuer.strip("<"),
        birth_date=_date(fields.birth, today, latest=today.year),
        valid_to=_date(fields.expiry, today, latest=today.year + 50),
    )


def _joined(text: str) -> str:
    joined = "".join(text.split())
    if not _ALLOWED.fullmatch(joined):
        raise DeviceFault("card.unreadable", "MRZ of wrong characters")
    return joined


def _fields(mrz: str) -> _Fields:
    if len(mrz) == TD1_LENGTH:
        first, second, names = mrz[:30], mrz[30:60], mrz[60:]
        number, digit, optional = first[5:14], first[14], first[15:30]
        birth, sex, expiry, nationality = second[:7], second[7], second[8:15], second[15:18]
        composite = first[5:30] + second[:7] + second[8:15] + second[18:29] + second[29]
    elif len(mrz) in (TD2_LENGTH, TD3_LENGTH):
        width = len(mrz) // 2
        first, second, names = mrz[:width], mrz[width:], mrz[5:width]
        number, digit, optional = second[:9], second[9], ""
        nationality, birth, sex, expiry = second[10:13], second[13:20], second[20], second[21:28]
        if width == TD2_LENGTH // 2:
            optional = second[28:35]
        composite = second[:10] + second[13:20] + second[21:-1] + second[-1]
    else:
        raise DeviceFault("card.unreadable", f"MRZ of {len(mrz)} characters")
    if digit == "<" and "<" not in number and optional.strip("<"):
        # 9303-5, 4.2.2.2 j: a long number goes on in the optional field, its check digit last.
        more = optional.partition("<")[0]
        number, digit = number + more[:-1], more[-1:]
    for name, part in (
        ("number", number + digit),
        ("birth", birth),
        ("expiry", expiry),
        ("composite", composite),
    ):
        if check_digit(part[:-1]) != part[-1]:
            raise DeviceFault("card.unreadable", f"wrong check digit of {name}")
    if sex not in SEXES:
        raise DeviceFault("card.unreadable", "sex not in the MRZ's list")
    return _Fields(number, nationality, first[2:5], birth[:6], sex, expiry[:6], names)


def _date(text: str, today: date, *, latest: int) -> date | None:
    """YYMMDD; a part that is not known stands as fillers, then there is no date."""
    if "<" in text:
        return None
    try:
        two, month, day = int(text[:2]), int(text[2:4]), int(text[4:])
        year = latest - (latest - two) % 100
        return date(year, month, day)
    except ValueError:
        raise DeviceFault("card.unreadable", "no date in the MRZ") from None
