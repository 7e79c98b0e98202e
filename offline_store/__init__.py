"""What must survive a power cut, in one SQLite file. Knows no other room; in another project:

from offline_store import NewSubmission, Store
with Store.open(folder / "kiosk.sqlite3") as store:       # StoreError when it cannot
    store.catalog.import_bundle(bundle); hits = store.catalog.search("shebao")
    store.outbox.commit(NewSubmission(...))               # on the disk when it returns
    for item in store.outbox.waiting(): send(store.outbox.read(item.submission_id, 0, 65536))
"""

from offline_store.audit import Audit
from offline_store.catalog import Catalog
from offline_store.database import Store, open_read_only
from offline_store.errors import AuditBroken, StoreError
from offline_store.outbox import NewSubmission, Outbox, OutboxItem, ReceiptRow
from offline_store.settings import Settings

__all__ = [
    "Audit",
    "AuditBroken",
    "Catalog",
    "NewSubmission",
    "Outbox",
    "OutboxItem",
    "ReceiptRow",
    "Settings",
    "Store",
    "StoreError",
    "open_read_only",
]
