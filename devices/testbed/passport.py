"""Passports of fictional people, signed by a state made for the moment (ICAO 9303-10 and -12).

Written from the standard, apart from our driver's codec. The state's keys live in this process
only; whoever should trust its passports gets `state().certificate`.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from PIL import Image, ImageDraw

from devices.identity import IdentityDocument

COMMON, SECURITY, ACCESS = 0x011E, 0x011D, 0x011C
DG1, DG2, DG11, DG14, DG15 = 0x0101, 0x0102, 0x010B, 0x010E, 0x010F
SHA256 = "608648016503040201"
NULL = b"\x05\x00"
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def der(tag: int, *parts: bytes) -> bytes:
    """One tag-length-value around its parts."""
    body = b"".join(parts)
    size = len(body)
    if size < 0x80:
        length = bytes([size])
    else:
        raw = size.to_bytes((size.bit_length() + 7) // 8, "big")
        length = bytes([0x80 | len(raw)]) + raw
    return tag.to_bytes((tag.bit_length() + 7) // 8, "big") + length + body


def _oid(content: str) -> bytes:
    return der(0x06, bytes.fromhex(content))


def check(text: str) -> str:
    """The check digit of 9303-3."""
    total = 0
    for place, sign in enumerate(text):
        value = 0 if sign == "<" else int(sign) if sign.isdigit() else ord(sign) - 55
        total += value * (7, 3, 1)[place % 3]
    return str(total % 10)


def mrz(document: IdentityDocument) -> str:
    """The two lines of a passport (TD3). Raises ValueError for a document without its dates."""
    if document.birth_date is None or document.valid_to is None:
        raise ValueError("a passport has a date of birth and one of expiry")
    family, _, given = document.name_latin.upper().partition(", ")
    names = f"{family}<<{given}".replace(" ", "<").replace("-", "<")
    first = f"P<{document.issuer:<3}{names}".replace(" ", "<")[:44].ljust(44, "<")
    sex = {"1": "M", "2": "F"}.get(document.sex, "<")
    number = document.number.ljust(9, "<")
    birth, expiry = f"{document.birth_date:%y%m%d}", f"{document.valid_to:%y%m%d}"
    number, birth, expiry = (part + check(part) for part in (number, birth, expiry))
    personal = "<" * 14 + "0"
    composite = check(number + birth + expiry + personal)
    nationality = f"{document.nationality:<3}".replace(" ", "<")
    return f"{first}\n{number}{nationality}{birth}{sex}{expiry}{personal}{composite}"


def portrait() -> bytes:
    """A drawn face (JPEG); nobody's."""
    picture = Image.new("RGB", (240, 320), "#dfe6ea")
    pen = ImageDraw.Draw(picture)
    pen.ellipse((60, 60, 180, 220), fill="#e8c9a8")
    pen.ellipse((90, 120, 105, 135), fill="#303030")
    pen.ellipse((135, 120, 150, 135), fill="#303030")
    pen.arc((95, 150, 145, 190), 20, 160, fill="#803030", width=4)
    pen.pieslice((20, 215, 220, 420), 180, 360, fill="#405070")
    stored = io.BytesIO()
    picture.save(stored, "JPEG", quality=85)
    return stored.getvalue()


def face_file(picture: bytes) -> bytes:
    """DG2 with one face (ISO/IEC 19794-5)."""
    image = bytes([1, 0]) + (240).to_bytes(2, "big") + (320).to_bytes(2, "big") + bytes(6)
    face = (32 + len(picture)).to_bytes(4, "big") + bytes(16) + image + picture
    record = b"FAC\x00010\x00" + (14 + len(face)).to_bytes(4, "big") + b"\x00\x01" + face
    template = der(0x7F60, der(0xA1, der(0x81, b"\x02")), der(0x5F2E, record))
    return der(0x75, der(0x7F61, der(0x02, b"\x01"), template))


@dataclass(frozen=True, repr=False)
class State:
    """An issuing state: its certificate (CSCA) and a document signer under it."""

    certificate: x509.Certificate
    signer: x509.Certificate
    signer_key: Key
    state_key: Key

    def revocation_list(self) -> x509.CertificateRevocationList:
        """A list of revoked certificates (RFC 5280) with the document signer on it."""
        now = datetime.now(UTC)
        revoked = (
            x509.RevokedCertificateBuilder()
            .serial_number(self.signer.serial_number)
            .revocation_date(now)
            .build()
        )
        return (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(now)
            .next_update(now + timedelta(days=90))
            .add_revoked_certificate(revoked)
            .sign(self.state_key, hashes.SHA256())
        )

    def passport(self, document: IdentityDocument, chip_key: Key | None = None) -> dict[int, bytes]:
        """The files of a passport's chip by identifier. chip_key: for active authentication; its
        public half stands in DG15 (and DG14 for one of an elliptic curve)."""
        lines = mrz(document).replace("\n", "").encode("ascii")
        groups = {
            1: der(0x61, der(0x5F1F, lines)),
            2: face_file(document.photo),
        }
        tags, more = bytes([0x61, 0x75]), {}
        if document.name:
            # The family name of one character, as most of ours are.
            name = f"{document.name[:1]}<<{document.name[1:]}".encode()
            groups[11] = der(0x6B, der(0x5C, bytes.fromhex("5F0E")), der(0x5F0E, name))
            tags, more = tags + b"\x6b", {DG11: groups[11]}
        if chip_key is not None:
            public = chip_key.public_key().public_bytes(
                Encoding.DER, PublicFormat.SubjectPublicKeyInfo
            )
            groups[15] = der(0x6F, public)
            tags, more = tags + b"\x6f", {**more, DG15: groups[15]}
            if isinstance(chip_key, ec.EllipticCurvePrivateKey):
                # ActiveAuthenticationInfo: version 1, ecdsa-plain with SHA-256.
                info = der(
                    0x30, _oid("678108010105"), der(0x02, b"\x01"), _oid("04007f00070101040103")
                )
                groups[14] = der(0x6E, der(0x31, info))
                tags, more = tags + b"\x6e", {**more, DG14: groups[14]}
        common = der(0x60, der(0x5F01, b"0107"), der(0x5F36, b"040000"), der(0x5C, tags))
        return {
            **more,
            COMMON: common,
            DG1: groups[1],
            DG2: groups[2],
            SECURITY: self.security_object(groups),
        }

    def security_object(self, groups: dict[int, bytes]) -> bytes:
        """EF.SOD over these data groups: CMS signed data (RFC 5652)."""
        digest = der(0x30, _oid(SHA256), NULL)
        hashed = [
            der(0x30, der(0x02, bytes([number])), der(0x04, hashlib.sha256(file).digest()))
            for number, file in sorted(groups.items())
        ]
        content = der(0x30, der(0x02, b"\0"), digest, der(0x30, *hashed))
        kind = _oid("678108010101")
        attributes = (
            der(0x30, _oid("2a864886f70d010903"), der(0x31, kind)),
            der(
                0x30,
                _oid("2a864886f70d010904"),
                der(0x31, der(0x04, hashlib.sha256(content).digest())),
            ),
        )
        signature, algorithm = self._sign(der(0x31, *attributes))
        issuer = self.signer.issuer.public_bytes()
        serial = self.signer.serial_number
        number = der(0x02, serial.to_bytes(serial.bit_length() // 8 + 1, "big"))
        signer = der(
            0x30,
            der(0x02, b"\x01"),
            der(0x30, issuer, number),
            digest,
            der(0xA0, *attributes),
            algorithm,
            der(0x04, signature),
        )
        signed = der(
            0x30,
            der(0x02, b"\x03"),
            der(0x31, digest),
            der(0x30, kind, der(0xA0, der(0x04, content))),
            der(0xA0, self.signer.public_bytes(Encoding.DER)),
            der(0x31, signer),
        )
        return der(0x77, der(0x30, _oid("2a864886f70d010702"), der(0xA0, signed)))

    def _sign(self, covered: bytes) -> tuple[bytes, bytes]:
        if isinstance(self.signer_key, ec.EllipticCurvePrivateKey):
            name = der(0x30, _oid("2a8648ce3d040302"))
            return self.signer_key.sign(covered, ec.ECDSA(hashes.SHA256())), name
        sha256 = der(0x30, _oid(SHA256), NULL)
        masked = der(0x30, _oid("2a864886f70d010108"), sha256)
        parameters = der(
            0x30, der(0xA0, sha256), der(0xA1, masked), der(0xA2, der(0x02, b"\x20"))
        )
        scheme = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
        return (
            self.signer_key.sign(covered, scheme, hashes.SHA256()),
            der(0x30, _oid("2a864886f70d01010a"), parameters),
        )


def found_state(*, rsa_keys: bool = False, signer_days: int = 3650) -> State:
    """A new state. signer_days: how long its document signer is valid; negative is over."""
    now = datetime.now(UTC)

    def key() -> Key:
        if rsa_keys:
            return rsa.generate_private_key(65537, 2048)
        return ec.generate_private_key(ec.SECP256R1())

    keys = [key(), key()]
    names = [
        x509.Name(
            [
                x509.NameAttribute(NameOID.COUNTRY_NAME, "UT"),
                x509.NameAttribute(NameOID.COMMON_NAME, name),
            ]
        )
        for name in ("Testbed CSCA of nobody", "Testbed document signer")
    ]

    def certificate(whose: int, days: int, *, is_state: bool) -> x509.Certificate:
        return (
            x509.CertificateBuilder()
            .subject_name(names[whose])
            .issuer_name(names[0])
            .public_key(keys[whose].public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=3650))
            .not_valid_after(now + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=is_state, path_length=None), critical=True)
            .sign(keys[0], hashes.SHA256())
        )

    return State(
        certificate(0, 7300, is_state=True), certificate(1, signer_days, is_state=False), keys[1],
        keys[0],
    )


@cache
def state() -> State:
    """The state that issues the sample passports of this process."""
    return found_state()
