"""Receipt numbers that survive being read aloud, and the code printed beside them.

A number is `YM0417-261123-0042-59`: kiosk code (4 digits, given by the hub),
day (yymmdd), sequence on that day at that kiosk, and two check digits by
ISO 7064 MOD 97-10. These catch every single wrong digit and every exchange of
two digits. Kiosk code, day and sequence together are unique without a line.
"""

import base64
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_NUMBER = re.compile(r"YM(\d{4})-?(\d{6})-?(\d{4})-?(\d{2})", re.ASCII)
_KIOSK_ID = re.compile(r"[0-9A-Za-z_-]{1,32}", re.ASCII)
_PREFIX = "YIMEN1"


class ReceiptCodeError(Exception):
    """Not one of our receipts (`code.unknown`), or a false one (`code.forged`)."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(detail or code)
        self.code = code


@dataclass(frozen=True)
class ReceiptNumber:
    """A receipt number in its parts; `str()` gives the printed form."""

    kiosk_code: str
    day: date
    sequence: int

    @classmethod
    def make(cls, kiosk_code: str, day: date, sequence: int) -> "ReceiptNumber":
        """Build a number; ValueError unless code has 4 digits, sequence 1..9999, 20xx."""
        if not re.fullmatch(r"[0-9]{4}", kiosk_code):
            raise ValueError("a kiosk code has four digits")
        if not 1 <= sequence <= 9999:
            raise ValueError("a sequence is 1..9999 a day")
        if not 2000 <= day.year <= 2099:
            raise ValueError("a receipt belongs to this century")
        return cls(kiosk_code, day, sequence)

    @classmethod
    def parse(cls, text: str) -> "ReceiptNumber":
        """Read a number as a person types it: any case, width, spaces, with or without dashes.

        Raises ReceiptCodeError("code.unknown") when shape, day or check digits are wrong.
        """
        plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()
        plain = re.sub("[\u2010-\u2015\u2212]", "-", plain)
        match = _NUMBER.fullmatch(plain)
        if match is None:
            raise ReceiptCodeError("code.unknown", "not the shape of a receipt number")
        kiosk_code, day, sequence, check = match.groups()
        if int(kiosk_code + day + sequence + check) % 97 != 1:
            raise ReceiptCodeError("code.unknown", "check digits differ")
        try:
            read = date(2000 + int(day[:2]), int(day[2:4]), int(day[4:]))
            return cls.make(kiosk_code, read, int(sequence))
        except ValueError as error:
            raise ReceiptCodeError("code.unknown", str(error)) from error

    def __str__(self) -> str:
        day = self.day.strftime("%y%m%d")
        digits = f"{self.kiosk_code}{day}{self.sequence:04d}"
        # ISO 7064 MOD 97-10: the whole number leaves 1 when divided by 97.
        check = 98 - int(digits + "00") % 97
        return f"YM{self.kiosk_code}-{day}-{self.sequence:04d}-{check:02d}"


def make(kiosk_code: str, day: date, sequence: int) -> ReceiptNumber:
    """Short for ReceiptNumber.make."""
    return ReceiptNumber.make(kiosk_code, day, sequence)


def parse(text: str) -> ReceiptNumber:
    """Short for ReceiptNumber.parse."""
    return ReceiptNumber.parse(text)


@dataclass(frozen=True)
class ReceiptCode:
    """What a receipt's QR says. Not yet trusted: call verify()."""

    number: ReceiptNumber
    kiosk_id: str
    signature: bytes

    def verify(self, kiosk_public: Ed25519PublicKey) -> None:
        """Raise ReceiptCodeError("code.forged") unless that kiosk signed it."""
        try:
            kiosk_public.verify(self.signature, _signed(self.number, self.kiosk_id))
        except InvalidSignature as error:
            raise ReceiptCodeError("code.forged", "the signature does not hold") from error


def qr_text(number: ReceiptNumber, kiosk_id: str, private_key: Ed25519PrivateKey) -> str:
    """Return `YIMEN1:<number>:<kiosk id>:<base64url signature>` for the QR code."""
    if not _KIOSK_ID.fullmatch(kiosk_id):
        raise ValueError("a kiosk id is 1 to 32 letters, digits, - or _")
    signature = private_key.sign(_signed(number, kiosk_id))
    text = base64.urlsafe_b64encode(signature).decode("ascii").rstrip("=")
    return f"{_PREFIX}:{number}:{kiosk_id}:{text}"


def parse_qr(text: str) -> ReceiptCode:
    """Read a QR text; ReceiptCodeError("code.unknown") when it is not a receipt of ours."""
    parts = text.strip().split(":")
    if len(parts) != 4 or parts[0] != _PREFIX or not _KIOSK_ID.fullmatch(parts[2]):
        raise ReceiptCodeError("code.unknown", "not a receipt code")
    if not re.fullmatch(r"[0-9A-Za-z_-]{86}", parts[3]):
        raise ReceiptCodeError("code.unknown", "not a signature")
    signature = base64.urlsafe_b64decode(parts[3] + "==")
    return ReceiptCode(ReceiptNumber.parse(parts[1]), parts[2], signature)


def _signed(number: ReceiptNumber, kiosk_id: str) -> bytes:
    return f"yimen receipt 1\0{number}\0{kiosk_id}".encode()
