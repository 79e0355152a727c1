"""Small invented referrals as another agency would hand them over."""

from __future__ import annotations

import json
from collections.abc import Mapping

_TIME = {"at": "2026-04-15 11:58:00", "at_utc": "2026-04-15T11:58:00Z", "zone": "stated", "precision": "second"}
_REFERRAL: Mapping[str, object] = {
    "issuer": "NCMEC",
    "number": "900000001",
    "sender": "Example Pictures",
    "service": None,
    "received": _TIME,
    "incident_type": "Apparent Child Pornography",
    "incident": None,
    "incident_time_note": None,
    "escalated": None,
    "annotations": [],
    "bundled": False,
    "prior_numbers": [],
    "facts": {},
}
_SIGHTING: Mapping[str, object] = {
    "kind": "ip",
    "value": "192.0.2.7",
    "normal": "192.0.2.7",
    "path": "$.reportedInformation.reportedPeople.reportedPersons[0].sourceInformation.sourceCaptures[0]",
    "person": 0,
    "attachment": None,
    "event": "Login",
    "time": _TIME,
    "port": 4711,
    "weak": False,
    "verified": None,
    "service": None,
    "label": None,
    "in_text": False,
    "facts": {},
}
_PERSON: Mapping[str, object] = {
    "ordinal": 0,
    "role": "reported",
    "path": "$.reportedInformation.reportedPeople.reportedPersons[0]",
    "name": "Ada Example",
    "fields": {"first_name": "Ada", "last_name": "Example"},
    "passages": [{"about": "bio", "text": "Likes lighthouses.", "path": "$.bio"}],
}
_FILE: Mapping[str, object] = {
    "ordinal": 0,
    "path": "$.reportedInformation.uploadedFiles.uploadedFiles[0]",
    "name": "gradient.png",
    "original_name": None,
    "sender_file_id": None,
    "digests": {"md5": "d41d8cd98f00b204e9800998ecf8427e"},
    "odd_digests": {},
    "viewed": True,
    "publicly_available": None,
    "classification": None,
    "relevance": None,
    "uploaded": None,
    "tags": [],
    "fields": {},
    "passages": [],
}


def _example(**changes: object) -> Mapping[str, bytes]:
    report = {
        "referral": _REFERRAL,
        "persons": [_PERSON],
        "attachments": [_FILE],
        "sightings": [_SIGHTING],
        "passages": [],
        "notes": [],
        "leaves": [{"path": "$.reportId", "value": "900000001", "known": True}],
        **changes,
    }
    told = {"format": "grace-referral", "version": 1, "from": {"name": "Example Police North", "state": "DE"}, "report": report}
    return {"referral.json": json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()}


EXAMPLES: tuple[Mapping[str, bytes], ...] = (
    _example(),
    _example(persons=[], sightings=[{**_SIGHTING, "person": None}], attachments=[], leaves=[]),
)
