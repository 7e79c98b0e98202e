"""What kiosks ask about drafts: keep one, give one back, how it stands, delete it.

An id is derived from the key on the slip, so nobody guesses one; the request is signed besides.
"""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from hub import described, drafts
from hub.city import City
from hub.gate import CityOf, Signed, SignedDraft
from kiosk.contract.drafts import MAX_DRAFT, MEDIA_TYPE, STATE, DraftState
from kiosk.contract.messages import PROTOCOL, SignedDocument
from kiosk.contract.signing import sign_document

router = APIRouter(prefix=f"/v{PROTOCOL}/drafts", tags=["drafts"])
DraftId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="Derived from the slip.")]
_INVALID = (422, "hub.invalid_message")
_SAYS = 'How the draft stands (kind "draft_state", a DraftState).'

_KEEP = described.signed(
    SignedDocument, _INVALID, (409, "hub.digest_conflict"), (410, "draft.finished"),
    (410, "draft.expired"), (413, "draft.too_large"), (507, "draft.full"), says=_SAYS,
)  # fmt: skip
_BYTES = {
    "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    "description": f"A sealed draft, at most {MAX_DRAFT} bytes.",
}
_FETCH = described.signed(
    None, _INVALID, (404, "draft.unknown"), (409, "draft.service_gone"),
    (410, "draft.finished"), (410, "draft.expired"),
)  # fmt: skip
_STATE = described.signed(SignedDocument, _INVALID, says=_SAYS)


@router.put(
    "/{draft_id}", responses=_KEEP.responses,
    openapi_extra=_KEEP.extra | {"requestBody": {"required": True, **_BYTES}},
)  # fmt: skip
def keep(draft_id: DraftId, city: CityOf, caller: SignedDraft) -> SignedDocument:
    """Keep a sealed draft until the day in its header."""
    return _signed(city, drafts.keep(city, caller.kiosk_id, draft_id, caller.body))


@router.get(
    "/{draft_id}", responses=_FETCH.responses | {200: _BYTES}, openapi_extra=_FETCH.extra,
    response_class=Response,
)  # fmt: skip
def fetch(draft_id: DraftId, city: CityOf, caller: Signed) -> Response:
    """Give the sealed bytes back, to any kiosk; nothing is deleted."""
    headers = {"Cache-Control": "no-store"}
    return Response(drafts.fetch(city, draft_id), media_type=MEDIA_TYPE, headers=headers)


@router.get("/{draft_id}/state", responses=_STATE.responses, openapi_extra=_STATE.extra)
def state(draft_id: DraftId, city: CityOf, caller: Signed) -> SignedDocument:
    """Say how a draft stands: held, finished, expired or unknown."""
    return _signed(city, drafts.state(city, draft_id))


@router.delete("/{draft_id}", responses=_STATE.responses, openapi_extra=_STATE.extra)
def finish(draft_id: DraftId, city: CityOf, caller: Signed) -> SignedDocument:
    """Delete a draft: it was handed in, or is not wanted any more."""
    return _signed(city, drafts.finish(city, draft_id))


def _signed(city: City, state: DraftState) -> SignedDocument:
    return SignedDocument(**sign_document(state.model_dump(mode="json"), city.keys.signing, STATE))
