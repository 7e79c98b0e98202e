"""Keys that sign what is published: root (may be kept elsewhere), targets, and online.

Files under keys/, 0600: tuf-root.key, tuf-targets.key, tuf-online.key (snapshot and timestamp).
The root key is needed only to change keys or to prolong the root, so it can be taken away.
"""

import base64
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner

from hub import durable
from kiosk.contract import keys

ROOT, TARGETS, ONLINE = "tuf-root.key", "tuf-targets.key", "tuf-online.key"


@dataclass(frozen=True, repr=False)
class PublishingKeys:
    """Signers by what they sign; `root` is None while its key is kept elsewhere."""

    root: CryptoSigner | None
    targets: CryptoSigner
    online: CryptoSigner


def load(folder: Path) -> PublishingKeys:
    """Load the keys of a hub that has published before. Raises OSError, ValueError."""
    root = folder / ROOT
    return PublishingKeys(
        read(root) if root.exists() else None, read(folder / TARGETS), read(folder / ONLINE)
    )


def make(folder: Path, *names: str) -> None:
    """Make new keys, durably, in place of old ones of these names."""
    durable.make_folder(folder)
    for name in names:
        durable.write(folder / name, base64.b64encode(_raw(keys.new_signing_key())) + b"\n")


def read(path: Path) -> CryptoSigner:
    """Read one key. Raises OSError, ValueError."""
    return CryptoSigner(
        Ed25519PrivateKey.from_private_bytes(base64.b64decode(path.read_bytes()))
    )


def _raw(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes_raw()
