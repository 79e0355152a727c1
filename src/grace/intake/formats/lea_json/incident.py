"""The incident's own members: mails, web pages and the report's free text."""

from __future__ import annotations

from collections.abc import Iterator

from grace.intake.formats.json_values import members, notes, wrapped
from grace.intake.formats.lea_json.captures import captures
from grace.intake.formats.lea_json.quirks import Quirk, Said
from grace.intake.formats.lea_json.quirks.plain import Texts

_INFORMATION = "$.reportedInformation"


def read_incident(information: dict[str, object], sender: str, quirk: Quirk) -> Said:
    """All that the incident says beside persons and files: claims, passages and incident-level facts."""
    details = members(information.get("incidentDetails"))
    pages = list(_parts(details, "webpageIncident"))
    mails = list(_parts(details, "emailIncident"))
    said = quirk.report([(_INFORMATION + below, text) for below, text in notes(information)])
    if not pages and not mails:
        return said
    caught = tuple(claim for path, part in (*pages, *mails) for claim in captures(part, path, sender or None))
    said = said.joined(Said(claims=caught)).joined(quirk.pages([_texts(*page) for page in pages]))
    return said.joined(quirk.mails([_texts(*mail) for mail in mails]))


def _parts(details: dict[str, object], name: str) -> Iterator[tuple[str, object]]:
    for below, part in wrapped(details, name):
        yield f"{_INFORMATION}.incidentDetails{below}", part


def _texts(path: str, part: object) -> Texts:
    texts = (*notes(part, "contents"), *notes(part)) if isinstance(part, dict) else ()
    return [(path + below, text) for below, text in texts]
