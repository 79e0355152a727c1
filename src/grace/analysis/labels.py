"""What officers say of findings: the only labels that training reads."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from grace.analysis.findings import counts
from grace.analysis.models import Label, Run, Seen, TextRun, Verdict
from grace.kernel.clock import now
from grace.kernel.errors import Invalid, Missing

MOST_INSTEAD = 200
Key = tuple[str, str, str]
"""Analyser, kind, value."""


def say(unit_id: UUID, actor: str, file_id: UUID, seen_id: UUID, *, verdict: str, instead: str = "") -> Label:
    """Keep what an officer of a unit says of a finding of a file, in place of what that unit said of it before.

    Raises ``Missing`` for a finding that is not there (any more), ``Invalid`` for what cannot be said.
    """
    instead = _checked(verdict, instead)
    seen = Seen.objects.select_related("run").filter(id=seen_id, run__file_id=file_id).first()
    if seen is None:
        raise Missing(_("This finding is no longer there."), remedy=_("Look at the file again: it was analysed anew."))
    about = Label(file_id=file_id, kind=seen.kind, value=seen.value)
    return _kept(about, unit_id, actor, seen.run, verdict, instead)


def say_of_text(unit_id: UUID, actor: str, referral_id: UUID, sha256: bytes, key: Key, *, verdict: str, instead: str = "") -> Label:
    """The same of a finding of a text of a referral, which :func:`grace.analysis.passage.digest` names. Raises as :func:`say` does."""
    instead = _checked(verdict, instead)
    analyser, kind, value = key
    runs = TextRun.objects.filter(counts(""), referral_id=referral_id, sha256=sha256)
    run = next((each for each in runs if each.analyser == analyser), None)
    if run is None or not any((each["kind"], each["value"]) == (kind, value) for each in run.seen):
        raise Missing(_("This finding is no longer there."), remedy=_("Look at the referral again: its texts were analysed anew."))
    return _kept(Label(referral_id=referral_id, sha256=sha256, kind=kind, value=value), unit_id, actor, run, verdict, instead)


def of_file(unit_id: UUID, file_id: UUID) -> Mapping[Key, Label]:
    """What a unit said of the findings of a file."""
    return {(each.analyser, each.kind, each.value): each for each in Label.objects.filter(file_id=file_id, unit_id=unit_id)}


def of_texts(unit_id: UUID, referral_id: UUID) -> Mapping[tuple[bytes, Key], Label]:
    """What a unit said of the findings of a referral's texts."""
    rows = Label.objects.filter(referral_id=referral_id, unit_id=unit_id)
    return {(bytes(each.sha256), (each.analyser, each.kind, each.value)): each for each in rows}


def _checked(verdict: str, instead: str) -> str:
    """What it is instead, as it is kept."""
    if verdict not in Verdict.values:
        raise Invalid(_("A finding is right or wrong."))
    instead = instead.strip() if verdict == Verdict.WRONG else ""
    if len(instead) > MOST_INSTEAD or not instead.isprintable():
        raise Invalid(_("What it is instead is one line of at most %(most)d characters.") % {"most": MOST_INSTEAD})
    return instead


def _kept(about: Label, unit_id: UUID, actor: str, run: Run | TextRun, verdict: str, instead: str) -> Label:
    about.unit_id, about.actor, about.at = unit_id, actor, now()
    about.analyser, about.version, about.model_digest = run.analyser, run.version, run.model_digest
    about.verdict, about.instead = verdict, instead
    of_file, of_text = Q(file_id=about.file_id), Q(referral_id=about.referral_id, sha256=about.sha256)
    told = Label.objects.filter(of_file if about.file_id else of_text, unit_id=unit_id)
    told.filter(analyser=about.analyser, kind=about.kind, value=about.value).delete()
    about.save(force_insert=True)
    return about
