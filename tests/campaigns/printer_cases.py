"""Spoiled answers of printers: status bytes, whole jobs over TCP, replies of a page printer."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from threading import Thread

from devices.printers import receipt_printer
from devices.printers.layout import Cut, Layout, Qr, Text
from devices.printers.page_printer import PagePrinter
from devices.printers.receipt_printer import ReceiptPrinter
from devices.printers.status import read_status
from devices.testbed.escpos_reader import EscposReader
from devices.testbed.printer_faults import PrinterFaults
from tests.campaigns.spoiling import mutated

RECEIPT: Layout = (Text("申请回执", align="center"), Qr("YIMEN1:YM0001"), Cut())
# Only how long silence is borne; a campaign cannot wait half a second for each missing byte.
WAITS = {"REPLY_SECONDS": 0.06, "FINISH_SECONDS": 0.2}
REASONS = ("none", "media-empty-error", "media-jam", "toner-low-warning", "cover-open-report",
           "marker-supply-low", "other")  # fmt: skip
RUBBISH = ("a" * 255, "\x00\xff", "")


def status_bytes(chance: Random) -> tuple[str, Callable[[], str]]:
    """Replies to DLE EOT 1 to 4, any byte or none."""
    faults = PrinterFaults(
        paper_out=chance.random() < 0.3,
        near_end=chance.random() < 0.3,
        cover_open=chance.random() < 0.3,
        error=chance.random() < 0.3,
    )

    def reply(n: int) -> int | None:
        what = chance.random()
        byte = faults.status_byte(n)
        if what < 0.7:
            return byte
        if what < 0.85:
            return byte ^ 1 << chance.randrange(8)
        return chance.randrange(256) if what < 0.95 else None

    asked = (1, 2, 3, 4) if chance.random() < 0.8 else chance.sample((1, 2, 3, 4), 2)
    replies = {n: reply(n) for n in asked}
    return f"{replies}", lambda: read_status(replies).fault or ""


def receipt_job(chance: Random) -> tuple[str, Callable[[], str]]:
    """A receipt for a printer on TCP whose answers are spoiled."""
    return "a receipt over TCP", partial(_print, Random(chance.getrandbits(64)))


def _print(chance: Random) -> str:
    spoiled = _spoiled_printer()
    spoiled.chance = chance
    with _shorter_waits():
        ReceiptPrinter(spoiled.address).print(RECEIPT, "YM0001")
    return ""


@contextmanager
def _shorter_waits() -> Iterator[None]:
    before = {name: getattr(receipt_printer, name) for name in WAITS}
    try:
        for name, seconds in WAITS.items():
            setattr(receipt_printer, name, seconds)
        yield
    finally:
        for name, seconds in before.items():
            setattr(receipt_printer, name, seconds)


class _SpoiledPrinter:
    """Answers every question of a driver, mostly wrongly."""

    def __init__(self) -> None:
        self.chance = Random(0)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self._listener.getsockname()[1]}"
        Thread(target=self._accept, name="spoiled-printer", daemon=True).start()

    def _accept(self) -> None:
        while True:
            wire, _ = self._listener.accept()
            with wire, contextlib.suppress(OSError):
                self._serve(wire, self.chance)

    def _serve(self, wire: socket.socket, chance: Random) -> None:
        faults = PrinterFaults(error=chance.random() < 0.1)
        reader = EscposReader()
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while data := wire.recv(4096):
            # Else the kernel keeps back the acknowledgement that the driver's next bytes wait for.
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            for command in reader.feed(data):
                right = None
                if command.name == b"\x10\x04":
                    right = faults.status_byte(command.data[0])
                elif command.name == b"\x1dr":
                    right = 0
                if right is not None and not self._answer(wire, right, chance):
                    return

    def _answer(self, wire: socket.socket, right: int, chance: Random) -> bool:
        """False: the printer hangs up."""
        what = chance.random()
        if what < 0.01:
            return False
        if what < 0.93:
            wire.sendall(bytes([right]))
        elif what < 0.98:
            wire.sendall(mutated(bytes([right] * chance.randint(1, 4)), chance))
        return True


@cache
def _spoiled_printer() -> _SpoiledPrinter:
    return _SpoiledPrinter()


def page_status(chance: Random) -> tuple[str, Callable[[], str]]:
    """A spoiled reply of a page printer to Get-Printer-Attributes (RFC 8010)."""
    body = _reply(chance)
    if chance.random() < 0.7:
        body = mutated(body, chance)
    status = 200 if chance.random() < 0.9 else chance.choice((204, 400, 401, 404, 426, 500, 503))
    return f"HTTP {status}, {len(body)} bytes", partial(_ask_page_printer, status, body)


def _ask_page_printer(status: int, body: bytes) -> str:
    server = _ipp_server()
    server.status, server.body = status, body
    return PagePrinter(f"ipp://127.0.0.1:{server.server_address[1]}/ipp/print").status().fault or ""


def _reply(chance: Random) -> bytes:
    def attribute(tag: int, name: str, value: bytes) -> bytes:
        coded = name.encode()
        head = bytes([tag]) + len(coded).to_bytes(2, "big") + coded
        return head + len(value).to_bytes(2, "big") + value

    reasons = chance.sample(REASONS, chance.randint(1, 3))
    if chance.random() < 0.1:
        reasons.append(chance.choice(RUBBISH))
    body = b"\x02\x00" + chance.choice((0,) * 12 + (1, 0x0406, 0x0507, 0xFFFF)).to_bytes(2, "big")
    body += chance.choice((0, 1, 2**32 - 1)).to_bytes(4, "big") + b"\x01"
    body += attribute(0x47, "attributes-charset", b"utf-8")
    body += attribute(0x48, "attributes-natural-language", b"en") + b"\x04"
    body += attribute(0x23, "printer-state", chance.randrange(9).to_bytes(4, "big"))
    for at, reason in enumerate(reasons):
        name = "printer-state-reasons" if at == 0 else ""
        body += attribute(0x44, name, reason.encode("latin-1"))
    body += attribute(0x22, "printer-is-accepting-jobs", b"\x01")
    return body + b"\x03"


class _IppServer(ThreadingHTTPServer):
    status = 200
    body = b""
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: a driver that hangs up on rubbish is right."""


@cache
def _ipp_server() -> _IppServer:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert isinstance(self.server, _IppServer)
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(self.server.status)
            self.send_header("Content-Type", "application/ipp")
            self.send_header("Content-Length", str(len(self.server.body)))
            self.end_headers()
            self.wfile.write(self.server.body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: thousands of requests are no news."""

    server = _IppServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, args=(0.05,), name="spoiled-ipp", daemon=True).start()
    return server
