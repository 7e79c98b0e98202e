"""What the panel's window shows and does, without the window: it talks through the socket only."""

import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from devices.testbed.control import ControlRefused, ask

PAPER_LEVELS = {"full": "纸足", "low": "将尽", "out": "缺纸"}
WIRES = {
    "id_card": "身份证",
    "smartcard": "社保卡",
    "printer": "打印机",
    "camera": "高拍仪",
    "code_reader": "扫码器",
}
FAULTS = {
    "absent": ("没接", "absent"),
    "slow": ("迟缓", "slow"),
    "stalled": ("无声", "stalled"),
    "garbled": ("乱码", "garbled"),
    "truncated": ("截断", "cut"),
    "wrong_checksum": ("校验", "sum"),
    "unplugged": ("拔线", "pulled"),
    "wrong_status": ("状态", "status"),
}
"""Each wire and fault of devices.testbed.faults, as buttons and column heads call it."""


@dataclass
class Bench:
    """The testbed as the panel sees it; every method blocks, so call it off the UI thread."""

    socket: Path
    state: dict[str, Any] = field(default_factory=dict)
    error: str = ""

    def refresh(self) -> None:
        """Fetch everything's state; an error text instead when nobody answers."""
        try:
            self.state = ask(self.socket, "status")
            self.error = ""
        except (OSError, ControlRefused, json.JSONDecodeError) as error:
            self.state, self.error = {}, f"{error}"

    def act(self, verb: str, **arguments: Any) -> str:
        """Do one thing; what to say about it in the window's last line ("" when it went well)."""
        try:
            ask(self.socket, verb, **arguments)
        except ControlRefused as refusal:
            return f"{refusal}"
        except OSError as error:
            return f"testbed: {error}"
        return ""

    def lying_card(self, reader: str) -> str | None:
        """The card on a reader."""
        card = self.state.get("readers", {}).get(reader)
        return card if isinstance(card, str) else None

    @property
    def lying_paper(self) -> str | None:
        """The paper under the camera."""
        paper = self.state.get("camera", {}).get("paper")
        return paper if isinstance(paper, str) else None

    def printer_fault(self, name: str) -> bool:
        """Whether a fault of the printer itself is on: cover_open, error."""
        return bool(self.state.get("printer", {}).get("faults", {}).get(name))

    @property
    def paper_level(self) -> str:
        """One of PAPER_LEVELS."""
        if self.printer_fault("paper_out"):
            return "out"
        return "low" if self.printer_fault("near_end") else "full"

    @property
    def blurred(self) -> bool:
        """Whether the camera is out of focus."""
        return bool(self.state.get("camera", {}).get("blurred"))

    def wire_fault(self, wire: str) -> str | None:
        """The fault a wire has now."""
        fault = self.state.get("faults", {}).get(wire)
        return fault if isinstance(fault, str) else None

    @property
    def printed(self) -> int:
        """How many jobs there are, finished or not: when it grows there is new paper to see."""
        return int(self.state.get("printer", {}).get("jobs", 0)) * 2 + int(
            self.state.get("printer", {}).get("finished", 0)
        )

    def paper_picture(self) -> bytes | None:
        """PNG bytes of the last printed paper, None when there is none."""
        with tempfile.TemporaryDirectory(prefix="yimen-panel-") as folder:
            path = Path(folder) / "paper.png"
            if self.act("printer.picture", path=str(path)):
                return None
            return path.read_bytes()
