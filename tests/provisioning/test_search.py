"""`yimen search`: from the kiosk's own store, one JSON object a line."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kiosk.local_socket import LocalSocket
from offline_store.database import Store
from provisioning.processes import ROOT
from tests import shipped_catalog


def search(data: Path, *words: str, typed: str | None = None) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "provisioning", "search", "--data", str(data), *words],
        cwd=ROOT, capture_output=True, text=True, check=True, input=typed,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_kiosk_that_never_ran_answers_from_the_catalog_of_the_checkout(tmp_path: Path) -> None:
    (answer,) = search(tmp_path, "--json", "--limit", "2", "社保")
    assert answer["query"] == "社保"
    assert 1 <= len(answer["results"]) <= 2
    assert set(answer["results"][0]) == {"code", "name", "department"}
    assert "社会保" in answer["results"][0]["name"]


def test_a_kiosk_with_an_older_catalog_answers_from_the_one_of_the_checkout(tmp_path: Path) -> None:
    (tmp_path / "kiosk").mkdir()
    with Store.open(tmp_path / "kiosk" / "kiosk.db") as store:
        store.catalog.import_bundle(shipped_catalog.few())
        assert not store.catalog.search("강아지", 1)
    (answer,) = search(tmp_path, "--json", "강아지")
    assert answer["results"]


def test_queries_on_standard_input_are_answered_line_by_line(tmp_path: Path) -> None:
    answers = search(tmp_path, "--json", typed="juzhuzheng\n老年卡\nno such thing at all qqq\n")
    assert [answer["query"] for answer in answers] == [
        "juzhuzheng", "老年卡", "no such thing at all qqq",
    ]
    assert answers[0]["results"][0]["name"].startswith("居住证")
    assert answers[1]["results"][0]["name"].startswith("老年人公交卡")
    assert answers[2]["results"] == []


def test_a_running_app_is_asked_over_its_socket(tmp_path: Path) -> None:
    (tmp_path / "kiosk").mkdir()
    row = {"code": "1", "name": {"zh": "甲"}, "department": {"zh": "乙"}}

    def answer(question: Mapping[str, Any]) -> dict[str, Any]:
        return {"results": [row] * int(question["limit"])}

    app = LocalSocket(tmp_path / "kiosk" / "kiosk.sock", {"search": answer})
    try:
        (found,) = search(tmp_path, "--json", "--limit", "3", "甲")
    finally:
        app.close()
    assert found["results"] == [{"code": "1", "name": "甲", "department": "乙"}] * 3
    assert not (tmp_path / "kiosk" / "kiosk.db").exists()
