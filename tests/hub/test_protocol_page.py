"""docs/protocol.md: its examples run, in their order, against our hub."""

import re
from typing import Any

import requests

from tests.hub.rig import ROOT, HubProcess

PAGE = ROOT / "docs" / "protocol.md"
_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_examples_of_the_page_run(hub: HubProcess) -> None:
    blocks = _BLOCK.findall(PAGE.read_text("utf-8"))
    assert len(blocks) >= 6
    space: dict[str, Any] = {"URL": hub.url, "CODE": hub.run("enrol-code").strip()}
    for block in blocks:
        exec(compile(block, PAGE.name, "exec"), space)
    (case,) = [c for c in hub.cases() if c["submission_id"] == space["body"].id]
    assert case["case_number"] == space["receipt"]["case_number"]


def test_every_address_the_page_names_is_in_the_openapi_document(hub: HubProcess) -> None:
    described = requests.get(hub.url + "/openapi.json", timeout=20).json()["paths"]
    known = {re.sub(r"\{[a-z_]+\}", "{}", path) for path in described}
    named = re.findall(r"`(?:GET|POST) (/v1/[^`?]+)", PAGE.read_text("utf-8"))
    assert len(named) > 8
    assert {re.sub(r"\{[a-z_]+\}", "{}", path) for path in named} - known == set()
