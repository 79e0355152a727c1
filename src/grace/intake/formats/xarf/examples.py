"""Small invented reports: they feed the contract tests and the documentation."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

_REPORTER = {"org": "Example Safety Service", "contact": "desk@safety.example.org", "domain": "safety.example.org"}

MATERIAL: dict[str, Any] = {
    "xarf_version": "4.0.0",
    "report_id": "550e8400-e29b-41d4-a716-446655440000",
    "timestamp": "2026-11-01T21:10:09Z",
    "reporter": _REPORTER,
    "sender": {"org": "Example Relay", "contact": "relay@example.net", "domain": "example.net"},
    "source_identifier": "192.0.2.7",
    "source_port": 51600,
    "category": "content",
    "type": "csam",
    "url": "https://files.example.net/a/1",
    "classification": "baseline",
    "detection_method": "hash_match",
    "media_type": "image",
    "hash_values": {"md5": "3e25960a79dbc69b674cd4ec67a72c62", "photodna": "an invented value"},
    "ncmec_report_id": "210000901",
    "content_removed": True,
    "account_suspended": False,
    "evidence_source": "automated_scan",
    "evidence": [
        {
            "content_type": "text/plain",
            "description": "A greeting card.",
            "payload": base64.b64encode(b"Hello world").decode(),
            "hash": "md5:3e25960a79dbc69b674cd4ec67a72c62",
            "size": 11,
        }
    ],
    "tags": ["example:card"],
    "confidence": 0.95,
    "description": "An invented report.",
}

CONDUCT: dict[str, Any] = {
    "xarf_version": "4.2.0",
    "report_id": "550e8400-e29b-41d4-a716-446655440001",
    "timestamp": "2026-11-01T21:10:09Z",
    "reporter": _REPORTER,
    "sender": _REPORTER,
    "source_identifier": "chat.example.net",
    "category": "content",
    "type": "csem",
    "url": "https://chat.example.net/rooms/7",
    "exploitation_type": "solicitation",
    "detection_method": "user_report",
    "platform": "messaging_app",
    "evidence_type": ["chat_logs"],
    "perpetrator_indicators": {"account_id": "u-4711", "ip_addresses": ["198.51.100.4"], "pattern_of_behavior": "Writes about benches."},
    "reporting_obligations": ["local_law_enforcement"],
}

EXAMPLES: tuple[Mapping[str, bytes], ...] = (
    {"xarf.json": json.dumps(MATERIAL).encode()},
    {"xarf.json": json.dumps(CONDUCT).encode(), "log.txt": b"Good morning."},
)
