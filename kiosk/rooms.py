"""Everything a visit may use, wired together once in the composition root (main.py)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from devices.cards.events import CardReader
from devices.ocr.text_reader import TextReader
from devices.speech import Voice
from kiosk.clock import Clock
from kiosk.contract.options import Config
from kiosk.desk_mat import DeskMat
from kiosk.hub_side import HubSide
from kiosk.identification import KeySource
from kiosk.printing import Printing
from kiosk.scanning import CameraSource
from kiosk.store_care import StoreState
from kiosk.timings import Timings
from kiosk.workers import Workers
from offline_store.database import Store


@dataclass(frozen=True)
class Rooms:
    config: Config
    clock: Clock
    timings: Timings
    workers: Workers
    store: Store
    hub: HubSide
    printing: Printing
    readers: Callable[[KeySource], Sequence[CardReader]]
    """Fresh drivers for the configured card readers, given where a passport's key comes from; each
    is used by one thread."""
    camera: Callable[[], CameraSource] | None
    """A fresh camera, None where this kiosk has none."""
    voice: Voice | None = None
    """Speaks into the headphone, also what is personal; None where this kiosk has none."""
    speaker: Voice | None = None
    """Speaks to the hall, never what is personal."""
    store_state: Callable[[], StoreState] = StoreState
    """The disk's room, and what had to be mended."""
    closed: Callable[[], str | None] = lambda: None
    """Why no new visit may begin here now, as a fault code; None while all is well."""
    text_reader: TextReader | None = None
    """Reads papers under the camera (lane "ocr"); its process runs only while somebody needs it."""
    config_file: Path | None = None
    """The kiosk's own layer of settings; None where nobody may change it at the screen."""
    desk_mat: DeskMat | None = None
    """What the camera sees when nothing lies there; None without a camera."""
