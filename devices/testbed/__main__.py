"""python -m devices.testbed --dir D [--panel]: the testbed as a process of its own."""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event

from devices.testbed.pcsc import SOCKET_VARIABLE, RunningPcscd
from devices.testbed.testbed import WIRES, Testbed

_HELP = """\
Plays the other end of every wire of a kiosk: card readers, document camera, code reader, printer.

D/wires.json says where each wire is; it appears once all of them are up and goes at the end.
Whoever runs the kiosk sets PCSCLITE_CSOCK_NAME to its "pcsc". D/control.sock takes one JSON
object a line, for example {"do": "card.insert", "name": "zhang_wei"}.

Ends on Ctrl-C or SIGTERM.
"""


def main() -> int:
    """Run until a signal comes. 0: ended as asked; 1: a part is missing."""
    parser = argparse.ArgumentParser(
        prog="python -m devices.testbed",
        description=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--dir", type=Path, required=True, help="folder for wires.json and sockets")
    parser.add_argument("--panel", action="store_true", help="open the window with the buttons")
    parser.add_argument("--left", type=int, help="where that window stands, pixels from the left")
    parser.add_argument(
        "--columns", type=int, choices=(32, 48), default=48, help="paper: 32 = 58 mm, 48 = 80 mm"
    )
    parser.add_argument(
        "--code-reader", choices=("serial", "wedge"), default="serial",
        help="wedge: it plays a keyboard (key records by a pipe)",
    )
    parser.add_argument(
        "--printer", choices=("tcp", "serial"), default="tcp", help="the receipt printer's wire"
    )
    parser.add_argument(
        "--page-printer", action="store_true", help="a spooler (cupsd) with an A4 printer as well"
    )
    parser.add_argument(
        "--pcscd", type=int, metavar="PORT",
        help="use a pcscd that runs already, its vpcd on PORT, its socket PCSCLITE_CSOCK_NAME",
    )
    given = parser.parse_args()
    pcscd = None
    if given.pcscd is not None:
        pcscd = RunningPcscd(given.pcscd, Path(os.environ.get(SOCKET_VARIABLE, "")))
    ended = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    panel: subprocess.Popen[bytes] | None = None
    try:
        with Testbed(
            given.dir.resolve(), given.columns, pcscd,
            wedge=given.code_reader == "wedge", serial_printer=given.printer == "serial",
            page_printer=given.page_printer,
        ) as bench:
            print(f"testbed ready: {bench.folder / WIRES}", flush=True)
            if given.panel:
                command = [sys.executable, "-m", "devices.testbed.panel", "--dir", str(given.dir)]
                if given.left is not None:
                    command += ["--left", str(given.left)]
                panel = subprocess.Popen(command)
            ended.wait()
    except (RuntimeError, OSError, ValueError) as error:
        print(f"testbed: {error}", file=sys.stderr)
        return 1
    finally:
        if panel is not None:
            panel.terminate()
            panel.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
