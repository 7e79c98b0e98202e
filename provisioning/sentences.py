"""The sentences of the screens and their translations: `yimen words`.

Collects every message id from the code (calls of `words(…)`, `say(…)` and `.plural(…)`), from
faults.toml, from the options that staff see and from the few tables that hold message ids, and
brings the .po files up to date: new ones are added empty, old ones go, translations stay.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from kiosk.contract.faults import CLOSES, FAULTS
from kiosk.contract.settings import options
from kiosk.words import LANGUAGES, LOCALE
from provisioning.processes import ROOT

ROOMS = ("kiosk", "screens")
_CALLS = frozenset({"words", "say"})
_HEADER = "# Sentences of the screens. Written by `./yimen words`; translations by hand.\n"

MessageId = str | tuple[str, str]


def collect() -> dict[MessageId, list[tuple[str, int]]]:
    """Every message id with the places it is used at, (file, line)."""
    found: dict[MessageId, list[tuple[str, int]]] = {}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            for message, line in _of_code(ast.parse(path.read_text(encoding="utf-8"))):
                found.setdefault(message, []).append((name, line))
    for option in options().values():
        if option.shared:  # what the staff's page shows
            found.setdefault(option.text, []).append(("kiosk/contract/options.py", 0))
    for fault in FAULTS.values():
        for sentence in (fault.resident, fault.way_on):
            found.setdefault(sentence, []).append(("kiosk/contract/faults.toml", 0))
    for code in CLOSES:
        found.setdefault(FAULTS[code].staff, []).append(("kiosk/contract/faults.toml", 0))
    return found


def _of_code(tree: ast.AST) -> Iterator[tuple[MessageId, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = _name(node.func)
            texts = [
                argument.value
                for argument in node.args
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            ]
            if name in _CALLS and len(texts) == 1:
                yield texts[0], node.lineno
            elif name == "plural" and len(texts) >= 2:
                yield (texts[0], texts[1]), node.lineno
        elif isinstance(node, ast.Assign | ast.AnnAssign) and _holds_messages(node):
            for part in ast.walk(node):
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and (
                    " " in part.value or part.value[:1].isupper()
                ):
                    yield part.value, part.lineno


def _name(function: ast.expr) -> str:
    """What is called: `words(…)`, `self.words(…)`, `Words(language)(…)`."""
    if isinstance(function, ast.Attribute):
        return function.attr
    if isinstance(function, ast.Name):
        return function.id
    if isinstance(function, ast.Call):
        return _name(function.func).lower()
    return ""


def _holds_messages(node: ast.Assign | ast.AnnAssign) -> bool:
    """A table of message ids is called …_WORDS or …_SENTENCES."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(
        isinstance(target, ast.Name) and target.id.endswith(("_WORDS", "_SENTENCES"))
        for target in targets
    )


def read(language: str) -> Catalog:
    """The translations of one language as they stand in the repository."""
    path = LOCALE / language / "LC_MESSAGES" / "yimen.po"
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as source:
        return read_po(source, locale=language)


def missing(language: str) -> list[str]:
    """Message ids without a complete translation in `language`."""
    catalog = read(language)
    lacking = []
    for message_id in collect():
        message = catalog.get(message_id if isinstance(message_id, str) else message_id[0])
        texts = message.string if message is not None else ""
        texts = texts if isinstance(texts, tuple | list) else (texts,)
        if not texts or not all(texts):
            lacking.append(message_id if isinstance(message_id, str) else message_id[0])
    return lacking


def update(translations: dict[str, dict[str, str]] | None = None) -> dict[str, int]:
    """Write the .po files anew; how many translations each language lacks.

    `translations`: language → message id → text, taken where the files have none.
    """
    lacking = {}
    for language in LANGUAGES[0], *LANGUAGES[2:]:
        old, fresh = read(language), Catalog(locale=language, charset="utf-8")
        offered = (translations or {}).get(language, {})
        for message_id, places in sorted(collect().items(), key=lambda item: str(item[0])):
            single = message_id if isinstance(message_id, str) else message_id[0]
            known = old.get(single)
            text = known.string if known is not None else ""
            if not text or not any(text):
                text = offered.get(single, "")
            if not isinstance(message_id, str) and isinstance(text, str):
                text = (text,)
            fresh.add(message_id, text, locations=sorted({(name, 0) for name, _ in places}))
        path = LOCALE / language / "LC_MESSAGES" / "yimen.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.header_comment = _HEADER.strip()
        with path.open("wb") as target:
            write_po(target, fresh, width=100, omit_header=False, sort_output=True,
                     include_lineno=False)
        lacking[language] = len(missing(language))
    return lacking


def offered_by(paths: list[Path]) -> dict[str, dict[str, str]]:
    """Translations from lists of {"en", "zh", "ko"} objects (JSON files), for `update`."""
    import json

    offered: dict[str, dict[str, str]] = {"zh": {}, "ko": {}}
    for path in paths:
        for row in json.loads(path.read_text(encoding="utf-8")):
            for language in offered:
                offered[language][row["en"]] = row[language]
    return offered
