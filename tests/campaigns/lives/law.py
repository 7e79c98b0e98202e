"""The receipt law (decision 5), checked from outside against files and paper.

A printed receipt ⇒ exactly one submission and one case. A submission ⇒ its receipt printed or
owed. What was said to be committed is there. Every submission one case, every case its envelope.
Both databases whole, the audit trail unbroken.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.contract.receipts import parse_qr
from offline_store.database import open_read_only


@dataclass(frozen=True)
class Paper:
    """What came out of the printer: the receipt number, and whether it was cut off whole."""

    number: str
    whole: bool


@dataclass(frozen=True)
class Broken:
    """One way in which the law does not hold."""

    law: str
    detail: str


def papers(jobs: Iterable[Any]) -> list[Paper]:
    """The receipts among a testbed printer's jobs: those whose code is on the paper."""
    return [Paper(str(parse_qr(job.codes[-1]).number), job.finished) for job in jobs if job.codes]


def check(store: Path, hub: Path, printed: list[Paper], committed: Iterable[str]) -> list[Broken]:
    """Everything that does not hold; kiosk and hub are at rest, and nothing waits any more.

    store: the kiosk's file. hub: its folder. committed: receipt numbers whose commit had returned.
    """
    rows, owed, broken = _kiosk(store)
    cases, more = _hub(hub)
    broken += more
    numbers = Counter(row["number"] for row in rows)
    at_hub = Counter(case["receipt_number"] for case in cases)
    by_number = {str(row["number"]): row for row in rows}
    on_paper = Counter(paper.number for paper in printed)
    whole = {paper.number for paper in printed if paper.whole}
    for number, count in on_paper.items():
        if numbers[number] != 1 or at_hub[number] != 1:
            broken.append(Broken(
                "a printed receipt has one submission and one case",
                f"{number}: {numbers[number]} submissions, {at_hub[number]} cases",
            ))  # fmt: skip
        if count > 1:
            broken.append(Broken("nothing is printed unasked", f"{number}: {count} times"))
    for number in set(committed) - numbers.keys():
        broken.append(Broken("what was committed stays", number))
    for number, row in by_number.items():
        if row["printed"] and number not in whole:
            broken.append(Broken("a receipt is printed or owed", f"{number}: neither"))
        if bool(row["printed"]) == (number in owed):
            broken.append(Broken("an owed receipt is owed", number))
        if row["state"] != "confirmed":
            broken.append(Broken("every submission arrives", f"{number}: {row['state']}"))
    for case in cases:
        own = by_number.get(case["receipt_number"])
        if own is None:
            broken.append(Broken("every case has a submission", case["receipt_number"]))
        elif (own["id"], own["digest"]) != (case["submission_id"], case["digest"]):
            broken.append(Broken("a case is of its submission", case["receipt_number"]))
        elif own["case_number"] != case["case_number"]:
            broken.append(Broken("the kiosk knows the case's number", case["receipt_number"]))
        if case["state"] != "received" or case["reasons"] != "[]":
            broken.append(Broken(
                "a case is whole", f"{case['receipt_number']}: {case['state']} {case['reasons']}"
            ))  # fmt: skip
    for number in numbers.keys() - at_hub.keys():
        broken.append(Broken("every submission has one case", f"{number}: none"))
    broken += [Broken("every submission has one case", f"{number}: {count}")
               for number, count in at_hub.items() if count > 1]
    return broken


def _kiosk(path: Path) -> tuple[list[dict[str, Any]], set[str], list[Broken]]:
    broken: list[Broken] = []
    with closing(_open(path)) as connection:
        broken += _whole(connection, "the kiosk's store is whole")
        rows = [dict(row) for row in connection.execute(
            "SELECT s.id, s.digest, s.state, s.case_number, r.number, r.printed,"
            " (SELECT count(*) FROM sealed_part p WHERE p.submission_id = s.id) AS parts"
            " FROM submission s LEFT JOIN receipt r ON r.submission_id = s.id"
        )]  # fmt: skip
        if strays := connection.execute(
            "SELECT count(*) FROM receipt WHERE submission_id NOT IN (SELECT id FROM submission)"
        ).fetchone()[0]:
            broken.append(Broken("a receipt has a submission", f"{strays} have none"))
        said = connection.execute(
            "SELECT count(*) FROM audit WHERE event = 'submission.committed'"
        ).fetchone()[0]
        if said != len(rows):
            broken.append(Broken("every commit is in the audit", f"{said} lines, {len(rows)}"))
    with open_read_only(path) as store:
        try:
            store.audit.verify()
        except Exception as error:  # noqa: BLE001 - whatever it says, it does not hold
            broken.append(Broken("the audit trail is unbroken", str(error)))
        owed = {row.number for row in store.outbox.receipts_owed()}
        for row in rows:
            if row["state"] == "waiting":
                sealed = store.outbox.read(row["id"], 0, 1 << 30)
                if hashlib.sha256(sealed).hexdigest() != row["digest"]:
                    broken.append(Broken("sealed bytes stay as they are", row["number"]))
    return rows, owed, broken


def _hub(folder: Path) -> tuple[list[dict[str, Any]], list[Broken]]:
    with closing(_open(folder / "hub.sqlite3")) as connection:
        broken = list(_whole(connection, "the hub's database is whole"))
        cases = [dict(row) for row in connection.execute(
            "SELECT case_number, submission_id, digest, receipt_number, state, reasons, envelope,"
            " receipt FROM cases"
        )]  # fmt: skip
    for case in cases:
        envelope = folder / case["envelope"]
        if not envelope.is_file():
            broken.append(Broken("a case has its envelope", case["receipt_number"]))
        elif hashlib.sha256(envelope.read_bytes()).hexdigest() != case["digest"]:
            broken.append(Broken("an envelope is as it was sent", case["receipt_number"]))
        told = json.loads(case["receipt"])["document"]
        if (told["case_number"], told["digest"]) != (case["case_number"], case["digest"]):
            broken.append(Broken("the hub's receipt is of its case", case["receipt_number"]))
    return cases, broken


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    return connection


def _whole(connection: sqlite3.Connection, law: str) -> Iterator[Broken]:
    verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
    if verdict != "ok":
        yield Broken(law, str(verdict))
    if strays := connection.execute("PRAGMA foreign_key_check").fetchall():
        yield Broken(law, f"{len(strays)} rows point nowhere")
