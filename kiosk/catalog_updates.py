"""What the hub publishes, fetched and verified: catalog, the next one, and the calendar.

The Update Framework does the verifying (`tuf.ngclient`): a rollback, a freeze, mixed or altered
files are noticed before anything is read. What was verified last stays on the disk and goes on
serving, whatever the line brings; only updating stops. Folder: root.json (whom we trust since
enrolment), metadata/, targets/ (named by hash).
"""

import base64
import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tuf.api.exceptions import (
    BadVersionNumberError,
    DownloadError,
    DownloadHTTPError,
    ExpiredMetadataError,
    LengthOrHashMismatchError,
    RepositoryError,
)
from tuf.api.metadata import Metadata, TargetFile, Targets, Timestamp
from tuf.api.serialization import DeserializationError
from tuf.ngclient import FetcherInterface, Updater, UpdaterConfig

from kiosk.contract.calendar_source import read_calendar
from kiosk.contract.catalog import CatalogError
from kiosk.contract.keys import signing_public_key
from kiosk.contract.messages import HubKeys
from kiosk.contract.publishing import (
    CALENDAR,
    CATALOG,
    MAX_METADATA,
    MAX_TARGET,
    NEXT_CATALOG,
    PATH,
    RELEASED,
    ROOT_PATH,
    TARGETS_PATH,
    TIMESTAMP_LIFETIME,
    Edition,
    unpack,
)
from kiosk.contract.signing import verify_document
from kiosk.contract.working_days import WorkingCalendar
from kiosk.durable import move_durably, write_durably
from kiosk.hub_line import HubFault, HubLine

CLOCK_TOLERANCE = timedelta(hours=1)
"""Our clock may be this far behind the hub's before what is fetched could not be judged."""
_CONFIG = UpdaterConfig(
    max_root_rotations=64,
    root_max_length=MAX_METADATA,
    timestamp_max_length=MAX_METADATA,
    snapshot_max_length=MAX_METADATA,
    targets_max_length=MAX_METADATA,
)


class FileDamaged(CatalogError):
    """A file is not (any more) the one that was fetched and verified: fetch it again."""


@dataclass(frozen=True)
class Here:
    """An edition whose verified bytes lie here."""

    edition: Edition
    path: Path
    file: TargetFile

    def bundle(self) -> dict[str, Any]:
        """Read it. Raises FileDamaged; CatalogError when it is not what was published."""
        try:
            data = self.path.read_bytes()
            self.file.verify_length_and_hashes(data)
        except (OSError, LengthOrHashMismatchError) as error:
            raise FileDamaged(self.path.name, "", "is not the file that was fetched") from error
        bundle = unpack(data)
        if not isinstance(bundle, dict) or bundle.get("version") != self.edition.version:
            raise CatalogError(self.path.name, "version", "is not the one that was published")
        return bundle


class CatalogUpdates:
    """The published files of one hub on one kiosk. Used by one thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._metadata = folder / "metadata"
        self._targets = folder / "targets"

    # ---- from the hub

    def fetch(self, line: HubLine, hub: HubKeys, now: datetime) -> None:
        """Bring what is new here, verified.

        Raises HubFault: hub.unreachable; hub.clock_skew (ours is behind: nothing can be judged);
        catalog.rollback, catalog.expired, catalog.altered. SignatureError when the first root is
        not the hub's. OSError when the disk refuses. Nothing verified is lost in any case.
        """
        if now < self._not_before() - CLOCK_TOLERANCE:
            raise HubFault("hub.clock_skew", True, "behind the time of what was published")
        try:
            self._update(self._root(line, hub), line, now)
        except ExpiredMetadataError as error:
            raise HubFault("catalog.expired", True, str(error)) from error
        except BadVersionNumberError as error:
            raise HubFault("catalog.rollback", True, str(error)) from error
        except (DeserializationError, DownloadError) as error:
            # A portal's page, or an answer longer than anything of the hub's.
            raise HubFault("hub.unreachable", True, type(error).__name__) from error
        except RepositoryError as error:
            raise HubFault("catalog.altered", True, type(error).__name__) from error

    def forget(self) -> None:
        """Another hub from now on: nothing of the old one counts."""
        shutil.rmtree(self._folder, ignore_errors=True)

    # ---- what is here

    def editions(self) -> tuple[Here, ...]:
        """What was published as of the last fetch: the next edition, if any, and the present."""
        found = []
        for name in (NEXT_CATALOG, CATALOG):
            file = self._listed().get(name)
            if file is not None:
                with contextlib.suppress(CatalogError):  # a target that is none of ours
                    found.append(Here(Edition.of(file.custom), self._path(file), file))
        return tuple(found)

    def in_force(self, now: datetime) -> Here | None:
        """The edition that counts at this moment and whose file is here."""
        for here in self.editions():
            if here.edition.in_force(now) and here.path.exists():
                return here
        return None

    def calendar(self) -> WorkingCalendar:
        """The published calendar; one that knows no year when there is none."""
        file = self._listed().get(CALENDAR)
        if file is None:
            return WorkingCalendar()
        try:
            data = self._path(file).read_bytes()
            file.verify_length_and_hashes(data)
            return read_calendar(data)
        except (OSError, LengthOrHashMismatchError, CatalogError):
            return WorkingCalendar()

    def expires(self) -> datetime | None:
        """Until when the last signed timestamp vouches for what is here; None before the first."""
        try:
            data = (self._metadata / "timestamp.json").read_bytes()
            return Metadata[Timestamp].from_bytes(data).signed.expires
        except (OSError, DeserializationError):
            return None

    # ---- inside

    def _not_before(self) -> datetime:
        """It is at least as late as this: our own build, and what the hub signed last."""
        expires = self.expires()
        return RELEASED if expires is None else max(RELEASED, expires - TIMESTAMP_LIFETIME)

    def _root(self, line: HubLine, hub: HubKeys) -> bytes:
        """The root we began with; the first time from the hub, signed by the key of our
        enrolment."""
        path = self._folder / "root.json"
        with contextlib.suppress(FileNotFoundError):
            return path.read_bytes()
        document = verify_document(line.get(ROOT_PATH), signing_public_key(hub.signing), "root")
        try:
            root = base64.b64decode(document["root"], validate=True)
        except (KeyError, TypeError, ValueError) as error:
            raise HubFault("hub.unreachable", True, "a root that is none") from error
        self._folder.mkdir(parents=True, exist_ok=True)
        write_durably(path, root)
        return root

    def _update(self, root: bytes, line: HubLine, now: datetime) -> None:
        self._targets.mkdir(parents=True, exist_ok=True)
        updater = Updater(
            metadata_dir=str(self._metadata),
            metadata_base_url=PATH,
            target_base_url=TARGETS_PATH,
            fetcher=_OverTheLine(line),
            config=_CONFIG,
            bootstrap=root,
        )
        # The library asks the machine's clock; ours is an argument (decision 2).
        updater._trusted_set.reference_time = now
        updater.refresh()
        kept = set()
        for name in (CATALOG, NEXT_CATALOG, CALENDAR):
            file = updater.get_targetinfo(name)
            if file is None:
                continue
            if file.length > MAX_TARGET:
                raise RepositoryError(f"{name} is longer than any catalog")
            path = self._path(file)
            kept.add(path)
            # Named by its hash, so what comes into force is not fetched a second time.
            if updater.find_cached_target(file, str(path)) is None:
                part = path.with_suffix(".part")
                updater.download_target(file, str(part))
                move_durably(part, path)
        for path in self._targets.iterdir():
            if path not in kept:
                path.unlink()

    def _listed(self) -> dict[str, TargetFile]:
        """The targets of the metadata that was verified last."""
        try:
            data = (self._metadata / "targets.json").read_bytes()
            return Metadata[Targets].from_bytes(data).signed.targets
        except (OSError, DeserializationError):
            return {}

    def _path(self, file: TargetFile) -> Path:
        return self._targets / f"{file.hashes.get('sha256', 'none')[:64]}"


class _OverTheLine(FetcherInterface):
    """The library's way to the hub: our line, with its time limits and its suspicions."""

    def __init__(self, line: HubLine) -> None:
        self._line = line

    def _fetch(self, url: str) -> Iterator[bytes]:
        try:
            yield from self._line.pieces(url)
        except HubFault as fault:
            if fault.code == "hub.not_found":  # the hub's own word: there is no newer root
                raise DownloadHTTPError(str(fault), 404) from fault
            raise
