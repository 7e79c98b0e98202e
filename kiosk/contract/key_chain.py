"""How trust moves from one signing key of the hub to the next.

Each new signing key is introduced by a link: a signed document (kind "signing_key") made with the
key before it. A kiosk that slept through several rotations follows the links from the key it
trusts to the present one; no other way leads to a new key, so a thief of the line gains nothing.
A hub whose signing key was stolen has to enrol its kiosks again: no chain can undo that.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import ValidationError

from kiosk.contract.keys import key_id, public_text, signing_public_key
from kiosk.contract.messages import KeyDirectory, SignedDocument
from kiosk.contract.signing import SignatureError, sign_document, verify_document

KIND = "signing_key"
LONGEST = 200
"""Links that are followed at most; a key a month for sixteen years."""


def link(new: Ed25519PublicKey, old: Ed25519PrivateKey, made: datetime) -> dict[str, Any]:
    """Introduce the `new` signing key with the `old` one."""
    document = {
        "signing": public_text(new),
        "signing_id": key_id(new),
        "made": made.isoformat(),
    }
    return sign_document(document, old, KIND)


def follow(trusted: Ed25519PublicKey, chain: Sequence[SignedDocument]) -> Ed25519PublicKey:
    """Return the newest key that `trusted` leads to; `trusted` itself when no link starts there.

    Raises SignatureError for a link that starts there but is not what it says.
    """
    by_signer = {one.key_id: one for one in chain[:LONGEST]}
    seen = {key_id(trusted)}
    while (following := by_signer.get(key_id(trusted))) is not None:
        document = verify_document(following.model_dump(), trusted, KIND)
        try:
            trusted = signing_public_key(str(document.get("signing")))
        except ValueError as error:
            raise SignatureError("a link to no key") from error
        if key_id(trusted) in seen:
            raise SignatureError("links that run in a circle")
        seen.add(key_id(trusted))
    return trusted


def read_directory(signed: Any, trusted: Ed25519PublicKey) -> KeyDirectory:
    """Check GET /v1/keys: signed by `trusted`, or by a key that `trusted` leads to.

    The directory's own hub keys must be the ones that signed it. Raises SignatureError.
    """
    try:
        shaped = SignedDocument.model_validate(signed)
        claimed = KeyDirectory.model_validate(shaped.document)
    except ValidationError:
        raise SignatureError("not a key directory") from None
    if shaped.key_id != key_id(trusted):
        trusted = follow(trusted, claimed.chain)
    verify_document(signed, trusted, "keys")
    if claimed.hub.signing != public_text(trusted):
        raise SignatureError("a directory that names another signing key")
    return claimed
