"""Run a hub: bind, recover, listen, and only then say where."""

import json
import logging
import os
import socket
from pathlib import Path

import uvicorn

from hub import city as cities
from hub import daily, durable, intake, published, publishing
from hub.app import create_app
from hub.chores import Chore

log = logging.getLogger("hub")


class PortTaken(Exception):
    """The hub cannot listen where it was told to."""


class _Server(uvicorn.Server):
    """uvicorn that writes the ready file once it accepts connections."""

    def __init__(self, config: uvicorn.Config, ready: Path | None, url: str) -> None:
        super().__init__(config)
        self._ready = ready
        self._url = url

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._ready is not None and not self.should_exit:
            note = {"url": self._url, "pid": os.getpid()}
            durable.write(self._ready.absolute(), json.dumps(note).encode())
        log.info("listening at %s", self._url)


def listener(host: str, port: int) -> socket.socket:
    """A socket bound to this place; `port` 0 picks a free one. Raises PortTaken.

    It says that it is TCP: only then does asyncio set TCP_NODELAY on what it accepts, and without
    it the body of an answer waits 40 ms for the caller's acknowledgement of its head.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise PortTaken(f"{host} port {port}: {error.strerror}") from error
    return bound


def serve(
    root: Path,
    host: str,
    port: int,
    ready_file: Path | None = None,
    public_url: str | None = None,
    catalog: Path | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT. `port` 0 picks a free one.

    Raises city.AlreadyRunning, PortTaken, CatalogError.
    """
    bound = listener(host, port)
    url = (public_url or f"http://{host}:{bound.getsockname()[1]}").rstrip("/")
    descriptor = cities.lock(root)
    try:
        city = cities.found(root, catalog or published.SOURCE, url)
        recovered = intake.recover(city)
        if recovered:
            log.info("finished %d cases left open", recovered)
        config = uvicorn.Config(
            create_app(city),
            # The access log would hold upload addresses, which are secrets.
            access_log=False,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=3,
        )
        chores = (
            Chore("daily", lambda: daily.once(city), daily.DAY, daily.FIRST),
            Chore("publishing", lambda: publishing.upkeep(city.publisher), publishing.LOOK_EVERY),
        )
        for chore in chores:
            chore.start()
        try:
            _Server(config, ready_file, url).run(sockets=[bound])
        finally:
            for chore in chores:
                chore.stop()
        city.database.close()
    finally:
        os.close(descriptor)
        bound.close()
