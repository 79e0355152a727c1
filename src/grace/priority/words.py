"""The words of the base rules, for the catalogues: rules are kept in English and put over where a screen shows them.

A unit that words a rule anew is shown its own words, whatever the language of the reader.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_noop

BASE_TEXTS = (
    gettext_noop("account named"),
    gettext_noop("verified contact"),
    gettext_noop("address with port and second"),
    gettext_noop("time stated"),
    gettext_noop("files here"),
    gettext_noop("text of the incident"),
    gettext_noop("files missing"),
    gettext_noop("file differs from its digest"),
    gettext_noop("times without a zone"),
    gettext_noop("phone number"),
    gettext_noop("e-mail address"),
    gettext_noop("address, but weak"),
    gettext_noop("address used within a week"),
    gettext_noop("device named"),
    gettext_noop("place in a file"),
    gettext_noop("device number in a file"),
    gettext_noop("person named"),
    gettext_noop("earlier reports named"),
    gettext_noop("shares a contact with other referrals"),
    gettext_noop("bundle of many accounts"),
    gettext_noop("sender escalated"),
    gettext_noop("access to a child stated"),
    gettext_noop("contact with a child reported"),
    gettext_noop("victim named"),
    gettext_noop("victim below 13"),
    gettext_noop("pressure on a child reported"),
    gettext_noop("newest file less than two days old, nowhere else seen"),
    gettext_noop("happened within two days"),
    gettext_noop("files on no list"),
    gettext_noop("several of them"),
    gettext_noop("no file to compare"),
    gettext_noop("known files"),
    gettext_noop("near-duplicates of known files"),
    gettext_noop("files confirmed not of interest"),
    gettext_noop("known files of software and the like"),
    gettext_noop("viral file"),
    gettext_noop("duplicate of another referral"),
    gettext_noop("access to a child stated, within a week"),
    gettext_noop("victim named, within two days"),
)
"""Every text of ``base_rules.json``, once."""
AXES = (gettext_noop("completeness"), gettext_noop("actionability"), gettext_noop("urgency"), gettext_noop("novelty"))
"""The axes inside a sentence."""
PARTS = (
    gettext_noop("weights"),
    gettext_noop("escalation"),
    gettext_noop("rules"),
    gettext_noop("floors"),
    gettext_noop("queues"),
    gettext_noop("minimum"),
    gettext_noop("share"),
    gettext_noop("maximum"),
)
"""The parts of a body, and the numbers of its escalation."""
STATES = (gettext_noop("Draft"), gettext_noop("Published"), gettext_noop("Retired"))
"""The states of a version."""
FEATURES: Mapping[str, str] = {
    "sender.escalated": gettext_noop("sender escalated"),
    "sender.escalated_over_share": gettext_noop("sender escalated beyond its share"),
    "sender.bundled": gettext_noop("bundle of many accounts"),
    "sender.annotated": gettext_noop("note of the sender"),
    "incident.type": gettext_noop("kind of incident"),
    "incident.age_days": gettext_noop("days since the incident"),
    "incident.time_stated": gettext_noop("time stated"),
    "person.reported_count": gettext_noop("persons reported"),
    "person.victim_count": gettext_noop("victim named"),
    "person.victim_under_13": gettext_noop("victim below 13"),
    "person.named": gettext_noop("person named"),
    "person.access_to_child": gettext_noop("access to a child stated"),
    "contact.verified": gettext_noop("verified contact"),
    "contact.email_count": gettext_noop("e-mail address"),
    "contact.phone_count": gettext_noop("phone number"),
    "contact.account": gettext_noop("account named"),
    "ip.count": gettext_noop("IP addresses seen"),
    "ip.precise_count": gettext_noop("address with port and second"),
    "ip.newest_age_days": gettext_noop("days since an address was used"),
    "device.count": gettext_noop("device named"),
    "text.present": gettext_noop("text of the incident"),
    "text.class": gettext_noop("what a model reads in a text"),
    "zone.unknown_count": gettext_noop("times without a zone"),
    "file.named_count": gettext_noop("files named"),
    "file.present_count": gettext_noop("files here"),
    "file.missing_count": gettext_noop("files missing"),
    "file.changed_count": gettext_noop("file differs from its digest"),
    "file.viewed_count": gettext_noop("files viewed by the sender"),
    "file.known_count": gettext_noop("known files"),
    "file.near_count": gettext_noop("near-duplicates of known files"),
    "file.negative_count": gettext_noop("files confirmed not of interest"),
    "file.common_count": gettext_noop("known files of software and the like"),
    "file.new_count": gettext_noop("files on no list"),
    "file.seen_in_referrals": gettext_noop("referrals with the same file"),
    "file.place_count": gettext_noop("place in a file"),
    "file.device_count": gettext_noop("device number in a file"),
    "file.generator_count": gettext_noop("files that a program invented"),
    "file.appended_count": gettext_noop("files with bytes behind their end"),
    "file.class": gettext_noop("what a model sees in a file"),
    "file.fresh": gettext_noop("newest file less than two days old, nowhere else seen"),
    "link.earlier_reports": gettext_noop("earlier reports named"),
    "group.viral": gettext_noop("viral file"),
    "group.duplicate": gettext_noop("duplicate of another referral"),
    "link.shared_identifiers": gettext_noop("shares a contact with other referrals"),
}
"""The words for what a ranker looks at, by the kind of signal."""
START = gettext_noop("what every referral starts with")
LIMIT = gettext_noop("limit of the score")


def of_feature(name: str) -> str:
    """The words for a line of a ranker, in English: a feature without its term, or the first of a pair."""
    kind = name.partition(" ")[0].partition("=")[0]
    return {"start": START, "limit": LIMIT}.get(name) or FEATURES.get(kind, kind)
