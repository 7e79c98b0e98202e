"""hub/alerts.yml against what a hub really says: every rule can fire, and none does in peace."""

import operator
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from hub import contact, intake, metrics
from hub.enrolment import enrol, new_code
from hub.problems import Refusal
from kiosk.contract import keys
from kiosk.contract.contact import Contact, Escalation
from kiosk.contract.messages import EnrolmentRequest
from kiosk.contract.publishing import CATALOG
from tests.hub.test_intake import Bench
from tests.small_disk import MIB, small_disk

RULES = Path(metrics.__file__).with_name("alerts.yml")
EXPRESSION = re.compile(
    r"(?P<function>abs|absent)?\(?(?P<metric>yimen_[a-z_]+)(?:\{(?P<label>[a-z]+)"
    r'(?P<match>=~?)"(?P<value>[a-z|]+)"\})?\)?(?: (?P<compare>[<>]) (?P<number>-?[0-9]+))?'
)
SAMPLE = re.compile(r"(?P<metric>[a-z_]+)(?:\{(?P<labels>.*)\})? (?P<value>\S+)")


def rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load(RULES.read_text("utf-8"))["groups"]
    return list(group["rules"])


def told(bench: Bench) -> str:
    return bytes(metrics.metrics(bench.city).body).decode()


def samples(text: str, metric: str) -> Iterator[tuple[dict[str, str], float]]:
    for line in text.splitlines():
        found = SAMPLE.fullmatch(line)
        if found and found["metric"] == metric:
            labels = dict(re.findall(r'([a-z]+)="([^"]*)"', found["labels"] or ""))
            yield labels, float(found["value"])


def fires(expression: str, text: str) -> bool:
    """Whether a rule of the file fires on this text, by Prometheus's rules for such a one."""
    read = EXPRESSION.fullmatch(expression)
    assert read is not None, f"not of the form the file's head promises: {expression}"
    values = [
        value for labels, value in samples(text, read["metric"])
        if read["label"] is None
        or re.fullmatch(read["value"], labels.get(read["label"], "")) is not None
    ]
    if read["function"] == "absent":
        return not values
    if read["function"] == "abs":
        values = [abs(value) for value in values]
    compare = {"<": operator.lt, ">": operator.gt}[read["compare"]]
    return any(compare(value, float(read["number"])) for value in values)


def firing(text: str) -> set[str]:
    return {rule["alert"] for rule in rules() if fires(rule["expr"], text)}


def test_each_rule_has_a_name_a_severity_and_a_sentence_and_asks_for_what_is_exported(
    tmp_path: Path,
) -> None:
    bench = Bench(tmp_path / "data")
    contact.report(bench.city, bench.side.kiosk_id, Contact(free_mb=5000))
    text = told(bench)
    found = rules()
    assert len({rule["alert"] for rule in found}) == len(found)
    for rule in found:
        assert rule["labels"]["severity"] in ("critical", "warning", "info")
        assert rule["annotations"]["summary"]
        assert set(re.findall(r"\$labels\.([a-z]+)", rule["annotations"]["summary"])) <= {
            label for name in re.findall(r"yimen_[a-z_]+", rule["expr"])
            for labels, _ in samples(text, name) for label in labels
        }
        for name in re.findall(r"yimen_[a-z_]+", rule["expr"]):
            assert list(samples(text, name)), f"{name} is not exported"


def test_none_fires_while_all_is_well(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "data")
    edition = bench.city.publisher.edition(CATALOG)
    assert edition is not None
    contact.report(bench.city, bench.side.kiosk_id, Contact(
        catalog=edition.version, free_mb=5000,
    ))
    assert firing(told(bench)) == set()


def newcomer(bench: Bench, approval: bool) -> str:
    key = keys.public_text(keys.new_signing_key().public_key())
    with bench.city.database.transaction() as session:
        code = new_code(session, bench.clock.now, approval=approval)
        return enrol(
            session, EnrolmentRequest(code=code, public_key=key), bench.clock.now
        ).kiosk_id


def test_each_fires_when_what_it_is_for_happens(tmp_path: Path) -> None:
    fired: dict[str, set[str]] = {}
    with small_disk(tmp_path / "disk", 64 * MIB) as disk:
        bench = Bench(disk.folder / "data")
        city, side = bench.city, bench.side
        fired["a disk of 64 MiB"] = firing(told(bench))
        sealed, case = side.compose(), side.compose()
        offer = bench.announce(case)
        bench.arrive(offer, case.data)
        intake.finish(city, offer.upload)
        newcomer(bench, approval=True)
        fired["a kiosk to be approved"] = firing(told(bench))
        contact.report(city, side.kiosk_id, Contact(audit_seq=5, audit_head="a" * 64))
        contact.report(city, side.kiosk_id, Contact(
            audit_seq=3, shelved=1, oldest=bench.clock.now - timedelta(hours=5),
            clock_offset=-400.0, closed="store.full", free_mb=100,
        ))
        fired["a bad report"] = firing(told(bench))
        contact.escalate(city, side.kiosk_id, Escalation(
            submission_id=sealed.body.id, digest=sealed.digest, receipt_number="YM",
            service_code="x", code="hub.refused", attempts=1, created=datetime.now(UTC),
        ))
        fired["an escalation"] = firing(told(bench))
        side.key = keys.new_signing_key()
        forged = side.compose()
        offer = bench.announce(forged)
        bench.arrive(offer, forged.data)
        with pytest.raises(Refusal):
            intake.finish(city, offer.upload)
        fired["a forged envelope"] = firing(told(bench))
        bench.clock.now += timedelta(days=4)
        fired["four days without anybody"] = firing(told(bench))
        bench.clock.now += timedelta(days=60)
        fired["two months without anybody"] = firing(told(bench))
        city.database.close()
    new, ever = {}, set[str]()
    for what, names in fired.items():
        new[what] = names - ever
        ever |= names
    assert new == {
        "a disk of 64 MiB": {"YimenDiskLow"},
        "a kiosk to be approved": {"YimenKioskWaitsForApproval"},
        "a bad report": {
            "YimenAuditBroken", "YimenShelfNotEmpty", "YimenSubmissionWaits", "YimenKioskClockOff",
            "YimenKioskCatalogOld", "YimenKioskClosed", "YimenKioskDiskLow",
        },
        "an escalation": {"YimenEscalation"},
        "a forged envelope": {"YimenUploadRefused"},
        "four days without anybody": {"YimenKioskSilent", "YimenPublishedNotRenewed"},
        "two months without anybody": {
            "YimenCaseUntouched", "YimenPublishedExpired", "YimenPublishedExpires",
        },
    }
    assert firing("") == {"YimenHubSilent"}
    assert {rule["alert"] for rule in rules()} == ever | {"YimenHubSilent"}
