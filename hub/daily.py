"""What a running hub does by itself once a day: retention, and old sealing keys."""

import logging

from hub import drafts, key_rotation, retention
from hub.city import City

log = logging.getLogger("hub")

DAY = 86400.0
FIRST = 60.0
"""Seconds after the start: a hub that just came back serves its kiosks first."""


def once(city: City) -> None:
    """Do the day's work now."""
    drafts.purge(city)
    done = retention.run(city, retention.read_rules(city.folders.root))
    log.info("retention: %s", done)
    with city.database.transaction() as session:
        kept = key_rotation.prune(session, city.folders.root, city.folders.keys)
    for key, whom in kept.items():
        log.info("old sealing key %s is still needed by %s", key, ", ".join(whom[:20]))
