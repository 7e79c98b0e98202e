"""`yimen campaign kill` from outside, and what its figures say of rounds that broke."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from provisioning.__main__ import app
from provisioning.campaign_lives import SABOTAGES, LifeCampaign
from provisioning.campaign_theft import ENDINGS, KINDS, blind
from tests.campaigns.lives import sabotage
from tests.campaigns.theft import visit
from tests.campaigns.theft.canaries import canaries, person


def a_round(number: int, *broken: str, stage: str = "commit") -> dict[str, object]:
    return {"round": number, "what": f"{stage}.state", "stage": stage, "seconds": 0.1 * number,
            "submissions": 2, "at_work": True, "broken": list(broken)}  # fmt: skip


def test_a_round_is_run_shown_and_reported(tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    line = ["campaign", "kill", "--rounds", "1", "--seed", "5", "--json", str(report)]
    done = CliRunner().invoke(app, line)
    assert done.exit_code == 0, done.output
    assert "the receipt law held" in done.output
    told = json.loads(report.read_text())
    assert (told["seed"], told["rounds"], told["broken"]) == (5, 1, [])
    assert told["states"] == {"outbox.commit.header": 1}
    assert told["submissions"] >= 1


def test_what_broke_is_in_table_and_report() -> None:
    run = LifeCampaign("kill", 5, 0, 3)
    run.done = [a_round(1), a_round(2, "a law: how"), a_round(3, stage="print")]
    assert [one["round"] for one in run.broken] == [2]
    assert run.report()["stages"] == {"commit": 2, "print": 1}
    console = Console(width=120, record=True, file=io.StringIO())
    console.print(run.table())
    said = console.export_text()
    assert "1 BROKEN" in said
    assert "6 submissions" in said


def test_words_of_command_and_campaign_agree() -> None:
    assert set(SABOTAGES) == set(sabotage.KINDS)
    assert ENDINGS == visit.ENDINGS
    assert {one.kind for one in canaries(person(1), (0.6113636363636363,))} == KINDS
    seen = sorted(KINDS - {"face", "signature"})
    assert blind({"found_during": seen, "pen_known": True}) == ["face", "signature"]
    assert blind({"found_during": seen, "pen_known": False}) == ["face"]


@pytest.mark.parametrize("name", ["kill", "powercut", "network", "theft"])
def test_help_says_what_exit_code_1_means(name: str) -> None:
    done = CliRunner().invoke(app, ["campaign", name, "--help"])
    assert done.exit_code == 0
