"""A TUF repository as files in one folder: signed metadata, and targets named by their hash.

Nothing is kept in memory: whoever writes holds the folder's lock and begins with what is on the
disk, so a command may publish beside a running hub. timestamp.json is written last; a crash
before that leaves what was published before, whole. Old metadata stays (it is small); targets
nobody names any more are deleted one publication later, for kiosks that are still fetching.

Versions are seconds since 1970, or one more than the last: a hub that was restored from a backup
goes on beyond what its kiosks have seen, instead of looking like a rollback to them.
"""

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    Metadata,
    MetaFile,
    Root,
    Signed,
    Snapshot,
    T,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization.json import JSONSerializer

from hub import durable
from hub.publishing_keys import PublishingKeys
from kiosk.contract.publishing import (
    ROOT_LIFETIME,
    SNAPSHOT_LIFETIME,
    TARGETS_LIFETIME,
    TIMESTAMP_LIFETIME,
    TIMESTAMP_RENEWAL,
)

_COMPACT = JSONSerializer(compact=True)


class Repository:
    """What one hub publishes; `folder` is served as it is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Only one process writes at a time; the others wait."""
        durable.make_folder(self.folder / "targets")
        descriptor = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    # ---- what is published

    @property
    def founded(self) -> bool:
        """Something has been published here."""
        return (self.folder / "timestamp.json").exists()

    def root_bytes(self) -> bytes:
        """The newest root, as it is served."""
        return self._path("root", self._newest_root()).read_bytes()

    def targets(self) -> Targets:
        """The targets in force."""
        version = self._snapshot().meta["targets.json"].version
        return self._read(Targets, self._path("targets", version))

    def target(self, file: TargetFile) -> bytes:
        """A target's bytes. Raises OSError."""
        return self._target_path(file).read_bytes()

    def timestamp(self) -> Timestamp:
        """The timestamp in force."""
        return self._read(Timestamp, self.folder / "timestamp.json")

    def expiries(self) -> dict[str, datetime]:
        """Until when each role's metadata in force counts."""
        timestamp, snapshot = self.timestamp(), self._snapshot()
        root = self._read(Root, self._path("root", self._newest_root()))
        roles: tuple[Signed, ...] = (root, self.targets(), snapshot, timestamp)
        return {role.type: role.expires for role in roles}

    def names_key(self, signer: CryptoSigner) -> bool:
        """Whether the newest root names this key."""
        root = self._read(Root, self._path("root", self._newest_root()))
        return signer.public_key.keyid in root.keys

    # ---- writing (under `locked`)

    def found(self, keys: PublishingKeys, now: datetime) -> None:
        """Write the first root. `keys.root` must be there."""
        assert keys.root is not None
        root = Root(version=1, expires=now + ROOT_LIFETIME, consistent_snapshot=True)
        self._name_keys(root, keys)
        self._write_root(root, [keys.root])

    def publish(
        self, files: Sequence[tuple[TargetFile, bytes]], keys: PublishingKeys, now: datetime
    ) -> None:
        """Publish exactly these targets and no others."""
        for file, data in files:
            path = self._target_path(file)
            if not path.exists():
                durable.write(path, data)
        before = self.targets().targets.values() if self.founded else ()
        version = self._next_version(self.targets, now)
        targets = Targets(
            version=version,
            expires=now + TARGETS_LIFETIME,
            targets={file.path: file for file, _ in files},
        )
        data = self._write(targets, keys.targets, self._path("targets", version))
        self._sign_snapshot({"targets.json": _meta(version, data)}, keys, now)
        named = {self._target_path(file).name for file in (*(f for f, _ in files), *before)}
        for path in (self.folder / "targets").iterdir():
            if path.name not in named:
                path.unlink()

    def renew(self, keys: PublishingKeys, now: datetime) -> bool:
        """Sign again what would expire; True when anything was signed."""
        if self.timestamp().expires - now > TIMESTAMP_LIFETIME - TIMESTAMP_RENEWAL:
            return False
        root = self._read(Root, self._path("root", self._newest_root()))
        if keys.root is not None and root.expires - now < ROOT_LIFETIME / 5:
            self.rotate(keys, keys.root, now)
            return True
        targets, snapshot = self.targets(), self._snapshot()
        if targets.expires - now < TARGETS_LIFETIME / 2:
            self.publish(self._kept(), keys, now)
        elif snapshot.expires - now < SNAPSHOT_LIFETIME / 2:
            self._sign_snapshot(snapshot.meta, keys, now)
        else:
            self._sign_timestamp(self.timestamp().snapshot_meta, keys, now)
        return True

    def rotate(self, keys: PublishingKeys, old_root: CryptoSigner, now: datetime) -> int:
        """Write the next root, naming these keys, and sign all again with them; its version.

        Signed by the old root key too, or no kiosk would follow.
        """
        assert keys.root is not None
        root = self._read(Root, self._path("root", self._newest_root()))
        root.version += 1
        root.expires = now + ROOT_LIFETIME
        for role in root.roles.values():
            for key_id in tuple(role.keyids):
                root.revoke_key(key_id, _role_name(root, role))
        self._name_keys(root, keys)
        self._write_root(root, [keys.root, old_root])
        self.publish(self._kept(), keys, now)
        return root.version

    # ---- inside

    def _kept(self) -> list[tuple[TargetFile, bytes]]:
        return [(file, self.target(file)) for file in self.targets().targets.values()]

    def _sign_snapshot(
        self, meta: dict[str, MetaFile], keys: PublishingKeys, now: datetime
    ) -> None:
        version = self._next_version(self._snapshot, now)
        snapshot = Snapshot(version=version, expires=now + SNAPSHOT_LIFETIME, meta=meta)
        data = self._write(snapshot, keys.online, self._path("snapshot", version))
        self._sign_timestamp(_meta(version, data), keys, now)

    def _sign_timestamp(self, meta: MetaFile, keys: PublishingKeys, now: datetime) -> None:
        timestamp = Timestamp(
            version=self._next_version(self.timestamp, now),
            expires=now + TIMESTAMP_LIFETIME,
            snapshot_meta=meta,
        )
        self._write(timestamp, keys.online, self.folder / "timestamp.json")

    def _next_version(self, last: Callable[[], Signed], now: datetime) -> int:
        return max(last().version + 1 if self.founded else 1, int(now.timestamp()))

    def _snapshot(self) -> Snapshot:
        version = self.timestamp().snapshot_meta.version
        return self._read(Snapshot, self._path("snapshot", version))

    def _read(self, role: type[T], path: Path) -> T:
        return Metadata[T].from_bytes(path.read_bytes()).signed

    def _write(self, signed: T, signer: CryptoSigner, path: Path) -> bytes:
        metadata = Metadata(signed)
        metadata.sign(signer)
        data = metadata.to_bytes(_COMPACT)
        durable.write(path, data)
        return data

    def _write_root(self, root: Root, signers: list[CryptoSigner]) -> None:
        metadata = Metadata(root)
        for signer in signers:
            metadata.sign(signer, append=True)
        durable.write(self._path("root", root.version), metadata.to_bytes(_COMPACT))

    def _name_keys(self, root: Root, keys: PublishingKeys) -> None:
        assert keys.root is not None
        for role, signer in (
            (Root.type, keys.root), (Targets.type, keys.targets),
            (Snapshot.type, keys.online), (Timestamp.type, keys.online),
        ):
            root.add_key(signer.public_key, role)

    def _newest_root(self) -> int:
        return max(int(path.name.split(".")[0]) for path in self.folder.glob("*.root.json"))

    def _path(self, role: str, version: int) -> Path:
        return self.folder / f"{version}.{role}.json"

    def _target_path(self, file: TargetFile) -> Path:
        return self.folder / "targets" / f"{file.hashes['sha256']}.{file.path}"


def _meta(version: int, data: bytes) -> MetaFile:
    return MetaFile.from_data(version, data, ["sha256"])


def _role_name(root: Root, wanted: object) -> str:
    return next(name for name, role in root.roles.items() if role is wanted)
