"""The hub's tables. Times are UTC; personal data stands only in Case.body, number and name."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, Dialect, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcTime(TypeDecorator[datetime]):
    """A moment; SQLite keeps no zone, so UTC goes in and comes out."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store as UTC without a zone."""
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Read back as UTC."""
        return value.replace(tzinfo=UTC) if value else None


class Base(DeclarativeBase):
    """Base of all tables."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        dict[str, Any]: JSON,
        list[str]: JSON,
        datetime: UtcTime,
    }


class Kiosk(Base):
    """An enrolled kiosk and its present public key."""

    __tablename__ = "kiosks"
    kiosk_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kiosk_code: Mapped[str] = mapped_column(String(4), unique=True)
    public_key: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str]
    enrolled: Mapped[datetime]
    revoked: Mapped[bool] = mapped_column(default=False)
    approved: Mapped[bool] = mapped_column(default=True, server_default="1")
    hall: Mapped[str] = mapped_column(default="", server_default="")


class OldKioskKey(Base):
    """The key and code of a board that was swapped: what it sealed and signed stays readable."""

    __tablename__ = "old_kiosk_keys"
    public_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    kiosk_id: Mapped[str] = mapped_column(index=True)
    kiosk_code: Mapped[str] = mapped_column(String(4), unique=True)
    until: Mapped[datetime]


class KioskEvent(Base):
    """What happened to a kiosk's enrolment. Written only."""

    __tablename__ = "kiosk_events"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    kiosk_id: Mapped[str] = mapped_column(index=True)
    actor: Mapped[str]
    event: Mapped[str]
    detail: Mapped[str] = mapped_column(default="", server_default="")


class KioskContact(Base):
    """The newest report of a kiosk (kiosk.contract.contact.Contact), and when it came."""

    __tablename__ = "kiosk_contacts"
    kiosk_id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    report: Mapped[dict[str, Any]]


class Escalation(Base):
    """Staff at a kiosk ask the operator to see to a stuck submission."""

    __tablename__ = "escalations"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    kiosk_id: Mapped[str]
    submission_id: Mapped[str] = mapped_column(index=True)
    report: Mapped[dict[str, Any]]
    closed: Mapped[datetime | None]


class SettingChange(Base):
    """What was set for a city, a county or a street, by whom. Written only: the newest row of a
    layer, area and name is in force; value None takes it back."""

    __tablename__ = "setting_changes"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    layer: Mapped[str] = mapped_column(index=True)
    area: Mapped[str] = mapped_column(index=True)
    """"" for the city, six digits for a county, the id of a hall for a street."""
    name: Mapped[str]
    value: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)


class EnrolmentCode(Base):
    """A one-time code, kept as a digest; `public_key` is who used it."""

    __tablename__ = "enrolment_codes"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires: Mapped[datetime]
    public_key: Mapped[str | None]
    kiosk_id: Mapped[str | None]
    """The kiosk whose board was swapped; None enrols a new one."""
    needs_approval: Mapped[bool] = mapped_column(default=False, server_default="0")
    hall: Mapped[str] = mapped_column(default="", server_default="")


class Nonce(Base):
    """A nonce already seen; a signed request counts once."""

    __tablename__ = "nonces"
    key_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(64), primary_key=True)
    seen: Mapped[datetime] = mapped_column(index=True)


class Upload(Base):
    """An announced submission; `done` once it is a case, until its address expires."""

    __tablename__ = "uploads"
    submission_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    kiosk_id: Mapped[str]
    digest: Mapped[str]
    size: Mapped[int]
    receipt_number: Mapped[str]
    expires: Mapped[datetime]
    refused: Mapped[bool] = mapped_column(default=False)
    done: Mapped[bool] = mapped_column(default=False, server_default="0")
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """The receipt this hub gave for it before it was restored from a backup."""


class Case(Base):
    """A case; exactly one for each submission."""

    __tablename__ = "cases"
    case_number: Mapped[str] = mapped_column(String(43), primary_key=True)
    submission_id: Mapped[str] = mapped_column(String(64), unique=True)
    digest: Mapped[str]
    kiosk_id: Mapped[str]
    receipt_number: Mapped[str] = mapped_column(index=True)
    service_code: Mapped[str]
    service_version: Mapped[str]
    person_number: Mapped[str] = mapped_column(index=True)
    person_name: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    reasons: Mapped[list[str]]
    body: Mapped[dict[str, Any]]
    pages: Mapped[int]
    envelope: Mapped[str]
    kept: Mapped[bool] = mapped_column(default=True, server_default="1")
    """False once retention took its content away (hub/retention.py)."""
    receipt: Mapped[dict[str, Any]]
    received_at: Mapped[datetime] = mapped_column(index=True)
    updated: Mapped[datetime]


class CaseEvent(Base):
    """What happened to a case, when, by whom. Written only, never changed."""

    __tablename__ = "case_events"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    case_number: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    event: Mapped[str]


class Draft(Base):
    """A draft somebody took with them; its sealed bytes are a file (hub/drafts.py)."""

    __tablename__ = "drafts"
    draft_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kiosk_id: Mapped[str] = mapped_column(index=True)
    digest: Mapped[str]
    size: Mapped[int]
    service_code: Mapped[str]
    service_version: Mapped[str]
    expires: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[str]
    """held, finished (handed in or deleted), expired."""


class DraftCase(Base):
    """Which submission came of a draft; the desk is told of a second one (hub/filing.py)."""

    __tablename__ = "draft_cases"
    draft_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    submission_id: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class ServiceVersion(Base):
    """A service as it was once published; a case stays with its version."""

    __tablename__ = "service_versions"
    code: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(primary_key=True)
    document: Mapped[dict[str, Any]]


class Account(Base):
    """Somebody who works at the desk."""

    __tablename__ = "accounts"
    name: Mapped[str] = mapped_column(primary_key=True)
    password_hash: Mapped[str]
    role: Mapped[str]
    failed: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]


class DeskSession(Base):
    """A signed-in desk; the cookie's digest, never the cookie."""

    __tablename__ = "desk_sessions"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    account: Mapped[str]
    csrf: Mapped[str]
    expires: Mapped[datetime]


class StaffMember(Base):
    """Somebody who looks after kiosks; the card is kept as a keyed tag (hub/staff.py)."""

    __tablename__ = "staff"
    staff_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    name: Mapped[str]
    hall: Mapped[str]
    role: Mapped[str]
    card_tag: Mapped[str | None] = mapped_column(String(64), unique=True)
    assurance: Mapped[str]
    pin_hash: Mapped[str | None]
    code_tag: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_expires: Mapped[datetime | None]
    failed: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    revoked: Mapped[bool] = mapped_column(default=False)


class StaffEvent(Base):
    """What staff did at a kiosk, or was done to a record. Written only, nothing personal."""

    __tablename__ = "staff_events"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(index=True)
    staff_id: Mapped[str | None] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(index=True)
    event: Mapped[str]
