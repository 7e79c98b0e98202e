"""The whole testbed in one process: every wire of a kiosk, and a socket to work it.

with Testbed(folder) as bench:
    bench.id_card.insert(sample_card("zhang_wei"))
    SamvReader(bench.wires()["id_card"])
"""

import json
import os
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from cryptography.hazmat.primitives.serialization import Encoding

from devices.testbed import cards, papers, passport
from devices.testbed.camera import CameraHttp
from devices.testbed.code_reader import CodeReaderPty
from devices.testbed.control import ControlServer
from devices.testbed.faults import FaultyWire, Wire, WireFault
from devices.testbed.page_printer import PagePrinterRig
from devices.testbed.pcsc import Pcscd, RunningPcscd, start_pcscd
from devices.testbed.printer import PrinterTcp
from devices.testbed.printer_pty import PrinterPty
from devices.testbed.samv import FindAfterRead, SamvPty
from devices.testbed.verbs import verbs_of
from devices.testbed.vpcd import SmartcardSlot
from devices.testbed.wedge import WedgeKeyboard

WIRES = "wires.json"
CONTROL = "control.sock"
CSCA = "csca"


class Testbed:
    """All parts, started by the constructor; `folder` gets wires.json once everything is up, and
    csca/ the certificate of the state that issues the sample passports.

    Raises RuntimeError when pcscd or vpcd is missing.
    """

    __test__ = False  # the name means a bench, not a test class

    def __init__(
        self,
        folder: Path,
        columns: int = 48,
        pcscd: Pcscd | RunningPcscd | None = None,
        *,
        wedge: bool = False,
        serial_printer: bool = False,
        page_printer: bool = False,
    ) -> None:
        """`pcscd`: one that runs already (a process can use only one); else an own is started.
        `wedge`: the code reader plays a keyboard instead of a serial line. `serial_printer`: the
        receipt printer is on a serial line instead of TCP. `page_printer`: a spooler with an A4
        printer too, which takes a second to start."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        (folder / WIRES).unlink(missing_ok=True)
        with ExitStack() as parts:
            if pcscd is None:
                pcscd = start_pcscd(folder / "pcscd")
                parts.callback(pcscd.stop)
            self._pcscd = pcscd
            self.id_card = SamvPty(link=folder / "id_card")
            parts.callback(self.id_card.close)
            service = pcscd if isinstance(pcscd, Pcscd) else None
            self.smartcard = SmartcardSlot(pcscd.port, service=service)
            parts.callback(self.smartcard.close)
            reader = WedgeKeyboard if wedge else CodeReaderPty
            self.code_reader: CodeReaderPty | WedgeKeyboard = reader(link=folder / "code_reader")
            parts.callback(self.code_reader.close)
            self._printer_wire: PrinterTcp | PrinterPty
            if serial_printer:
                self._printer_wire = wired = PrinterPty(columns=columns, link=folder / "printer")
                self.printer = wired.printer
            else:
                self._printer_wire = self.printer = PrinterTcp(columns)
            parts.callback(self._printer_wire.close)
            self.pages = parts.enter_context(PagePrinterRig()) if page_printer else None
            self.camera = CameraHttp()
            parts.callback(self.camera.close)
            self._ends: dict[Wire, FaultyWire] = {
                Wire.ID_CARD: self.id_card,
                Wire.SMARTCARD: self.smartcard,
                Wire.PRINTER: self._printer_wire,
                Wire.CAMERA: self.camera,
                Wire.CODE_READER: self.code_reader,
            }
            self._faults: dict[Wire, WireFault] = {}
            self.codes = 0  # how many were shown
            parts.enter_context(ControlServer(folder / CONTROL, verbs_of(self)))
            # What a kiosk must trust to find the sample passports genuine.
            (folder / CSCA).mkdir(exist_ok=True)
            certificate = passport.state().certificate.public_bytes(Encoding.DER)
            _write_whole(folder / CSCA / "testbed.cer", certificate)
            _write_whole(folder / WIRES, json.dumps(self.wires(), indent=2).encode())
            parts.callback((folder / WIRES).unlink, missing_ok=True)
            self._parts = parts.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Unplug everything; wires.json and the socket go first."""
        self._parts.close()

    def wires(self) -> dict[str, Any]:
        """Where each wire is: what a kiosk's configuration needs."""
        pages = {"page_printer": self.pages.queue} if self.pages is not None else {}
        return pages | {
            "id_card": self.id_card.port,
            "printer": self._printer_wire.address,
            "camera": self.camera.address,
            "code_reader": self.code_reader.port,
            "vpcd_port": self._pcscd.port,
            "pcsc": str(self._pcscd.socket),
            "control": str(self.folder / CONTROL),
        }

    def fault(self, wire: Wire, kind: WireFault, after: int | None = None) -> None:
        """Let a wire have a fault until it is healed; devices.testbed.faults says how it looks.

        Raises NoSuchFault for one that this wire cannot have.
        """
        self._ends[wire].fault(kind, after)
        if kind is WireFault.RECOVER:
            self._faults.pop(wire, None)
        else:
            self._faults[wire] = kind

    def heal(self, wire: Wire | None = None) -> None:
        """Everything is right with a wire again, or with all of them."""
        for mended in Wire if wire is None else (wire,):
            self.fault(mended, WireFault.RECOVER)

    def reset(self) -> None:
        """As at the start: every wire healed, no card, no paper, nothing printed."""
        self.heal()
        if self.pages is not None:
            self.pages.heal()
        self.id_card.remove()
        self.id_card.find_after_read = FindAfterRead.FOUND
        self.id_card.select_after_read = True
        self.smartcard.remove()
        self.printer.reset()
        self.camera.reset()

    def state(self) -> dict[str, Any]:
        """Everything's state, and what there is to lay on it."""
        lying = {"id_card": self.id_card.card, "smartcard": self.smartcard.card}
        return {
            "faults": {str(wire): str(kind) for wire, kind in self._faults.items()},
            "codes": self.codes,
            "looks": len(self.id_card.commands),
            "readers": {name: card.label if card else None for name, card in lying.items()},
            "printer": self.printer.state(),
            "camera": self.camera.state(),
            "cards": dict(cards.TITLES),
            "papers": dict(papers.TITLES),
        }


def _write_whole(path: Path, data: bytes) -> None:
    """Durably and atomically: a reader sees nothing or all of it."""
    partial = path.with_name(path.name + ".part")
    with partial.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
