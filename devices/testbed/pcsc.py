"""A private pcscd with two virtual readers, for tests, tours and training.

It hides in a mount namespace of its own, so it never meets another pcscd on the machine. Programs
reach it when PCSCLITE_CSOCK_NAME names its socket *before they first use PC/SC*; libpcsclite reads
that variable once a process. vpcd listens on every address of the machine: never on a real kiosk.
"""

from __future__ import annotations

import os
import shlex
import shutil
import socket
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from devices.short_paths import fits_a_socket, runtime_folder
from devices.testbed.ports import free_ports

VPCD_DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
SOCKET_VARIABLE = "PCSCLITE_CSOCK_NAME"
# vpcd listens on its port for the first reader and on the next for the second.
SLOTS = 2
LISTENING = "0A"  # TCP state in /proc/net/tcp
START_LIMIT_SECONDS = 10.0
STOP_LIMIT_SECONDS = 5.0


class Pcscd:
    """One pcscd. port: vpcd's first slot; slot n listens on port + n. Thread-safe.

    folder: its configuration and log. run: what it sees as /run; None is `folder`, or a short
    folder of its own when the socket's name would be too long there.
    """

    def __init__(self, folder: Path, port: int, run: Path | None = None) -> None:
        self.port = port
        self._run = run or folder / "run"
        self._short = not fits_a_socket(self.socket)
        if self._short:
            self._run = runtime_folder(folder)
        self._lock = threading.RLock()
        # The death signal below follows the thread that starts the daemon: this one, which stays.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="pcscd-starter")
        self._folder = folder
        self._conf = folder / "reader.conf.d"
        self._log = folder / "pcscd.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        """What PCSCLITE_CSOCK_NAME must say."""
        return self._run / "pcscd" / "pcscd.comm"

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start and wait until readers and clients can connect; nothing when they can already.

        One that lives but has lost its readers is started anew. Raises RuntimeError if it dies.
        """
        with self._lock:
            if not (self.alive and self._ready()):
                self._stop()
                self._starter.submit(self._start).result()

    def _start(self) -> None:
        self._conf.mkdir(parents=True, exist_ok=True)
        if self._short:
            self._run = runtime_folder(self._folder)  # it goes with each stop
        self.socket.parent.mkdir(parents=True, exist_ok=True)
        (self._conf / "vpcd").write_text(
            'FRIENDLYNAME "Virtual PCD"\n'
            f"DEVICENAME /dev/null:0x{self.port:04X}\n"
            f"LIBPATH {VPCD_DRIVER}\n"
            f"CHANNELID 0x{self.port:04X}\n"
        )
        # The death signal keeps a killed test run from leaving a daemon behind.
        inside = (
            f"mount --bind {shlex.quote(str(self._run))} /run && exec setpriv --pdeathsig KILL "
            f"pcscd --foreground --error --config {shlex.quote(str(self._conf))}"
        )
        map_root = [] if os.geteuid() == 0 else ["--map-root-user"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                ["unshare", "--mount", *map_root, "sh", "-c", inside],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"},
            )
        limit = time.monotonic() + START_LIMIT_SECONDS
        while not self._ready():
            if not self.alive or time.monotonic() > limit:
                self._stop()
                said = self._log.read_text(errors="replace")[-500:]
                raise RuntimeError(f"pcscd did not start: {said}")
            time.sleep(0.01)

    def stop(self) -> None:
        with self._lock:
            self._stop()

    def _stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(STOP_LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
        self.socket.unlink(missing_ok=True)
        if self._short:
            shutil.rmtree(self._run, ignore_errors=True)

    def kill(self) -> None:
        """As a crash would end it: its socket and its process file stay behind."""
        with self._lock:
            if self._process is not None:
                self._process.kill()
                self._process.wait()
                self._process = None

    def restart(self) -> None:
        with self._lock:
            self.stop()
            self.start()

    def _ready(self) -> bool:
        if not _answers(self.socket):
            return False
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        listening = {
            int(row[1].rpartition(":")[2], 16): f"socket:[{row[9]}]"
            for row in rows if row[3] == LISTENING
        }
        # Somebody else's listener on its port would look like vpcd, and be gone a moment later.
        own = _open_files(self._process.pid) if self._process is not None else set()
        return all(listening.get(self.port + slot) in own for slot in range(SLOTS))


@dataclass(frozen=True)
class RunningPcscd:
    """A pcscd that somebody else started, and stops."""

    port: int
    socket: Path

    def stop(self) -> None:
        """Nothing: it is not ours."""


def start_pcscd(folder: Path, port: int = 0) -> Pcscd:
    """Start a private pcscd with its files in `folder`; port 0 takes two free ones.

    Its socket lies in `folder`, and PCSCLITE_CSOCK_NAME is set to it for this process and those it
    starts from now on. But where the variable already names a socket ending in pcscd/pcscd.comm
    that nobody answers any more, the new one takes its place: this process may have used PC/SC
    through it and could find no other. Raises RuntimeError when pcscd or vpcd is missing or does
    not start.
    """
    if not VPCD_DRIVER.exists():
        raise RuntimeError(f"{VPCD_DRIVER} is missing; install vsmartcard-vpcd")
    named = Path(os.environ.get(SOCKET_VARIABLE, ""))
    ours = named.parts[-2:] == ("pcscd", "pcscd.comm") and not _answers(named)
    daemon = Pcscd(folder, port or free_ports(SLOTS, "0.0.0.0"), named.parents[1] if ours else None)
    daemon.start()
    os.environ[SOCKET_VARIABLE] = str(daemon.socket)
    return daemon


def _open_files(process: int) -> set[str]:
    """What its descriptors lead to; nothing of one that has ended."""
    found = set()
    with suppress(OSError):
        for descriptor in Path(f"/proc/{process}/fd").iterdir():
            with suppress(OSError):  # closed meanwhile
                found.add(str(descriptor.readlink()))
    return found


def _answers(path: Path) -> bool:
    if not fits_a_socket(path):
        return False
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0
