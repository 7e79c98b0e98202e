"""The receipt law, settings, audit and numbers against a model, in any order of events, with
restarts, tidying and damage between them."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from offline_store import Store
from offline_store.raw_wal import OUR_PAGE_SIZE
from offline_store.recovery import kept_files, open_or_recover
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
        self.folder = Path(tempfile.mkdtemp(prefix="yimen-outbox-", dir="/dev/shm"))
        self.store = Store.open(self.folder / "kiosk.sqlite3")
        self.model: dict[str, Expected] = {}
        self.settings: dict[str, int | str] = {}
        self.lines = self.last_number = 0

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

    @rule(name=st.sampled_from("abc"), value=st.integers() | st.text(max_size=5))
    def put_setting(self, name: str, value: int | str) -> None:
        self.store.settings.put(name, value)
        self.settings[name] = value

    @rule(number=st.integers(0, 9))
    def note(self, number: int) -> None:
        assert self.store.audit.append("kiosk.test", {"n": number}) > self.lines
        self.lines = self.store.audit.head()[0]

    @rule()
    def take_a_number(self) -> None:
        number = self.store.outbox.next_receipt_sequence("2026-11-23")
        assert number > self.last_number
        self.last_number = number

    @rule()
    def tidy(self) -> None:
        assert self.store.tidy()
        assert self.store.free_bytes == 0

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.store = Store.open(self.folder / "kiosk.sqlite3")

    @rule()
    def lose_the_first_page(self) -> None:
        self.store.close()
        path = self.folder / "kiosk.sqlite3"
        with path.open("r+b") as file:
            file.write(bytes(OUR_PAGE_SIZE))
        self.store, recovery = open_or_recover(path)
        assert recovery is not None
        assert recovery.lines_lost == ""
        for kept in kept_files(path):
            kept.unlink()

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
    def settings_and_audit_are_as_they_were_left(self) -> None:
        for name, value in self.settings.items():
            assert self.store.settings.get(name) == value
        assert self.store.audit.head()[0] >= self.lines
        self.store.audit.verify()

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
