"""faults.toml and the code hold together: every code used is listed, every listed one is used."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from devices.errors import FAULT_CODES
from kiosk.contract.faults import FAULTS

ROOT = Path(__file__).parents[1]
ROOMS = ("kiosk", "devices", "offline_store", "hub", "screens", "provisioning")
GROUPS = sorted({code.partition(".")[0] for code in FAULTS})
_CODE = re.compile(rf"(?:{'|'.join(GROUPS)})\.[a-z_]+")
# Calls whose string argument is a fault code, whatever group it names.
_TAKES_A_CODE = {"HubFault", "DeviceFault", "Refusal", "CardFault", "CodeFault", "ReceiptCodeError",
                 "_fail_step", "_view", "fault_view", "known_fault", "_scan_failed"}
# A code that only a program's own mistake can raise; nobody at a kiosk ever meets it.
_PROGRAM_ONLY = {"store.closed", "store.conflict", "store.read_only", "store.unknown"}


@cache
def _trees() -> dict[Path, ast.Module]:
    files = [ROOT / "main.py", *(f for room in ROOMS for f in sorted((ROOT / room).rglob("*.py")))]
    return {
        path: ast.parse(path.read_text("utf-8"))
        for path in files
        # The testbed's verbs ("card.insert") look like codes and are none.
        if "testbed" not in path.parts
    }


def _strings(tree: ast.AST) -> set[str]:
    return {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)
            and isinstance(n.value, str)}


def _raised(tree: ast.AST) -> set[str]:
    """Codes given to what takes a code."""
    found = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in _TAKES_A_CODE:
            found |= {a.value for a in node.args[:2] if isinstance(a, ast.Constant)
                      and isinstance(a.value, str) and re.fullmatch(r"[a-z]+\.[a-z_]+", a.value)}
    return found


def test_every_code_raised_anywhere_is_in_the_catalog() -> None:
    raised = {code: path for path, tree in _trees().items() for code in _raised(tree)}
    assert len(raised) > 25
    assert {code: path.name for code, path in raised.items() if code not in FAULTS} == {}


def test_every_fault_of_a_device_is_in_the_catalog() -> None:
    assert FAULT_CODES - set(FAULTS) == set()


def test_every_code_of_the_store_is_in_the_catalog_or_a_programs_own_mistake() -> None:
    tree = _trees()[ROOT / "offline_store" / "errors.py"]
    codes = {text for text in _strings(tree) if re.fullmatch(r"store\.[a-z_]+", text)}
    assert "store.full" in codes
    assert codes - set(FAULTS) - _PROGRAM_ONLY == set()


@pytest.mark.parametrize("room", ["kiosk", "hub"])
def test_every_code_a_room_names_is_in_the_catalog(room: str) -> None:
    """Whole strings that look like a code of a group the catalog knows."""
    named = {
        text: path.name
        for path, tree in _trees().items() if path.relative_to(ROOT).parts[0] == room
        for text in _strings(tree) if _CODE.fullmatch(text)
    }
    assert len(named) > 5
    assert {t: f for t, f in named.items() if t not in FAULTS and not _is_no_fault(t)} == {}


def _is_no_fault(text: str) -> bool:
    """Names that share a group's word: files, what the store remembers of the printer, sources of
    prefilled fields, and reasons that only a clerk reads at the desk (hub/desk/words.py)."""
    return text in {
        "kiosk.db", "kiosk.sock", "hub.lock", "printer.void", "printer.paper",
        "service.unknown_version", "draft.twice",
    } or text.startswith("person.")


def test_every_fault_of_the_catalog_can_happen() -> None:
    """A sentence nobody can ever read is a sentence nobody keeps right."""
    used = {text for tree in _trees().values() for text in _strings(tree)}
    assert sorted(set(FAULTS) - used) == []
