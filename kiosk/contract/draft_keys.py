"""The key on a resident's slip: the only one that opens their draft.

128 random bits, as a QR payload and as text that can be typed. The text is Crockford's Base32
with his check symbol (https://www.crockford.com/base32.html: the number modulo 37): every wrong
symbol and every exchange of two neighbours is noticed. A key whose check symbol would be one of
his five extra ones (* ~ $ = U), which no keyboard of ours has, is drawn again.
"""

import re
import secrets
import unicodedata
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 16
SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 27
"""Symbols of the text: 26 for 128 bits, and the check symbol."""
PREFIX = "YIMEND1"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BETWEEN = re.compile("[\\s\\-./\u2010-\u2015\u2212]+")
_DRAFT_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


class DraftCodeError(Exception):
    """Not the code of a slip (`code.unknown`); `wrong` when it has the shape of one."""

    def __init__(self, detail: str, *, wrong: bool = False) -> None:
        super().__init__(detail)
        self.code = "code.unknown"
        self.wrong = wrong


@dataclass(frozen=True, repr=False)
class DraftKey:
    """16 bytes that exist on the slip and, while somebody stands here, in memory."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != KEY_BYTES:
            raise ValueError("a draft's key has 16 bytes")

    @classmethod
    def new(cls) -> "DraftKey":
        """Draw a key."""
        while True:
            raw = secrets.token_bytes(KEY_BYTES)
            if _check(raw) < len(SYMBOLS):
                return cls(raw)

    @classmethod
    def parse(cls, text: str) -> "DraftKey":
        """Read a key as typed (any case, width, spaces, dashes; O, I and L for 0 and 1), or the
        payload of the slip's QR code. Raises DraftCodeError."""
        plain = unicodedata.normalize("NFKC", text).strip().upper()
        head, colon, rest = plain.partition(":")
        if colon and head != PREFIX:
            raise DraftCodeError("another kind of code")
        symbols = _BETWEEN.sub("", rest if colon else plain).translate(_READ_AS)
        if len(symbols) != LENGTH or not set(symbols) <= set(SYMBOLS):
            raise DraftCodeError("not the shape of a slip's code")
        number = 0
        for symbol in symbols[:-1]:
            number = number * 32 + SYMBOLS.index(symbol)
        if number >> (8 * KEY_BYTES) or number % 37 != SYMBOLS.index(symbols[-1]):
            raise DraftCodeError("the check symbol differs", wrong=True)
        return cls(number.to_bytes(KEY_BYTES, "big"))

    @property
    def symbols(self) -> str:
        """The 27 symbols without a break."""
        check = _check(self.raw)
        if check >= len(SYMBOLS):
            raise ValueError("a key whose check symbol cannot be typed")
        number = int.from_bytes(self.raw, "big")
        written = "".join(SYMBOLS[number >> shift & 31] for shift in range(125, -1, -5))
        return written + SYMBOLS[check]

    @property
    def lines(self) -> tuple[str, ...]:
        """The text as it stands on the slip: three lines of three groups of three."""
        text = self.symbols
        groups = [text[start : start + 3] for start in range(0, LENGTH, 3)]
        return tuple("-".join(groups[start : start + 3]) for start in range(0, 9, 3))

    @property
    def text(self) -> str:
        """The text on one line."""
        return "-".join(self.lines)

    @property
    def qr_text(self) -> str:
        """`YIMEND1:` and the 27 symbols: letters a QR code holds as alphanumeric."""
        return f"{PREFIX}:{self.symbols}"

    @property
    def draft_id(self) -> str:
        """32 hexadecimal digits derived from the key; nothing leads back from them."""
        return self._derive(b"yimen draft 1 id", 16).hex()

    def sealing_key(self) -> bytes:
        """32 bytes for AES-256-GCM."""
        return self._derive(b"yimen draft 1 seal", 32)

    def _derive(self, info: bytes, length: int) -> bytes:
        # RFC 5869; the input is uniformly random, so no salt is needed.
        return HKDF(algorithm=SHA256(), length=length, salt=None, info=info).derive(self.raw)

    def __repr__(self) -> str:
        return "DraftKey()"


def is_slip_code(text: str) -> bool:
    """Whether a code that was read says of itself that it is a slip's."""
    return text.strip().upper().startswith(PREFIX + ":")


def is_draft_id(text: str) -> bool:
    """Whether this has the shape of a draft's id."""
    return _DRAFT_ID.fullmatch(text) is not None


def _check(raw: bytes) -> int:
    return int.from_bytes(raw, "big") % 37
