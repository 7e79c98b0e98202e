"""A whole small city on one machine: hub, testbed and one kiosk, in one data folder.

Each is a process of its own (decision 3); they find each other through files in the folder.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from kiosk.durable import write_durably
from provisioning.processes import ROOT, Child, Children, wait_until

DESK_NAME = "intake"
DESK_PASSWORD = "demo-desk-2016"
"""The intake account of the embedded hub: a demonstration on loopback, said so on its page."""


@dataclass(frozen=True)
class Screen:
    """The panel the kiosk is shown on, and how large its window is."""

    width_px: int = 1080
    height_px: int = 1920
    scale: float = 1.0
    fullscreen: bool = False
    left: int = 0
    top: int = 0


class Embedded:
    """Starts the parts one by one, so that a tour may stop and restart each of them."""

    def __init__(self, folder: Path, children: Children) -> None:
        self.folder = folder
        self.children = children
        self.hub_url = ""
        self.wires: dict[str, str | int] = {}

    @property
    def control(self) -> Path:
        return self.folder / "testbed" / "control.sock"

    @property
    def kiosk_socket(self) -> Path:
        return self.folder / "kiosk" / "kiosk.sock"

    def start_hub(self, *arguments: str | Path) -> Child:
        """Start the hub and wait until it listens; its address stays the same when restarted."""
        ready = self.folder / "hub-ready.json"
        ready.unlink(missing_ok=True)
        port = self.hub_url.rpartition(":")[2] or "0"
        hub = self.children.python(
            "hub", "-m", "hub", "--data", self.folder / "hub", "--port", port,
            "--ready-file", ready, *arguments,
        )
        wait_until(ready.exists, hub, "address")
        self.hub_url = str(json.loads(ready.read_text())["url"])
        return hub

    def hub_command(self, *arguments: str) -> str:
        """Run one of the hub's own commands beside it; its output."""
        done = subprocess.run(
            [sys.executable, "-m", "hub", *arguments, "--data", self.folder / "hub"],
            cwd=ROOT, check=True, capture_output=True, text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        return done.stdout.strip()

    def open_desk(self) -> None:
        """Make the demonstration's intake account, once."""
        mark = self.folder / "hub" / "desk-account"
        if not mark.exists():
            self.hub_command("account", "--name", DESK_NAME, "--password", DESK_PASSWORD,
                             "--role", "intake")
            write_durably(mark, DESK_NAME.encode())

    def start_testbed(self, panel_left: int | None = None) -> Child:
        """Start the testbed; with `panel_left` also its window, at this place (pixels)."""
        folder = self.folder / "testbed"
        wires = folder / "wires.json"
        wires.unlink(missing_ok=True)
        arguments = [] if panel_left is None else ["--panel", "--left", str(panel_left)]
        testbed = self.children.python(
            "testbed", "-m", "devices.testbed", "--dir", folder, *arguments
        )
        wait_until(wires.exists, testbed, "wires")
        self.wires = json.loads(wires.read_text())
        return testbed

    def write_config(self, screen: Screen, observe: bool) -> Path:
        """Write the kiosk's configuration for these wires; enrols it when it is new."""
        code = ""
        if not (self.folder / "kiosk" / "device.json").exists():
            code = self.hub_command("enrol-code").splitlines()[-1].strip()
        wires = self.wires
        text = f"""# Written by `yimen run`; the kiosk of the embedded city.
data = {json.dumps(str(self.folder / "kiosk"))}
observe = {json.dumps(observe)}

[panel]
width_px = {screen.width_px}
height_px = {screen.height_px}
scale = {screen.scale}
fullscreen = {json.dumps(screen.fullscreen)}
left = {screen.left}
top = {screen.top}

[devices]
id_card = {json.dumps(wires["id_card"])}
smartcard = true
csca = {json.dumps(str(self.folder / "testbed" / "csca"))}
camera = {json.dumps(wires["camera"])}
code_reader = {json.dumps(wires["code_reader"])}
printer = {json.dumps(wires["printer"])}

[hub]
url = {json.dumps(self.hub_url)}
enrolment_code = {json.dumps(code)}
"""
        path = self.folder / "kiosk.toml"
        write_durably(path, text.encode())
        return path

    def start_kiosk(self, config: Path, environment: dict[str, str], *arguments: str) -> Child:
        if "pcsc" in self.wires:
            environment = {**environment, "PCSCLITE_CSOCK_NAME": str(self.wires["pcsc"])}
        self.kiosk_socket.unlink(missing_ok=True)
        kiosk = self.children.python("kiosk", "main.py", "--config", config, *arguments,
                                     environment=environment)
        wait_until(self.kiosk_socket.exists, kiosk, "window")
        return kiosk
