"""The places of an X-ARF report that we know, after the public specification of version 4 (core, content, csam, csem).

Its object is open: what stands under other keys is no deviation, only unknown to us.
"""

from __future__ import annotations

from grace.intake.formats.described import Flag, Listing, Record, Text, Value

MARK = "xarf_version"
ALGORITHMS = ("md5", "sha1", "sha256", "sha512")

FACTS = (
    *("detection_method", "media_type", "exploitation_type", "victim_age_range", "platform", "evidence_source", "confidence"),
    *("content_removed", "account_suspended", "ncmec_report_id", "verified_at", "verification_method"),
    *("hosting_provider", "asn", "country_code", "domain", "registrar", "legacy_version"),
)
"""Single values that say something of the incident; each becomes a fact under its own name."""
LISTS = ("evidence_type", "reporting_obligations")
"""Lists that do."""


def _text(*one_of: str, number: bool = False) -> Text:
    return Text(about="", one_of=one_of, number=number)


def _texts(*one_of: str) -> Listing:
    return Listing(about="", items=Text(about="", required=True, one_of=one_of))


def _open(**members: Value) -> Record:
    return Record(about="", members=members, is_open=True)


_CONTACT = Record(about="", required=True, members={name: Text(about="", required=True) for name in ("org", "contact", "domain")})
_EVIDENCE = Record(
    about="",
    required=True,
    members={
        "content_type": Text(about="", required=True),
        "payload": Text(about="", required=True),
        "description": _text(),
        "hash": _text(),
        "size": _text(number=True),
    },
)
_CSAM: dict[str, Value] = {
    "classification": _text("baseline", "A1", "A2", "B1", "B2"),
    "media_type": _text("image", "video", "audio", "text", "mixed"),
    "hash_values": _open(md5=_text(), sha1=_text(), sha256=_text(), photodna=_text()),
    "ncmec_report_id": _text(),
    "content_removed": Flag(about=""),
    "account_suspended": Flag(about=""),
}
_CSEM: dict[str, Value] = {
    "exploitation_type": _text("grooming", "solicitation", "sextortion", "trafficking", "distribution", "production", "possession"),
    "victim_age_range": _text("infant", "toddler", "prepubescent", "pubescent", "unknown"),
    "platform": _text("social_media", "messaging_app", "gaming_platform", "forum", "email", "darkweb", "other"),
    "evidence_type": _texts("chat_logs", "images", "videos", "user_profile", "metadata"),
    "perpetrator_indicators": _open(account_id=_text(), ip_addresses=_texts(), pattern_of_behavior=_text()),
    "reporting_obligations": _texts(),
}
_DETECTION = (
    *("hash_match", "ai_detection", "manual_review", "user_report", "automated_scan"),
    *("behavioral_analysis", "keyword_detection", "law_enforcement_referral"),
)
_CORE: dict[str, Value] = {
    **{name: Text(about="", required=True) for name in (MARK, "report_id", "timestamp", "source_identifier", "type")},
    "category": _text(),
    "class": _text(),  # what early drafts of version 4 call the category
    "reporter": _CONTACT,
    "sender": _CONTACT,
    "source_port": _text(number=True),
    "evidence_source": _text(),
    "evidence": Listing(about="", items=_EVIDENCE),
    "tags": _texts(),
    "confidence": _text(number=True),
    "description": _text(),
    "legacy_version": _text(),
    "_internal": _open(),
}
_CONTENT: dict[str, Value] = {
    "url": Text(about="", required=True),
    **{name: _text() for name in ("domain", "registrar", "screenshot_url", "verified_at", "verification_method", "hosting_provider")},
    "asn": _text(number=True),
    "country_code": _text(),
    "detection_method": Text(about="", required=True, one_of=_DETECTION),
}

REPORT = _open(**_CORE, **_CONTENT, **_CSAM, **_CSEM)

CARRIES = frozenset(
    {
        *("report.issuer", "report.number", "report.sender", "report.incident_type", "report.incident_at", "report.annotations"),
        *("report.prior_numbers", "report.identifiers", "person.role", "person.sender", "person.passage", "passage"),
        *("email", "ip", "ip.at", "ip.port", "url", "user_id"),
        *("file.name", "file.md5", "file.sha1", "file.sha256", "file.classification"),
    }
)
