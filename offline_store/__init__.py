"""What must survive a power cut: catalog, outbox, receipts, audit trail, settings."""
