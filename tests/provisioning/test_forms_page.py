"""docs/forms.md is followed to the letter: its example passes the check and opens in the app."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner

from provisioning.__main__ import app
from provisioning.processes import ROOT

PAGE = (ROOT / "docs" / "forms.md").read_text("utf-8")
FILES = dict(re.findall(r"`hub/catalog/(\S+\.toml)`:\n\n```toml\n(.*?)```", PAGE, re.DOTALL))
SLUG = "bicycle_parking_permit"


def yimen(*words: str | Path) -> "subprocess.CompletedProcess[str]":
    environment = {key: value for key, value in os.environ.items() if key != "DISPLAY"}
    return subprocess.run(
        [sys.executable, "-m", "provisioning", "catalog", *map(str, words)],
        cwd=ROOT, capture_output=True, text=True, check=False, env=environment, timeout=240,
    )


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The city's source with the page's two files in it."""
    folder = tmp_path_factory.mktemp("source") / "catalog"
    shutil.copytree(ROOT / "hub" / "catalog", folder)
    assert set(FILES) == {"services/transport/bicycle_parking.toml", f"forms/{SLUG}.toml"}
    for name, text in FILES.items():
        assert not (folder / name).exists()
        (folder / name).write_text(text, "utf-8")
    return folder


def test_example_passes_the_check_without_a_warning(source: Path) -> None:
    done = yimen("check", "--catalog", source, "--json")
    said = json.loads(done.stdout)
    assert (done.returncode, said["faults"]) == (0, [])
    assert [one for one in said["warnings"] if one["slug"] == SLUG] == []
    transport = next(row for row in said["departments"] if row["department"] == "transport")
    assert transport["services"] == transport["by_hand"] + transport["generated"]
    assert said["services"] == 1333


def test_example_opens_in_the_real_app_right_at_its_guide(
    source: Path, tmp_path: Path, short_path: Path
) -> None:
    """`try` waits for the guide's screen, and takes its picture on a real X server."""
    picture = tmp_path / "guide.png"
    done = yimen("try", SLUG, "--catalog", source, "--picture", picture)
    assert done.returncode == 0, done.stderr
    with Image.open(picture) as image:
        assert image.size == (1080, 1920)
        assert len(image.convert("RGB").getcolors(1 << 24) or ()) > 50  # drawn, not black


@pytest.mark.parametrize(("old", "new", "told"), [
    ('code = "11220100A90400', 'code = "11220100A90300', "code: starts with 11220100A90400YM6P"),
    ('ko = "단지 이름"', 'fr = "résidence"', f"forms/{SLUG}.toml"),
    ('field = "electric"', 'field = "colour"', f"forms/{SLUG}.toml"),
    ('group = "transport"', 'group = "sea"', "'sea' is not in groups.toml"),
])
def test_fault_in_it_is_named_by_file_and_field_and_stops_the_try(
    source: Path, old: str, new: str, told: str
) -> None:
    for name, text in FILES.items():
        (source / name).write_text(text.replace(old, new), "utf-8")
    words = ["check"] if "code" in old else ["try", SLUG]
    done = CliRunner().invoke(app, ["catalog", *words, "--catalog", str(source)])
    for name, text in FILES.items():
        (source / name).write_text(text, "utf-8")
    assert done.exit_code == 1
    assert told in done.stdout and "bicycle_parking" in done.stdout


def test_diff_says_what_the_page_adds(source: Path) -> None:
    done = yimen("diff", ROOT / "hub" / "catalog", source)
    assert done.returncode == 0
    assert "1 services added, 0 removed, 0 changed" in done.stdout
    assert "自行车停放证申领" in done.stdout
