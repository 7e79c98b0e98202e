"""What goes into the outbox and what it shows: values beside their columns."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class NewSubmission:
    """A frozen submission. ``digest`` is the hex SHA-256 of ``sealed``; ``created`` is ISO 8601."""

    submission_id: str
    receipt_number: str
    service_code: str
    service_name: dict[str, str]
    language: str
    digest: str
    sealed: bytes = field(repr=False)
    receipt_qr: str
    created: str


@dataclass(frozen=True)
class OutboxItem:
    """One submission's lane. ``next_attempt`` is Unix seconds; 0 means at once."""

    submission_id: str
    receipt_number: str
    digest: str
    size: int
    state: str  # waiting | shelved | confirmed
    attempts: int
    next_attempt: float
    last_error: str | None
    upload_url: str | None
    upload_expires: float | None
    service_code: str
    service_name: dict[str, str]
    created: str


@dataclass(frozen=True)
class ReceiptRow:
    """A receipt and how far its submission is. ``printed`` False means: still owed."""

    number: str
    submission_id: str
    state: str  # waiting | shelved | confirmed
    printed: bool
    case_number: str | None
    service_code: str
    service_name: dict[str, str]
    language: str
    created: str
    receipt_qr: str


SELECT_ITEM = (
    "SELECT s.id, r.number, s.digest, s.size, s.state, s.attempts, s.next_attempt, s.last_error,"
    " s.upload_url, s.upload_expires, s.service_code, s.service_name, s.created"
    " FROM submission s JOIN receipt r ON r.submission_id = s.id"
)
SELECT_RECEIPT = (
    "SELECT r.number, s.id, s.state, r.printed, s.case_number, s.service_code, s.service_name,"
    " s.language, s.created, s.receipt_qr"
    " FROM receipt r JOIN submission s ON s.id = r.submission_id"
)


def item_of(row: tuple[Any, ...]) -> OutboxItem:
    """One row of SELECT_ITEM."""
    values = list(row)
    values[11] = json.loads(row[11])
    return OutboxItem(*values)


def receipt_of(row: tuple[Any, ...]) -> ReceiptRow:
    """One row of SELECT_RECEIPT."""
    values = list(row)
    values[3], values[6] = bool(row[3]), json.loads(row[6])
    return ReceiptRow(*values)
