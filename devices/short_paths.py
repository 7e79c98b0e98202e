"""Names for Unix sockets that fit into an address, however deep the folder they belong to."""

import contextlib
import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

LONGEST_SOCKET_NAME = 107  # sun_path of unix(7) without its final zero


def fits_a_socket(path: Path) -> bool:
    """Whether a socket of this name can be bound and connected to."""
    return len(os.fsencode(path)) <= LONGEST_SOCKET_NAME


def runtime_folder(belongs_to: Path) -> Path:
    """A short private folder (0700), the same each time for the same `belongs_to`.

    In XDG_RUNTIME_DIR, else in /tmp, where others may have made one of that name first: raises
    PermissionError for one that is not ours alone.
    """
    digest = hashlib.sha256(os.fsencode(belongs_to.resolve())).hexdigest()[:16]
    base = Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp")
    folder = base / f"yimen-{digest}"
    if len(str(folder)) > LONGEST_SOCKET_NAME // 2:
        folder = Path("/tmp") / folder.name
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise PermissionError(f"{folder} is not a private folder of this user")
    return folder


@contextlib.contextmanager
def short_name(path: Path) -> Iterator[str]:
    """Another name for a socket, good within this process while the context lasts."""
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
