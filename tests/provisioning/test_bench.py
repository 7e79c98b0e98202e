"""`yimen bench`: topics run as processes, rows become a table and a file."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from provisioning.__main__ import app
from provisioning.bench import EXIT_MISSED, RUNNER, Figures, measure, table
from provisioning.processes import NotReady
from tests.benchmarks.rows import percentile, topics

ROW = {
    "name": "card read p50", "value": 117.25, "unit": "ms", "peer": "wire time",
    "peer_value": 112.0, "goal": "at most 1.15 times", "holds": True, "note": "1.047 times",
}


def runner(folder: Path, topics: dict[str, str], script: str) -> list[str]:
    """A process that speaks as tests.benchmarks.rows does."""
    program = folder / "runner.py"
    program.write_text(
        f"import json, sys\nROW = {ROW!r}\nif not sys.argv[1:]:\n"
        f"    sys.exit(print(json.dumps({topics!r})))\n{script}\n"
    )
    return [sys.executable, str(program)]


def measured(folder: Path, run: list[str], **options: Any) -> tuple[int, dict[str, Any]]:
    file = folder / "figures.json"
    code = measure("devices", file, runner=run, **options)
    return code, json.loads(file.read_text("utf-8"))


def test_a_real_topic_is_measured_in_a_process_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    assert measure("testbed", file, ["line_pace"]) == 0
    figures = json.loads(file.read_text("utf-8"))
    assert [row["topic"] for row in figures["rows"]] == ["line_pace", "line_pace"]
    assert all(row["holds"] and row["value"] >= row["peer_value"] for row in figures["rows"])
    assert figures["machine"]["cpus"] >= 1
    assert figures["machine"]["python"].startswith("3.")


def test_rows_are_printed_beside_their_peer_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = runner(tmp_path, {"cards": "devices", "other": "search"}, "print(json.dumps(ROW))")
    code, figures = measured(tmp_path, run)
    assert (code, figures["rows"]) == (0, [{"topic": "cards", **ROW}])
    printed = capsys.readouterr().out
    for words in ("card read p50", "117 ms", "wire time", "112 ms", "1.047 times", "own testbed"):
        assert words in printed


def test_a_missed_goal_is_the_exit_code(tmp_path: Path) -> None:
    run = runner(tmp_path, {"cards": "devices"}, "print(json.dumps({**ROW, 'holds': False}))")
    assert measured(tmp_path, run)[0] == EXIT_MISSED


def test_a_figure_without_a_goal_misses_nothing(tmp_path: Path) -> None:
    run = runner(
        tmp_path, {"cards": "devices"},
        "print(json.dumps({**ROW, 'holds': None, 'peer_value': None}))",
    )
    assert measured(tmp_path, run)[0] == 0


def test_a_topic_that_breaks_is_named_and_the_others_are_measured(tmp_path: Path) -> None:
    run = runner(
        tmp_path, {"broken": "devices", "cards": "devices"},
        "print(json.dumps(ROW), flush=True)\nif sys.argv[1] == 'broken':\n"
        "    raise OSError('no [camera] here')",
    )
    code, figures = measured(tmp_path, run)
    assert code == EXIT_MISSED
    assert figures["failed"] == {"broken": "OSError: no [camera] here"}
    assert [row["topic"] for row in figures["rows"]] == ["broken", "cards"]


def test_only_the_topic_asked_for_is_run(tmp_path: Path) -> None:
    run = runner(tmp_path, {"cards": "devices", "text": "devices"}, "print(json.dumps(ROW))")
    _, figures = measured(tmp_path, run, only=["text"])
    assert [row["topic"] for row in figures["rows"]] == ["text"]


def test_a_topic_that_is_none_is_refused_with_those_there_are(tmp_path: Path) -> None:
    run = runner(tmp_path, {"cards": "devices", "text": "devices"}, "")
    with pytest.raises(NotReady, match="'cars' in devices; there are: cards, text"):
        measured(tmp_path, run, only=["cars"])
    with pytest.raises(NotReady, match="nothing to measure in devices"):
        measured(tmp_path, runner(tmp_path, {"x": "search"}, ""))


def test_the_command_says_what_it_measures() -> None:
    result = CliRunner().invoke(app, ["bench", "devices", "--help"])
    assert result.exit_code == 0
    assert "--only" in result.stdout


def test_every_topic_belongs_to_a_suite_without_being_loaded() -> None:
    assert RUNNER[-1] == "tests.benchmarks.rows"
    found = topics()
    assert found["cards"] == "devices"
    assert found["line_pace"] == "testbed"
    assert "rows" not in found


def test_words_in_brackets_are_printed_as_they_are() -> None:
    drawn = table("devices", Figures({"cards": [{**ROW, "note": "[red] bytes [/]"}]}))
    assert list(drawn.columns[-1].cells) == [r"\[red] bytes \[/]"]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50), st.floats(0, 1))
def test_a_percentile_is_one_of_the_values_with_that_share_at_or_below(
    values: list[float], share: float
) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-6 * len(values)
