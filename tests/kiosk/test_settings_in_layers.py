"""The nearest layer decides; what the hub says can never stop a kiosk."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.config import HUB_LAYERS, ConfigError, in_force, keep_hub_layers, put, read_config
from kiosk.contract.settings import ABOVE, Layer, SettingError, check_above, options

_BOUNDS = {"idle_warning": (10, 600), "store.least_mb": (0, 65536), "draft_days": (1, 60)}


def _kiosk(folder: Path, more: str = "") -> Path:
    path = folder / "kiosk.toml"
    path.write_text(f"data = {json.dumps(str(folder))}  # where it is\n{more}", encoding="utf-8")
    return path


def test_each_layer_covers_the_ones_behind_it(tmp_path: Path) -> None:
    path = _kiosk(tmp_path, "[store]\nleast_mb = 5\n")
    keep_hub_layers(tmp_path, {
        "city": {"idle_warning": 20, "draft_days": 7, "store.least_mb": 1, "idle_answer": 11},
        "county": {"idle_warning": 30, "draft_days": 8},
        "street": {"idle_warning": 40},
    })
    config, said = read_config(path), in_force(path)
    assert (config.idle_warning, config.draft_days, config.idle_answer) == (40, 8, 11)
    assert (config.store.least_mb, config.store.reserve_mb) == (5, 64)
    assert [said.layer(name).value for name in (
        "store.reserve_mb", "idle_answer", "draft_days", "idle_warning", "store.least_mb",
    )] == ["default", "city", "county", "street", "kiosk"]
    assert said.value("draft_days") == 8 and said.value("store.reserve_mb") == 64


def test_a_hub_without_words_for_a_street_leaves_the_others(tmp_path: Path) -> None:
    path = _kiosk(tmp_path)
    assert keep_hub_layers(tmp_path, {"county": {"place.phone": "0431-1"}})
    assert not keep_hub_layers(tmp_path, {"county": {"place.phone": "0431-1"}})
    assert read_config(path).place.phone == "0431-1"
    assert keep_hub_layers(tmp_path, {})
    assert read_config(path).place.phone == "12345"


@pytest.mark.parametrize("name", [name for name, option in options().items() if not option.shared])
def test_what_is_plugged_in_cannot_be_set_from_above(tmp_path: Path, name: str) -> None:
    path = _kiosk(tmp_path)
    before = read_config(path)
    keep_hub_layers(tmp_path, {"city": {name: options()[name].default or "/elsewhere"}})
    assert read_config(path) == before


@pytest.mark.parametrize(
    "kept", [b"", b"[]", b'{"city": 3}', b'{"city": {"idle_warning": 1e999}}', b"\xff", b"{",
             b'{"moon": {"idle_warning": 20}}', b'{"city": {"no_such": 1}}'],
)
def test_damaged_layers_leave_the_kiosks_own_file(tmp_path: Path, kept: bytes) -> None:
    path = _kiosk(tmp_path, "draft_days = 3\n")
    (tmp_path / HUB_LAYERS).write_bytes(kept)
    config = read_config(path)
    assert (config.draft_days, config.idle_warning) == (3, 45)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner,
                                                                max_size=2),
    max_leaves=4,
)
_NAMES = st.sampled_from([*options(), "nothing", "store", "place.name.zh", ""])


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(layers=st.dictionaries(
    st.sampled_from([*(layer.value for layer in ABOVE), "kiosk", "default", "x"]),
    st.dictionaries(_NAMES, _JSON, max_size=4), max_size=4))
def test_a_kiosk_starts_with_whatever_a_hub_says(
    tmp_path: Path, layers: dict[str, dict[str, Any]]
) -> None:
    path = _kiosk(tmp_path)
    (tmp_path / HUB_LAYERS).write_text(json.dumps(layers), encoding="utf-8")
    config = read_config(path)
    for name, (least, most) in _BOUNDS.items():
        assert least <= in_force(path).value(name) <= most
    assert config.devices == type(config.devices)() and config.hub.url == ""


@pytest.mark.parametrize("name", ["place.name", "place.hall", "idle_warning", "draft_days"])
def test_a_value_out_of_bounds_names_the_option_only(name: str) -> None:
    with pytest.raises(SettingError, match=name) as caught:
        check_above(name, -98765)
    assert "98765" not in str(caught.value)


def test_setting_an_option_leaves_the_rest_of_the_file(tmp_path: Path) -> None:
    path = _kiosk(tmp_path, "[store] # room\nleast_mb = 5 # little\n")
    put(path, "store.least_mb", "300")
    put(path, "place.hall", {"zh": "南湖", "en": "Nanhu"})
    put(path, "devices.smartcard", True)
    config = read_config(path)
    assert config.store.least_mb == 300 and config.devices.smartcard
    assert config.place.hall == {"zh": "南湖", "en": "Nanhu"}
    assert "# where it is" in path.read_text("utf-8") and "# little" in path.read_text("utf-8")
    put(path, "store.least_mb", None)
    assert read_config(path).store.least_mb == 256
    assert "least_mb" not in path.read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "value"),
    [("store.least_mb", -1), ("no.such", 1), ("data", None), ("idle_warning", "soon"),
     ("place.name", {"en": "x"}), ("hub.url", "ftp://x"), ("devices", "none"), ("observe", 1)],
)
def test_a_wrong_value_changes_nothing(tmp_path: Path, name: str, value: Any) -> None:
    path = _kiosk(tmp_path, "draft_days = 3\n")
    before = path.read_bytes()
    with pytest.raises(SettingError, match=name.replace(".", r"\.")):
        put(path, name, value)
    assert path.read_bytes() == before


def test_a_file_that_is_wrong_already_is_named(tmp_path: Path) -> None:
    path = _kiosk(tmp_path, "colour = 1\n")
    with pytest.raises(ConfigError, match=r"kiosk\.toml: colour"):
        put(path, "draft_days", 4)


def test_every_option_says_what_it_is_for() -> None:
    for option in options().values():
        assert option.text.endswith((".", "?")), option.name
        assert option.kind in {"boolean", "integer", "number", "string", "object"}


def test_layers_stand_in_their_order() -> None:
    assert [layer.value for layer in Layer] == ["default", "city", "county", "street", "kiosk"]
