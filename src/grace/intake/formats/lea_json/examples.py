"""Small invented reports: they feed the contract tests and the documentation."""

from __future__ import annotations

import json
from collections.abc import Mapping

_SPARSE = {
    "reportId": 210000901,
    "dateReceived": "2025-03-05T08:15:00Z",
    "reportedInformation": {
        "reportingEsp": {"espName": "Example Provider", "lastName": None},
        "incidentSummary": {"incidentType": "Misleading Domain Name", "incidentDateTime": "2025-03-04T21:10:09Z"},
        "additionalInformations": [],
        "incidentDetails": None,
        "reportedPeople": {"reportedPersons": [{"espUserId": "u-1", "emails": {"emails": [{"value": "a@example.org", "verified": True}]}}]},
        "intendedRecipients": None,
        "uploadedFiles": None,
    },
}
_WITH_FILE = {
    "reportId": "210000902",
    "dateReceived": "2025-04-02T00:00:00Z",
    "reportedInformation": {
        "reportingEsp": {"espName": "Example Provider"},
        "incidentSummary": {"incidentType": "Misleading Domain Name", "incidentDateTime": "2025-04-01T10:00:00Z"},
        "uploadedFiles": {
            "uploadedFiles": [
                {
                    "filename": "card.txt",
                    "verificationHash": "3e25960a79dbc69b674cd4ec67a72c62",
                    "viewedByEsp": None,
                    "sourceInformation": {
                        "sourceCaptures": [
                            {
                                "captureType": "IP Address",
                                "value": "192.0.2.7",
                                "eventName": "Upload",
                                "dateTime": "2025-04-01T10:00:00Z",
                                "port": 51600,
                            }
                        ]
                    },
                }
            ]
        },
    },
}

EXAMPLES: tuple[Mapping[str, bytes], ...] = (
    {"report.json": json.dumps(_SPARSE).encode()},
    {"report.json": json.dumps(_WITH_FILE).encode("utf-8-sig"), "card.txt": b"Hello world"},
)
