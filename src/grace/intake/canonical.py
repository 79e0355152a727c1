"""A report as one plain dictionary: the same shape for every format, normal spellings beside those of the sender.

The shape is published as a JSON Schema (``canonical_schema.py``, ``docs/reference/canonical.schema.json``). The
version counts up when a key changes its meaning or goes; new keys may come within a version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from grace.identifiers.moments import Moment
from grace.intake.members import Pairing
from grace.intake.normalise import AttachmentFact, Facts, PersonFact, SightingFact, facts
from grace.sdk.intake import Kind, Leaf, Note, Passage, Person, Reading, Report, Role

if TYPE_CHECKING:
    from grace.identifiers.find import Found

VERSION = 1

Json = dict[str, object]

_LISTS = {"urls": Kind.URL, "phones": Kind.PHONE, "screen_names": Kind.SCREEN_NAME, "user_ids": Kind.USER_ID}
_OTHERS = frozenset({Kind.DEVICE, Kind.PAYMENT, Kind.OTHER})


def canonical(reading: Reading, pairings: Iterable[Pairing] | None = None, said: Facts | None = None) -> Json:
    """The canonical form of one report. ``pairings`` adds what became of its files; None means not looked."""
    report = reading.report
    said = said or facts(report)
    return {
        "canonical": VERSION,
        "format": report.format,
        "documents": list(reading.documents),
        "referral": _referral(report, said),
        "persons": [_person(fact, report.persons[fact.ordinal], said) for fact in said.persons],
        "attachments": [_attachment(fact, said) for fact in said.attachments],
        "sightings": [_sighting(sighting) for sighting in said.sightings],
        "passages": _passages(report.passages, said),
        **_summary(said),
        "files_received": None if pairings is None else [_pairing(pairing) for pairing in pairings],
        "notes": [_note(note) for note in (*report.notes, *said.notes)],
        "leaves": [_leaf(leaf) for leaf in report.leaves],
    }


def utc(moment: datetime | None) -> str | None:
    """RFC 3339 in UTC with ``Z``; a fraction in three digits, or six where three do not hold it."""
    if moment is None:
        return None
    spec = "seconds" if not moment.microsecond else "microseconds" if moment.microsecond % 1000 else "milliseconds"
    return moment.isoformat(timespec=spec).replace("+00:00", "Z")


def _referral(report: Report, said: Facts) -> Json:
    return {
        "issuer": report.issuer,
        "number": report.number,
        "sender": report.sender or None,
        "service": report.service,
        "received": _moment(said.received),
        "incident_type": report.incident_type,
        "incident": _moment(said.incident),
        "incident_time_note": report.incident_time_note,
        "escalated": report.escalated,
        "annotations": list(report.annotations),
        "bundled": report.bundled,
        "prior_numbers": list(report.prior_numbers),
        "facts": dict(report.facts),
    }


def _moment(moment: Moment | None) -> Json | None:
    return None if moment is None else _time(moment.as_written, moment.at, moment.zone, moment.precision)


def _time(written: str | None, at: datetime | None, zone: str | None, precision: str | None) -> Json | None:
    return None if written is None else {"at": written, "at_utc": utc(at), "zone": zone, "precision": precision}


def _person(fact: PersonFact, person: Person, said: Facts) -> Json:
    return {
        "ordinal": fact.ordinal,
        "role": fact.role.value,
        "path": fact.path,
        "name": full_name(fact.fields),
        "fields": dict(fact.fields),
        "passages": _passages(person.passages, said),
    }


def full_name(fields: Mapping[str, str]) -> str | None:
    """First, middle and last name as stated, or the name that the document does not part, or None."""
    return " ".join(fields[key] for key in ("first_name", "middle_name", "last_name") if key in fields) or fields.get("name") or None


def _attachment(fact: AttachmentFact, said: Facts) -> Json:
    stated = fact.stated
    return {
        "ordinal": fact.ordinal,
        "path": stated.path,
        "name": stated.name,
        "original_name": stated.original_name,
        "sender_file_id": stated.sender_file_id,
        "digests": {algorithm: value.hex() for algorithm, value in fact.digests.items()},
        "odd_digests": dict(fact.odd_digests),
        "viewed": stated.viewed,
        "publicly_available": stated.publicly_available,
        "classification": stated.classification,
        "relevance": stated.relevance,
        "uploaded": _moment(fact.uploaded),
        "tags": list(stated.tags),
        "fields": dict(stated.fields),
        "passages": _passages(stated.passages, said),
    }


def _sighting(sighting: SightingFact) -> Json:
    return {
        "kind": sighting.kind.value,
        "value": sighting.as_written,
        "normal": sighting.value if sighting.normalised else None,
        "path": sighting.path,
        "person": sighting.person,
        "attachment": sighting.attachment,
        "event": sighting.event,
        "time": _time(sighting.at_written, sighting.at, sighting.zone, sighting.precision),
        "port": sighting.port,
        "weak": sighting.weak,
        "verified": sighting.verified,
        "service": sighting.service,
        "label": sighting.label,
        "in_text": sighting.mined,
        "position": _position(sighting),
        "facts": dict(sighting.facts),
    }


def _summary(said: Facts) -> Json:
    """Distinct values at a glance. Those who report are left out, and what stands only in free text has its own list."""
    theirs = [sighting for sighting in said.sightings if not _is_senders(sighting, said)]
    stated = [sighting for sighting in theirs if not sighting.mined]
    emails = [sighting for sighting in stated if sighting.kind is Kind.EMAIL]
    addresses = [sighting for sighting in stated if sighting.kind is Kind.IP and sighting.normalised]
    return {
        "ips": _once(sighting.value for sighting in addresses),
        "emails": _once(sighting.as_written for sighting in emails),
        "emails_folded": _once(sighting.value for sighting in emails),
        **{name: _once(sighting.as_written for sighting in stated if sighting.kind is kind) for name, kind in _LISTS.items()},
        "other_identifiers": [_other(sighting) for sighting in stated if sighting.kind in _OTHERS],
        "identifiers_in_text": [_mentioned(sighting) for sighting in theirs if sighting.mined],
        "counts": _counts(said, addresses),
    }


def _is_senders(sighting: SightingFact, said: Facts) -> bool:
    return sighting.person is not None and said.persons[sighting.person].role is Role.SENDER


def _counts(said: Facts, addresses: list[SightingFact]) -> Json:
    hashes = {min(fact.digests.items()) for fact in said.attachments if fact.digests}
    return {
        "ip_occurrences": len(addresses),
        "distinct_ips": len({sighting.value for sighting in addresses}),
        "files": len(said.attachments),
        "distinct_hashes": len(hashes),
        "persons": sum(person.role is not Role.SENDER for person in said.persons),
    }


def _once(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _other(sighting: SightingFact) -> Json:
    normal = sighting.value if sighting.normalised else None
    return {"type": sighting.label or sighting.kind.value, "value": sighting.as_written, "normal": normal}


def _mentioned(sighting: SightingFact) -> Json:
    return {**_other(sighting), "service": sighting.service, "path": sighting.path, "position": _position(sighting)}


def _position(sighting: SightingFact) -> Json | None:
    return None if sighting.position is None else {"start": sighting.position[0], "end": sighting.position[1]}


def _passages(passages: Iterable[Passage], said: Facts) -> list[Json]:
    return [
        {
            "about": passage.about,
            "text": passage.text,
            "path": passage.path,
            "identifiers": [_found(each) for each in said.found.get(passage, ())],
        }
        for passage in passages
    ]


def _found(each: Found) -> Json:
    return {
        "type": each.kind.value,
        "value": each.value,
        "normal": each.normal,
        "service": each.service,
        "start": each.start,
        "end": each.end,
    }


def _pairing(pairing: Pairing) -> Json:
    return {"state": pairing.state.value, "attachment": pairing.attachment, "member": pairing.member, "checked": pairing.checked}


def _note(note: Note) -> Json:
    return {"code": note.code, "path": note.path, "text": note.text}


def _leaf(leaf: Leaf) -> Json:
    return {"path": leaf.path, "value": leaf.value, "known": leaf.known}
