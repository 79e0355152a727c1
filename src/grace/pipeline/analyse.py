"""Analysing: files that nobody asked about are shown to the usual analysers, and the referrals that name them are scored anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from grace.analysis import analyse, findings, roll
from grace.analysis.analyse import Analysed
from grace.analysis.analysers.embedding import ALGORITHM as LOOK
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.evidence.examine import Examined
from grace.evidence.models import File, Holding
from grace.kernel.errors import Unavailable
from grace.matching.weigh import Standing, standing_of
from grace.pipeline import clusters, jobs
from grace.pipeline.file_signals import gives_signal
from grace.pipeline.score import MOST_SUBJECTS, answers_about
from grace.referrals import attachments
from grace.referrals.attachments import Named
from grace.sdk.analysis import AnalyserInfo, Fingerprint

ACTOR = "system:analyse"
_UNKNOWN = frozenset({Standing.NEW, Standing.UNCHECKED, Standing.NEAR, Standing.ASIDE})
_TURN = 1000


def analyse_now(files: Sequence[UUID]) -> None:
    """Show the files to the analysers that have not seen them yet; what names those of which something else counts now is scored anew.

    Known files are seen by cheap ones alone. The showing happens before, outside of any transaction.
    """
    keep(look_into(wanted(files, roll.analysers())), ACTOR, "triage")


def look_into(chosen: Mapping[UUID, Sequence[str]]) -> list[Analysed]:
    """Show each file to the analysers named, referral by referral: no worker sees files of two."""
    together = attachments.by_referral(list(chosen))
    return [each for files in together for each in analyse.look_into({file: chosen[file] for file in files})]


def keep(seen: Sequence[Analysed], actor: str, purpose: str) -> None:
    """Write down what was seen, and in the ledger who let it be looked for; defer the scoring of what names files of which something else counts now."""
    files = sorted({each.file_id for each in seen})
    with transaction.atomic():
        before = _counting(files)
        write_down(seen, actor, purpose)
        after = _counting(files)
        if changed := [each for each in files if before[each] != after[each]]:
            jobs.score_files(changed)


def _counting(files: Sequence[UUID]) -> dict[UUID, set[str]]:
    """By file the kinds of findings of it that count for priority."""
    found = findings.kinds_of(files)
    return {file: {kind for kind in found.get(file, ()) if gives_signal(kind)} for file in files}


def write_down(seen: Sequence[Analysed], actor: str, purpose: str) -> None:
    """The same in the caller's transaction."""
    analyse.record(seen)
    clusters.follow(
        {each.file_id for each in seen if any(one.algorithm == LOOK for one in each.verdict.seen if isinstance(one, Fingerprint))}
    )
    digests = File.objects.filter(id__in={each.file_id for each in seen}).order_by("id").values_list("sha256", flat=True)
    subjects = [f"file:{bytes(each).hex()}" for each in digests]
    detail = {"runs": str(len(seen)), "analysers": digest_of(each.info for each in seen)}
    for start in range(0, len(subjects), MOST_SUBJECTS):
        some = tuple(subjects[start : start + MOST_SUBJECTS])
        ledger.record(Line(kind=Kind.ALTERATION, act="file.analyse", actor=actor, purpose=purpose, subjects=some, detail=detail))


@dataclass(frozen=True, slots=True)
class First:
    """Who sees files at once.

    ``infos`` are those at hand, ``names`` those that a picture is shown to while it is decoded anyway, ``wanting`` all that may have to see a file.
    """

    infos: Mapping[str, AnalyserInfo]
    names: Mapping[UUID, Sequence[str]]
    wanting: Mapping[UUID, Sequence[str]]

    def analysed(self, examined: Iterable[Examined]) -> list[Analysed]:
        """What they said."""
        return [Analysed(each.file_id, self.infos[verdict.analyser], verdict) for each in examined for verdict in each.verdicts]

    def left(self, said: Iterable[Analysed]) -> list[UUID]:
        """The files that others have to be asked about, or the same once more."""
        done = {(each.file_id, each.info.name) for each in said}
        return [file for file, names in self.wanting.items() if any((file, name) not in done for name in names)]


def first_asked(files: Sequence[UUID]) -> First:
    """Who sees these files at once; nobody, where analysers cannot be had: what lists know is recognised without them."""
    try:
        infos = roll.analysers()
    except Unavailable:
        return First({}, {}, dict.fromkeys(files, ("",)))
    said = roll.said_already(files, infos)
    types = dict(File.objects.filter(id__in=list(files)).values_list("id", "media_type"))
    wanting = {
        file: [name for name in roll.usual(types[file], roll.UNKNOWN_ONLY, infos.values()) if (file, name) not in said]
        for file in files
        if file in types
    }
    names = {
        file: [name for name in some if roll.may_come_along(infos[name])]
        for file, some in wanting.items()
        if types[file].startswith("image/")
    }
    return First(infos, names, wanting)


def digest_of(infos: Iterable[AnalyserInfo]) -> str:
    """Stands in the ledger for names that are others' to give: SHA-256 of a line "name version model" for each analyser, sorted."""
    lines = sorted({f"{each.name} {each.version} {each.model_digest or '-'}\n" for each in infos})
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def wanted(files: Sequence[UUID], among: Mapping[str, AnalyserInfo]) -> dict[UUID, list[str]]:
    """By file the usual analysers that have not seen it in their present version; files that want none are left out."""
    said = roll.said_already(files, among)
    known = _known(files)
    types = dict(File.objects.filter(id__in=list(files)).values_list("id", "media_type"))
    names = {
        file: [
            name
            for name in roll.usual(media_type, roll.KNOWN_TOO if file in known else roll.UNKNOWN_ONLY, among.values())
            if (file, name) not in said
        ]
        for file, media_type in types.items()
    }
    return {file: some for file, some in names.items() if some}


def analyse_anew() -> int:
    """Defer showing files to analysers that have not seen them in their present version; how many files that are."""
    number = 0
    for due in due_files():
        with transaction.atomic():
            for some in batches(due):
                jobs.analyse_files(some)
        number += len(due)
    return number


def due_files() -> Iterator[list[UUID]]:
    """The files that an analyser has not seen in its present version, some hundreds at a time."""
    after = None
    while some := _files(after):
        yield sorted(wanted(some, roll.analysers()))
        after = some[-1]


def batches(files: Sequence[UUID]) -> Iterator[list[UUID]]:
    """The same in portions of one job each."""
    for start in range(0, len(files), jobs.BATCH):
        yield list(files[start : start + jobs.BATCH])


def _files(after: UUID | None) -> list[UUID]:
    rows = File.objects.order_by("id")
    return list((rows.filter(id__gt=after) if after else rows).values_list("id", flat=True)[:_TURN])


def _known(files: Sequence[UUID]) -> set[UUID]:
    """Those that the lists of every unit which holds them know."""
    holdings = list(Holding.objects.filter(file_id__in=list(files)).values_list("unit_id", "file_id"))
    unknown = {file for unit in {unit for unit, _ in holdings} for file in _unknown(unit, (f for u, f in holdings if u == unit))}
    return {file for _, file in holdings} - unknown


def _unknown(unit_id: UUID, files: Iterable[UUID]) -> set[UUID]:
    named = [Named(file, file, "present", None, None, {}) for file in files]
    return {file for file, answers in answers_about(unit_id, named).items() if standing_of(answers) in _UNKNOWN}
