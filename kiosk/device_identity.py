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
from kiosk.hub_line import HubLine

FILE = "device.json"


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
    """Present the one-time `code` with a fresh public key; store and return the identity.

    Raises HubFault when the hub cannot be reached or refuses the code.
    """
    private_key = new_signing_key()
    public_key = private_key.public_key()
    request = EnrolmentRequest(code=code, public_key=public_text(public_key), name=name)
    # Signed with the new key itself: the hub sees that we hold it.
    line.sign_as(key_id(public_key), private_key)
    reply = EnrolmentReply.model_validate(
        line.post("/v1/enrolments", request.model_dump_json().encode())
    )
    identity = DeviceIdentity(private_key, reply.kiosk_id, reply.kiosk_code, reply.hub)
    _save(folder, identity)
    return identity


def adopt_directory(
    folder: Path, identity: DeviceIdentity, directory: KeyDirectory
) -> DeviceIdentity:
    """Keep the hub's present sealing key (it rotates); the signing key must stay the same."""
    if directory.hub == identity.hub:
        return identity
    renewed = DeviceIdentity(
        identity.private_key, identity.kiosk_id, identity.kiosk_code, directory.hub
    )
    _save(folder, renewed)
    return renewed


def _save(folder: Path, identity: DeviceIdentity) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    stored = {
        "private_key": base64.b64encode(identity.private_key.private_bytes_raw()).decode(),
        "kiosk_id": identity.kiosk_id,
        "kiosk_code": identity.kiosk_code,
        "hub": identity.hub.model_dump(),
    }
    write_durably(folder / FILE, json.dumps(stored, indent=1).encode())
