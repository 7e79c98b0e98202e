"""One made-up person who exists only in this campaign, and every form a trace of her may have.

Everything is drawn from a seed: no word of it stands in any file of ours or anywhere else.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from urllib.parse import quote

from devices.identity import DocumentKind, IdentityDocument
from devices.testbed.card_making import SampleCard, make_card, number
from screens.input.keyboard import Keyboard
from screens.input.rime import shared_engine

CARD = "canary"
_ODD = "龘犇骉羴猋麤鱻犇蠱彧翯翀昶赟韡婳垚堃喆旻"
"""Characters of names that hardly any two words begin with."""
_LONG_DIGITS = 15
_ENGINE_SECONDS = 10.0
_ROADS = "翥翊昱晟珺琎瑄玥"


@dataclass(frozen=True)
class Person:
    """Who came, and what she typed."""

    name: str
    number: str
    address: str
    birth: date
    face: bytes
    phone: str
    relative: str
    """Letters that she types, once in pinyin and once in Latin."""

    def written(self) -> str:
        """What the keyboard's pinyin makes of the letters."""
        engine = shared_engine()
        if not engine.wait(_ENGINE_SECONDS):
            raise RuntimeError("librime did not load")
        keyboard = Keyboard(engine)
        keyboard.open("pinyin", "")
        for letter in self.relative:
            keyboard.press(letter)
        keyboard.press("done")
        text = keyboard.text
        keyboard.close()
        return text

    def card(self) -> SampleCard:
        document = IdentityDocument(
            kind=DocumentKind.RESIDENT, number=self.number, name=self.name, sex="2",
            ethnic_group="01", birth_date=self.birth, address=self.address,
            issuer="长春市公安局朝阳分局", valid_from=date(2016, 5, 20), valid_to=date(2036, 5, 20),
            photo=self.face,
        )  # fmt: skip
        return make_card(document, label=CARD)


def person(seed: int) -> Person:
    """The person of a seed."""
    chance = Random(f"theft:{seed}")
    birth = date(1940, 1, 1).replace(
        year=chance.randint(1940, 1960), month=chance.randint(1, 12), day=chance.randint(1, 28)
    )
    road = "".join(chance.choices(_ROADS, k=3))
    return Person(
        name="".join(chance.sample(_ODD, 4)),
        number=number("220104", birth, 2 * chance.randint(50, 400)),
        address=f"吉林省长春市{road}路{chance.randint(100, 999)}号{chance.randint(1000, 9999)}室",
        birth=birth,
        face=chance.randbytes(1024),
        phone=f"139{chance.randint(10_000_000, 99_999_999)}",
        relative="".join(chance.sample("qxzjkwbpfgdm", 9)),
    )


@dataclass(frozen=True)
class Canary:
    """One form of one thing. short: a few bytes that may stand somewhere by chance; searched in
    small files only."""

    kind: str
    form: str
    trace: bytes
    short: bool = False


def canaries(who: Person, pen: tuple[float, ...] = ()) -> list[Canary]:
    """Every form of everything. pen: places of the signature, in 0…1 of the pad."""
    road = who.address[6:]  # what comes before is where half a million people live
    texts = {"name": who.name, "number": who.number, "address": road, "phone": who.phone,
             "typed text": who.relative, "typed Chinese": who.written()}  # fmt: skip
    found = [
        Canary(kind, form, trace)
        for kind, text in texts.items() for form, trace in forms(text)
    ]
    found += [Canary("number", form, trace, short) for form, trace, short in hashes(who.number)]
    for at in (0, 300, 700):
        found.append(Canary("face", f"bytes {at}", who.face[at : at + 24]))
        found += [Canary("face", f"base64 {at}", text) for text in inner_base64(
            who.face[at : at + 48]
        )]  # fmt: skip
        found.append(Canary("face", f"hex {at}", who.face[at : at + 16].hex().encode()))
    for place in pen:
        if len(repr(place)) < _LONG_DIGITS:
            continue  # a half or a tenth stands everywhere
        found.append(Canary("signature", "double", struct.pack("<d", place)))
        found.append(Canary("signature", "digits", repr(place).encode()))
    return list({one.trace: one for one in reversed(found)}.values())  # digits are UTF-8 first


def forms(text: str) -> Iterator[tuple[str, bytes]]:
    """A text as bytes, in the ways programs write texts."""
    for encoding in ("utf-8", "utf-16-le", "gb18030", "utf-32-le"):
        raw = text.encode(encoding)
        yield encoding, raw
        if encoding in ("utf-8", "utf-16-le", "gb18030"):
            for code in inner_base64(raw):
                yield f"base64 of {encoding}", code
    yield "utf-16-be", text.encode("utf-16-be")  # as it stands in a PDF
    yield "JSON", json.dumps(text)[1:-1].encode()
    yield "percent", quote(text).encode()


def inner_base64(raw: bytes) -> list[bytes]:
    """What base64 makes of these bytes at each of the three places they may begin at."""
    codes = []
    for shift in range(3):
        code = base64.b64encode(bytes(shift) + raw)
        # Letters that also depend on the neighbours are left out.
        first = (shift * 8 + 5) // 6
        last = (shift + len(raw)) * 8 // 6
        codes.append(code[first:last])
    return codes


def hashes(text: str) -> Iterator[tuple[str, bytes, bool]]:
    """Hashes of a number, that guessing turns back into the number (decision 13)."""
    for variant in (text, text.lower()):
        raw = variant.encode()
        for name in ("md5", "sha1", "sha256", "sha512", "blake2b"):
            digest = hashlib.new(name, raw)
            yield f"{name} raw", digest.digest()[:16], False
            yield f"{name} hex", digest.hexdigest().encode()[:32], False
            yield f"{name} HEX", digest.hexdigest().upper().encode()[:32], False
            yield f"{name} base64", base64.b64encode(digest.digest())[:20], False
        check = zlib.crc32(raw)
        yield "crc32 hex", f"{check:08x}".encode(), True
        yield "crc32 HEX", f"{check:08X}".encode(), True
        yield "crc32 raw", struct.pack("<I", check), True
        yield "crc32 raw, turned", struct.pack(">I", check), True
