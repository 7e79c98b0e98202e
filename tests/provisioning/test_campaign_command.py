"""`yimen campaign wires`: progress, report, and a watch-dog that names what never ends."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from typer.testing import CliRunner

from provisioning import campaign
from provisioning.campaign import MARK, WireCampaign, app
from provisioning.processes import ROOT, NotReady
from tests.campaigns import run as runner
from tests.campaigns.wires import MAKERS

HANGS_AT_TWO = textwrap.dedent(
    """
    import argparse, json, struct, time
    parser = argparse.ArgumentParser()
    for name in ("seed", "first", "count"):
        parser.add_argument("--" + name, type=int)
    parser.add_argument("--mark")
    given = parser.parse_args()
    for number in range(given.first, given.count):
        with open(given.mark, "r+b") as mark:
            mark.write(struct.pack("<QQ32s", number, 700 + number, b"some_wire"))
        if number == 2:
            time.sleep(60)
        print(json.dumps({"done": 1, "outcomes": {"some_wire ": 1}, "slowest": {}}), flush=True)
    print(json.dumps({"done": 0, "end": True}), flush=True)
    """
)


def run_by(
    script: str, folder: Path, monkeypatch: pytest.MonkeyPatch, **more: float
) -> WireCampaign:
    (folder / "runner.py").write_text(script)
    monkeypatch.setattr(campaign, "RUNNER", (sys.executable, str(folder / "runner.py")))
    watched = WireCampaign(seed=1, rounds=5, **more)  # type: ignore[arg-type]
    for _ in watched.go():
        pass
    return watched


def test_the_real_command_sends_cases_to_every_wire_and_reports_them(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    done = subprocess.run(
        [sys.executable, "-m", "provisioning", "campaign", "wires", "--rounds", "400",
         "--seed", "11", "--json", str(report)],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "no failure, no hang" in done.stdout
    told = json.loads(report.read_text())
    assert (told["seed"], told["cases"], told["failures"]) == (11, 400, [])
    assert set(told["wires"]) == set(MAKERS)
    assert sum(sum(wire["outcomes"].values()) for wire in told["wires"].values()) == 400


def test_one_case_is_repeated_by_its_wire_and_number() -> None:
    again = WireCampaign(seed=1, rounds=100, wire="printer_status", case=12345)
    for _ in again.go():
        pass
    assert again.done == 1
    assert list(again.report()["wires"]) == ["printer_status"]


def test_a_case_that_never_ends_is_named_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = run_by(HANGS_AT_TWO, tmp_path, monkeypatch, patience=0.6)
    assert [(one["wire"], one["case"]) for one in watched.failures] == [("some_wire", 702)]
    assert watched.of("some_wire") == {"": 4, "failed": 1}


def test_a_failure_is_printed_with_the_way_to_repeat_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails = (
        'import json; print(json.dumps({"failure": {"wire": "sam_frame", "case": 77, "what": "x", '
        '"error": "KeyError: 3"}, "outcomes": {"sam_frame failed": 1}, "end": True}))'
    )
    (tmp_path / "runner.py").write_text(fails)
    monkeypatch.setattr(campaign, "RUNNER", (sys.executable, str(tmp_path / "runner.py")))
    done = CliRunner().invoke(app, ["wires", "--rounds", "1"])
    assert done.exit_code == 1
    assert "--wire sam_frame --case 77" in done.output
    assert "KeyError: 3" in done.output


def test_a_runner_that_ends_before_its_time_is_no_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotReady, match="broken"):
        run_by("raise SystemExit('broken')", tmp_path, monkeypatch)


def test_a_case_alone_needs_its_wire() -> None:
    assert CliRunner().invoke(app, ["wires", "--case", "3"]).exit_code == 2


def test_command_and_runner_agree_on_the_mark() -> None:
    assert MARK.format == runner.MARK.format
    assert max(map(len, MAKERS)) <= 32
