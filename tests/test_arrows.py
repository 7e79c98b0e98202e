"""Arrows between the rooms point one way only (architecture, The house)."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("main", "screens", "kiosk", "devices", "offline_store", "provisioning", "hub")
MAY_USE: dict[str, set[str]] = {
    # main.py is the composition root: it makes the drivers and the store and hands them in.
    "main": {"screens", "kiosk", "devices", "offline_store"},
    "screens": {"kiosk"},
    "kiosk": {"devices", "offline_store", "kiosk.contract"},
    "kiosk.contract": set(),
    "devices": set(),
    "offline_store": set(),
    "provisioning": {"kiosk", "kiosk.contract", "devices", "offline_store"},
    "hub": {"kiosk.contract"},
}
# What runs from main to the contract may pass through the kiosk: messages are its words.
MAY_USE["main"].add("kiosk.contract")
MAY_USE["screens"].add("kiosk.contract")


def _room(module: str) -> str:
    if module == "kiosk.contract" or module.startswith("kiosk.contract."):
        return "kiosk.contract"
    return module.partition(".")[0]


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(source: str, module: str, is_package: bool) -> Iterator[str]:
    """Every module a file imports, wherever in the file, relative ones made absolute."""
    package = module if is_package else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = package.split(".")
                base = ".".join([*parts[: len(parts) - node.level + 1], *filter(None, [base])])
            # "from kiosk import contract" imports a module of the contract.
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and _is_import_call(node):
            # By name at run time: every text of the file that could be one of ours counts.
            yield from _names_of_ours(ast.parse(source))


def _names_of_ours(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            name = node.value.partition(":")[0]
            if name.partition(".")[0] in {*ROOMS, "tests"} and " " not in name:
                yield name


def _is_import_call(call: ast.Call) -> bool:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    return name in ("__import__", "import_module")


def _files() -> list[Path]:
    found = [ROOT / "main.py"]
    for room in ROOMS[1:]:
        found += sorted((ROOT / room).rglob("*.py"))
    return found


def wrong_arrows(path: Path) -> list[str]:
    module = _module(path)
    room = _room(module)
    wrong = []
    for imported in imports_of(path.read_text("utf-8"), module, path.name == "__init__.py"):
        target = _room(imported)
        if (target in MAY_USE or target == "tests") and target not in {room, *MAY_USE[room]}:
            wrong.append(f"{module} → {imported}")
    return wrong


def test_every_import_follows_an_arrow() -> None:
    files = _files()
    assert len(files) > 100
    assert {_room(_module(path)) for path in files} == set(MAY_USE)
    assert [wrong for path in files for wrong in wrong_arrows(path)] == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("screens/x.py", "from devices.vision import camera"),
        ("screens/x.py", "def f():\n    import offline_store"),
        ("kiosk/x.py", "import screens.app"),
        ("kiosk/x.py", "from hub import city"),
        ("kiosk/contract/x.py", "from kiosk import words"),
        ("kiosk/contract/x.py", "from ..words import Words"),
        ("devices/x.py", "from offline_store.errors import StoreError"),
        ("devices/cards/x.py", "import kiosk.contract.faults"),
        ("offline_store/x.py", "from kiosk.contract import faults"),
        ("hub/x.py", "from kiosk.words import Words"),
        ("hub/x.py", "from kiosk import words"),
        ("hub/x.py", "import devices.errors"),
        ("provisioning/x.py", "import hub.city"),
        ("provisioning/x.py", "import screens"),
        ("kiosk/x.py", "from tests.harness import Hands"),
        ("kiosk/x.py", "import importlib\nimportlib.import_module('hub')"),
    ],
)
def test_wrong_arrow_is_noticed(path: str, source: str) -> None:
    module = _module(ROOT / path)
    room = _room(module)
    imported = list(imports_of(source, module, False))
    assert any(
        _room(name) in {*MAY_USE, "tests"} and _room(name) not in {room, *MAY_USE[room]}
        for name in imported
    )


@pytest.mark.parametrize(
    ("loaded", "never"),
    [
        ("hub.app", ("kivy", "cv2", "smartcard", "screens", "devices", "offline_store")),
        ("kiosk.contract.messages", ("kivy", "cv2", "smartcard", "devices", "offline_store")),
        ("devices", ("kiosk", "screens", "offline_store", "hub")),
        ("offline_store", ("kiosk", "screens", "devices", "hub", "kivy")),
        ("kiosk.visit", ("kivy", "screens", "hub", "smartcard")),
    ],
)
def test_loading_a_room_loads_nothing_it_must_not_know(loaded: str, never: tuple[str, ...]) -> None:
    script = (
        f"import sys, pkgutil, importlib\nimportlib.import_module({loaded!r})\n"
        "print(' '.join(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True,
                          check=True)
    assert set(done.stdout.split()) & set(never) == set()
