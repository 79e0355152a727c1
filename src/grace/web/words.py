"""The words of the field: how screens name a referral, an age, a number, a standing. Everything passes through gettext."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from grace.analysis.models import Verdict

NO_BREAK = "\u00a0"

INCIDENTS: Mapping[str, Promise] = {
    "material": gettext_lazy("Material report"),
    "trafficking": gettext_lazy("Trafficking report"),
    "travel": gettext_lazy("Travel report"),
    "molestation": gettext_lazy("Abuse report"),
    "domain": gettext_lazy("Misleading domain report"),
    "words": gettext_lazy("Misleading words report"),
    "enticement": gettext_lazy("Enticement report"),
    "unsolicited": gettext_lazy("Unsolicited material report"),
    "other": gettext_lazy("Report of another kind"),
}
FORMATS: Mapping[str, str] = {
    "lea-json": "LEA JSON",
    "cybertipline-xml": "CyberTipline XML",
    "ncmec-pdf": "NCMEC PDF",
    "grace-json": "GRACE JSON",
    "grace-handover": "GRACE hand-over",
}
STATUSES: Mapping[str, Promise] = {
    "open": gettext_lazy("waiting"),
    "taken": gettext_lazy("taken"),
    "closed": gettext_lazy("closed"),
}
HEADINGS: Mapping[str, Promise] = {
    "open": gettext_lazy("Waiting"),
    "taken": gettext_lazy("Taken"),
    "closed": gettext_lazy("Closed"),
}
OUTCOMES: Mapping[str, Promise] = {
    "duplicate": gettext_lazy("duplicate"),
    "known": gettext_lazy("known"),
    "not_actionable": gettext_lazy("not actionable"),
    "not_criminal": gettext_lazy("not criminal"),
    "handed_over": gettext_lazy("handed over"),
    "escalated": gettext_lazy("escalated"),
}
CRITERIA: Mapping[str, Promise] = {
    "offence": gettext_lazy("the offence is there"),
    "suspect": gettext_lazy("the reported person is there"),
    "victim": gettext_lazy("the victim is there"),
    "establishment": gettext_lazy("the sender is established there"),
}
"""By criterion of routing: why a state is concerned."""
AXES: Mapping[str, tuple[Promise, Promise, Promise]] = {
    "completeness": (gettext_lazy("Completeness"), gettext_lazy("Compl."), gettext_lazy("Completeness: can it be worked?")),
    "actionability": (gettext_lazy("Actionability"), gettext_lazy("Action."), gettext_lazy("Actionability: is there a lead?")),
    "urgency": (gettext_lazy("Urgency"), gettext_lazy("Urg."), gettext_lazy("Urgency: harm now?")),
    "novelty": (gettext_lazy("Novelty"), gettext_lazy("Nov."), gettext_lazy("Novelty: new, known or viral?")),
}
"""By axis: its name, its short name, the question that it answers."""

_COUNTED: tuple[tuple[str, Callable[[int], str]], ...] = (
    ("accounts", lambda n: ngettext("%(n)s account", "%(n)s accounts", n)),
    ("recipients", lambda n: ngettext("%(n)s recipient", "%(n)s recipients", n)),
    ("victims", lambda n: ngettext("%(n)s victim named", "%(n)s victims named", n)),
    ("files", lambda n: ngettext("%(n)s file", "%(n)s files", n)),
    ("inside", lambda n: ngettext("%(n)s in archives", "%(n)s in archives", n)),
)


GROUPS: Mapping[str, Promise] = {
    "viral": gettext_lazy("Viral file"),
    "duplicate": gettext_lazy("Duplicates"),
    "bundle": gettext_lazy("Bundle of the sender"),
}


def group_title(told: Any) -> str:
    """A group in one sentence: “Viral file: 50 000 referrals, 61 204 accounts, 3 senders”."""
    parts = [
        ngettext("%(n)s referral", "%(n)s referrals", told.members) % {"n": grouped(told.members)},
        ngettext("%(n)s account reported", "%(n)s accounts reported", told.accounts) % {"n": grouped(told.accounts)},
        ngettext("%(n)s sender", "%(n)s senders", told.senders) % {"n": grouped(told.senders)},
    ]
    return _("%(kind)s: %(parts)s") % {"kind": GROUPS.get(told.kind, told.kind), "parts": ", ".join(parts)}


def because(kind: str, evidence: Mapping[str, Any]) -> str:
    """Why a referral is a member, from its evidence."""
    if kind == "viral":
        return _("names or brings the file")
    if evidence.get("says") == "earlier":
        return _("one names the other by its number, %(number)s") % {"number": evidence["number"]}
    if evidence.get("says") == "bundled":
        return _("the sender calls it one of a bundle of this file")
    identifiers, files, days = evidence["shared_identifiers"], evidence["shared_files"], evidence["days_apart"]
    told = {
        "identifiers": ngettext("%(n)s identifier", "%(n)s identifiers", identifiers) % {"n": grouped(identifiers)},
        "files": ngettext("%(n)s file", "%(n)s files", files) % {"n": grouped(files)},
        "of": grouped(evidence["of"]),
        "apart": ngettext("%(n)s day apart", "%(n)s days apart", 1 if days == 1 else 2) % {"n": number_format(f"{days:g}")},
    }
    if evidence["exact"]:
        return _("says the same: %(identifiers)s and %(files)s, %(apart)s") % told
    return _("has in common with another, of %(of)s in all: %(identifiers)s and %(files)s, %(apart)s") % told


def decided(members: int, spared: int) -> str:
    """What a decision about a group came to: “14 referrals; 1 left as it was”."""
    done = ngettext("%(n)s referral", "%(n)s referrals", members) % {"n": grouped(members)}
    left = ngettext("%(n)s left as it was", "%(n)s left as they were", spared) % {"n": grouped(spared)}
    return f"{done}; {left}"


def title(kind: str, summary: Mapping[str, Any]) -> str:
    """A referral in one sentence: “Enticement report: 1 account, 1 recipient, 3 files, 2 known”."""
    parts = [name(summary[key]) % {"n": grouped(summary[key])} for key, name in _COUNTED if summary.get(key)]
    parts += _of_files(summary)
    head = str(INCIDENTS.get(kind, INCIDENTS["other"]))
    return _("%(kind)s: %(parts)s") % {"kind": head, "parts": ", ".join(parts)} if parts else head


def contradictions(number: int) -> str:
    """How many contradictions stand between the documents of a referral."""
    return ngettext("%(n)s contradiction", "%(n)s contradictions", number) % {"n": grouped(number)}


_OF_FILES: tuple[tuple[str, Promise], ...] = (
    ("known", gettext_lazy("%(n)s known")),
    ("near", gettext_lazy("%(n)s near a known one")),
    ("negative", gettext_lazy("%(n)s not of interest")),
    ("common", gettext_lazy("%(n)s on a list of known files")),
    ("aside", gettext_lazy("%(n)s set aside")),
    ("unchecked", gettext_lazy("%(n)s not checked")),
)


def _of_files(summary: Mapping[str, Any]) -> list[str]:
    """What the lists say of the files, in words; “none known” only where every one of them was looked up."""
    files = summary.get("files", 0)
    if not files:
        return []
    if summary.get("unchecked") == files + summary.get("inside", 0):
        return [_("not checked")]
    found = [str(text) % {"n": grouped(number)} for key, text in _OF_FILES if (number := summary.get(key))]
    return found or [_("none known")]


def recipient(key: str) -> str:
    """A recipient of a referral: the code of a state, or Europol."""
    return "Europol" if key == "europol" else key


def reference(number: int, received_at: datetime) -> str:
    """The number of a referral as officers write it: R-26-118 204. The search reads it in this form too."""
    return f"R-{received_at:%y}-{number:,}".replace(",", NO_BREAK)


def grouped(number: int) -> str:
    """A whole number with its thousands apart."""
    return f"{number:,}".replace(",", "\u202f") if abs(number) > 9_999 else str(number)


def capped(count: tuple[int, bool]) -> str:
    """A count that may have stopped: “10,000+”."""
    return grouped(count[0]) + ("+" if count[1] else "")


def signed(points: int) -> str:
    """Points with their sign; a true minus, as wide as the plus."""
    return f"+{points}" if points >= 0 else f"\u2212{-points}"


def age(then: datetime, now: datetime) -> str:
    """How long ago, as short as it can be read: 12 min, 2 h 05, 41 d."""
    minutes = max(0, int((now - then).total_seconds() // 60))
    if minutes < 60:
        return _("%(n)s min") % {"n": minutes}
    hours, rest = divmod(minutes, 60)
    if hours < 6:
        return _("%(hours)s h %(minutes)s") % {"hours": hours, "minutes": f"{rest:02d}"}
    if hours < 48:
        return _("%(n)s h") % {"n": hours}
    return _("%(n)s d") % {"n": grouped(hours // 24)}


def said(text: str) -> str:
    """What another room or a rule says in English, in the reader's language where the catalogue has it."""
    return _(text)


def reason(why: str) -> str:
    """Why nothing came of looking into a file; one of the decoding program's own reasons."""
    return _(why)


def not_decoded(why: str) -> str:
    """Why there is no picture of a file; takes the reason with or without “not decoded: ”."""
    return _("not decoded: %(why)s") % {"why": _(why.removeprefix("not decoded: "))}


def format_name(name: str) -> str:
    """A format as officers call it."""
    return FORMATS.get(name, name)


def outcome(name: str) -> str:
    """What became of a referral; the plain word where it is not one of ours."""
    return str(OUTCOMES.get(name, name))


def label(verdict: str, instead: str) -> str:
    """What a unit said of a finding; ``instead`` is empty where it is not known or stays covered."""
    if verdict == Verdict.RIGHT:
        return _("right, says your unit")
    if instead:
        return _("wrong, says your unit: %(instead)s") % {"instead": instead}
    return _("wrong, says your unit")
