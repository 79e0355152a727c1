"""What officers say of findings: the only labels that training reads."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from grace.analysis.models import Label, Seen, Verdict
from grace.kernel.clock import now
from grace.kernel.errors import Invalid, Missing

MOST_INSTEAD = 200
Key = tuple[str, str, str]
"""Analyser, kind, value."""


def say(unit_id: UUID, actor: str, file_id: UUID, seen_id: UUID, *, verdict: str, instead: str = "") -> Label:
    """Keep what an officer of a unit says of a finding of a file, in place of what that unit said of it before.

    Raises ``Missing`` for a finding that is not there (any more), ``Invalid`` for what cannot be said.
    """
    if verdict not in Verdict.values:
        raise Invalid(_("A finding is right or wrong."))
    instead = instead.strip() if verdict == Verdict.WRONG else ""
    if len(instead) > MOST_INSTEAD or not instead.isprintable():
        raise Invalid(_("What it is instead is one line of at most %(most)d characters.") % {"most": MOST_INSTEAD})
    seen = Seen.objects.select_related("run").filter(id=seen_id, run__file_id=file_id).first()
    if seen is None:
        raise Missing(_("This finding is no longer there."), remedy=_("Look at the file again: it was analysed anew."))
    told = Label.objects.filter(file_id=file_id, unit_id=unit_id, analyser=seen.run.analyser, kind=seen.kind, value=seen.value)
    told.delete()
    return Label.objects.create(
        file_id=file_id,
        unit_id=unit_id,
        analyser=seen.run.analyser,
        version=seen.run.version,
        model_digest=seen.run.model_digest,
        kind=seen.kind,
        value=seen.value,
        verdict=verdict,
        instead=instead,
        actor=actor,
        at=now(),
    )


def of_file(unit_id: UUID, file_id: UUID) -> Mapping[Key, Label]:
    """What a unit said of the findings of a file."""
    return {(each.analyser, each.kind, each.value): each for each in Label.objects.filter(file_id=file_id, unit_id=unit_id)}
