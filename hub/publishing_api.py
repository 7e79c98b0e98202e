"""What is published, as files: /v1/tuf/…, and the signed root a kiosk begins with."""

import base64
import re
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse

from hub import described
from hub.gate import CityOf
from hub.problems import Refusal
from kiosk.contract.messages import SignedDocument
from kiosk.contract.publishing import PATH, ROOT_PATH, TARGETS_PATH
from kiosk.contract.signing import sign_document

router = APIRouter(tags=["published"])
_METADATA = re.compile(r"timestamp\.json|[1-9][0-9]{0,14}\.(root|targets|snapshot)\.json")
_TARGET = re.compile(r"[0-9a-f]{64}\.[a-z-]{1,40}\.json(\.gz)?")
_FILE: described.Responses = {
    **described.problems((404, "hub.not_found")),
    200: {
        "description": "The file.",
        "content": {kind: {} for kind in ("application/json", "application/gzip")},
    },
}
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}


@router.get(ROOT_PATH, responses=described.problems())
def root(city: CityOf) -> SignedDocument:
    """Return the newest root, base64, in a signed document (kind "root")."""
    newest = base64.b64encode(city.publisher.repository.root_bytes()).decode()
    return SignedDocument(**sign_document({"root": newest}, city.keys.signing, "root"))


@router.get(PATH + "/{name}", responses=_FILE, response_class=FileResponse)
def metadata(name: str, city: CityOf) -> FileResponse:
    """Return a metadata file. It is signed itself, so anybody may fetch and keep it."""
    if not _METADATA.fullmatch(name):
        raise Refusal(404, "hub.not_found")
    headers = {"Cache-Control": "no-cache"} if name == "timestamp.json" else _FOREVER
    return _file(city.folders.published / name, "application/json", headers)


@router.get(TARGETS_PATH + "/{name}", responses=_FILE, response_class=FileResponse)
def target(name: str, city: CityOf) -> FileResponse:
    """Return a target by hash and name; a .gz is the thing itself, not a way to send it."""
    if not _TARGET.fullmatch(name):
        raise Refusal(404, "hub.not_found")
    kind = "application/gzip" if name.endswith(".gz") else "application/json"
    return _file(city.folders.published / "targets" / name, kind, _FOREVER)


def _file(path: Path, kind: str, headers: dict[str, str]) -> FileResponse:
    if not path.is_file():
        raise Refusal(404, "hub.not_found")
    return FileResponse(path, media_type=kind, headers=headers)
