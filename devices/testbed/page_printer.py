"""A page printer without hardware: a real cupsd with one queue, and ippeveprinter behind it.

with PagePrinterRig() as rig:
    PagePrinter(rig.queue).print(pdf, "pages")
    rig.printed()

Both run in a folder in memory, on ports of their own, beside a private D-Bus and avahi-daemon
(ippeveprinter ends without one). Debian: cups cups-client cups-filters cups-ipp-utils avahi-daemon
dbus. What ippeveprinter cannot do: it calls each fault "-warning", and keeps what it printed.
"""

import contextlib
import http.client
import os
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self
from urllib.parse import urlencode

from devices.testbed.page_printer_files import CUPS_FILES, CUPSD, LOOK_TEST, MECHANISM
from devices.testbed.ports import free_ports

QUEUE = "kiosk"
START_SECONDS = 10.0
# What the printer's words for it are (PWG 5100.9); a fault of ours is one of them.
FAULTS: Mapping[str, str] = {
    "paper_out": "media-empty",
    "jam": "media-jam",
    "cover_open": "cover-open",
    "toner_low": "marker-supply-low",
    "toner_out": "marker-supply-empty",
}
_TOOLS = ("dbus-daemon", "avahi-daemon", "ippeveprinter", "cupsd", "lpadmin", "unshare")
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


class PagePrinterRig:
    """The rig; `queue` and `printer` are addresses for devices.printers.page_printer.PagePrinter.

    Raises RuntimeError when a program is missing or does not start.
    """

    def __init__(self) -> None:
        missing = [tool for tool in _TOOLS if shutil.which(tool, path=_PATH) is None]
        if missing:
            raise RuntimeError(f"missing programs: {', '.join(missing)}")
        memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
        self.folder = Path(tempfile.mkdtemp(prefix="yimen-pages-", dir=memory))
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._starter = ThreadPoolExecutor(1, "testbed-pages")
        self._queue_port, self._printer_port = free_ports(), free_ports()
        try:
            self._write_files()
            self._start_bus()
            self.plug()
            self.start_spooler()
            self._add_queue()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def queue(self) -> str:
        """The queue of the spooler."""
        return f"ipp://127.0.0.1:{self._queue_port}/printers/{QUEUE}"

    @property
    def printer(self) -> str:
        """The printer itself."""
        return f"ipp://localhost:{self._printer_port}/ipp/print"

    @property
    def spool(self) -> Path:
        """The spooler's RequestRoot: documents lie here while they wait."""
        return self.folder / "spool"

    def printed(self) -> list[Path]:
        """Documents that came out, in order: "<job>-<sides>-<copies>.pdf"."""
        return sorted(self.folder.joinpath("printed").iterdir(), key=lambda p: p.stat().st_mtime_ns)

    def holds_a_job(self) -> bool:
        """Whether a document has reached the printer and is not out yet."""
        return (self.folder / "holds").exists()

    def state(self) -> dict[str, object]:
        """What the panel shows."""
        return {"faults": self._faults(), "printed": len(self.printed())}

    # Faults -----------------------------------------------------------------------------------

    def fault(self, name: str, on: bool = True) -> None:
        """One of FAULTS comes or goes; a waiting job notices within 30 ms."""
        reasons = set(self._faults()) - {FAULTS[name]} | ({FAULTS[name]} if on else set())
        self._set_faults(reasons)

    def heal(self) -> None:
        """A person took care of everything."""
        self.slow(False)
        self._set_faults(set())

    def slow(self, on: bool = True) -> None:
        """The printer takes its time over the page it has."""
        mark = self.folder / "slow"
        mark.touch() if on else mark.unlink(missing_ok=True)

    def unplug(self) -> None:
        """The printer's cable is pulled; the spooler stays."""
        self._stop("printer")
        (self.folder / "holds").unlink(missing_ok=True)

    def plug(self) -> None:
        """The printer is there (again), and has forgotten its jobs."""
        self._start(
            "printer", "ippeveprinter", "-p", str(self._printer_port), "-n", "localhost", "-2",
            "-d", str(self.folder / "inside"), "-c", str(self.folder / "mechanism"),
            "-f", "application/pdf,image/urf,image/pwg-raster", "Kiosk",
        )
        self._wait(lambda: _answers(self._printer_port), "printer")

    def level(self, sheets: int) -> None:
        """Paper in the tray. None left is told by the printer at once, by the queue not before it
        has a job."""
        tray = {"size": "iso_a4_210x297mm", "type": "stationery", "level": sheets}
        form = {f"{key}{n}": value for n in (0, 1, 3) for key, value in tray.items()}
        line = http.client.HTTPConnection("127.0.0.1", self._printer_port, timeout=5.0)
        with contextlib.closing(line):
            line.request("GET", f"/media?{urlencode(form)}")
            line.getresponse().read()

    def start_spooler(self) -> None:
        """Start cupsd with whatever lies in its spool."""
        etc = self.folder / "etc"
        self._start("cupsd", "cupsd", "-f", "-c", f"{etc}/cupsd.conf", "-s", f"{etc}/files.conf")
        self._wait(lambda: _answers(self._queue_port), "cupsd")

    def kill_spooler(self) -> None:
        """As a power cut does: the documents stay in the spool."""
        self._stop("cupsd", kill=True)

    def queue_command(self, *command: str) -> None:
        """Run one of CUPS' own commands against this spooler ("cupsdisable", "kiosk")."""
        environment = {**os.environ, "PATH": _PATH, "CUPS_SERVER": f"127.0.0.1:{self._queue_port}"}
        subprocess.run(command, env=environment, check=True, capture_output=True, timeout=20)

    def close(self) -> None:
        """End every process and remove the folder."""
        for name in reversed(list(self._running)):
            self._stop(name)
        self._starter.shutdown()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _faults(self) -> list[str]:
        return (self.folder / "faults").read_text().split()

    def _set_faults(self, reasons: set[str]) -> None:
        fresh = self.folder / "faults.new"
        fresh.write_text(" ".join(sorted(reasons)))
        fresh.replace(self.folder / "faults")
        if "printer" not in self._running:
            return
        # An empty tray is told at once and holds every later job, those for looking too.
        self.level(500)
        document, test = self.folder / "look.pdf", self.folder / "look.test"
        document.write_bytes(b"%PDF-")
        test.write_text(LOOK_TEST)
        look = ["ipptool", "-q", "-T", "5", "-f", str(document), self.printer, str(test)]
        told = sorted(reasons - {FAULTS["paper_out"]})

        def said() -> bool:
            if (self.folder / "said").read_text().split() == told:
                return True
            # Refused as busy while a job is inside; that one looks by itself.
            subprocess.run(look, capture_output=True, timeout=20, check=False)
            return False

        self._wait(said, "printer")
        if FAULTS["paper_out"] in reasons:
            self.level(0)

    # Processes --------------------------------------------------------------------------------

    def _start(self, name: str, *command: str) -> None:
        if name in self._running:
            return
        environment = {
            "PATH": _PATH, "HOME": str(self.folder), "LANG": "C.UTF-8",
            "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={self.folder}/bus",
        }
        # The death signal keeps a killed test run from leaving programs behind. It follows the
        # thread that starts them, so that is one that lives as long as the rig.
        with (self.folder / "log" / name).open("ab") as log:
            self._running[name] = self._starter.submit(
                subprocess.Popen, ["setpriv", "--pdeathsig", "KILL", *command],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, process_group=0,
            ).result()

    def _stop(self, name: str, kill: bool = False) -> None:
        process = self._running.pop(name, None)
        if process is None:
            return
        process.kill() if kill else process.terminate()
        try:
            process.wait(5.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        # What it had started dies with it: an unplugged printer puts no page out later.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    def _wait(self, ready: Callable[[], bool], name: str) -> None:
        limit = time.monotonic() + START_SECONDS
        while not ready():
            if self._running[name].poll() is not None or time.monotonic() > limit:
                said = (self.folder / "log" / name).read_text(errors="replace")[-400:]
                raise RuntimeError(f"{name} did not start: {said}")
            time.sleep(0.01)

    def _start_bus(self) -> None:
        bus = self.folder / "bus"
        self._start("bus", "dbus-daemon", "--session", f"--address=unix:path={bus}", "--nofork")
        self._wait(bus.exists, "bus")
        # avahi-daemon keeps its pid file in /run, one a machine: give each its own /run.
        run = self.folder / "run"
        inside = (
            f"mount --bind {shlex.quote(str(run))} /run && exec avahi-daemon"
            f" -f {shlex.quote(str(self.folder / 'avahi.conf'))}"
            " --no-drop-root --no-chroot --no-rlimits"
        )
        map_root = [] if os.geteuid() == 0 else ["--map-root-user"]
        self._start("avahi", "unshare", "--mount", *map_root, "sh", "-c", inside)
        log = self.folder / "log" / "avahi"
        self._wait(lambda: "startup complete" in log.read_text(errors="replace"), "avahi")

    def _add_queue(self) -> None:
        self.queue_command("lpadmin", "-p", QUEUE, "-E", "-v", self.printer, "-m", "everywhere")

    def _write_files(self) -> None:
        folder = self.folder
        for name in ("etc/ppd", "spool", "tmp", "cache", "state", "log", "run/avahi-daemon",
                     "inside", "printed"):
            (folder / name).mkdir(parents=True)
        for name in ("faults", "said"):
            (folder / name).touch()
        if os.geteuid() == 0:
            # Filters run as lp and read the document where it lies.
            folder.chmod(0o711)
            for name, mode in (("spool", 0o710), ("tmp", 0o770), ("cache", 0o770)):
                shutil.chown(folder / name, group="lp")
                (folder / name).chmod(mode)
        (folder / "avahi.conf").write_text("[server]\nallow-interfaces=lo\nuse-ipv6=no\n")
        (folder / "etc/cupsd.conf").write_text(CUPSD.format(port=self._queue_port))
        (folder / "etc/files.conf").write_text(CUPS_FILES.format(folder=folder))
        mechanism = folder / "mechanism"
        mechanism.write_text(MECHANISM)
        mechanism.chmod(0o755)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
