"""The year's official calendar: from the readable ``calendar.toml`` to what travels to kiosks."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from kiosk.contract.catalog import CatalogError, parse
from kiosk.contract.working_days import WorkingCalendar

FILE = "calendar.toml"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Days(_Part):
    """One holiday, its first and last day."""

    name: str
    first: date
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> _Days:
        if not 0 <= (self.last - self.first).days < 31:
            raise ValueError("last comes after first, within a month")
        return self


class _Year(_Part):
    year: Annotated[int, Field(ge=2020, le=2100)]
    source: Annotated[str, Field(min_length=5)]
    """The notice it was published with."""
    holidays: Annotated[tuple[_Days, ...], Field(min_length=5)]
    make_up_days: tuple[date, ...]

    @model_validator(mode="after")
    def _of_this_year(self) -> _Year:
        days = [day for one in self.holidays for day in (one.first, one.last)]
        for day in (*days, *self.make_up_days):
            if day.year != self.year:
                raise ValueError(f"{day} is not in {self.year}")
        for day in self.make_up_days:
            if day.weekday() < 5:
                raise ValueError(f"{day} is a weekday; offices work anyway")
            if any(one.first <= day <= one.last for one in self.holidays):
                raise ValueError(f"{day} is a holiday as well")
        return self


class _Calendar(_Part):
    year: Annotated[tuple[_Year, ...], Field(min_length=1)]


class _PublishedYear(_Part):
    year: int
    source: str
    holidays: tuple[date, ...]
    make_up_days: tuple[date, ...]


class _Published(_Part):
    years: tuple[_PublishedYear, ...]


def load_calendar(path: Path) -> dict[str, Any]:
    """Read and check ``calendar.toml``; the document that is published. Raises CatalogError."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise CatalogError(FILE, "", "is missing; write it") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogError(FILE, "", f"is not TOML in UTF-8: {error}") from error
    source = parse(_Calendar, raw, FILE)
    numbers = [year.year for year in source.year]
    if len(set(numbers)) != len(numbers):
        raise CatalogError(FILE, "year", "one stands twice; drop one")
    return {
        "years": [
            {
                "year": year.year,
                "source": year.source,
                "holidays": [
                    date.fromordinal(day).isoformat()
                    for one in year.holidays
                    for day in range(one.first.toordinal(), one.last.toordinal() + 1)
                ],
                "make_up_days": [day.isoformat() for day in year.make_up_days],
            }
            for year in sorted(source.year, key=lambda year: year.year)
        ]
    }


def read_calendar(document: bytes) -> WorkingCalendar:
    """The published document (JSON). Raises CatalogError when it has another shape."""
    try:
        published = _Published.model_validate_json(document)
    except ValidationError as error:
        raise CatalogError("calendar.json", "", "is no calendar") from error
    return WorkingCalendar.of(published.model_dump(mode="json")["years"])
