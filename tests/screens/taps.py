"""How many touches lead from home to each of the most used services that are complete here.

    python -m tests.screens.taps

Counted on the city's catalog as the screens show it: a tile of home is one touch, a group and its
row two, a main item of several services one more, the door for companies one more. No scrolling
is counted, and no search, which finds everything in two touches and some keys.
"""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kiosk import guide
from kiosk.words import Words
from offline_store.database import Store
from tests.shipped_catalog import whole

MOST_USED = 20
_TILES = 4
DOORS = ("person", "company")


@dataclass(frozen=True)
class Way:
    """From home to the guide of one service: what is touched, in its order."""

    code: str
    name: str
    touches: tuple[str, ...]

    @property
    def taps(self) -> int:
        return len(self.touches)


def ways(store: Store, count: int = MOST_USED) -> list[Way]:
    """The shortest way to each of the `count` most used complete services."""
    catalog, known = store.catalog, dict[str, Way]()
    names = {one["code"]: one["name"]["zh"] for one in whole()["services"]}

    def note(code: str, *touches: str) -> None:
        way = Way(code, names[code], touches)
        if code not in known or way.taps < known[code].taps:
            known[code] = way

    for door in DOORS:
        before = () if door == "person" else (f"home.door.{door}",)
        for summary in catalog.popular(_TILES, door):
            note(summary["code"], *before, f"home.service.{summary['code']}")
        for group in catalog.groups():
            if group["audience"] != door:
                continue
            inside = (*before, f"home.group.{group['id']}")
            for item in guide.item_rows(catalog.services_in(group["id"]), Words("zh"), _yes, ""):
                several = len(item.services) > 1
                opened = (*inside, f"group.item.{item.id}") if several else inside
                for row in item.services:
                    note(row.code, *opened, f"home.service.{row.code}")
    complete = [one for one in whole()["services"] if one["complete"]]
    ranked = sorted(complete, key=lambda one: (-one["popularity"], one["code"]))
    return [known[one["code"]] for one in ranked[:count]]


def _yes(_: Any) -> bool:
    return True


def main() -> None:
    with TemporaryDirectory() as folder, Store.open(Path(folder) / "kiosk.db") as store:
        store.catalog.import_bundle(whole())
        for number, way in enumerate(ways(store), start=1):
            print(f"{number:2} {way.taps} {way.name}: {' > '.join(way.touches)}")


if __name__ == "__main__":
    main()
