"""Key ids and the text form of public keys.

A key id is derived from the key itself (first 80 bits of SHA-256 over the raw
public key), so nobody can publish two keys under one name.
"""

import base64
import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

PublicKey = Ed25519PublicKey | X25519PublicKey


def key_id(key: PublicKey) -> str:
    """Return the id of a public key: 20 lower-case hexadecimal digits."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:20]


def public_text(key: PublicKey) -> str:
    """Return the 32 raw bytes of a public key in base64."""
    return base64.b64encode(key.public_bytes_raw()).decode("ascii")


def signing_public_key(text: str) -> Ed25519PublicKey:
    """Read an Ed25519 public key from base64; ValueError when it is not one."""
    return Ed25519PublicKey.from_public_bytes(_raw(text))


def sealing_public_key(text: str) -> X25519PublicKey:
    """Read an X25519 public key from base64; ValueError when it is not one."""
    return X25519PublicKey.from_public_bytes(_raw(text))


def new_signing_key() -> Ed25519PrivateKey:
    """Make a fresh Ed25519 private key."""
    return Ed25519PrivateKey.generate()


def new_sealing_key() -> X25519PrivateKey:
    """Make a fresh X25519 private key."""
    return X25519PrivateKey.generate()


def _raw(text: str) -> bytes:
    raw = base64.b64decode(text, validate=True)
    if len(raw) != 32:
        raise ValueError("a public key has 32 bytes")
    return raw
