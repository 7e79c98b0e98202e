"""Taking an application along, and taking it up again.

Whoever leaves in the middle gets a slip with the only key of what is kept: this kiosk forgets it
with the visit, so that neither a thief of the machine nor the city can look inside. Kept first,
printed second; what has no slip is deleted.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from devices.errors import DeviceFault
from kiosk.application import LOCKED_SOURCES, Application, KeptPage
from kiosk.contract.draft_keys import DraftKey
from kiosk.contract.drafts import (
    MEDIA_TYPE,
    STATE,
    DraftBody,
    DraftError,
    DraftHeader,
    DraftPage,
    DraftState,
    Owner,
    open_draft,
    read_header,
    seal_draft,
)
from kiosk.contract.form_schema import FormError
from kiosk.contract.forms import FormModel
from kiosk.contract.keys import signing_public_key
from kiosk.contract.signing import SignatureError, verify_document
from kiosk.device_identity import DeviceIdentity
from kiosk.hub_line import HubFault, HubLine
from kiosk.person import Person
from offline_store.catalog import Catalog
from offline_store.drafts import DRAFTS_FULL, Drafts, NewDraft
from offline_store.errors import DAMAGED, FULL, StoreError

log = logging.getLogger(__name__)


# ---- taking it along


@dataclass(frozen=True)
class Taken:
    """It is kept and its slip is in the person's hand."""

    draft_id: str
    expires: datetime


def keep_with_slip(
    application: Application,
    language: str,
    identity: DeviceIdentity,
    now: datetime,
    kept_for: float,
    drafts: Drafts,
    print_slip: Callable[[DraftKey, datetime], None],
) -> Taken:
    """Seal, commit, print; the key exists in this call and on paper. `kept_for`: seconds.

    Raises DraftError: draft.too_large, draft.full, draft.not_saved, draft.not_printed; nothing is
    kept then. Raises StoreError store.full.
    """
    key, expires = DraftKey.new(), now + timedelta(seconds=kept_for)
    header = DraftHeader(
        draft_id=key.draft_id, service_code=application.service["code"],
        service_version=application.service["version"], kiosk_id=identity.kiosk_id,
        created=now, expires=expires,
    )
    sealed = seal_draft(key, header, _body(application, language), _pages(application))
    try:
        drafts.keep(
            NewDraft(key.draft_id, header.service_code, now.timestamp(), expires.timestamp(),
                     sealed)
        )
    except StoreError as error:
        if error.code == FULL:
            raise
        raise DraftError(
            "draft.full" if error.code == DRAFTS_FULL else "draft.not_saved", error.code
        ) from error
    try:
        print_slip(key, expires)
    except DeviceFault as fault:
        drafts.drop(key.draft_id, expires.timestamp(), "not printed")
        raise DraftError("draft.not_printed", fault.code) from fault
    except BaseException:
        drafts.drop(key.draft_id, expires.timestamp(), "not printed")
        raise
    return Taken(key.draft_id, expires)


def _body(application: Application, language: str) -> DraftBody:
    return DraftBody.model_validate(
        {
            "service": application.service,
            "language": language,
            "owner": _owner(application.person),
            "answers": application.answers,
            "sources": application.sources,
            "doubtful": application.doubtful,
            "pages": [
                DraftPage(material=material, size=len(page.jpeg), width=page.width,
                          height=page.height)
                for material, pages in application.pages.items() for page in pages
            ],
        }
    )


def _pages(application: Application) -> list[bytes]:
    return [page.jpeg for pages in application.pages.values() for page in pages]


def _owner(person: Person) -> Owner:
    document = person.document
    return Owner(
        number=document.number, name=document.name or document.name_latin,
        document_kind=document.kind.value,
    )


# ---- taking it up again


@dataclass(frozen=True, repr=False)
class FoundDraft:
    """A draft whose slip is here; whose it is shows only when somebody identified."""

    key: DraftKey
    sealed: bytes
    header: DraftHeader
    service: Mapping[str, Any]

    def application(self, person: Person) -> Application:
        """The application as it was. Raises DraftError draft.other_person, draft.damaged.

        The number decides: an identity card and a social security card have the same. What the
        chip says about the person is read afresh.
        """
        _, body, pages = open_draft(self.key, self.sealed)
        was, here = body.owner, _owner(person)
        passports = {was.document_kind == "passport", here.document_kind == "passport"}
        if was.number != here.number or len(passports) != 1:
            raise DraftError("draft.other_person")
        application = Application(self.service, person)
        chip = {n for n, source in application.sources.items() if source in LOCKED_SOURCES}
        entered = {n for n in body.answers if n not in chip
                   and body.sources.get(n) not in LOCKED_SOURCES}
        application.answers = {
            **{name: application.answers[name] for name in chip},
            **{name: body.answers[name] for name in entered},
        }
        application.sources = {
            **{name: application.sources[name] for name in chip},
            **{name: body.sources[name] for name in entered if name in body.sources},
        }
        for name in body.doubtful:
            if name in entered and name in application.sources:
                application.suggest(
                    name, application.answers[name], application.sources[name], certain=False
                )
        for page, jpeg in zip(body.pages, pages, strict=True):
            if page.material in application.pages:
                application.keep_page(page.material, KeptPage(jpeg, page.width, page.height))
        application.draft = (self.header.draft_id, self.header.expires.timestamp())
        return application


def find(
    key: DraftKey, drafts: Drafts, catalog: Catalog, line: HubLine, identity: DeviceIdentity,
    now: datetime,
) -> FoundDraft:
    """The draft of a slip: from this kiosk, or from the hub. For the "hub" lane.

    Raises DraftError: draft.unknown, draft.finished, draft.expired, draft.line,
    draft.service_gone, draft.damaged; HubFault for what else the hub refuses.
    """
    sealed = _held_here(key.draft_id, drafts, line, identity)
    if sealed is None:
        try:
            sealed = _fetched(key.draft_id, line)
        except DraftError as error:
            if error.code == "draft.unknown" and drafts.row(key.draft_id) is not None:
                raise DraftError("draft.damaged", "it was here once") from error
            raise
    if read_header(sealed).expires <= now:
        raise DraftError("draft.expired")
    header, body, _ = open_draft(key, sealed)
    return FoundDraft(key, sealed, header, _accepted(body.service, catalog))


def _held_here(
    draft_id: str, drafts: Drafts, line: HubLine, identity: DeviceIdentity
) -> bytes | None:
    row = drafts.row(draft_id)
    if row is None:
        return None
    if row.state == "gone":
        raise DraftError("draft.finished")
    if row.state == "expired":
        raise DraftError("draft.expired")
    if row.at_hub:
        # Handed in at another kiosk meanwhile? Without the line nobody knows: it opens.
        try:
            finished = hub_state(draft_id, line, identity) == "finished"
        except HubFault:
            finished = False
        if finished:
            drafts.finished_elsewhere(draft_id)
            raise DraftError("draft.finished")
    try:
        return drafts.read(draft_id)
    except StoreError as error:
        if error.code != DAMAGED:
            raise
        log.error("draft: damaged here")
        return None  # the hub may have it whole


def _fetched(draft_id: str, line: HubLine) -> bytes:
    try:
        return line.get_bytes(f"/v1/drafts/{draft_id}", MEDIA_TYPE)
    except HubFault as fault:
        if fault.code.startswith("draft."):
            raise DraftError(fault.code) from fault
        if fault.retryable:
            raise DraftError("draft.line", fault.code) from fault
        raise


def _accepted(service: dict[str, Any], catalog: Catalog) -> Mapping[str, Any]:
    """The service at the draft's version. Raises DraftError draft.service_gone when the city does
    not offer it any more, or when this kiosk cannot ask its questions."""
    try:
        present = catalog.service(service["code"])
        FormModel(service["form"])
    except (StoreError, FormError, ValueError, KeyError, TypeError) as error:
        raise DraftError("draft.service_gone", type(error).__name__) from None
    return present if present["version"] == service["version"] else service


# ---- what the hub says


def hub_state(draft_id: str, line: HubLine, identity: DeviceIdentity) -> str:
    """held, finished, expired or unknown, by the hub's signed word. Raises HubFault."""
    return read_state(line.get(f"/v1/drafts/{draft_id}/state"), draft_id, identity)


def read_state(signed: Any, draft_id: str, identity: DeviceIdentity) -> str:
    """Check a signed state; only the hub's word makes a kiosk drop anything. Raises HubFault."""
    try:
        document = verify_document(signed, signing_public_key(identity.hub.signing), STATE)
        state = DraftState.model_validate(document)
    except (SignatureError, ValueError) as error:
        raise HubFault("hub.unreachable", True, "a state not signed by our hub") from error
    if state.draft_id != draft_id:
        raise HubFault("hub.unreachable", True, "the state of another draft")
    return state.state

