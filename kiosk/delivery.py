"""One submission's way over one line: announced, uploaded, receipted. No retries here."""

import threading
import time
from typing import Any

from kiosk.contract.keys import signing_public_key
from kiosk.contract.messages import Announce, SignedDocument, SignedReceipt, UploadOffer
from kiosk.contract.signing import SignatureError, verify_document
from kiosk.device_identity import DeviceIdentity
from kiosk.hub_line import CHUNK, HubFault, HubLine, receipt_of
from kiosk.timings import Timings
from offline_store.outbox import Outbox, OutboxItem


class Delivery:
    """Used on one thread, the one that owns the line."""

    def __init__(
        self, outbox: Outbox, line: HubLine, timings: Timings, stopping: threading.Event
    ) -> None:
        self._outbox = outbox
        self._line = line
        self._timings = timings
        self.stopping = stopping

    def deliver(
        self, item: OutboxItem, before: SignedDocument | None = None
    ) -> dict[str, Any]:
        """Announce, upload what is missing, wait for the signed receipt. Raises HubFault.

        before: the hub's receipt for this, when it has forgotten it and asked again.
        """
        answer = self._line.announce(
            Announce(
                submission_id=item.submission_id,
                digest=item.digest,
                size=item.size,
                receipt_number=item.receipt_number,
                receipt=before,
            )
        )
        if not isinstance(answer, UploadOffer):
            return answer
        self._outbox.announced(item.submission_id, answer.upload_url, answer.expires.timestamp())
        offset = answer.offset
        if not 0 <= offset <= item.size:
            raise HubFault("hub.unreachable", True, "an offset outside the submission")
        while offset < item.size:
            if self.stopping.is_set():
                raise HubFault("hub.unreachable", True, "this kiosk is stopping")
            chunk = self._outbox.read(item.submission_id, offset, CHUNK)
            if not chunk:  # a damaged store kept less than was handed in
                raise HubFault("store.damaged", False, "sealed bytes are missing")
            if self._line.upload_chunk(answer.upload_url, offset, chunk) != offset + len(chunk):
                raise HubFault("hub.unreachable", True, "an upload that does not move on")
            offset += len(chunk)
        return self._wait_for_receipt(item.submission_id)

    def _wait_for_receipt(self, submission_id: str) -> dict[str, Any]:
        limit = time.monotonic() + self._timings.hub_timeout[1]
        while (signed := self._ask_receipt(submission_id)) is None:
            if time.monotonic() > limit or self.stopping.wait(self._timings.hub_poll):
                raise HubFault("hub.unreachable", True, "no receipt yet")
        return signed

    def _ask_receipt(self, submission_id: str) -> dict[str, Any] | None:
        try:
            return self._line.receipt(submission_id)
        except HubFault as fault:
            if fault.code != "hub.not_found":
                raise
            # It does not know (any more) what was just uploaded: announce it again.
            raise HubFault("hub.upload_gone", True, "no such submission") from fault


def checked(signed: dict[str, Any], item: OutboxItem, identity: DeviceIdentity) -> SignedReceipt:
    """Only the hub's signature over exactly this id and digest counts. Raises HubFault."""
    try:
        document = verify_document(signed, signing_public_key(identity.hub.signing), "receipt")
    except SignatureError as error:
        raise HubFault("hub.unreachable", True, "a receipt not signed by our hub") from error
    receipt = receipt_of(document)
    if (receipt.submission_id, receipt.digest) != (item.submission_id, item.digest):
        raise HubFault("hub.unreachable", True, "a receipt of something else")
    return receipt
