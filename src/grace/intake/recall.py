"""From the canonical JSON of a version back to its report: what was said, without the leaves and notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from grace.sdk.intake import Attachment, Claim, Kind, Passage, Person, Report, Role

Json = Mapping[str, Any]


def recall(told: Json) -> Report:
    """The report. Times come back in UTC where they were known, so that no rule of the format is needed any more."""
    referral = told["referral"]
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
        persons=tuple(_person(person, told["sightings"]) for person in told["persons"]),
        attachments=tuple(_attachment(file, told["sightings"]) for file in told["attachments"]),
        claims=tuple(_claim(each) for each in told["sightings"] if each["person"] is None and each["attachment"] is None),
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
    return None if moment is None else moment["at_utc"] or moment["at"]
