"""Passive authentication (ICAO 9303-11, 5.1): did the issuing state sign what the chip says? Pure.

EF.SOD holds CMS signed data (RFC 5652) over a list of hashes of the data groups. Its signer's
certificate stands inside and is issued by a country's certificate (CSCA), of which the operator
keeps a folder, with the country's lists of revoked signers (CRL) beside it where there are any.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hmac import compare_digest
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from devices.cards.travel_document import tlv
from devices.errors import DeviceFault

log = logging.getLogger(__name__)

SEQUENCE, SET, INTEGER, OCTETS, OID = 0x30, 0x31, 0x02, 0x04, 0x06
SOD = 0x77
SIGNED_DATA = "2a864886f70d010702"
LDS_SECURITY_OBJECT = "678108010101"
CONTENT_TYPE, MESSAGE_DIGEST = "2a864886f70d010903", "2a864886f70d010904"
HASHES: Mapping[str, type[hashes.HashAlgorithm]] = {
    "2b0e03021a": hashes.SHA1,
    "608648016503040204": hashes.SHA224,
    "608648016503040201": hashes.SHA256,
    "608648016503040202": hashes.SHA384,
    "608648016503040203": hashes.SHA512,
}
RSA_WITH_PSS = "2a864886f70d01010a"
# Signature algorithms that name their hash; plain rsaEncryption leaves it to the digest algorithm.
RSA_SIGNATURES: Mapping[str, type[hashes.HashAlgorithm] | None] = {
    "2a864886f70d010101": None,
    "2a864886f70d010105": hashes.SHA1,
    "2a864886f70d01010e": hashes.SHA224,
    "2a864886f70d01010b": hashes.SHA256,
    "2a864886f70d01010c": hashes.SHA384,
    "2a864886f70d01010d": hashes.SHA512,
}
EC_SIGNATURES: Mapping[str, type[hashes.HashAlgorithm]] = {
    "2a8648ce3d0401": hashes.SHA1,
    "2a8648ce3d040301": hashes.SHA224,
    "2a8648ce3d040302": hashes.SHA256,
    "2a8648ce3d040303": hashes.SHA384,
    "2a8648ce3d040304": hashes.SHA512,
}
LIST_ENDING = ".crl"
CERTIFICATE_ENDINGS = frozenset({".cer", ".crt", ".der", ".pem"})
NOT_PROVEN = (
    ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm, x509.InvalidVersion
)


class TrustStore:
    """The certificates of issuing states (CSCA) an operator trusts, and their revocation lists."""

    def __init__(
        self,
        certificates: Sequence[x509.Certificate] = (),
        revocations: Sequence[x509.CertificateRevocationList] = (),
    ) -> None:
        self._certificates = tuple(certificates)
        self._revocations = tuple(revocations)

    @classmethod
    def load(cls, folder: Path) -> TrustStore:
        """All certificates (.cer .crt .der .pem) and revocation lists (.crl) in a folder. What
        nobody can read is logged and left out. Raises OSError when the folder cannot be read.
        """
        found: list[x509.Certificate] = []
        revocations: list[x509.CertificateRevocationList] = []
        for path in sorted(folder.iterdir()):
            ending = path.suffix.lower()
            if ending not in CERTIFICATE_ENDINGS and ending != LIST_ENDING:
                continue
            raw = path.read_bytes()
            text = raw.lstrip().startswith(b"-----BEGIN")
            try:
                if ending == LIST_ENDING:
                    load = x509.load_pem_x509_crl if text else x509.load_der_x509_crl
                    revocations.append(load(raw))
                elif text:
                    found += x509.load_pem_x509_certificates(raw)
                else:
                    found.append(x509.load_der_x509_certificate(raw))
            except ValueError:
                log.warning("%s is no certificate and no list of them", path.name)
        return cls(found, revocations)

    def revoked(self, signer: x509.Certificate) -> bool:
        """Whether the state that issued this certificate has taken it back. A list past its date
        still counts: what was revoked stays so (RFC 5280, 3.3)."""
        return any(
            listed.issuer == signer.issuer
            and listed.get_revoked_certificate_by_serial_number(signer.serial_number) is not None
            and any(_signed_list(state, listed) for state in self._certificates)
            for listed in self._revocations
        )

    def vouches_for(self, signer: x509.Certificate, now: datetime) -> bool:
        """Whether a trusted state issued this certificate, and both are valid at `now`."""
        return _valid(signer, now) and any(
            _valid(state, now) and _issued(state, signer) for state in self._certificates
        )


def verify(
    sod: bytes | bytearray,
    groups: Mapping[int, bytes | bytearray],
    trust: TrustStore,
    now: datetime | None = None,
) -> bool:
    """True when a trusted state signed these data groups (number: whole file).

    False when the signature holds, but its state is not trusted here, or it is of a kind unknown
    here: then nothing is known. Raises DeviceFault: card.altered when a data group is not the one
    signed, the signature is wrong or its signer was revoked; card.unreadable when this is no
    EF.SOD.
    """
    content, signer, certificates = _signed_data(sod)
    _compare_groups(content, groups)
    covered = _covered_by_signature(content, signer)
    wrong = False
    for certificate in certificates:
        proven = _signature_holds(certificate, signer, covered)
        if proven:
            if trust.revoked(certificate):
                raise DeviceFault("card.altered", "document signer was revoked")
            return trust.vouches_for(certificate, now or datetime.now(UTC))
        wrong |= proven is False
    if wrong:
        raise DeviceFault("card.altered", "signature over the data groups is wrong")
    return False


def signed_groups(sod: bytes | bytearray) -> frozenset[int]:
    """Numbers of the data groups that EF.SOD lists. Raises card.unreadable."""
    content, _, _ = _signed_data(sod)
    return frozenset(_listed(content)[1])


def _valid(certificate: x509.Certificate, now: datetime) -> bool:
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc


def _issued(state: x509.Certificate, signer: x509.Certificate) -> bool:
    try:
        if not state.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return False
        signer.verify_directly_issued_by(state)
    except (*NOT_PROVEN, x509.ExtensionNotFound):
        return False
    return True


def _signed_list(state: x509.Certificate, listed: x509.CertificateRevocationList) -> bool:
    key = state.public_key()
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        return False
    try:
        return state.subject == listed.issuer and listed.is_signature_valid(key)
    except NOT_PROVEN:
        return False


def _signed_data(
    sod: bytes | bytearray,
) -> tuple[memoryview, list[tlv.Element], list[x509.Certificate]]:
    """(LDS security object, parts of the one SignerInfo, certificates). Raises card.unreadable."""
    parts = tlv.elements(tlv.find(sod, SOD, SEQUENCE))
    if len(parts) != 2 or parts[0].value.hex() != SIGNED_DATA:
        raise DeviceFault("card.unreadable", "EF.SOD holds no signed data")
    signed = tlv.elements(tlv.find(parts[1].value, SEQUENCE))
    if len(signed) < 4 or signed[-1].tag != SET:
        raise DeviceFault("card.unreadable", "signed data of a wrong form")
    content_type = tlv.find(signed[2].value, OID)
    if content_type.hex() != LDS_SECURITY_OBJECT:
        raise DeviceFault("card.unreadable", "signed data of another kind")
    content = tlv.find(signed[2].value, 0xA0, OCTETS)
    certificates = []
    for element in signed[3:-1]:
        if element.tag == 0xA0:
            for part in element.children():
                try:
                    certificates.append(x509.load_der_x509_certificate(bytes(part.whole)))
                except NOT_PROVEN:
                    log.info("certificate in EF.SOD cannot be used")
    signer = tlv.elements(tlv.find(signed[-1].value, SEQUENCE))
    if len(signer) < 5:
        raise DeviceFault("card.unreadable", "signer of a wrong form")
    return content, signer, certificates


def _hash(algorithm: memoryview) -> type[hashes.HashAlgorithm]:
    """The hash an AlgorithmIdentifier names. Raises card.unreadable."""
    found = HASHES.get(tlv.find(algorithm, OID).hex())
    if found is None:
        raise DeviceFault("card.unreadable", "hash algorithm not known")
    return found


def _digest(algorithm: type[hashes.HashAlgorithm], data: bytes | bytearray | memoryview) -> bytes:
    return hashlib.new(algorithm().name, data).digest()


def _listed(content: memoryview) -> tuple[type[hashes.HashAlgorithm], dict[int, bytes]]:
    """(hash algorithm, digest by data group). Raises card.unreadable."""
    parts = tlv.elements(tlv.find(content, SEQUENCE))
    if len(parts) < 3:
        raise DeviceFault("card.unreadable", "security object of a wrong form")
    signed = {}
    for element in parts[2].children():
        number = int.from_bytes(tlv.find(element.value, INTEGER), "big")
        signed[number] = bytes(tlv.find(element.value, OCTETS))
    return _hash(parts[1].value), signed


def _compare_groups(content: memoryview, groups: Mapping[int, bytes | bytearray]) -> None:
    algorithm, signed = _listed(content)
    for number, file in groups.items():
        if not compare_digest(signed.get(number, b""), _digest(algorithm, file)):
            raise DeviceFault("card.altered", f"DG{number} is not the one signed")


def _covered_by_signature(content: memoryview, signer: list[tlv.Element]) -> bytes:
    """What the signature covers: the signed attributes, which name the content's digest."""
    if signer[3].tag != 0xA0:
        return bytes(content)
    attributes = {
        tlv.find(element.value, OID).hex(): tlv.elements(tlv.find(element.value, SET))
        for element in signer[3].children()
    }
    kind, digest = attributes.get(CONTENT_TYPE), attributes.get(MESSAGE_DIGEST)
    if not kind or not digest or kind[0].value.hex() != LDS_SECURITY_OBJECT:
        raise DeviceFault("card.unreadable", "signed attributes incomplete")
    if not compare_digest(bytes(digest[0].value), _digest(_hash(signer[2].value), content)):
        raise DeviceFault("card.altered", "list of hashes is not the one signed")
    # RFC 5652, 5.4: signed as a SET OF, whatever tag it stands under.
    return bytes([SET]) + bytes(signer[3].whole[1:])


def _signature_holds(
    certificate: x509.Certificate, signer: list[tlv.Element], covered: bytes
) -> bool | None:
    """None when key or algorithm is one that cannot be checked here."""
    at = 4 if signer[3].tag == 0xA0 else 3
    if len(signer) <= at + 1:
        raise DeviceFault("card.unreadable", "signer without signature")
    algorithm, signature = signer[at], bytes(signer[at + 1].value)
    name = tlv.find(algorithm.value, OID).hex()
    try:
        key = certificate.public_key()
        if isinstance(key, rsa.RSAPublicKey) and name == RSA_WITH_PSS:
            scheme, chosen = _pss(algorithm)
            key.verify(signature, covered, scheme, chosen())
        elif isinstance(key, rsa.RSAPublicKey) and name in RSA_SIGNATURES:
            chosen = RSA_SIGNATURES[name] or _hash(signer[2].value)
            key.verify(signature, covered, padding.PKCS1v15(), chosen())
        elif isinstance(key, ec.EllipticCurvePublicKey) and name in EC_SIGNATURES:
            key.verify(signature, covered, ec.ECDSA(EC_SIGNATURES[name]()))
        else:
            return None
    except InvalidSignature:
        return False
    except (ValueError, UnsupportedAlgorithm):
        return None
    return True


def _pss(algorithm: tlv.Element) -> tuple[padding.PSS, type[hashes.HashAlgorithm]]:
    """RSASSA-PSS parameters (RFC 4055); what is left out has its default."""
    chosen: type[hashes.HashAlgorithm] = hashes.SHA1
    masked: type[hashes.HashAlgorithm] = hashes.SHA1
    salt = 20
    for element in algorithm.children()[1:]:
        for part in element.children():
            if part.tag == 0xA0:
                chosen = _hash(tlv.find(part.value, SEQUENCE))
            elif part.tag == 0xA1:
                masked = _hash(tlv.find(part.value, SEQUENCE, SEQUENCE))
            elif part.tag == 0xA2:
                salt = int.from_bytes(tlv.find(part.value, INTEGER), "big")
    return padding.PSS(padding.MGF1(masked()), salt), chosen
