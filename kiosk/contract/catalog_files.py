"""What people write in the files of the catalog's source: the models of those files.

catalog_source.py makes the published bundle of them.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from kiosk.contract.catalog_models import (
    WITH_IDENTITY_NUMBER,
    Assurance,
    Audience,
    Check,
    ConsentItem,
    DocumentKind,
    Here,
    Icon,
    Kind,
    Level,
    Need,
    Prose,
    Slug,
    Text,
    Trust,
    Who,
    Words,
)


def _written_as(value: object) -> str:
    return "table" if isinstance(value, dict | BaseModel) else "text"


Said = Annotated[
    Annotated[Prose, Tag("table")] | Annotated[Text, Tag("text")], Discriminator(_written_as)
]
"""A text in Chinese alone, or a table of languages."""


class Source(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SharedMaterial(Source):
    """A material many services ask for: ``[[material]]`` of materials.toml."""

    id: Slug
    name: Words
    trust: Trust
    sheet: Slug | None = None


class Wanted(Source):
    """A material one service asks for, when an id alone does not say it all."""

    id: Slug | None = None
    name: Said | None = None
    required: bool = True
    trust: Trust | None = None
    form: str = "paper"
    pages_max: int = 4
    sides: tuple[Words, ...] = ()
    sheet: Slug | None = None
    note: Said | None = None


WantedOrName = Annotated[
    Annotated[Wanted, Tag("table")] | Annotated[Text, Tag("text")], Discriminator(_written_as)
]
"""A table, or the id of a shared material, with "?" in front where it is wanted only if it
applies."""


class Item(Source):
    """One handling item, ``[[item]]``; what is not said here is said for the main item."""

    id: Slug
    code: Text
    name: Words
    summary: Words
    get: Said
    result: Said | None = None
    conditions: tuple[Said, ...] = Field(min_length=1)
    materials: tuple[WantedOrName, ...] = ()
    checks: tuple[Check, ...] = ()
    steps: tuple[Said, ...] = ()
    promised_days: int
    statutory_days: int | None = None
    days_note: Said | None = None
    fee: Said | None = None
    """None: free of charge."""
    free: bool | None = None
    basis: tuple[Text, ...] | None = None
    where: tuple[Slug, ...] | None = None
    level: Level | None = None
    kind: Kind | None = None
    audience: tuple[Audience, ...] | None = None
    group: Slug | None = None
    also: Slug | None = None
    icon: Icon | None = None
    who: tuple[Who, ...] = ("self",)
    visits: int = 1
    courier: bool = False
    here: Here = "no"
    form: Slug | None = None
    """A file of forms/: this item can be applied for at the kiosk."""
    sayings: tuple[Text, ...] = ()
    keywords: tuple[Text, ...] = ()
    popularity: int
    model: bool = False
    generated: bool = False
    sources: tuple[Text, ...] | None = None


class Main(Source):
    """A file of services/: the main item and what holds for all of its handling items."""

    name: Words
    kind: Kind
    level: Level
    audience: tuple[Audience, ...]
    group: Slug
    also: Slug | None = None
    icon: Icon | None = None
    basis: tuple[Text, ...] = ()
    where: tuple[Slug, ...]
    sources: tuple[Text, ...]
    item: tuple[Item, ...] = Field(min_length=1)


class FormConsent(Source):
    """``purpose`` and ``keeping`` are the form's own; what is asked comes from its blocks."""

    purpose: Words | None = None
    keeping: Words | None = None
    paragraphs: tuple[Words, ...] = ()
    items: tuple[ConsentItem, ...] = ()


class FormFile(Source):
    """A file of forms/."""

    needs: tuple[Need, ...] = ("identity", "camera", "receipt_printer")
    assurance: Assurance = "chip_verified"
    documents: tuple[DocumentKind, ...] = Field(default=WITH_IDENTITY_NUMBER, min_length=1)
    consent: FormConsent
    declaration: Words
    page: list[dict[str, Any]] = Field(min_length=1)
