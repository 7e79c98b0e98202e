import pytest

from offline_store import Store
from offline_store.settings import Json


@pytest.mark.parametrize("value", [None, True, 0, 1.5, "一门", [1, "a"], {"a": {"b": [None]}}])
def test_a_value_comes_back_as_it_was_put(store: Store, value: Json) -> None:
    store.settings.put("name", value)
    assert store.settings.get("name", "default") == value


def test_a_later_value_replaces_the_earlier_one(store: Store) -> None:
    store.settings.put("name", 1)
    store.settings.put("name", 2)
    assert store.settings.get("name") == 2


def test_a_name_never_put_gives_the_default(store: Store) -> None:
    assert store.settings.get("name") is None
    assert store.settings.get("name", 5) == 5


def test_a_number_json_does_not_know_is_refused_and_nothing_kept(store: Store) -> None:
    with pytest.raises(ValueError, match="JSON"):
        store.settings.put("name", float("nan"))
    assert store.settings.get("name") is None
