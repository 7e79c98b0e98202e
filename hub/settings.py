"""Settings of city, counties and streets, as kiosks hear of them at their next contact.

Which county and street a kiosk belongs to follows from its hall: the halls of the published
catalog say so. A kiosk in a hall that no catalog knows follows the city's settings only. The hall's
own name is the first thing a street or county layer says, so a kiosk that moved shows its new hall.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.publishing import Publisher
from hub.tables import SettingChange
from kiosk.contract.settings import Layer, check_above

_HALL = "place.hall"


class NoSuchArea(ValueError):
    """No hall of the published catalog makes this a county or a street."""


class Halls:
    """The halls of the published catalog; read again when another catalog is published."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self._version = ""
        self._halls: tuple[Mapping[str, Any], ...] = ()

    def every(self) -> tuple[Mapping[str, Any], ...]:
        """Every hall: id, name, level (city, county, street), division (GB/T 2260)."""
        edition = self._publisher.edition()
        if edition is not None and edition.version != self._version:
            self._halls = tuple(self._publisher.bundle().get("halls", ()))
            self._version = edition.version
        return self._halls

    def find(self, said: str) -> Mapping[str, Any] | None:
        """The hall with this id or name, in any language."""
        for hall in self.every():
            if said and said in (hall["id"], *hall["name"].values()):
                return hall
        return None


def put(
    session: Session, halls: Halls, layer: Layer, area: str, name: str, value: Any, actor: str,
    now: datetime,
) -> None:
    """Set an option for an area; None takes it back. Raises SettingError, NoSuchArea."""
    known = area in areas(halls)[layer]
    if not known and value is not None:  # what was set for a hall that is gone can be taken back
        raise NoSuchArea(f"{area!r} is no {layer} of the published catalog's halls")
    checked = None if value is None else check_above(name, value)
    session.add(
        SettingChange(at=now, actor=actor, layer=layer.value, area=area, name=name, value=checked)
    )


def areas(halls: Halls) -> dict[Layer, set[str]]:
    """What may be set for: "" for the city, county codes, ids of streets' halls."""
    every = halls.every()
    return {
        Layer.CITY: {""},
        Layer.COUNTY: {hall["division"] for hall in every if hall["level"] != "city"},
        Layer.STREET: {hall["id"] for hall in every if hall["level"] == "street"},
    }


def layers_for(session: Session, halls: Halls, hall: str) -> dict[str, dict[str, Any]]:
    """What holds for a kiosk in this hall (id or name), by layer; layers that say nothing are
    left out."""
    found = halls.find(hall)
    wanted = {Layer.CITY: ""}
    layers: dict[str, dict[str, Any]] = {}
    if found is not None:
        own = found["level"]
        if own != "city":
            wanted[Layer.COUNTY] = found["division"]
        if own == "street":
            wanted[Layer.STREET] = found["id"]
        layers[own] = {_HALL: found["name"]}
    for layer, area in wanted.items():
        said = {row.name: row.value for row in in_force(session, layer, area)}
        layers[layer.value] = layers.get(layer.value, {}) | said
    return {layer: values for layer, values in layers.items() if values}


def in_force(
    session: Session, layer: Layer | None = None, area: str | None = None
) -> Iterator[SettingChange]:
    """The newest word on each option, but those taken back; of all areas or of one."""
    newest = select(func.max(SettingChange.seq)).group_by(
        SettingChange.layer, SettingChange.area, SettingChange.name
    )
    wanted = select(SettingChange).where(SettingChange.seq.in_(newest)).order_by(SettingChange.seq)
    if layer is not None:
        wanted = wanted.where(SettingChange.layer == layer.value)
    if area is not None:
        wanted = wanted.where(SettingChange.area == area)
    for row in session.scalars(wanted):
        if row.value is not None:
            yield row


def changes(session: Session) -> list[SettingChange]:
    """Everything that was ever set or taken back, oldest first."""
    return list(session.scalars(select(SettingChange).order_by(SettingChange.seq)))
