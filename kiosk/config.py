"""The kiosk's configuration file (TOML): what is plugged in, where it stands, which hub.

An unknown key, a wrong type or an impossible value is an error that names the key and the file.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError


class ConfigError(Exception):
    """The configuration cannot be used; the text names the file, the key and the fix."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(_Part):
    """Where the kiosk stands; shown in the header, on help and on receipts."""

    name: dict[str, str] = {
        "zh": "长春市政务服务自助终端",
        "en": "Changchun Self-Service Terminal",
        "ko": "창춘시 행정 서비스 키오스크",
    }
    hall: dict[str, str] = {
        "zh": "示范街道便民服务中心（演示）",
        "en": "Demo Street Service Centre",
        "ko": "시범 주민 서비스 센터(데모)",
    }
    address: dict[str, str] = {
        "zh": "长春市示范区示范路 1 号（演示地址）",
        "en": "1 Demo Road, Demo District, Changchun (demo address)",
        "ko": "창춘시 시범구 시범로 1호(데모 주소)",
    }
    phone: str = "12345"


class Panel(_Part):
    """The screen: pixels and physical size, so that millimetres become pixels."""

    width_px: Annotated[int, Field(ge=480)] = 1080
    height_px: Annotated[int, Field(ge=480)] = 1920
    diagonal_inch: Annotated[float, Field(gt=5)] = 27.0
    fullscreen: bool = True
    scale: Annotated[float, Field(gt=0.1, le=4)] = 1.0
    """Window pixels per panel pixel: below 1 on a desk screen that is smaller than the panel."""
    left: int | None = None
    top: int | None = None
    """Where the window stands on a desk screen; None leaves it to the window manager."""


class Devices(_Part):
    """Addresses of what is plugged in; an empty one means "this kiosk has none"."""

    id_card: str = ""
    id_card_baud: int = 115200
    smartcard: bool = False
    csca: str = ""
    """Folder of the issuing states' certificates (CSCA); with one, this kiosk offers passports."""
    camera: str = ""
    code_reader: str = ""
    """A serial port; or /dev/input/… (evdev:PATH elsewhere): a reader that plays a keyboard."""
    speaker: str = ""
    """Sink of the sound server that the hall hears, or "default"; nothing personal is said here."""
    earphone: str = ""
    """Sink that only who wears the headphone hears."""
    printer: str = ""
    printer_columns: Literal[32, 48] = 48
    """48 on 80 mm paper, 32 on 58 mm paper."""
    printer_near_end_mm: Annotated[float, Field(ge=0, le=30_000)] = 0.0
    """Paper left when the near-end sensor says so (docs/devices.md tells how to measure it);
    0 = nobody measured it, and no receipts left are told."""
    page_printer: Annotated[str, Field(pattern=r"^(ipps?://[^/\s]+/\S+)?$")] = ""
    """A4: a queue of CUPS, ipp://localhost/printers/kiosk."""

    @property
    def ports_in_use(self) -> tuple[str, ...]:
        """Serial ports that are spoken for: a card reader looked for must not be asked there."""
        printer = urlsplit(self.printer)
        ports = (self.code_reader, printer.path if printer.scheme == "serial" else "")
        return tuple(port for port in ports if port.startswith("/"))


class Hub(_Part):
    url: Annotated[str, Field(pattern=r"^(https?://[^/\s]\S*)?$")] = ""
    enrolment_code: str = ""


class Config(_Part):
    data: Path
    """Folder of the store and the device's keys."""
    place: Place = Place()
    panel: Panel = Panel()
    devices: Devices = Devices()
    hub: Hub = Hub()
    observe: bool = False
    """Answer "where is which widget" on the local socket (tests and tour; never in a hall)."""
    idle_warning: Annotated[float, Field(ge=10)] = 45.0


def read_config(path: Path) -> Config:
    """Read and check a configuration file; raises ConfigError."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: is not valid TOML: {error}.") from error
    try:
        return Config.model_validate(raw)
    except ValidationError as error:
        lines = [
            f"{path}: {'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}"
            for problem in error.errors()
        ]
        raise ConfigError("\n".join(lines)) from error
