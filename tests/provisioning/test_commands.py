"""The command line: every command says what it does, and the papers name only real ones."""

import re
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from types import ModuleType

import pytest
import typer.main

from provisioning.__main__ import app
from provisioning.processes import ROOT

COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


@pytest.fixture
def launcher() -> ModuleType:
    """The launcher as a module; it has no .py ending."""
    loader = SourceFileLoader("launcher", str(ROOT / "yimen"))
    spec = spec_from_loader("launcher", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_option_has_a_help_text(name: str) -> None:
    command = COMMANDS[name]
    assert len(command.help or "") > 20
    for parameter in command.params:
        assert getattr(parameter, "help", None), f"{name} {parameter.name}"


@pytest.mark.parametrize("paper", ["README.md", "CONTRIBUTING.md"])
def test_papers_name_only_commands_that_exist(paper: str) -> None:
    named = set(re.findall(r"\./yimen ([a-z]+)", (ROOT / paper).read_text("utf-8")))
    assert named
    assert named <= set(COMMANDS)


def test_links_in_the_readme_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", (ROOT / "README.md").read_text("utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_lock_pins_everything_by_hash_and_names_no_index() -> None:
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    assert "://" not in lock
    assert not re.search(r"^-", lock, re.MULTILINE)
    requirements = re.findall(r"^[a-z0-9][^\s=]*==\S+ \\$", lock, re.MULTILINE)
    assert len(requirements) == lock.count("==")


def test_launcher_without_root_or_sudo_names_what_is_missing(
    launcher: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launcher.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(launcher.shutil, "which", lambda name: None)
    problem = launcher._install_packages(["xvfb", "pcscd"])
    assert "xvfb pcscd" in problem
    assert "apt-get install" in problem


def test_launcher_asks_for_no_package_that_is_installed(launcher: ModuleType) -> None:
    assert launcher._missing_packages() == []


def test_unknown_command_is_refused_with_a_hint() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "provisioning", "serach"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )
    assert done.returncode == 2
    assert "No such command" in done.stderr
