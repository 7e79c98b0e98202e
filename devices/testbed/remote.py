"""The testbed in another process, worked as if it were in this one.

    bench = RemoteTestbed(folder)
    bench.lay_card("zhang_wei")
    bench.printer.paper_out()
    bench.fault(Wire.CAMERA, WireFault.STALLED)

Every call raises ControlRefused when the testbed says no, OSError when none runs.
"""

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devices.testbed.control import ask
from devices.testbed.faults import CardAct, Wire, WireFault


@dataclass(frozen=True)
class PrintedJob:
    """One job that came to the printer, as far as it came."""

    raw: bytes
    lines: list[str]
    codes: list[str]
    finished: bool


class RemoteTestbed:
    """`folder`: what that process was given as --dir."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.control = folder / "control.sock"
        self.id_card = RemoteReader(self, "id_card")
        self.smartcard = RemoteReader(self, "smartcard")
        self.printer = RemotePrinter(self)
        self.camera = RemoteCamera(self)
        self.code_reader = RemoteCodeReader(self)

    def do(self, verb: str, /, **arguments: Any) -> dict[str, Any]:
        """Any verb of devices.testbed.verbs."""
        return ask(self.control, verb, **arguments)

    def wires(self) -> dict[str, Any]:
        """Where each wire is."""
        found: dict[str, Any] = json.loads((self.folder / "wires.json").read_text())
        return found

    def state(self) -> dict[str, Any]:
        return self.do("status")

    def fault(self, wire: Wire, kind: WireFault, after: int | None = None) -> None:
        self.do("fault", wire=wire, kind=kind, **({} if after is None else {"after": after}))

    def heal(self, wire: Wire | None = None) -> None:
        self.do("heal", **({} if wire is None else {"wire": wire}))

    def reset(self) -> None:
        self.do("reset")

    def lay_card(self, name: str) -> None:
        """On the reader it is made for."""
        self.do("card.insert", name=name)


class _End:
    def __init__(self, bench: RemoteTestbed, wire: Wire) -> None:
        self._bench = bench
        self._wire = wire

    def fault(self, kind: WireFault, after: int | None = None) -> None:
        self._bench.fault(self._wire, kind, after)

    def heal(self) -> None:
        self._bench.heal(self._wire)

    def unplug(self) -> None:
        self.fault(WireFault.ABSENT)

    def replug(self) -> None:
        self.heal()


class RemoteReader(_End):
    """A card reader."""

    def __init__(self, bench: RemoteTestbed, reader: str) -> None:
        super().__init__(bench, Wire(reader))

    @property
    def card(self) -> str | None:
        """The name of the card on it."""
        name: str | None = self._bench.state()["readers"][self._wire]
        return name

    @property
    def looks(self) -> int:
        """How many commands the SAM-V module got so far."""
        return int(self._bench.state()["looks"])

    def insert(self, name: str) -> None:
        self._bench.do("card.insert", name=name, reader=self._wire)

    def remove(self) -> None:
        self._bench.do("card.remove", reader=self._wire)

    def inject(
        self,
        fault: WireFault | CardAct | int | bytes,
        *,
        on: bytes | None = None,
        times: int | None = 1,
        after: int | None = None,
    ) -> None:
        """See inject() of SamvPty and SmartcardSlot."""
        given: dict[str, Any] = {"on": on and on.hex(), "times": times, "after": after}
        if isinstance(fault, bytes):
            text = fault.hex()
        else:
            text = f"{fault:02x}" if isinstance(fault, int) else str(fault)
        given = {name: value for name, value in given.items() if value is not None}
        self._bench.do("card.fault", reader=self._wire, fault=text, **given)


class RemotePrinter(_End):
    """The receipt printer."""

    def __init__(self, bench: RemoteTestbed) -> None:
        super().__init__(bench, Wire.PRINTER)

    @property
    def jobs(self) -> list[PrintedJob]:
        """Every job so far, in order; the last one may still be printing."""
        return [
            PrintedJob(base64.b64decode(job["escpos"]), job["lines"], job["codes"], job["finished"])
            for job in self._bench.do("printer.jobs")["jobs"]
        ]

    def finished_jobs(self) -> list[PrintedJob]:
        """The jobs that reached their cut."""
        return [job for job in self.jobs if job.finished]

    def paper_out(self, on: bool = True) -> None:
        self._bench.do("printer.paper_out" if on else "printer.paper_in")

    def near_end(self, on: bool = True) -> None:
        self._bench.do("printer.near_end", on=on)

    def cover_open(self, on: bool = True) -> None:
        self._bench.do("printer.cover_open" if on else "printer.cover_close")

    def cut_after(self, count: int) -> None:
        self._bench.do("printer.cut_after", bytes=count)

    def pace(self, bytes_a_second: float | None) -> None:
        self._bench.do("printer.pace", bytes_a_second=bytes_a_second)

    def gone(self, on: bool = True) -> None:
        self.unplug() if on else self.replug()


class RemoteCamera(_End):
    """The document camera."""

    def __init__(self, bench: RemoteTestbed) -> None:
        super().__init__(bench, Wire.CAMERA)

    def lay(self, paper: str) -> None:
        self._bench.do("camera.lay", paper=paper)

    def take(self) -> None:
        self._bench.do("camera.take")

    def blur(self, on: bool = True) -> None:
        self._bench.do("camera.blur", on=on)

    def stall(self, on: bool = True) -> None:
        self.fault(WireFault.STALLED) if on else self.heal()

    def gone(self, on: bool = True) -> None:
        self.unplug() if on else self.replug()


class RemoteCodeReader(_End):
    """The code reader."""

    def __init__(self, bench: RemoteTestbed) -> None:
        super().__init__(bench, Wire.CODE_READER)

    def show(self, text: str) -> None:
        self._bench.do("code.show", text=text)
