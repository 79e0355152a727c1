"""Show the texts of a report to analysers, and keep what was said of each.

They go in few requests, with references that tell an analyser nothing. ``look_into`` does the slow part and writes nothing;
``record`` writes. Identifiers in them were found when the report came in, and are not looked for again.

A text is no file: its bytes were parsed and made characters when the report came in, before anything is shown here. So the analysers
of text that come with GRACE, none of which parses bytes of others, see texts of many referrals of one unit in one worker, each text once.
What fails there is shown again referral by referral, in workers of their own; and so is everything that other analysers and models see.
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from uuid import UUID

from django.db import connection

from grace.analysis import roll
from grace.analysis.findings import Said, counts
from grace.analysis.models import Seen, TextRun
from grace.analysis.passage import digest, shown
from grace.analysis.register import infer, keep
from grace.analysis.register.infer import Inference
from grace.analysis.register.keep import Kept
from grace.evidence.decoding import here
from grace.evidence.decoding.port import Limits, NotDecoded, Reason, Verdict
from grace.kernel.clock import now
from grace.kernel.ids import new_id
from grace.kernel.sql import by_column, insert_many
from grace.sdk.analysis import AnalyserInfo, Finding, Takes, Text

MOST_TEXTS = 200
MOST_CHARACTERS = 200_000
"""Texts of one request, and their characters."""
MOST_OF_REFERRAL = 2_000
"""Texts of one referral that are shown; a flood of them costs seconds, never a worker."""
SECONDS = 120.0
"""What the texts of one referral may take by the clock, and those of many together; of one, those left then are noted as having taken too long."""
LIMITS = Limits()
"""What one request may cost."""
_FOUND_ELSEWHERE = frozenset({"identifiers"})
_PLAIN = "text/plain"
_COLUMNS = {
    "id": "uuid",
    "referral_id": "uuid",
    "sha256": "bytea",
    "analyser": "text",
    "version": "text",
    "model_digest": "text",
    "failed": "text",
    "milliseconds": "integer",
    "seen": "jsonb",
    "at": "timestamptz",
}
_KEEP = insert_many(
    "analysis_text_run",
    _COLUMNS,
    """ON CONFLICT (referral_id, sha256, analyser) DO UPDATE SET version = excluded.version, model_digest = excluded.model_digest,
    failed = excluded.failed, milliseconds = excluded.milliseconds, seen = excluded.seen, at = excluded.at""",
)


Answer = tuple[Verdict, Inference | None]
"""What an analyser says of a text; a model, also what it computed."""
Told = dict[tuple[bytes, str], Answer]
"""Answers by the text's digest and the analyser's name."""


@dataclass(frozen=True, slots=True)
class Due:
    """A text of a referral, as much of it as is shown, with the digest of the whole; and the analysers that have not seen it."""

    referral_id: UUID
    sha256: bytes
    text: str
    analysers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of showing one text of a referral to one analyser; of a model also what it computed."""

    referral_id: UUID
    sha256: bytes
    info: AnalyserInfo
    verdict: Verdict
    inference: Inference | None = None


def analysers() -> Mapping[str, AnalyserInfo]:
    """Those that see texts without being asked for. Raises :class:`grace.kernel.errors.Unavailable` where the decoding program does not answer."""
    return {name: info for name, info in at_hand().items() if info.cost in roll.UNKNOWN_ONLY}


def at_hand() -> Mapping[str, AnalyserInfo]:
    """Those that can be shown texts, models that run now among them. Raises as :func:`analysers` does."""
    return {name: info for name, info in roll.analysers().items() if takes(info)}


def takes(info: AnalyserInfo) -> bool:
    """Whether texts of reports are shown to such an analyser."""
    return info.takes is Takes.TEXT and roll.fits(info, _PLAIN) and info.name not in _FOUND_ELSEWHERE


def ordered(texts: Mapping[UUID, Sequence[str]], names: Sequence[str]) -> list[Due]:
    """All of the texts, for these analysers, whoever has seen them before."""
    return [Due(*each, tuple(sorted(names))) for each in _named(texts)]


def due(texts: Mapping[UUID, Sequence[str]], among: Mapping[str, AnalyserInfo]) -> list[Due]:
    """Those of the texts that one of the analysers has not seen in its present version."""
    rows = TextRun.objects.filter(referral_id__in=list(texts), analyser__in=list(among))
    said = {
        (referral, bytes(sha256), name)
        for referral, sha256, name, version, model in rows.values_list("referral_id", "sha256", "analyser", "version", "model_digest")
        if (version, model) == (among[name].version, among[name].model_digest or "")
    }
    found = (Due(*each, tuple(name for name in sorted(among) if (*each[:2], name) not in said)) for each in _named(texts))
    return [each for each in found if each.analysers]


def _named(texts: Mapping[UUID, Sequence[str]]) -> Iterator[tuple[UUID, bytes, str]]:
    yield from ((referral, digest(text), shown(text)) for referral, some in texts.items() for text in some[:MOST_OF_REFERRAL])


def look_into(wanted: Sequence[Due]) -> list[Heard]:
    """Show texts of referrals of one unit to the analysers named. Needs no transaction.

    Raises :class:`~grace.kernel.errors.Unavailable` where decoding cannot run.
    """
    models = infer.by_name()
    infos = {name: info for name, info in at_hand().items() if name in models or not infer.is_model(name)}
    shared = here.decoder().roll().shipped & infos.keys()
    told = _side_by_side(wanted, shared)
    heard: list[Heard] = []
    for referral, group in groupby(sorted(wanted, key=lambda each: each.referral_id), key=lambda each: each.referral_id):
        some = list(group)
        left = [_left(each, [name for name in each.analysers if name in infos and (each.sha256, name) not in told]) for each in some]
        alone = _apart(left, models)
        told.update({key: answer for key, answer in alone.items() if key[1] in shared})
        heard += [
            Heard(referral, each.sha256, infos[name], *(alone.get((each.sha256, name)) or told[each.sha256, name]))
            for each in some
            for name in each.analysers
            if name in infos
        ]
    return heard


def _left(each: Due, names: Sequence[str]) -> Due:
    return replace(each, analysers=tuple(names))


def _side_by_side(wanted: Sequence[Due], shared: Collection[str]) -> Told:
    """What those that may see texts of many referrals say of them. A request that fails says nothing of any of its texts."""
    asked: dict[tuple[str, ...], dict[bytes, str]] = {}
    for each in wanted:
        asked.setdefault(tuple(name for name in each.analysers if name in shared), {})[each.sha256] = each.text
    told: Told = {}
    latest = time.monotonic() + SECONDS
    with here.together():
        for names, texts in asked.items():
            for batch in _batches(texts) if names else ():
                if time.monotonic() > latest:
                    return told
                answer = _ask([texts[each] for each in batch], names, {})
                if not isinstance(answer, NotDecoded):
                    told |= _by_name(batch, answer)
    return told


def _apart(some: Sequence[Due], models: Mapping[str, Kept]) -> Told:
    """What is said of texts of one referral, by a worker that sees no other's. Models are asked by themselves."""
    told: Told = {}
    latest = time.monotonic() + SECONDS
    asked: dict[tuple[str, ...], dict[bytes, str]] = {}
    for each in some:
        for among_models in (False, True):
            names = tuple(name for name in each.analysers if infer.is_model(name) is among_models)
            asked.setdefault(names, {})[each.sha256] = each.text
    with here.together():
        for names, texts in asked.items():
            for batch in _batches(texts) if names else ():
                told |= _by_name(batch, _answers([texts[each] for each in batch], names, models, latest))
    return told


def _by_name(batch: Sequence[bytes], answers: Sequence[Sequence[Answer]]) -> Told:
    return {(sha256, answer[0].analyser): answer for sha256, some in zip(batch, answers, strict=True) for answer in some}


def _batches(texts: Mapping[bytes, str]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    room = MOST_CHARACTERS
    for sha256, text in texts.items():
        if batch and (len(text) > room or len(batch) == MOST_TEXTS):
            yield batch
            batch, room = [], MOST_CHARACTERS
        batch.append(sha256)
        room -= len(text)
    if batch:
        yield batch


def _ask(texts: Sequence[str], names: Sequence[str], models: Mapping[str, Kept]) -> Sequence[Sequence[Answer]] | NotDecoded:
    passages = [Text(str(place), text) for place, text in enumerate(texts)]
    if names[0] in models:
        return infer.look_into_texts(passages, [models[name] for name in names], LIMITS)
    told = here.decoder().analyse_texts(passages, names, LIMITS)
    return told if isinstance(told, NotDecoded) else [[(verdict, None) for verdict in verdicts] for verdicts in told]


def _answers(texts: Sequence[str], names: Sequence[str], models: Mapping[str, Kept], latest: float) -> list[Sequence[Answer]]:
    """For each text the answers of all. Where one takes the worker with it, analysers are asked alone and texts in halves: the others are heard."""
    if time.monotonic() > latest:
        return [[(Verdict(name, (), Reason.TIME), None) for name in names] for _ in texts]
    told = _ask(texts, names, models)
    if not isinstance(told, NotDecoded):
        return list(told)
    if len(names) > 1:
        alone = [_answers(texts, [name], models, latest) for name in names]
        return [[answer for by_name in alone for answer in by_name[place]] for place in range(len(texts))]
    if len(texts) > 1:
        middle = len(texts) // 2
        return [*_answers(texts[:middle], names, models, latest), *_answers(texts[middle:], names, models, latest)]
    return [[(Verdict(names[0], (), told.reason), None)]]


def record(heard: Sequence[Heard]) -> list[Heard]:
    """Write down what was said, in place of what the same analysers said of the same texts before; returns what was kept.

    Referrals erased meanwhile are left out, and so are models stopped meanwhile.
    """
    running = keep.still([each.info.model_digest or "" for each in heard if infer.is_model(each.info.name)])
    present = _locked({each.referral_id for each in heard})
    kept = [each for each in heard if each.referral_id in present and infer.may_speak(each.info, running)]
    moment = now()
    rows = [
        (
            new_id(),
            each.referral_id,
            each.sha256,
            each.info.name,
            each.info.version,
            each.info.model_digest or "",
            str(each.verdict.failed or ""),
            each.verdict.milliseconds,
            json.dumps([_said(one) for one in each.verdict.seen if isinstance(one, Finding)]),
            moment,
        )
        for each in sorted(kept, key=lambda each: (each.referral_id, each.sha256, each.info.name))
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, by_column(rows, len(_COLUMNS)))
    made = [(infer.Of(None, each.referral_id, each.sha256), each.inference) for each in kept if each.inference]
    infer.keep_all(made, moment)
    return kept


def of_referral(referral_id: UUID) -> dict[bytes, list[Said]]:
    """What each analyser said of the texts of a referral, by :func:`grace.analysis.passage.digest`. Of models only what counts now."""
    found: dict[bytes, list[Said]] = {}
    for run in TextRun.objects.filter(counts(""), referral_id=referral_id).order_by("analyser"):
        seen = tuple(Seen(place=place, **each) for place, each in enumerate(run.seen))
        found.setdefault(bytes(run.sha256), []).append(Said(run.analyser, run.version, run.model_digest, run.at, run.failed, seen))
    return found


def classes_of(referrals: Collection[UUID]) -> dict[UUID, dict[bytes, frozenset[str]]]:
    """The kinds that models found in texts of these referrals, as far as they count now, by :func:`grace.analysis.passage.digest`; texts without any are left out."""
    found: dict[UUID, dict[bytes, frozenset[str]]] = {}
    counting = keep.counting() if referrals else ()
    if not counting:
        return found
    rows = TextRun.objects.filter(referral_id__in=list(referrals), analyser__startswith=infer.SEEN, model_digest__in=sorted(counting))
    for referral, sha256, seen in rows.exclude(seen=[]).values_list("referral_id", "sha256", "seen"):
        texts = found.setdefault(referral, {})
        texts[bytes(sha256)] = texts.get(bytes(sha256), frozenset()) | {each["kind"] for each in seen}
    return found


def told_by(model_digest: str, after: UUID | None, most: int) -> list[UUID]:
    """The next referrals, in the order of their ids, in whose texts a model found something."""
    rows = TextRun.objects.filter(model_digest=model_digest, analyser__startswith=infer.SEEN).exclude(seen=[])
    some = (rows.filter(referral_id__gt=after) if after else rows).order_by("referral_id")
    return list(some.values_list("referral_id", flat=True).distinct()[:most])


def _said(each: Finding) -> dict[str, object]:
    return {
        "kind": each.kind,
        "value": each.value,
        "basis": str(each.basis),
        "located": each.where,
        "confidence": each.confidence,
        "facts": dict(each.facts),
    }


def _locked(referrals: set[UUID]) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM referrals_referral WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE", [list(referrals)])
        return {row[0] for row in cursor.fetchall()}
