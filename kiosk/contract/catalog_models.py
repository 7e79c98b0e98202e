"""What a catalog says about a service: the models of its source and of the published bundle."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
# Icons are named as in the Phosphor set.
Icon = Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=40)]
Colour = Literal["blue", "violet", "red", "teal", "orange", "green", "pink", "brown"]
Audience = Literal["person", "company"]
Need = Literal["identity", "camera", "receipt_printer", "line"]
# The kinds of document a kiosk reads (devices.identity.DocumentKind, which hubs do not have).
DocumentKind = Literal[
    "resident_card", "hmt_residence_permit", "foreigner_permanent_residence",
    "social_security_card", "passport",
]
WITH_IDENTITY_NUMBER: tuple[DocumentKind, ...] = (
    "resident_card", "hmt_residence_permit", "foreigner_permanent_residence",
    "social_security_card",
)
Assurance = Literal["card_present", "chip_verified", "card_and_check"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(_Record):
    """One text in the three languages of the kiosk."""

    zh: Text
    en: Text
    ko: Text


class Department(_Record):
    """A department; its unified social credit code (GB 32100) opens its services' codes."""

    id: Slug
    name: Words
    credit_code: Text
    generated: bool
    sources: tuple[Text, ...] = Field(min_length=1)


class Group(_Record):
    """A situation of life on the home screen."""

    id: Slug
    name: Words
    hint: Words
    icon: Icon
    colour: Colour


class TimeLimits(_Record):
    """Working days; promised 0 means on the spot, statutory None: the law sets none."""

    promised_days: int = Field(ge=0, le=365)
    statutory_days: int | None = Field(default=None, ge=1, le=365)
    note: Words


class Fee(_Record):
    """What it costs the applicant."""

    free: bool
    note: Words


class Guide(_Record):
    """What a person reads in a minute before starting."""

    conditions: tuple[Words, ...] = Field(min_length=1)
    time: TimeLimits
    fee: Fee
    where: tuple[Words, ...] = Field(min_length=1)
    steps: tuple[Words, ...] = Field(min_length=1)


class Material(_Record):
    """Something to bring. Trust (2016 rules): A issued by the body itself, B checked at a window,
    C uploaded by the person and checked later, D self-declared."""

    id: Slug
    name: Words
    required: bool
    trust: Literal["A", "B", "C", "D"]
    form: Literal["paper", "scan"]
    pages_max: int = Field(ge=1, le=20)
    sides: tuple[Words, ...] = Field(default=(), max_length=20)
    """Names of the pages in their order ("Front", "Back"), where each is asked for by name."""
    note: Words


class ConsentItem(_Record):
    """One thing we ask for, and why."""

    what: Words
    why: Words


class Consent(_Record):
    """What a person agrees to before anything is asked: purpose, keeping, and each item."""

    paragraphs: tuple[Words, ...] = Field(min_length=1)
    items: tuple[ConsentItem, ...] = Field(min_length=1)


class ServiceSource(_Record):
    """One file of ``services/``. ``complete`` services can be applied for at the kiosk."""

    code: Text
    department: Slug
    group: Slug
    icon: Icon | None = None
    name: Words
    summary: Words
    what_you_get: Words
    audience: tuple[Audience, ...] = Field(min_length=1)
    guide: Guide
    materials: tuple[Material, ...] = ()
    needs: tuple[Need, ...] = ()
    assurance: Assurance = "card_present"
    documents: tuple[DocumentKind, ...] = Field(default=WITH_IDENTITY_NUMBER, min_length=1)
    """With which documents a person may apply; with a passport only where a service says so."""
    complete: bool
    form: dict[str, Any] | None = None
    consent: Consent | None = None
    declaration: Words | None = None
    sayings: tuple[Text, ...] = ()
    keywords: tuple[Text, ...] = ()
    popularity: int = Field(ge=0, le=1_000_000)
    generated: bool
    sources: tuple[Text, ...] = Field(min_length=1)


class Service(ServiceSource):
    """A service in a bundle: the source with what its department and group say, and a version.

    ``department`` is the name in three languages here, ``department_id`` its id.
    """

    department: Words  # type: ignore[assignment]  # resolved; see the docstring
    department_id: Slug
    icon: Icon
    colour: Colour
    slug: Slug
    version: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Bundle(_Record):
    """What the hub publishes and a kiosk imports."""

    version: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    departments: tuple[Department, ...]
    groups: tuple[Group, ...]
    services: tuple[Service, ...]
