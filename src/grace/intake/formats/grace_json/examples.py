"""Small invented reports: they feed the contract tests and the documentation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

SMALLEST: dict[str, Any] = {"grace_report": 1, "sender": "Example Hotline", "number": "2026-000901"}

WHOLE: dict[str, Any] = {
    "grace_report": 1,
    "issuer": "EXAMPLE-CLEARING",
    "number": "2026-000902",
    "sender": "Example Provider",
    "service": "Example Pictures",
    "received": "2026-11-02T08:15:00Z",
    "incident": {"type": "Misleading Domain Name", "at": "2026-11-01T21:10:09+01:00", "time_note": "The moment of the upload."},
    "escalated": "Please read this first. Invented example.",
    "annotations": ["viral"],
    "bundled": False,
    "prior_numbers": ["2025-000017"],
    "facts": {"platform": "pictures"},
    "persons": [
        {
            "role": "reported",
            "fields": {"first_name": "Ada", "last_name": "Sample", "age": 41, "address_city": "Utrecht", "address_country": "NL"},
            "identifiers": [
                {"kind": "email", "value": "ada.sample@post.example.net", "verified": True},
                {"kind": "phone", "value": "+31 20 555 0147", "verified": None},
                {"kind": "screen_name", "value": "lighthouse_ada", "service": "Example Pictures"},
                {"kind": "user_id", "value": 4711, "service": "Example Pictures"},
                {"kind": "ip", "value": "192.0.2.7", "event": "Login", "at": "2026-11-01T21:02:00Z", "port": 51600},
                {"kind": "other", "value": "B-17", "label": "locker"},
            ],
            "passages": [{"about": "bio", "text": "I paint benches by the sea."}],
        },
        {"role": "victim", "fields": {"age": "16"}},
    ],
    "files": [
        {
            "name": "card.txt",
            "original_name": "postcard.txt",
            "sender_file_id": "f-1",
            "digests": {"md5": "3e25960a79dbc69b674cd4ec67a72c62", "photodna": "not kept"},
            "viewed": True,
            "publicly_available": None,
            "classification": "B2",
            "relevance": "Reported",
            "uploaded_at": "2026-11-01T21:10:09+01:00",
            "tags": ["viral"],
            "fields": {"width": 640},
            "identifiers": [{"kind": "ip", "value": "192.0.2.7", "event": "Upload", "at": "2026-11-01T20:10:09Z", "port": 51601}],
            "passages": [{"about": "note", "text": "A greeting card."}],
        }
    ],
    "identifiers": [{"kind": "url", "value": "https://pictures.example.net/a/1"}],
    "passages": [{"about": "note", "text": "The bench by the lighthouse was painted green."}],
    "times_are_utc": False,
}

EXAMPLES: tuple[Mapping[str, bytes], ...] = (
    {"report.json": json.dumps(SMALLEST).encode()},
    {"report.json": json.dumps(WHOLE).encode("utf-8-sig"), "card.txt": b"Hello world"},
)
