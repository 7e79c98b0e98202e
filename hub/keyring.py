"""The hub's own keys: one Ed25519 key that signs, X25519 keys that open envelopes.

Files under keys/, 0600, made on the first start. Old sealing keys stay as long
as a kiosk may still hold something sealed to them; the newest one is published.
"""

import base64
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hub import durable
from kiosk.contract import keys
from kiosk.contract.messages import HubKeys


@dataclass(frozen=True, repr=False)
class Keyring:
    """All private keys of the hub. `sealing` maps key ids to keys."""

    signing: Ed25519PrivateKey
    sealing: dict[str, X25519PrivateKey]
    current: str

    def public(self) -> HubKeys:
        """Return what kiosks may know."""
        signing = self.signing.public_key()
        return HubKeys(
            signing=keys.public_text(signing),
            signing_id=keys.key_id(signing),
            sealing=keys.public_text(self.sealing[self.current].public_key()),
            sealing_id=self.current,
        )


def load_or_make(folder: Path) -> Keyring:
    """Load the keys; make what is missing on the first start, durably."""
    durable.make_folder(folder)
    path = folder / "signing.key"
    if not path.exists():
        durable.write(path, _text(keys.new_signing_key()))
    if not any(folder.glob("sealing-*.key")):
        durable.write(folder / "sealing-0001.key", _text(keys.new_sealing_key()))
    sealing = {}
    current = ""
    for file in sorted(folder.glob("sealing-*.key")):
        private = X25519PrivateKey.from_private_bytes(base64.b64decode(file.read_bytes()))
        current = keys.key_id(private.public_key())
        sealing[current] = private
    signing = Ed25519PrivateKey.from_private_bytes(base64.b64decode(path.read_bytes()))
    return Keyring(signing, sealing, current)


def _text(key: Ed25519PrivateKey | X25519PrivateKey) -> bytes:
    return base64.b64encode(key.private_bytes_raw()) + b"\n"
