"""The ciphers of basic access control and secure messaging (ICAO 9303-11, 9.7 and 9.8). Pure."""

from __future__ import annotations

import hashlib

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

BLOCK_BYTES = 8
KEY_BYTES = 16
ENCRYPTION, AUTHENTICATION = 1, 2  # counters of 9.7.1


def derive_key(seed: bytes | bytearray, counter: int) -> bytes:
    """Two-key 3DES key for ENCRYPTION or AUTHENTICATION, with odd parity (9.7.1.1)."""
    raw = hashlib.sha1(bytes(seed) + counter.to_bytes(4, "big")).digest()[:KEY_BYTES]
    return bytes((byte & 0xFE) | (bin(byte >> 1).count("1") + 1) % 2 for byte in raw)


def _triple(key: bytes) -> TripleDES:
    return TripleDES(key + key[:8])


def encrypt(key: bytes, data: bytes) -> bytes:
    """3DES-CBC without padding; the first block is chained to zeros."""
    cipher = Cipher(_triple(key), modes.CBC(bytes(BLOCK_BYTES))).encryptor()
    return cipher.update(data) + cipher.finalize()


def decrypt(key: bytes, data: bytes | bytearray | memoryview) -> bytearray:
    """The caller overwrites what it gets. `data` is a whole number of blocks."""
    plain = bytearray(len(data) + BLOCK_BYTES)
    cipher = Cipher(_triple(key), modes.CBC(bytes(BLOCK_BYTES))).decryptor()
    count = cipher.update_into(data, plain)
    cipher.finalize()
    del plain[count:]
    return plain


def pad(data: bytes) -> bytes:
    """ISO/IEC 9797-1 padding method 2: 80, then zeros to a whole block; always something."""
    return data + b"\x80" + bytes(-(len(data) + 1) % BLOCK_BYTES)


def mac(key: bytes, data: bytes) -> bytes:
    """Retail MAC: ISO/IEC 9797-1 MAC algorithm 3 with DES, padding method 2, eight bytes."""
    padded = pad(data)
    before, last = padded[:-BLOCK_BYTES], padded[-BLOCK_BYTES:]
    chained = bytes(BLOCK_BYTES)
    if before:
        # Three times the same key is single DES.
        single = Cipher(TripleDES(key[:8] * 3), modes.CBC(bytes(BLOCK_BYTES))).encryptor()
        chained = (single.update(before) + single.finalize())[-BLOCK_BYTES:]
    mixed = bytes(left ^ right for left, right in zip(chained, last, strict=True))
    return encrypt(key, mixed)
