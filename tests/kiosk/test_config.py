"""A configuration is right, or the error names the file and the key."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.config import ConfigError, read_config
from kiosk.contract.options import Config


def _read(folder: Path, text: str) -> Config:
    path = folder / "kiosk.toml"
    path.write_text(text, encoding="utf-8")
    return read_config(path)


def test_smallest_configuration_is_a_folder(tmp_path: Path) -> None:
    config = _read(tmp_path, 'data = "/var/lib/yimen"')
    assert config.data == Path("/var/lib/yimen")
    assert config.panel.width_px == 1080
    assert config.devices.camera == ""
    assert config.observe is False


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "data"),
        ('data = "x"\ncolour = "red"', "colour"),
        ('data = "x"\n[devices]\nid_crad = "/dev/ttyS0"', "devices.id_crad"),
        ('data = "x"\n[devices]\nid_card_baud = "fast"', "devices.id_card_baud"),
        ('data = "x"\n[devices]\nprinter_columns = 0', "devices.printer_columns"),
        ('data = "x"\n[devices]\nsmartcard = "maybe"', "devices.smartcard"),
        ('data = "x"\n[panel]\nwidth_px = 3', "panel.width_px"),
        ('data = "x"\n[panel]\nscale = 0', "panel.scale"),
        ('data = "x"\n[hub]\nurl = "hub.example"', "hub.url"),
        ('data = "x"\n[hub]\nurl = "ftp://hub.example"', "hub.url"),
        ('data = "x"\nidle_warning = 1', "idle_warning"),
        ('data = "x"\n[place]\nphone = 12345', "place.phone"),
        ('data = "x"\n[place.name]\nzh = 7', "place.name.zh"),
        ('data = 7', "data"),
        ('data = "x"\ndevices = "none"', "devices"),
    ],
)
def test_wrong_value_is_an_error_that_names_key_and_file(
    tmp_path: Path, text: str, key: str
) -> None:
    with pytest.raises(ConfigError, match=re.escape(f"kiosk.toml: {key}: ")):
        _read(tmp_path, text)


def test_serial_ports_of_printer_and_code_reader_are_in_use(tmp_path: Path) -> None:
    config = _read(
        tmp_path,
        'data = "x"\n[devices]\nid_card = "auto"\ncode_reader = "/dev/yimen-code-reader"\n'
        'printer = "serial:///dev/ttyUSB1?baud=38400"',
    )
    assert config.devices.ports_in_use == ("/dev/yimen-code-reader", "/dev/ttyUSB1")


@pytest.mark.parametrize("printer", ["", "tcp://127.0.0.1:9100", "usb://04b8:0e15"])
def test_a_printer_on_another_wire_uses_no_serial_port(tmp_path: Path, printer: str) -> None:
    config = _read(tmp_path, f'data = "x"\n[devices]\nprinter = "{printer}"')
    assert config.devices.ports_in_use == ()


@pytest.mark.parametrize("content", [b"data = ", b"\xff\xfe", b"[[", b"data = 'x'\ndata = 'y'"])
def test_file_that_is_no_toml_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"kiosk\.toml: is not valid TOML"):
        read_config(path)


def test_missing_file_and_folder_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(ConfigError, match="cannot be read"):
            read_config(path)


def test_error_does_not_quote_the_enrolment_code(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        _read(tmp_path, 'data = "x"\n[hub]\nenrolment_code = ["SECR-ETCO"]')
    assert "SECR" not in str(caught.value)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(max_size=60) | st.sampled_from(
    ["data", "[devices]", "id_card = 1", 'data = "x"', "[hub]", "="]).flatmap(
        lambda line: st.text(max_size=10).map(lambda more: f"{line}\n{more}")))
def test_any_text_is_a_configuration_or_a_config_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "any.toml"
    path.write_text(text, encoding="utf-8")
    try:
        config = read_config(path)
    except ConfigError as error:
        assert "any.toml" in str(error)
    else:
        assert "data" in tomllib.loads(path.read_text("utf-8"))
        assert isinstance(config, Config)
