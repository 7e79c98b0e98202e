"""What kiosk and hub say to each other (docs: POST /v1/… of the hub).

Frozen pydantic models; unknown fields are refused, so a message of another
version is noticed instead of half understood. Times are ISO 8601 in UTC.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

PROTOCOL = 1
MAX_SUBMISSION = 200 * 1024 * 1024
"""Largest sealed submission, bytes: room for some 200 flattened A4 pages."""

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 in lower-case hexadecimal."""
SubmissionId = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{16,64}$")]
DraftId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Language = Literal["zh", "en", "ko"]
Words = dict[str, str]
"""A text by language: zh, en, ko."""
Status = Literal["received", "reviewing", "supplement", "ready", "unknown"]
Assurance = Literal["card_present", "chip_verified", "card_and_check"]


class Message(BaseModel):
    """Base of every message: immutable, strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Person(Message):
    """A person as read from a document; empty strings where it says nothing."""

    number: str
    name: str
    name_latin: str = ""
    sex: str = ""
    ethnic_group: str = ""
    nationality: str = ""
    birth_date: date | None = None
    address: str = ""
    issuer: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    document_kind: str = ""

    def __repr__(self) -> str:
        return "Person(…)"

    __str__ = __repr__


class PageRef(Message):
    """One scanned page: its file in the payload, SHA-256 and size in pixels."""

    file: str = Field(pattern=r"^pages/[0-9]{2,4}\.jpg$")
    digest: Digest
    width: int = Field(ge=1, le=20000)
    height: int = Field(ge=1, le=20000)


class MaterialPages(Message):
    """The pages handed in for one material of the service."""

    id: str
    pages: tuple[PageRef, ...]


class Point(Message):
    """One point of a stroke: x and y in 0..1 of the pad, seconds since the first."""

    x: float
    y: float
    t: float


class Signature(Message):
    """A handwritten signature, bound to what the person was shown."""

    strokes: tuple[tuple[Point, ...], ...]
    aspect: float = Field(default=3.0, gt=0, le=20)
    """Width of the pad divided by its height."""
    digest_of_what_was_shown: Digest


class Consent(Message):
    """Consent to the use of personal data: which text, and when."""

    text_digest: Digest
    at: datetime


class SubmissionBody(Message):
    """An application, frozen. `submission.json` inside the sealed payload."""

    id: SubmissionId
    receipt_number: str
    service_code: str
    service_version: str
    language: Language
    created: datetime
    applicant: Person
    subject: Person | None = None
    handler: Person | None = None
    answers: dict[str, JsonValue]
    prefilled_sources: dict[str, str] = {}
    materials: tuple[MaterialPages, ...] = ()
    signature: Signature | None = None
    consent: Consent | None = None
    assurance: Assurance = "card_present"
    draft_id: DraftId | None = Field(default=None, exclude_if=lambda value: value is None)
    """The draft it was taken up from: two kiosks without a line may hand in the same one."""


class SignedDocument(Message):
    """A signed JSON document as it travels (see signing.sign_document)."""

    kind: str
    document: dict[str, Any]
    key_id: str
    signature: str


class EnrolmentRequest(Message):
    """A new kiosk presents the one-time code and its own public key."""

    code: str = Field(min_length=4, max_length=64)
    public_key: str
    name: str = Field(default="", max_length=100)


class HubKeys(Message):
    """The hub's public keys, base64: Ed25519 for signing, X25519 for sealing."""

    signing: str
    signing_id: str
    sealing: str
    sealing_id: str


class EnrolmentReply(Message):
    """Who the kiosk now is, and whom to trust."""

    kiosk_id: str
    kiosk_code: str = Field(pattern=r"^[0-9]{4}$")
    hub: HubKeys
    time: datetime


class KioskEntry(Message):
    """One line of the key directory."""

    kiosk_id: str
    kiosk_code: str
    public_key: str
    name: str = ""
    revoked: bool = False
    old_keys: tuple[str, ...] = ()
    """Keys of boards that were swapped: receipts signed with them are still genuine."""


class KeyDirectory(Message):
    """The document of GET /v1/keys (kind "keys"): hub keys and every kiosk's key."""

    hub: HubKeys
    kiosks: tuple[KioskEntry, ...]
    time: datetime
    chain: tuple[SignedDocument, ...] = ()
    """Links from the hub's first signing key to the present one (kiosk.contract.key_chain)."""


class Announce(Message):
    """What a kiosk is about to upload."""

    submission_id: SubmissionId
    digest: Digest
    size: int = Field(ge=1, le=MAX_SUBMISSION)
    receipt_number: str = Field(max_length=40)
    receipt: SignedDocument | None = None
    """The hub's own receipt, when it asked for this again: the case gets its old number back."""


class UploadOffer(Message):
    """Where to upload (tus 1.0), from which byte, and until when."""

    upload_url: str
    offset: int
    expires: datetime


class SignedReceipt(Message):
    """The document of a hub receipt (kind "receipt")."""

    submission_id: SubmissionId
    digest: Digest
    receipt_number: str
    case_number: str
    received_at: datetime


class PromisedTime(Message):
    """What was promised when a case was handed in; the kiosk counts the days (its calendar)."""

    handed_in: datetime
    working_days: int = Field(ge=0)


class ReceiptStatus(Message):
    """What a printed receipt's code tells anyone: a status, nothing personal."""

    number: str
    status: Status
    updated: datetime | None = None
    promised: PromisedTime | None = None
    """While an answer is due; the day it comes to stands on the receipt, too."""


class CaseQuery(Message):
    """Who asks for their cases; sealed to the hub, so only the hub reads it."""

    number: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=200)
    assurance: Assurance
    visit: str = Field(min_length=8, max_length=64)

    def __repr__(self) -> str:
        return "CaseQuery(…)"

    __str__ = __repr__


class SealedQuestion(Message):
    """A question sealed to the hub, and the key its answer is to be sealed to."""

    sealing_key_id: str
    reply_key: str
    """Ephemeral X25519 public key, base64; one per question."""
    sealed: str
    """HPKE-sealed, base64."""


class CaseSearch(SealedQuestion):
    """The body of POST /v1/cases/search: a CaseQuery."""


class AnswerView(Message):
    """One answer in words: the label and the value as a person reads it."""

    field: str
    label: Words
    value: Words


class CaseView(Message):
    """One case as its applicant sees it on a kiosk."""

    case_number: str
    receipt_number: str
    submission_id: SubmissionId
    service_code: str
    service_name: Words
    status: Status
    received_at: datetime
    updated: datetime
    answers: tuple[AnswerView, ...] = ()
    pages: int = 0
    notes: tuple[str, ...] = ()
    """Fault codes of what has to be supplied, e.g. "field.required:phone"."""
    promised: PromisedTime | None = None
    """While an answer is due."""

    def __repr__(self) -> str:
        return f"CaseView({self.case_number})"

    __str__ = __repr__


class CaseList(Message):
    """The cases of one person, newest first."""

    cases: tuple[CaseView, ...]


class Noted(Message):
    """The empty answer: what was said is noted."""


class Problem(Message):
    """An error as RFC 9457 problem details, with a fault code and `retryable`."""

    model_config = ConfigDict(frozen=True, extra="allow")

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    code: str
    retryable: bool
