"""The `yimen` command: `./yimen COMMAND` or `python -m provisioning COMMAND`."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from provisioning.bench import app as bench_app
from provisioning.campaign import app as campaign_app
from provisioning.catalog import app as catalog_app
from provisioning.conform import app as conform_app
from provisioning.processes import ROOT, NotReady
from provisioning.settings import app as settings_app
from provisioning.testbed import app as testbed_app
from provisioning.vision import app as vision_app

app = typer.Typer(
    name="yimen",
    help="Yimen, the self-service terminal of a city: run it, drive it, test it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(vision_app)
app.add_typer(bench_app)
app.add_typer(testbed_app)
app.add_typer(campaign_app)
app.add_typer(conform_app)
app.add_typer(catalog_app)
app.add_typer(settings_app)
Folder = Annotated[Path, typer.Option(help="Folder that holds everything this city remembers.")]
DATA = ROOT / ".yimen"
EXIT_NOT_READY = 3


@app.command()
def run(data: Folder = DATA) -> None:
    """Start hub, testbed and kiosk. Without a display: on a virtual one, driven through a visit."""
    from provisioning.run import run_on_screen

    if not os.environ.get("DISPLAY"):
        print("No display here: the visit is driven on a virtual screen (yimen tour).",
              file=sys.stderr)
        tour()
        return
    run_on_screen(data)


@app.command()
def tour(
    out: Annotated[Path, typer.Option(help="Where pictures, receipt and summary go.")] = (
        ROOT / "tour"
    ),
    languages: Annotated[str, typer.Option(help="Languages to visit in, separated by commas.")] = (
        "zh,en,ko"
    ),
    docs: Annotated[
        bool, typer.Option("--docs", help="Also renew the README's pictures in docs/pictures.")
    ] = False,
) -> None:
    """Drive whole visits from outside by real pointer events, and keep pictures of them."""
    from provisioning.tour import renew_docs, run_tour

    code = run_tour(out, tuple(languages.split(",")), Console(stderr=True))
    if docs and code == 0:
        renew_docs(out)
    raise typer.Exit(code)


@app.command()
def search(
    query: Annotated[
        list[str] | None, typer.Argument(help="What to look for; without it: lines of stdin.")
    ] = None,
    json_lines: Annotated[
        bool, typer.Option("--json", help="One JSON object a line, also on a terminal.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=200, help="At most this many results.")] = 20,
    data: Folder = DATA,
) -> None:
    """Find services in the kiosk's own catalog, by any words people use."""
    from provisioning.search import Search

    queries = [" ".join(query)] if query else (line.rstrip("\n") for line in sys.stdin)
    with Search(data) as catalog:
        for text in queries:
            results = catalog.find(text, limit)
            if json_lines or not sys.stdout.isatty():
                line = {"query": text, "results": results}
                print(json.dumps(line, ensure_ascii=False), flush=True)
            else:
                for result in results:
                    print(f"{result['code']}  {result['name']}  ({result['department']})")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def test(context: typer.Context) -> None:
    """Run everything CI checks; further words go to pytest (a path, -k NAME …)."""
    from provisioning.check import run_checks

    raise typer.Exit(run_checks(context.args))


@app.command()
def words() -> None:
    """Bring the translation files up to date with the code; name what is not translated yet."""
    from provisioning.sentences import missing, update

    lacking = update()
    for language in lacking:
        for message in missing(language):
            print(f"{language}: {message}")
    raise typer.Exit(1 if any(lacking.values()) else 0)


@app.command()
def lock() -> None:
    """Pin pyproject.toml's libraries with their hashes in requirements.lock."""
    from provisioning.lock import write_lock

    write_lock()


def main() -> None:
    try:
        app()
    except NotReady as error:
        print(f"yimen: {error}", file=sys.stderr)
        sys.exit(EXIT_NOT_READY)


if __name__ == "__main__":
    main()
