"""What a catalog says about a service: the models of the published bundle.

The readable source they are made from is described in catalog_source.py.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_serializer

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
Trust = Literal["A", "B", "C", "D"]
Who = Literal["self", "guardian", "proxy", "company"]
Here = Literal["apply", "print", "query", "no"]
"""What could be done at a machine like this one, once the city's systems are connected."""
Kind = Literal[
    "行政许可", "行政确认", "行政给付", "行政征收", "行政裁决", "行政奖励", "其他行政权力",
    "公共服务",
]
"""Types of the national list of government service items."""
Level = Literal["city", "county", "street", "community"]
DepartmentKind = Literal[
    "市政府部门", "市直属事业单位", "群团组织", "党委部门", "中省直单位", "公用企业", "基层"
]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(_Record):
    """One text in the three languages of the kiosk."""

    zh: Text
    en: Text
    ko: Text


class Prose(_Record):
    """A text of a guide: Chinese always, the others where somebody has translated it."""

    zh: Text
    en: Text | None = None
    ko: Text | None = None

    @model_serializer
    def _without_gaps(self) -> dict[str, str]:
        texts = {"zh": self.zh, "en": self.en, "ko": self.ko}
        return {language: text for language, text in texts.items() if text is not None}

    @property
    def whole(self) -> bool:
        return self.en is not None and self.ko is not None


class Department(_Record):
    """A department; its unified social credit code (GB 32100) opens its services' codes."""

    id: Slug
    name: Words
    kind: DepartmentKind
    credit_code: Text
    generated: bool
    sources: tuple[Text, ...] = Field(min_length=1)


class Group(_Record):
    """A situation of life (or of a company's life) on the home screen."""

    id: Slug
    name: Words
    hint: Words
    icon: Icon
    colour: Colour
    audience: Audience


class Hall(_Record):
    """A place where the city's windows are; 185 of them."""

    id: Slug
    name: Words
    level: Literal["city", "county", "street"]
    division: Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
    """GB/T 2260 code of the district it lies in."""
    generated: bool


class MainItem(_Record):
    """事项: what several handling items (first issue, renewal, loss …) are ways of."""

    id: Slug
    name: Words


class TimeLimits(_Record):
    """Working days; promised 0 means on the spot, statutory None: the law sets none."""

    promised_days: int = Field(ge=0, le=365)
    statutory_days: int | None = Field(default=None, ge=1, le=365)
    note: Prose


class Fee(_Record):
    """What it costs the applicant."""

    free: bool
    note: Prose


class Guide(_Record):
    """What a person reads in a minute before starting."""

    conditions: tuple[Prose, ...] = Field(min_length=1)
    time: TimeLimits
    fee: Fee
    where: tuple[Prose, ...] = Field(min_length=1)
    steps: tuple[Prose, ...] = Field(min_length=1)


class Material(_Record):
    """Something to bring. Trust (2016 rules): A issued by the body itself, B checked at a window,
    C uploaded by the person and checked later, D self-declared."""

    id: Slug
    name: Prose
    required: bool
    trust: Trust
    form: Literal["paper", "scan"]
    pages_max: int = Field(ge=1, le=20)
    sides: tuple[Words, ...] = Field(default=(), max_length=20)
    """Names of the pages in their order ("Front", "Back"), where each is asked for by name."""
    sheet: Slug | None = None
    """The paper form it is."""
    note: Prose | None = None


class ConsentItem(_Record):
    """One thing we ask for, and why."""

    what: Words
    why: Words


class Check(_Record):
    """"Can I do this?": a question before any identity, and what to do when the answer is wrong."""

    question: Words
    right: Literal["yes", "no"]
    otherwise: Words


class SheetField(_Record):
    """A line to fill in on a paper form, and what a filled-in sample says there."""

    label: Words
    sample: Text
    lines: int = Field(default=1, ge=1, le=6)


class Sheet(_Record):
    """A paper form that some material is: drawn blank, and filled in as a sample."""

    id: Slug
    title: Words
    fields: tuple[SheetField, ...] = Field(min_length=1)
    declaration: Words | None = None
    """What stands above the signature."""


class Certificate(_Record):
    """A certificate the city issues online (网上开证明); 124 kinds."""

    id: Slug
    name: Words
    department: Slug
    audience: tuple[Audience, ...] = Field(min_length=1)
    eligibility: Text
    materials: tuple[Text, ...]
    validity: Text
    printed_here: bool
    generated: bool
    sources: tuple[Text, ...] = Field(min_length=1)


class Consent(_Record):
    """What a person agrees to before anything is asked: purpose, keeping, and each item."""

    paragraphs: tuple[Words, ...] = Field(min_length=1)
    items: tuple[ConsentItem, ...] = Field(min_length=1)


class Service(_Record):
    """A handling item (业务办理项) in a bundle. ``complete`` ones can be applied for here.

    ``department`` is the name in three languages, ``department_id`` its id; ``version`` the hash
    of all that a person meets while applying (see catalog.service_version).
    """

    code: Text
    slug: Slug
    version: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    main: MainItem
    department: Words
    department_id: Slug
    group: Slug
    also: Slug | None = None
    """A second door it stands behind."""
    icon: Icon
    colour: Colour
    kind: Kind
    level: Level
    basis: tuple[Text, ...] = ()
    name: Words
    summary: Words
    what_you_get: Prose
    result: Prose | None = None
    """Official name of the document that comes out of it."""
    audience: tuple[Audience, ...] = Field(min_length=1)
    who: tuple[Who, ...] = Field(min_length=1)
    visits: int = Field(ge=0, le=9)
    courier: bool = False
    here: Here
    guide: Guide
    materials: tuple[Material, ...] = ()
    checks: tuple[Check, ...] = Field(default=(), max_length=5)
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
    model: bool = False
    """One of the guides the others are measured by."""
    notice: Prose | None = None
    """What must be said beside every guide of this catalog, if anything."""
    generated: bool
    sources: tuple[Text, ...] = Field(min_length=1)


class Bundle(_Record):
    """What the hub publishes and a kiosk imports."""

    version: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    departments: tuple[Department, ...]
    groups: tuple[Group, ...]
    halls: tuple[Hall, ...]
    certificates: tuple[Certificate, ...]
    sheets: tuple[Sheet, ...]
    services: tuple[Service, ...]
