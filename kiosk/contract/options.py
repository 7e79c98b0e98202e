"""Every option of a kiosk, declared once: its name, type, default, bounds and what it is for.

The configuration file, `yimen settings`, the staff's page, the hub and docs/settings.md all read
these declarations. The text is the field's own docstring, an English message id (gettext). What is
marked SHARED may also be set for the city, a county or a street (kiosk/contract/settings.py); all
else is of one kiosk only: what is plugged in, and where its hub is.
"""

from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

SHARED = Field(json_schema_extra={"shared": True})
"""May be set above the kiosk, too."""
SECRET = Field(json_schema_extra={"secret": True})
"""What it holds is never listed."""


def _by(step: float) -> Any:
    """Shared; a number that the staff's page changes by this much at a touch."""
    return Field(json_schema_extra={"shared": True, "step": step})


def _in_chinese(texts: dict[str, str]) -> dict[str, str]:
    if not texts.get("zh"):
        raise ValueError("a text in zh is needed; en and ko may follow")
    return texts


InEachLanguage = Annotated[
    dict[Annotated[str, Field(pattern="^(zh|en|ko)$")], Annotated[str, Field(max_length=120)]],
    AfterValidator(_in_chinese),
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Place(_Part):
    """Where the kiosk stands."""

    name: Annotated[InEachLanguage, SHARED] = {
        "zh": "长春市政务服务自助终端",
        "en": "Changchun Self-Service Terminal",
        "ko": "창춘시 행정 서비스 키오스크",
    }
    """What this terminal is called, at the top of every screen."""
    hall: Annotated[InEachLanguage, SHARED] = {
        "zh": "示范街道便民服务中心（演示）",
        "en": "Demo Street Service Centre",
        "ko": "시범 주민 서비스 센터(데모)",
    }
    """The hall it stands in, on help and on everything printed."""
    address: Annotated[InEachLanguage, SHARED] = {
        "zh": "长春市示范区示范路 1 号（演示地址）",
        "en": "1 Demo Road, Demo District, Changchun (demo address)",
        "ko": "창춘시 시범구 시범로 1호(데모 주소)",
    }
    """The hall's address, on help and when the terminal is out of order."""
    phone: Annotated[str, Field(max_length=30), SHARED] = "12345"
    """The telephone that helps, on help and on everything printed."""


class Panel(_Part):
    """The screen: pixels and physical size, so that millimetres become pixels."""

    width_px: Annotated[int, Field(ge=480)] = 1080
    """Pixels of the panel from left to right."""
    height_px: Annotated[int, Field(ge=480)] = 1920
    """Pixels of the panel from top to bottom."""
    diagonal_inch: Annotated[float, Field(gt=5)] = 27.0
    """Size of the panel in inches, corner to corner."""
    fullscreen: bool = True
    """The window fills the screen."""
    scale: Annotated[float, Field(gt=0.1, le=4)] = 1.0
    """Window pixels per panel pixel: below 1 on a desk screen that is smaller than the panel."""
    left: int | None = None
    """Where the window stands on a desk screen; without it the window manager says."""
    top: int | None = None
    """Where the window stands on a desk screen; without it the window manager says."""


class Devices(_Part):
    """Addresses of what is plugged in; an empty one means "this kiosk has none"."""

    id_card: str = ""
    """ID card reader (SAM-V): a serial port, or "auto"."""
    id_card_baud: int = 115200
    """Speed of that port, in baud."""
    smartcard: bool = False
    """There is a chip card reader that pcscd knows."""
    csca: str = ""
    """Folder of the issuing states' certificates (CSCA); with one, this kiosk offers passports."""
    camera: str = ""
    """Document camera: a device, or the address of an MJPEG stream."""
    code_reader: str = ""
    """A serial port; or /dev/input/… (evdev:PATH elsewhere): a reader that plays a keyboard."""
    speaker: str = ""
    """Sink of the sound server that the hall hears, or "default"; nothing personal is said here."""
    earphone: str = ""
    """Sink that only who wears the headphone hears."""
    printer: str = ""
    """Receipt printer: serial://PORT?baud=N, tcp://HOST:PORT or usb://VENDOR:PRODUCT."""
    printer_columns: Literal[32, 48] = 48
    """48 on 80 mm paper, 32 on 58 mm paper."""
    printer_near_end_mm: Annotated[float, Field(ge=0, le=30_000)] = 0.0
    """Paper left when the near-end sensor says so, in mm (docs/devices.md tells how to measure it);
    0: nobody measured it, and no receipts left are told."""
    page_printer: Annotated[str, Field(pattern=r"^(ipps?://[^/\s]+/\S+)?$")] = ""
    """A4 printer: a queue of CUPS, ipp://localhost/printers/kiosk."""

    @property
    def ports_in_use(self) -> tuple[str, ...]:
        """Serial ports that are spoken for: a card reader looked for must not be asked there."""
        printer = urlsplit(self.printer)
        ports = (self.code_reader, printer.path if printer.scheme == "serial" else "")
        return tuple(port for port in ports if port.startswith("/"))


class Hub(_Part):
    """The way to the hub."""

    url: Annotated[str, Field(pattern=r"^(https?://[^/\s]\S*)?$")] = ""
    """Address of the hub; without one this kiosk works alone and hands in nothing."""
    enrolment_code: Annotated[str, SECRET] = ""
    """The one-time code that makes this machine a kiosk of the city; of no use afterwards."""
    keep_sealed_days: Annotated[float, Field(ge=0, le=365), _by(1)] = 3.0
    """Days the sealed bytes of a submission stay after the hub's receipt, in case the hub has to
    be restored from a backup; make it longer than the hub's backups are apart."""
    export: str = ""
    """Folder for sealed exports of stuck submissions; without one a USB stick is looked for."""


class StoreLimits(_Part):
    """Room on the disk of the data folder."""

    reserve_mb: Annotated[int, Field(ge=0, le=4096), _by(16)] = 64
    """MiB set aside, for what is under way when the disk gets full; more than the largest
    application needs twice."""
    least_mb: Annotated[int, Field(ge=0, le=65536), _by(64)] = 256
    """Free MiB beside that, below which no new visit begins."""


class Config(_Part):
    """One kiosk."""

    data: Path
    """Folder of the store and the device's keys."""
    place: Place = Place()
    panel: Panel = Panel()
    devices: Devices = Devices()
    hub: Hub = Hub()
    store: StoreLimits = StoreLimits()
    observe: bool = False
    """Answer "where is which widget" on the local socket (tests and tour; never in a hall)."""
    idle_warning: Annotated[float, Field(ge=10, le=600), _by(5)] = 45.0
    """Seconds untouched before a visitor is asked "Are you still there?"."""
    idle_answer: Annotated[float, Field(ge=10, le=600), _by(5)] = 60.0
    """Seconds to answer that question before the visit ends."""
    draft_days: Annotated[int, Field(ge=1, le=60), _by(1)] = 14
    """Days an application is kept for somebody who took its slip with them."""
