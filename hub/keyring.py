"""The hub's own keys: Ed25519 keys that sign, X25519 keys that open envelopes.

Files under keys/, 0600, the first made on the first start. The newest of each kind is in use and
published. Old signing keys stay, so that old receipts can be told from forged ones; each newer
one comes with a link signed by the one before (kiosk.contract.key_chain). Old sealing keys stay
until nothing sealed to them is left anywhere (hub/key_rotation.py).
"""

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hub import durable
from kiosk.contract import keys
from kiosk.contract.messages import HubKeys
from kiosk.contract.signing import SignatureError, verify_document

SEALING = "sealing-{:04d}.key"
SIGNING = "signing-{:04d}.key"
LINK = "signing-{:04d}.link"
_FIRST_SIGNING = "signing.key"


@dataclass(frozen=True, repr=False)
class Keyring:
    """All private keys of the hub. `sealing` maps key ids to keys, oldest first."""

    signing: Ed25519PrivateKey
    sealing: dict[str, X25519PrivateKey]
    current: str
    signed_with: tuple[Ed25519PublicKey, ...]
    """Every key this hub ever signed with, oldest first."""
    chain: tuple[dict[str, Any], ...]
    """Links between them."""
    sealing_files: dict[str, str]
    """Key id → name of its file."""

    def public(self) -> HubKeys:
        """Return what kiosks may know."""
        signing = self.signing.public_key()
        return HubKeys(
            signing=keys.public_text(signing),
            signing_id=keys.key_id(signing),
            sealing=keys.public_text(self.sealing[self.current].public_key()),
            sealing_id=self.current,
        )

    def verify_own(self, signed: Any, kind: str) -> dict[str, Any]:
        """Return a document this hub signed at any time. Raises SignatureError."""
        for key in self.signed_with:
            if isinstance(signed, dict) and signed.get("key_id") == keys.key_id(key):
                return verify_document(signed, key, kind)
        raise SignatureError("not signed by this hub")


class KeyFiles:
    """The keys as they are on the disk now: rotating them beside a running hub is noticed."""

    def __init__(self, folder: Path) -> None:
        """Load the keys; make what is missing on the first start, durably."""
        durable.make_folder(folder)
        if not (folder / _FIRST_SIGNING).exists():
            durable.write(folder / _FIRST_SIGNING, text(keys.new_signing_key()))
        if not any(folder.glob("sealing-*.key")):
            durable.write(folder / SEALING.format(1), text(keys.new_sealing_key()))
        self._folder = folder
        self._names = _names(folder)
        self._ring = load(folder)

    @property
    def ring(self) -> Keyring:
        """The present keys."""
        names = _names(self._folder)
        if names != self._names:
            self._ring, self._names = load(self._folder), names
        return self._ring


def load(folder: Path) -> Keyring:
    """Read all keys of a folder."""
    sealing, files = {}, {}
    for file in sorted(folder.glob("sealing-*.key")):
        private = X25519PrivateKey.from_private_bytes(base64.b64decode(file.read_bytes()))
        name = keys.key_id(private.public_key())
        sealing[name], files[name] = private, file.name
    signing = [
        Ed25519PrivateKey.from_private_bytes(base64.b64decode(file.read_bytes()))
        for file in [folder / _FIRST_SIGNING, *sorted(folder.glob("signing-*.key"))]
    ]
    return Keyring(
        signing=signing[-1],
        sealing=sealing,
        current=list(sealing)[-1],
        signed_with=tuple(key.public_key() for key in signing),
        chain=tuple(json.loads(f.read_bytes()) for f in sorted(folder.glob("signing-*.link"))),
        sealing_files=files,
    )


def text(key: Ed25519PrivateKey | X25519PrivateKey) -> bytes:
    """A private key as it stands in its file."""
    return base64.b64encode(key.private_bytes_raw()) + b"\n"


def _names(folder: Path) -> frozenset[str]:
    # A key counts once its file has its name: until then it is being written.
    return frozenset(file.name for file in folder.iterdir() if not file.name.startswith("."))
