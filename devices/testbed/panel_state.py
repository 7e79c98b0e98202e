"""What the panel's window shows and does, without the window: it talks through the socket only."""

import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from devices.testbed.control import ControlRefused, ask

CARDS = (
    ("zhang_wei", "张伟 · 居民身份证"),
    ("li_rare", "李某 · 生僻字姓名"),
    ("jin_meihua", "金美花 · 朝鲜族"),
    ("zhao_expired", "赵敏 · 已过期"),
    ("hk_chan", "陈志明 · 港澳居住证"),
    ("smith", "SMITH · 外国人永居证"),
    ("wang_social", "王秀兰 · 社保卡"),
    ("unknown_card", "不认识的卡"),
)


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
        """Whether a fault of the printer is on ("gone" too)."""
        printer = self.state.get("printer", {})
        return bool(printer.get("gone") if name == "gone" else printer.get("faults", {}).get(name))

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
