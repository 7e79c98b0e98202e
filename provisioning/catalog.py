"""`yimen catalog`: check the catalog's source, try a service at a kiosk, see what changed."""

import json
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from kiosk.contract.calendar_source import FILE as CALENDAR
from kiosk.contract.calendar_source import load_calendar
from kiosk.contract.catalog import CatalogError, content_hash
from kiosk.contract.catalog_diff import diff as compare
from kiosk.contract.catalog_review import Remark, counts, in_chinese, warnings
from kiosk.contract.catalog_source import read_source
from kiosk.contract.publishing import read_catalog
from provisioning.processes import ROOT

SOURCE = ROOT / "hub" / "catalog"
_MOST_USED = 60
_SHOWN = 10
"""Warnings of a kind that are listed unless all are asked for."""

app = typer.Typer(
    name="catalog", help="The catalog's source: check it, try a service, see what changed.",
    no_args_is_help=True,
)
Folder = Annotated[Path, typer.Option("--catalog", help="Folder of the catalog's source.")]
Bundle = Annotated[Path, typer.Argument(help="Catalog folder, or a bundle (.json, .json.gz).")]


@app.command()
def check(
    catalog: Folder = SOURCE,
    report: Annotated[
        bool, typer.Option("--report", help="Also a table of services by department.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object with all of it instead.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Every warning, not only some.")
    ] = False,
) -> None:
    """Check schemas, codes, forms, translations; every fault by file and field (exit 1)."""
    bundle, faults = read_all(catalog)
    found = list(warnings(bundle["services"])) if bundle else []
    rows = counts(bundle) if bundle else ()
    if as_json:
        said = {
            "faults": [{"file": f.file, "field": f.field, "problem": f.problem} for f in faults],
            "warnings": [vars(one) for one in found],
            "departments": [{**vars(row), "by_hand": row.by_hand} for row in rows],
            "services": sum(row.services for row in rows),
            "in_chinese": in_chinese(bundle.get("services", ())),
        }
        print(json.dumps(said, ensure_ascii=False))
    else:
        for fault in faults:
            print(fault)
        _print_warnings(found, everything)
        if report:
            _print_table(rows)
            print(
                f"{in_chinese(bundle.get('services', ()))} guides of services without a form are "
                "in Chinese; their names and summaries are in en and ko."
            )
        print(
            f"{sum(row.services for row in rows)} services are sound, "
            f"{sum(row.complete for row in rows)} of them with a form; {len(faults)} faults."
        )
    raise typer.Exit(1 if faults else 0)


@app.command("try")
def try_service(
    service: Annotated[str, typer.Argument(help="Code of the service, or its id in the source.")],
    catalog: Folder = SOURCE,
    picture: Annotated[
        Path, typer.Option(help="Without a display: where the picture of the guide goes.")
    ] = Path("try.png"),
    whole: Annotated[
        bool, typer.Option("--whole", help="All services, not only its neighbours: slower.")
    ] = False,
) -> None:
    """Start hub, testbed and kiosk with this source, opened right at the service's guide."""
    from provisioning.catalog_try import run_try

    bundle, faults = read_all(catalog)
    found = [one for one in bundle.get("services", ()) if service in (one["code"], one["slug"])]
    if not found:
        for fault in faults:
            print(fault)
        print(f"{service}: no sound service has this code or id.")
        raise typer.Exit(1)
    if faults:
        print(f"{len(faults)} faults elsewhere are left out (yimen catalog check).")
    code = found[0]["code"]
    run_try(bundle if whole else neighbourhood(bundle, code), code, picture, Console(stderr=True))


@app.command()
def diff(old: Bundle, new: Bundle = SOURCE) -> None:
    """List the services and fields that differ between two catalogs."""
    try:
        for line in compare(read_catalog(old), read_catalog(new)).lines():
            print(line)
    except CatalogError as error:
        print(error)
        raise typer.Exit(1) from None


def neighbourhood(bundle: dict[str, Any], code: str) -> dict[str, Any]:
    """A small bundle: the service, those of its department and group, and the most used ones."""
    services = bundle["services"]
    wanted = next(one for one in services if one["code"] == code)
    most_used = sorted(services, key=lambda one: -one["popularity"])[:_MOST_USED]
    kept = {one["code"] for one in most_used} | {
        one["code"] for one in services
        if one["group"] == wanted["group"] and one["department_id"] == wanted["department_id"]
    }
    small = {**bundle, "services": [one for one in services if one["code"] in kept | {code}]}
    return {**small, "version": content_hash(small)}


def read_all(catalog: Path) -> tuple[dict[str, Any], list[CatalogError]]:
    """The sound part of a source, and every fault of it; {} when not even its tables are."""
    faults = []
    try:
        if (catalog / CALENDAR).exists():
            load_calendar(catalog / CALENDAR)
    except CatalogError as fault:
        faults.append(fault)
    try:
        bundle, more = read_source(catalog)
    except CatalogError as fault:
        return {}, [*faults, fault]
    return bundle, [*faults, *more]


def _print_warnings(found: list[Remark], everything: bool) -> None:
    for kind, number in Counter(one.kind for one in found).items():
        of_kind = [one for one in found if one.kind == kind]
        for one in of_kind if everything else of_kind[:_SHOWN]:
            print(f"warning: {kind}: {one.slug}: {one.text}")
        if number > _SHOWN and not everything:
            print(f"warning: {kind}: and {number - _SHOWN} more (--all)")


def _print_table(rows: Any) -> None:
    table = Table("department", "name", "services", "by hand", "generated", "with a form")
    for row in rows:
        figures = (row.services, row.by_hand, row.generated, row.complete)
        table.add_row(row.department, row.name, *map(str, figures))
    totals = (sum(getattr(row, name) for row in rows)
              for name in ("services", "by_hand", "generated", "complete"))
    table.add_row("all", "", *map(str, totals), style="bold")
    Console(width=110).print(table)
