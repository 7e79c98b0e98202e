"""What a kiosk tells the hub about itself now and then, and what the hub asks back.

`epoch` changes at every start of a hub: a hub that was restored from a backup has forgotten what
came after it, and has certainly been started since. A kiosk that sees a new epoch names what it
still keeps, and hands in again what the hub asks for.
"""

from datetime import datetime
from typing import Annotated

from pydantic import Field, JsonValue

from kiosk.contract.messages import Digest, Message, SignedDocument, SubmissionId

TIME = "time"
CONTACT = "contact"
"""Kinds of the signed documents."""
MAX_NAMED = 1000
"""Submissions named in one question; more are named in further ones."""
MAX_NAMED_SETTINGS = 100

Nonce = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{16,64}$")]
KeyId = Annotated[str, Field(pattern=r"^[0-9a-f]{20}$")]
Count = Annotated[int, Field(ge=0, le=1_000_000_000)]


class HubTime(Message):
    """The document of GET /v1/time (kind "time"): what time it is, for whoever asked just now."""

    time: datetime
    nonce: Nonce


class Contact(Message):
    """The body of POST /v1/contact: how a kiosk stands. Nothing about a person."""

    waiting: Count = 0
    """Submissions that wait for the line."""
    shelved: Count = 0
    """Submissions that were refused for good and need a person."""
    oldest: datetime | None = None
    """When the oldest of both was handed in."""
    sealed_to: tuple[KeyId, ...] = Field(default=(), max_length=50)
    """Sealing keys that something this kiosk still holds was sealed to, and the one in use."""
    audit_seq: Count = 0
    audit_head: str = Field(default="", pattern=r"^[0-9a-f]{0,64}$")
    """Length and newest hash of the audit chain: a chain that got shorter is noticed."""
    audit_told: Count = 0
    audit_told_hash: str = Field(default="", pattern=r"^[0-9a-f]{0,64}$")
    """The length the hub last answered with, and what the chain's line there hashes to now: a
    chain written anew is noticed. "" when that line is gone."""
    catalog: str = Field(default="", max_length=100)
    """Version of the catalog in use."""
    clock_offset: float = Field(default=0.0, allow_inf_nan=False)
    """Seconds by which the machine's own clock is behind the city's."""
    closed: str = Field(default="", pattern=r"^([a-z]+\.[a-z_]+)?$", max_length=60)
    """Why it takes nobody in, a code of faults.toml; "" while it does."""
    free_mb: Count | None = None
    """MiB that may still be taken of its disk; None before it looked."""
    settings_refused: tuple[str, ...] = Field(default=(), max_length=MAX_NAMED_SETTINGS)
    """"layer option" of what the hub set and this kiosk cannot use."""


class ContactReply(Message):
    """The document of the answer (kind "contact")."""

    kiosk_id: str
    name: str
    hall: str
    epoch: str = Field(min_length=8, max_length=64)
    audit_seq: Count = 0
    """The length of the audit chain this hub has on record now."""
    settings: dict[str, dict[str, JsonValue]] = Field(default_factory=dict)
    """What holds for this kiosk above its own file, by layer: city, county, street
    (kiosk.contract.settings). A layer that says nothing may be left out."""
    time: datetime


class Kept(Message):
    """One submission a kiosk holds a receipt for."""

    submission_id: SubmissionId
    digest: Digest


class KeptList(Message):
    """The body of POST /v1/submissions/known."""

    kept: tuple[Kept, ...] = Field(max_length=MAX_NAMED)


class Forgotten(Message):
    """Which of those the hub does not have (any more)."""

    submission_ids: tuple[SubmissionId, ...]


class Returned(Message):
    """The body of POST /v1/receipts/returned: the hub's own receipt for what it has forgotten
    and this kiosk cannot hand in again, as the time for keeping sealed bytes is over."""

    receipt: SignedDocument


class Escalation(Message):
    """The body of POST /v1/escalations: staff at a kiosk ask the operator to see to a stuck
    submission."""

    submission_id: SubmissionId
    digest: Digest
    receipt_number: str = Field(max_length=40)
    service_code: str = Field(max_length=64)
    code: str = Field(pattern=r"^[a-z_.]{1,60}$")
    """Why it is stuck, a code of faults.toml."""
    attempts: Count
    created: datetime
    staff_id: str = Field(default="", max_length=16)


class EscalationReply(Message):
    """The number under which the operator sees to it."""

    number: int


class Health(Message):
    """The answer of GET /v1/health."""

    status: str
    time: datetime
    epoch: str


class Waiting(Message):
    """The answer while bytes of a submission are missing."""

    status: str = "waiting"
    offset: int = Field(ge=0)
