"""Photos of resident cards (WLT) become pictures, where somebody installed a decoder.

Every decoder known wraps a closed library, so none is part of this house. A package offers one by
an entry point of the group `yimen.photo_decoder`: a callable that takes the 1024 bytes and returns
an encoded picture (BMP, JPEG or PNG).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from importlib.metadata import entry_points

log = logging.getLogger(__name__)

GROUP = "yimen.photo_decoder"
LIMIT_SECONDS = 1.0

Decoder = Callable[[bytes], bytes]


class PhotoDecoder:
    """The decoder that is installed, if any. Found at the first use."""

    def __init__(self, group: str = GROUP, limit: float = LIMIT_SECONDS) -> None:
        """limit: seconds a decoder may take; one that hangs is left alone until it ends."""
        self._group = group
        self._limit = limit
        self._busy = threading.Lock()

    def decode(self, photo: bytes) -> bytes | None:
        """The picture, or None: no decoder, none in time, or it failed. Never raises."""
        if not photo or not self._busy.acquire(blocking=False):
            return None
        result: list[bytes] = []

        def work() -> None:
            try:
                found = entry_points(group=self._group)
                for entry in sorted(found, key=lambda entry: entry.name)[:1]:
                    decoder: Decoder = entry.load()
                    result.append(bytes(decoder(photo)))
            except Exception as error:  # noqa: BLE001
                # A closed library may fail in any way; a missing picture stops nobody. Only the
                # type is logged, since a message could quote card data.
                log.warning("photo decoder failed: %s", type(error).__name__)
            finally:
                self._busy.release()

        thread = threading.Thread(target=work, name="photo-decoder", daemon=True)
        thread.start()
        thread.join(self._limit)
        return result[0] if result and not thread.is_alive() else None
