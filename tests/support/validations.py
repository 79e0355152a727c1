"""A small validation report, as this installation signs it."""

from __future__ import annotations

from typing import Any

from grace.custody import ledger, reports

REPORT: dict[str, Any] = {
    "format": "grace-validation",
    "version": 1,
    "made_at": "2026-11-26T02:00:00.000000Z",
    "installation": "ledger.example",
    "passed": False,
    "world": {"referrals": 150, "documents": 160, "seed": 2, "start": "2026-10-29T00:00:00+00:00", "days": 28},
    "machine": {"processor": "Example", "cores": 2, "memory_gib": 8, "system": "Linux", "load_at_the_end": 0.5},
    "versions": {
        "grace": "0",
        "python": "3",
        "postgresql": "18",
        "packages": {},
        "formats": {"mail": "1"},
        "rules": "",
        "routing_weights": "",
        "registers": "",
    },
    "sections": [
        {
            "name": "lost",
            "title": "Nothing lost or doubled",
            "verdict": "failed",
            "measures": [
                {"name": "documents kept", "value": 0.99, "of": 160, "at_least": 1, "verdict": "failed", "examples": ["document 37"]}
            ],
            "tables": {"field by format": [["field", "mail"], ["email", "12"]]},
        }
    ],
}


def signed() -> bytes:
    """The file."""
    by = ledger.signer()
    return reports.sign(REPORT, by.origin, by.key)
