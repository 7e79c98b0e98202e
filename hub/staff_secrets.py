"""What the hub keeps of staff cards, codes and PINs, all under one key of its own.

The key lies beside the database and not in it. A bound card is kept as HMAC-SHA256 over its
canonical document (kind, number, name): enough to compare, and to find the record by its unique
index, while somebody who copies the database cannot guess the number back (18 digits are few,
decision 13). A PIN has six digits, so its argon2id hash is peppered with the same key.
"""

import hashlib
import hmac
import secrets
from contextlib import suppress

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from hub import durable
from hub.city import Folders
from kiosk.contract.staff import StaffCard

_HASHER = PasswordHasher()


def binding_key(folders: Folders) -> bytes:
    """Return the hub's own key for cards, codes and PINs; made durably on its first use."""
    path = folders.keys / "binding.key"
    if not path.exists():
        durable.make_folder(folders.keys)
        fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        durable.write(fresh, secrets.token_bytes(32))
        # The command line may make one beside the running hub: the first one counts.
        with suppress(FileExistsError):
            path.hardlink_to(fresh)
        fresh.unlink()
        durable.sync_folder(folders.keys)
    return path.read_bytes()


def card_tag(key: bytes, card: StaffCard) -> str:
    """Return what a record keeps of its card."""
    return _tag(key, "card", card.canonical())


def code_tag(key: bytes, code: str) -> str:
    """Return what a record keeps of its one-time code."""
    return _tag(key, "code", code.encode())


def hash_pin(key: bytes, staff_id: str, pin: str) -> str:
    """Return what a record keeps of its PIN; takes its time on purpose."""
    return _HASHER.hash(_pepper(key, staff_id, pin))


def is_pin(key: bytes, staff_id: str, pin: str, pin_hash: str) -> bool:
    """Compare a PIN with what a record keeps; takes its time on purpose."""
    try:
        return _HASHER.verify(pin_hash, _pepper(key, staff_id, pin))
    except (VerificationError, InvalidHashError):
        return False


def _pepper(key: bytes, staff_id: str, pin: str) -> str:
    return _tag(key, "pin", f"{staff_id} {pin}".encode())


def _tag(key: bytes, purpose: str, value: bytes) -> str:
    return hmac.new(key, f"yimen staff {purpose} 1\0".encode() + value, hashlib.sha256).hexdigest()
