"""Small invented notices: they feed the contract tests and the documentation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

WHOLE: dict[str, Any] = {
    "dsa_notice": 1,
    "provider": {
        "name": "Example Hosting",
        "contact": "notices@hosting.example.net",
        "phone": "+31 20 555 0100",
        "reference": "N-2026-0017",
        "established_in": "IE",
    },
    "content": {
        "urls": ["https://files.example.net/a/1"],
        "reference": "item-77",
        "text": "The bench by the lighthouse was painted green.",
        "files": [{"name": "card.txt", "digests": {"md5": "3e25960a79dbc69b674cd4ec67a72c62"}}],
    },
    "published_at": "2026-11-01 21:10:09",
    "time_zone": "+01:00",
    "suspicion": "An invented explanation: the card was sent to a stranger.",
    "recipient": {
        "first_name": "Ada",
        "last_name": "Sample",
        "address_city": "Utrecht",
        "address_country": "NL",
        "identifiers": [
            {"kind": "email", "value": "ada.sample@post.example.net", "verified": True},
            {"kind": "user_id", "value": 4711, "service": "Example Hosting"},
            {"kind": "ip", "value": "192.0.2.7", "event": "Upload", "at": "2026-11-01T20:10:09Z", "port": 51600},
        ],
    },
    "states_concerned": [{"state": "NL", "because": ["suspect", "offence"]}, {"state": "DE", "because": ["victim"]}],
}

SMALLEST: dict[str, Any] = {
    "dsa_notice": 1,
    "provider": {"name": "Example Hosting", "contact": "notices@hosting.example.net"},
    "content": {"urls": ["https://files.example.net/a/2"]},
    "suspicion": "An invented explanation.",
}

EXAMPLES: tuple[Mapping[str, bytes], ...] = (
    {"notice.json": json.dumps(WHOLE).encode(), "card.txt": b"Hello world"},
    {"notice.json": json.dumps(SMALLEST).encode()},
)
