"""The words of the base rules, for the catalogues: rules are kept in English and put over where a screen shows them.

A unit that words a rule anew is shown its own words, whatever the language of the reader.
"""

from __future__ import annotations

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
