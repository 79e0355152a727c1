"""The append-only ledger: who did what to which record, when and why, provable to an outsider."""
