"""From the canonical JSON of a version back to its report: what was said, without the leaves and notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from grace.sdk.intake import Attachment, Claim, Kind, Passage, Person, Report, Role

Json = Mapping[str, Any]


def recall(told: Json) -> Report:
    """The report. Times come back in UTC where they were known, so that no rule of the format is needed any more.

    What a search found in running text is no statement: it is left out here, and found again wherever the texts are searched.
    """
    referral, sightings = told["referral"], [each for each in told["sightings"] if each.get("position") is None]
    return Report(
        told["format"],
        referral["issuer"],
        referral["number"],
        referral["sender"] or "",
        service=referral["service"],
        received_at=_time(referral["received"]),
        incident_type=referral["incident_type"],
        incident_at=_time(referral["incident"]),
        incident_time_note=referral["incident_time_note"],
        escalated=referral["escalated"],
        annotations=tuple(referral["annotations"]),
        bundled=referral["bundled"],
        prior_numbers=tuple(referral["prior_numbers"]),
        facts=referral["facts"],
        persons=tuple(_person(person, sightings) for person in told["persons"]),
        attachments=tuple(_attachment(file, sightings) for file in told["attachments"]),
        claims=tuple(_claim(each) for each in sightings if each["person"] is None and each["attachment"] is None),
        passages=_passages(told["passages"]),
    )


def _person(person: Json, sightings: Iterable[Json]) -> Person:
    claims = tuple(_claim(each) for each in sightings if each["person"] == person["ordinal"])
    return Person(Role(person["role"]), person["path"], person["fields"], claims, _passages(person["passages"]))


def _attachment(file: Json, sightings: Iterable[Json]) -> Attachment:
    return Attachment(
        file["path"],
        name=file["name"],
        original_name=file["original_name"],
        sender_file_id=file["sender_file_id"],
        digests={**file["digests"], **file["odd_digests"]},
        viewed=file["viewed"],
        publicly_available=file["publicly_available"],
        classification=file["classification"],
        relevance=file["relevance"],
        uploaded_at=_time(file["uploaded"]),
        tags=tuple(file["tags"]),
        fields=file["fields"],
        claims=tuple(_claim(each) for each in sightings if each["attachment"] == file["ordinal"]),
        passages=_passages(file["passages"]),
    )


def _claim(sighting: Json) -> Claim:
    port = sighting["port"]
    return Claim(
        Kind(sighting["kind"]),
        sighting["value"],
        sighting["path"],
        event=sighting["event"],
        at=_time(sighting["time"]),
        port=None if port is None else str(port),
        verified=sighting["verified"],
        service=sighting["service"],
        label=sighting["label"],
        facts=sighting["facts"],
        mined=sighting["in_text"],
    )


def _passages(passages: Iterable[Json]) -> tuple[Passage, ...]:
    return tuple(Passage(each["text"], each["path"], each["about"]) for each in passages)


def _time(moment: Json | None) -> str | None:
    """The time in UTC, no more precise than it was written; a day whose midnight was another one's comes back as it was written."""
    if moment is None:
        return None
    written, at, precision = str(moment["at"]), str(moment["at_utc"] or ""), moment.get("precision")
    if at and precision == "minute":
        return f"{at[:16]}Z"
    if at and precision == "day":
        return f"{at[:10]}Z" if at[10:] == "T00:00:00Z" else written
    return at or written
