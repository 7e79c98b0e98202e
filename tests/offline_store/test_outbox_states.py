"""The receipt law against a model, in any order of events, with power cuts between them."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from offline_store import Store
from tests.offline_store.samples import submission


@dataclass
class Expected:
    sealed: bytes
    state: str = "waiting"
    printed: bool = False
    attempts: int = 0


class OutboxMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="yimen-outbox-"))
        self.store = Store.open(self.folder / "kiosk.sqlite3")
        self.model: dict[str, Expected] = {}

    def _pick(self, choice: int) -> str:
        return sorted(self.model)[choice % len(self.model)]

    @rule(size=st.sampled_from([0, 1, 262_144, 262_145]), repeat=st.booleans())
    def commit(self, size: int, repeat: bool) -> None:
        name, sealed = str(len(self.model)), bytes([len(self.model) % 256]) * size
        for _ in range(1 + repeat):
            self.store.outbox.commit(submission(name, sealed))
        self.model[name] = Expected(sealed)

    @precondition(lambda self: self.model)
    @rule(choice=st.integers(0, 99))
    def attempt(self, choice: int) -> None:
        name = self._pick(choice)
        self.store.outbox.attempted(f"submission-{name}", "hub.down", 5.0)
        if self.model[name].state != "confirmed":
            self.model[name].attempts += 1

    @precondition(lambda self: self.model)
    @rule(choice=st.integers(0, 99))
    def shelve(self, choice: int) -> None:
        name = self._pick(choice)
        self.store.outbox.shelved(f"submission-{name}", "hub.refused")
        if self.model[name].state != "confirmed":
            self.model[name].state = "shelved"
            self.model[name].attempts += 1

    @precondition(lambda self: self.model)
    @rule(choice=st.integers(0, 99))
    def retry(self, choice: int) -> None:
        name = self._pick(choice)
        self.store.outbox.retried(f"submission-{name}")
        if self.model[name].state != "confirmed":
            self.model[name].state = "waiting"

    @precondition(lambda self: self.model)
    @rule(choice=st.integers(0, 99))
    def confirm(self, choice: int) -> None:
        name = self._pick(choice)
        self.store.outbox.confirmed(f"submission-{name}", f'{{"case_number": "{name}"}}'.encode())
        self.model[name].state = "confirmed"
        self.model[name].sealed = b""

    @precondition(lambda self: self.model)
    @rule(choice=st.integers(0, 99))
    def print_receipt(self, choice: int) -> None:
        name = self._pick(choice)
        self.store.outbox.receipt_printed(f"YM-{name}")
        self.model[name].printed = True

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.store = Store.open(self.folder / "kiosk.sqlite3")

    @invariant()
    def every_submission_has_its_bytes_or_the_hubs_receipt(self) -> None:
        for name, expected in self.model.items():
            item = self.store.outbox.item(f"submission-{name}")
            assert (item.state, item.attempts) == (expected.state, expected.attempts)
            held = self.store.outbox.read(item.submission_id, 0, 1_000_000)
            assert held == expected.sealed
            signed = self.store.outbox.signed_receipt(item.submission_id)
            assert (signed is not None) == (expected.state == "confirmed")

    @invariant()
    def every_receipt_is_printed_or_owed(self) -> None:
        owed = {row.number for row in self.store.outbox.receipts_owed()}
        assert owed == {f"YM-{name}" for name, e in self.model.items() if not e.printed}
        waiting = {item.receipt_number for item in self.store.outbox.waiting()}
        assert waiting == {f"YM-{n}" for n, e in self.model.items() if e.state == "waiting"}

    def teardown(self) -> None:
        self.store.audit.verify()
        self.store.close()
        shutil.rmtree(self.folder)


OutboxMachine.TestCase.settings = settings(
    max_examples=15,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
TestOutbox = OutboxMachine.TestCase
