"""What the referral page says beside the bare facts: axes with their sums, files in words, decisions, history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from grace.accounts.models import Officer
from grace.custody.ledger import EntryRow
from grace.matching.look_up import Known, State
from grace.matching.matches import numbers_of
from grace.matching.weigh import Standing
from grace.pipeline.inside import Tile
from grace.pipeline.referral_page import NamedFile
from grace.pipeline.what_if import WhatIf
from grace.priority.changed import FACTS, RANKER, RULES, Changed
from grace.priority.models import Assessment
from grace.priority.score import CAP
from grace.referrals.models import Attachment
from grace.web import words
from grace.web.list_words import said_of
from grace.web.videos import overlap

STANDINGS: Mapping[Standing, tuple[Promise, str]] = {
    Standing.KNOWN: (gettext_lazy("known"), "known"),
    Standing.NEAR: (gettext_lazy("near-duplicate"), "dash"),
    Standing.NEGATIVE: (gettext_lazy("confirmed not of interest"), "dash"),
    Standing.COMMON: (gettext_lazy("known file, not known good"), "dash"),
    Standing.ASIDE: (gettext_lazy("match set aside"), "dash"),
    Standing.NEW: (gettext_lazy("on no list"), "acc"),
    Standing.UNCHECKED: (gettext_lazy("not checked"), "dash"),
}
"""By standing: the word, and the shape of its badge."""
STATES: Mapping[str, Promise] = {
    "present": gettext_lazy("here"),
    "changed": gettext_lazy("here, differs from its digest"),
    "missing": gettext_lazy("missing"),
    "named": gettext_lazy("digest only"),
    "extra": gettext_lazy("here, not named"),
    "report": gettext_lazy("the report itself"),
}
ACTS: Mapping[str, Promise] = {
    "take": gettext_lazy("Taken"),
    "assign": gettext_lazy("Assigned"),
    "escalate": gettext_lazy("Escalated"),
    "hand_over": gettext_lazy("Handed over"),
    "duplicate": gettext_lazy("Closed as duplicate"),
    "known": gettext_lazy("Closed as known"),
    "not_actionable": gettext_lazy("Closed as not actionable"),
    "not_criminal": gettext_lazy("Closed as not criminal"),
    "take_back": gettext_lazy("Taken back"),
}
_SHORT = 5
_KINDS: Mapping[str, Promise] = {
    "collection": gettext_lazy("collection"),
    "alteration": gettext_lazy("alteration"),
    "consultation": gettext_lazy("consultation"),
    "disclosure": gettext_lazy("disclosure"),
    "combination": gettext_lazy("combination"),
    "erasure": gettext_lazy("erasure"),
}
_ENTRIES: Mapping[str, Promise] = {
    "document.receive": gettext_lazy("received and sealed"),
    "document.receive_again": gettext_lazy("the same document came again"),
    "document.read_again": gettext_lazy("read again out of quarantine"),
    "referral.score": gettext_lazy("scored"),
    "referral.route": gettext_lazy("states concerned found"),
    "referral.remark": gettext_lazy("what it lacks found later"),
    "referral.words": gettext_lazy("its words made searchable later"),
    "referral.correct_states": gettext_lazy("states concerned corrected"),
    "referral.read": gettext_lazy("this page"),
    "referral.compare": gettext_lazy("versions compared"),
    "ranker.read": gettext_lazy("in the shadow run of a ranker"),
    "referral.beside": gettext_lazy("compared with another referral"),
    "referral.versions": gettext_lazy("list of versions"),
    "referral.correct": gettext_lazy("corrected by its sender"),
    "referral.contradict": gettext_lazy("documents contradict each other"),
    "referral.document": gettext_lazy("whole document"),
    "referral.note": gettext_lazy("note written"),
    "referral.decide": gettext_lazy("decision"),
    "queue.list": gettext_lazy("in the queue"),
    "search.ask": gettext_lazy("found by a search"),
    "group.join": gettext_lazy("joined a group"),
    "group.read": gettext_lazy("in a group's page"),
    "group.split": gettext_lazy("split off from a group"),
    "group.known": gettext_lazy("closed with its group, as known"),
    "group.duplicate": gettext_lazy("closed with its group, as duplicates"),
    "group.not_actionable": gettext_lazy("closed with its group, as not actionable"),
    "group.not_criminal": gettext_lazy("closed with its group, as not criminal"),
    "group.take_back": gettext_lazy("the decision on its group taken back"),
    "lane.read": gettext_lazy("in a bulk lane's page"),
    "alert.send": gettext_lazy("alert sent, reference only"),
    "exchange.hand_over": gettext_lazy("handed over"),
    "exchange.deliver": gettext_lazy("delivered to the recipient"),
    "exchange.export": gettext_lazy("written to a file for the recipient"),
    "exchange.correct": gettext_lazy("correction to the recipient"),
    "exchange.answered": gettext_lazy("answer of the recipient"),
    "exchange.accept": gettext_lazy("taken in from another agency"),
    "exchange.receive": gettext_lazy("came from another agency"),
    "exchange.ask_erasure": gettext_lazy("recipient asked to erase"),
    "exchange.prepare": gettext_lazy("hand-over prepared"),
    "file.read": gettext_lazy("a file's page"),
    "file.look": gettext_lazy("a file looked at"),
    "file.examine": gettext_lazy("a file decoded and fingerprinted"),
    "file.unpack": gettext_lazy("an archive unpacked"),
    "file.cluster": gettext_lazy("joined near-duplicates"),
    "cluster.read": gettext_lazy("in a page of near-duplicates"),
    "file.analyse": gettext_lazy("a file shown to analysers"),
    "referral.analyse": gettext_lazy("its texts shown to analysers"),
    "finding.label": gettext_lazy("a finding called right or wrong"),
    "analysis.order": gettext_lazy("an analysis ordered"),
    "analysis.cancel": gettext_lazy("an analysis cancelled"),
    "analysis.read": gettext_lazy("an analysis read"),
    "match.read": gettext_lazy("a match's page"),
}


@dataclass(frozen=True, slots=True)
class AxisShown:
    """An axis with its reasons, which sum to it."""

    key: str
    label: Promise
    value: int
    reasons: list[tuple[str, int, str]]


def axes(assessment: Assessment) -> Iterator[AxisShown]:
    """The four axes, each with words, points and basis of every reason."""
    for key, (label, _short, _question) in words.AXES.items():
        told = assessment.reasons.get(key, [])
        reasons = [(_("limit of the axis") if rule == CAP else words.said(text), points, basis) for rule, points, text, basis in told]
        yield AxisShown(key, label, getattr(assessment, key), reasons)


def floors(assessment: Assessment) -> list[tuple[str, int]]:
    """The floors that hold the referral up: words and height."""
    return [(words.said(text), floor) for _rule, floor, text in assessment.reasons.get("floors", [])]


def what_if(each: WhatIf) -> dict[str, Any]:
    """A what-if line: what is left out, the rank then, and the axes that change."""
    without = {
        "escalation": _("Without the sender's escalation"),
        "known files": _("Without the files that are known"),
        "viral file": _("Without the viral file"),
        "duplicates": _("Without its duplicates"),
        "shared contacts": _("Without what it shares with others"),
        "model": _("Without the model's estimates"),
    }
    return {"without": without[each.without], "rank": each.rank, "axes": [(words.said(key), value) for key, value in each.axes.items()]}


BECAUSE: Mapping[str, Promise] = {
    FACTS: gettext_lazy("more is known of it"),
    RULES: gettext_lazy("other rules came in force"),
    RANKER: gettext_lazy("another ranker, or the rules alone, give the score"),
}


def last_change(found: Changed | None) -> dict[str, Any] | None:
    """What changed a rank last: when and why, score and floor before and after, and the lines that differ."""
    if found is None:
        return None
    lines = [(words.said(each.text), each.before, each.after) for each in found.lines]
    return {"found": found, "because": BECAUSE[found.because], "lines": lines}


@dataclass(frozen=True, slots=True)
class MatchShown:
    """What one list says of a file under one category, by whichever digests; ``number`` that of the nearest match.

    ``overlap`` tells of a video how much of it, and when.
    ``said`` is what must be told beside it: another meaning than an alert, why it does not count, what is thought of it.
    """

    list_name: str
    category: str
    source: str
    algorithms: str
    distance: int
    is_exact: bool
    number: int | None
    overlap: str
    entry_id: int
    said: list[str]


@dataclass(frozen=True, slots=True)
class FileShown:
    """A file of the wall; ``name`` is empty while the referral is covered."""

    label: str
    attachment: Attachment
    standing: Promise
    shape: str
    state: Promise | str
    name: str
    viewed: str
    public: str
    matches: list[MatchShown]
    unasked: list[str]
    badges: list[str]


def file(found: NamedFile, *, uncovered: bool) -> FileShown:
    """One file in words."""
    attachment = found.attachment
    standing, shape = STANDINGS[found.standing]
    return FileShown(
        label=f"f{attachment.ordinal + 1:02d}",
        attachment=attachment,
        standing=standing,
        shape=shape,
        state=STATES.get(attachment.state, attachment.state),
        name=(attachment.original_name or attachment.name or "") if uncovered else "",
        viewed=stated(attachment.viewed),
        public=stated(attachment.publicly_available),
        matches=sorted(_matches(found), key=lambda each: (each.distance, each.list_name)),
        badges=badges(found),
        unasked=sorted({f"{answer.asked.algorithm}: {answer.why}" for answer in found.answers if answer.state is State.NOT_CHECKED}),
    )


@dataclass(frozen=True, slots=True)
class InsideShown:
    """A file that came in an archive, on the wall; ``came_in`` names the archive as far as that may be told."""

    file_id: UUID
    label: str
    standing: Promise
    shape: str
    came_in: str
    badges: list[str]


def inside(tile: Tile, *, uncovered: bool) -> InsideShown:
    """One of them in words."""
    standing, shape = STANDINGS[tile.standing]
    label = f"f{tile.attachment.ordinal + 1:02d}"
    name = (tile.attachment.original_name or tile.attachment.name or label) if uncovered else label
    return InsideShown(
        tile.file.id,
        bytes(tile.file.sha256).hex()[:8],
        standing,
        shape,
        _("in %(archive)s") % {"archive": name},
        said_in_badges(tile.file.media_type, tile.length, tile.findings),
    )


def badges(found: NamedFile) -> list[str]:
    """What may be said of a covered file in a word or two: its type, how long it is, what was found, how many look like it."""
    kept = found.attachment.file
    said = said_in_badges(kept.media_type, found.length, found.findings) if kept else []
    return [*said, ngettext("%(n)d like it", "%(n)d like it", found.alike) % {"n": found.alike}] if found.alike else said


def said_in_badges(media_type: str, milliseconds: int | None, findings: int) -> list[str]:
    """Type, length and the number of findings of a file, as far as they are known."""
    said = [type_of(media_type)]
    if milliseconds is not None:
        said.append(length(milliseconds))
    if findings:
        said.append(ngettext("%(n)d finding", "%(n)d findings", findings) % {"n": findings})
    return said


def type_of(media_type: str) -> str:
    """A media type as a badge: ``JPEG``, ``MP4``; the whole type where that says too little."""
    kind, _slash, name = media_type.partition("/")
    return name.upper() if kind in ("image", "video", "audio") and len(name) <= _SHORT else media_type


def length(milliseconds: int) -> str:
    """Minutes and seconds."""
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    return f"{minutes}:{seconds:02}"


def _matches(found: NamedFile) -> Iterator[MatchShown]:
    groups: dict[tuple[UUID, str], list[tuple[Known, int | None]]] = {}
    for answer in found.answers:
        numbers = numbers_of(answer, found.matches)
        for known in answer.known:
            groups.setdefault((known.list_id, known.category), []).append((known, numbers.get(known.entry_id)))
    for group in groups.values():
        nearest, number = min(group, key=lambda each: (each[0].distance, each[0].kind != "exact", each[1] is None))
        algorithms = ", ".join(sorted({each.algorithm.upper() for each, _ in group}))
        source = ", ".join(part for part in (nearest.source, nearest.note) if part)
        said = list(dict.fromkeys(word for each, _ in group for word in said_of(each)))
        much = overlap(nearest.overlap)
        is_exact = any(each.kind == "exact" for each, _ in group)
        told = (nearest.list_name, nearest.category, source, algorithms, nearest.distance, is_exact, number, much, nearest.entry_id)
        yield MatchShown(*told, said)


def stated(claim: bool | None) -> str:  # noqa: FBT001 - the claim itself, of three values
    """A sender's claim in its three values."""
    return _("not stated") if claim is None else _("yes") if claim else _("no")


def entry(found: EntryRow, officers: Mapping[str, str]) -> dict[str, Any]:
    """A line of the history: when, what kind, what, who."""
    act = _ENTRIES.get(found.act) or ACTS.get(found.act.removeprefix("referral.")) or found.act
    who = officers.get(found.actor) or (_("the system") if found.actor.startswith("system") else found.actor.partition(":")[0])
    return {
        "at": found.at,
        "kind": _KINDS.get(found.kind.lower(), found.kind),
        "act": act,
        "who": who,
        "denied": found.denied,
        "rules": found.detail.get("rules", ""),
    }


def named(colleagues: Iterable[Officer]) -> dict[str, str]:
    """The names behind the ledger's actors: of officers of the viewer's own unit, nobody else's."""
    return {f"officer:{each.id}": each.display_name for each in colleagues}
