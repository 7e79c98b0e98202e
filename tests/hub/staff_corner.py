"""A kiosk's staff corner at the hub, and the card that is laid there."""

from dataclasses import dataclass
from datetime import UTC, datetime

import requests
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk.contract import staff as contract
from kiosk.contract.staff import ShiftRequest, ShiftToken, StaffCard
from tests.hub.rig import KioskSide

CARD = StaffCard(
    number="220103198811020429", name="刘洋", document_kind="resident_card",
    assurance="chip_verified",
)  # fmt: skip
PIN = "280417"


@dataclass
class Corner:
    """A kiosk's staff corner, with the contract and plain requests."""

    kiosk: KioskSide

    def post(self, path: str, request: ShiftRequest) -> tuple[requests.Response, X25519PrivateKey]:
        asked = contract.ask(request, self.kiosk.hub_sealing, self.kiosk.kiosk_id)
        body = asked.question.model_dump(mode="json")
        return self.kiosk.call("POST", f"/v1/staff/{path}", body), asked.reply_key

    def token(self, path: str, request: ShiftRequest) -> ShiftToken:
        reply, key = self.post(path, request)
        assert reply.status_code == 200, reply.text
        signed = contract.read(reply.json(), key, self.kiosk.hub_signing, self.kiosk.kiosk_id)
        return contract.check_token(
            signed, self.kiosk.hub_signing, self.kiosk.kiosk_id, datetime.now(UTC)
        )
