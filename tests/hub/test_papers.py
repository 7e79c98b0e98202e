"""The pages name only chores that the hub has, with options they take; every chore has a help."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from hub.__main__ import app

DOCS = Path(__file__).parents[2] / "docs"


def _commands(command: Any) -> dict[str, Any]:
    return dict(getattr(command, "commands", {}))


def _chores(command: Any, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield before
    for name, below in _commands(command).items():
        yield from _chores(below, (*before, name))


ROOT = typer.main.get_command(app)
CHORES = sorted(_chores(ROOT))


@pytest.mark.parametrize("chore", CHORES, ids=" ".join)
def test_every_chore_and_option_has_a_help(chore: tuple[str, ...]) -> None:
    command: Any = ROOT
    for word in chore:
        command = _commands(command)[word]
    assert len(command.help or "") > 20
    for parameter in command.params:
        assert getattr(parameter, "help", None), parameter.name


def _named() -> Iterator[tuple[str, str]]:
    for page in sorted(DOCS.glob("*.md")):
        for line in re.findall(r"python -m hub ([^`\n]+)", page.read_text("utf-8")):
            yield page.name, line


@pytest.mark.parametrize(("page", "line"), sorted(set(_named())))
def test_pages_name_chores_and_options_there_are(page: str, line: str) -> None:
    words = shlex.split(re.sub(r"[\[\]…]|#.*", " ", line))
    command: Any = ROOT
    while words and words[0] in _commands(command):
        command = _commands(command)[words.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts}
    assert [word for word in words if word.startswith("--") and word not in known] == []
    assert command is not ROOT or words[:1] == ["--data"], line
