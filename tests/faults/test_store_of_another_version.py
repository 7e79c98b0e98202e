"""A store that this program does not know: left alone, and people read why nobody is taken in."""

from pathlib import Path

import pytest

from kiosk.clock import SystemClock
from kiosk.contract.faults import FAULTS
from kiosk.contract.options import Config
from kiosk.steps import Step
from kiosk.timings import Timings
from main import Kiosk, _without_a_store
from offline_store import Store, StoreError
from offline_store.sqlite import sqlite3


def test_store_of_a_newer_version_is_refused_with_the_way_on_and_the_screen_says_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIMEN_RUN", str(tmp_path))
    config = Config(data=tmp_path / "kiosk")
    path = config.data / "kiosk.db"
    Store.open(path).close()
    connection = sqlite3.connect(path)
    with connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('offline_store', '9999_future', '2030')"
        )
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"9999_future.*install that version") as refused:
        Kiosk(config, SystemClock(), Timings())
    kiosk = Kiosk(_without_a_store(config), SystemClock(), Timings(closed_look=0.0),
                  closed=refused.value.code)
    starts: list[bool] = []
    visit = kiosk.open_visit(lambda: starts.append(True))
    assert visit.step is Step.OUT_OF_ORDER
    assert visit.out_of_order.code == "store.schema"
    assert visit.closed is not None
    assert visit.closed.todo == visit.words(FAULTS["store.schema"].staff)
    assert visit.closed.door  # without its store it knows nobody
    kiosk.frame()
    kiosk.close()
    assert starts == [True]
    assert path.read_bytes() == before
