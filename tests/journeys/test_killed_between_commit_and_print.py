"""The app is shot between commit and print: one case, the receipt owed, nothing printed unasked."""

import itertools
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.steps import Step
from tests.journeys.city import City, eventually
from tests.journeys.resident import next_visitor

ROOT = Path(__file__).parents[2]


def start(city: City, tmp_path: Path, crash_at: str) -> "subprocess.Popen[bytes]":
    config = tmp_path / "config.json"
    config.write_text(city.config.model_dump_json())
    return subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.kiosk_to_kill", str(config),
         str(city.bench.folder)],
        cwd=ROOT, stdout=subprocess.PIPE, env=os.environ | {"YIMEN_STORE_CRASH_AT": crash_at},
    )


@pytest.mark.parametrize("moment", ["committed", "printing"])
def test_receipt_law_holds_when_the_app_is_killed(
    city: City, tmp_path: Path, moment: str
) -> None:
    printer = city.bench.printer
    jobs = len(printer.jobs)
    if moment == "printing":
        printer.pace(60.0)
    crash_at = "outbox.commit.done" if moment == "committed" else ""
    with start(city, tmp_path, crash_at) as kiosk:
        assert kiosk.stdout is not None
        said = list(itertools.takewhile(lambda line: line != b"printing\n", kiosk.stdout))
        if moment == "printing":
            eventually(lambda: len(printer.jobs) > jobs, "the first line of the receipt")
            kiosk.kill()
    assert kiosk.returncode == -signal.SIGKILL
    assert said == [b"review\n"]
    printer.pace(None)
    city.bench.id_card.remove()

    following = next_visitor(city)
    outbox = following.kiosk.store.outbox
    owed = [row.number for row in outbox.receipts_owed()]
    assert len(owed) == 1
    number, qr = owed[0], outbox.receipts_owed()[0].receipt_qr
    following.hands.wait_until(lambda: not outbox.waiting(), "the hub's signed receipt")
    assert len(city.case(number)) == 1
    after = len(printer.jobs)
    following.waits(30)
    assert len(printer.jobs) == after  # not unattended

    following.speaks_at_once("zh").touches("home.my_cases").arrives_at(Step.IDENTIFY)
    following.lays("zhang_wei").arrives_at(Step.CASE)
    following.hands.wait_to_see(f"case.print.{number}")
    following.touches(f"case.print.{number}")
    following.hands.wait_until(
        lambda: any(qr in job.codes for job in printer.jobs[after:]), "the receipt on paper"
    )
    following.hands.wait_until(lambda: not outbox.receipts_owed(), "nothing owed any more")
    assert len(city.case(number)) == 1
