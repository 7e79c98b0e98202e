"""Who this kiosk is to the hub: its own key, the id the hub gave it, the hub's keys.

The device makes its key itself and it never leaves the data folder; a one-time code from the
hub introduces it (decision 10). One JSON file, 0600, written durably.
"""

import base64
import json
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from kiosk.contract.keys import key_id, new_signing_key, public_text
from kiosk.contract.messages import EnrolmentReply, EnrolmentRequest, HubKeys, KeyDirectory
from kiosk.durable import write_durably
from kiosk.hub_line import HubFault, HubLine

FILE = "device.json"
NEW_KEY_FILE = "device-new.key"
"""The key we are enrolling with: kept until the hub answered, since a code works once and an
answer may get lost; the same code with the same key is answered again."""


class NotEnrolled(Exception):
    """This kiosk has no identity yet, and no code or line to get one."""


@dataclass(frozen=True, repr=False)
class DeviceIdentity:
    """The device's private key and what the hub said at enrolment."""

    private_key: Ed25519PrivateKey
    kiosk_id: str
    kiosk_code: str
    hub: HubKeys

    def __repr__(self) -> str:
        return f"DeviceIdentity({self.kiosk_id})"


def load_identity(folder: Path) -> DeviceIdentity | None:
    """Read the identity; None when there is none. Raises NotEnrolled when it is unreadable."""
    path = folder / FILE
    if not path.exists():
        return None
    try:
        stored = json.loads(path.read_bytes())
        return DeviceIdentity(
            Ed25519PrivateKey.from_private_bytes(base64.b64decode(stored["private_key"])),
            stored["kiosk_id"],
            stored["kiosk_code"],
            HubKeys.model_validate(stored["hub"]),
        )
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        raise NotEnrolled(
            f"{path} is damaged; enrol this kiosk again with a new code from the hub."
        ) from error


def enrol(folder: Path, line: HubLine, code: str, name: str) -> DeviceIdentity:
    """Present the one-time `code` with our new public key; store and return the identity.

    Raises HubFault when the hub cannot be reached or refuses the code.
    """
    private_key = _new_key(folder)
    public_key = private_key.public_key()
    request = EnrolmentRequest(code=code, public_key=public_text(public_key), name=name)
    # Signed with the new key itself: the hub sees that we hold it.
    line.sign_as(key_id(public_key), private_key)
    answer = line.enrol(request.model_dump_json().encode())
    try:
        reply = EnrolmentReply.model_validate(answer)
    except ValidationError as error:
        raise HubFault("hub.unreachable", True, "a reply that is none") from error
    identity = DeviceIdentity(private_key, reply.kiosk_id, reply.kiosk_code, reply.hub)
    _save(folder, identity)
    (folder / NEW_KEY_FILE).unlink(missing_ok=True)
    return identity


def adopt_directory(
    folder: Path, identity: DeviceIdentity, directory: KeyDirectory
) -> DeviceIdentity:
    """Keep the hub's present keys (they rotate). `directory` comes from `read_directory`, which
    takes no signing key but one that the key we trust leads to."""
    if directory.hub == identity.hub:
        return identity
    renewed = DeviceIdentity(
        identity.private_key, identity.kiosk_id, identity.kiosk_code, directory.hub
    )
    _save(folder, renewed)
    return renewed


def _new_key(folder: Path) -> Ed25519PrivateKey:
    path = folder / NEW_KEY_FILE
    try:
        return Ed25519PrivateKey.from_private_bytes(path.read_bytes())
    except (FileNotFoundError, ValueError):  # none yet, or not a key: make one
        private_key = new_signing_key()
        folder.mkdir(parents=True, exist_ok=True)
        write_durably(path, private_key.private_bytes_raw())
        return private_key


def _save(folder: Path, identity: DeviceIdentity) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    stored = {
        "private_key": base64.b64encode(identity.private_key.private_bytes_raw()).decode(),
        "kiosk_id": identity.kiosk_id,
        "kiosk_code": identity.kiosk_code,
        "hub": identity.hub.model_dump(),
    }
    write_durably(folder / FILE, json.dumps(stored, indent=1).encode())
