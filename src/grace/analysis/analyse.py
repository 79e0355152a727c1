"""Analyse files: show them to analysers, and keep what was seen or why nothing was.

``look_into`` does the slow part and writes nothing; ``record`` writes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from grace.analysis.models import Run
from grace.analysis.register import infer, keep
from grace.analysis.register.infer import Inference
from grace.analysis.register.keep import Kept
from grace.analysis.roll import analysers
from grace.evidence import vault
from grace.evidence.decoding import here
from grace.evidence.decoding.port import VIDEO, Limits, NotDecoded, Verdict
from grace.evidence.models import File
from grace.kernel.clock import now
from grace.kernel.ids import new_id
from grace.kernel.sql import by_column, insert_many
from grace.sdk.analysis import AnalyserInfo, Finding, Fingerprint

_LONG = ("video/", "audio/")
_RUN = {
    "id": "uuid",
    "file_id": "uuid",
    "analyser": "text",
    "version": "text",
    "model_digest": "text",
    "failed": "text",
    "milliseconds": "integer",
    "at": "timestamptz",
}
_SEEN = {
    "id": "uuid",
    "run_id": "uuid",
    "place": "integer",
    "kind": "text",
    "value": "text",
    "basis": "text",
    "located": "text",
    "confidence": "float8",
    "facts": "jsonb",
}
_DESCRIPTOR = {"id": "uuid", "run_id": "uuid", "algorithm": "text", "value": "bytea", "quality": "smallint"}


@dataclass(frozen=True, slots=True)
class Analysed:
    """One file, and what became of showing it to one analyser; of a model also what it computed."""

    file_id: UUID
    info: AnalyserInfo
    verdict: Verdict
    inference: Inference | None = None


def look_into(wanted: Mapping[UUID, Sequence[str]]) -> list[Analysed]:
    """Show files of one referral to the analysers named; needs no transaction. Analysers that are not at hand, and files erased meanwhile, are left out.

    Raises :class:`~grace.kernel.errors.Unavailable` where decoding cannot run, and
    :class:`~grace.evidence.errors.Tampered` where a file's bytes are not what was sealed.
    """
    at_hand, models = analysers(), infer.by_name()
    rows = File.objects.select_related("object").filter(id__in=list(wanted)).order_by("id")
    told: list[Analysed] = []
    with here.together():
        for row in rows:
            names = [name for name in wanted[row.id] if name in at_hand]
            told += [
                Analysed(row.id, at_hand[verdict.analyser], verdict)
                for verdict in _verdicts(row, [name for name in names if not infer.is_model(name)])
            ]
            told += _computed(row, [models[name] for name in names if name in models])
    return told


def _computed(row: File, models: Sequence[Kept]) -> list[Analysed]:
    infos = {info.name: info for info in map(infer.info_of, models)}
    told = infer.look_into(row, models) if models else []
    return [Analysed(row.id, infos[verdict.analyser], verdict, inference) for verdict, inference in told]


def _verdicts(row: File, names: Sequence[str]) -> list[Verdict]:
    """The verdicts of all; where one takes the worker with it, each is asked alone, so that the others are heard."""
    if not names:
        return []
    with vault.open_row(row.object) as stream:
        told = here.decoder().analyse(stream, row.media_type, names, VIDEO if row.media_type.startswith(_LONG) else Limits())
    if not isinstance(told, NotDecoded):
        return list(told)
    if len(names) == 1:
        return [Verdict(names[0], (), told.reason)]
    return [verdict for name in names for verdict in _verdicts(row, [name])]


def record(analysed: Sequence[Analysed]) -> None:
    """Write down what was seen, in place of what the same analysers said of the same files before.

    Files erased meanwhile are left out, and so are models stopped meanwhile.
    """
    running = keep.still([each.info.model_digest or "" for each in analysed if infer.is_model(each.info.name)])
    present = _locked({each.file_id for each in analysed})
    kept = sorted(
        (each for each in analysed if each.file_id in present and infer.may_speak(each.info, running)),
        key=lambda each: (each.file_id, each.info.name),
    )
    if not kept:
        return
    moment = now()
    for name in sorted({each.info.name for each in kept}):
        Run.objects.filter(analyser=name, file_id__in=[each.file_id for each in kept if each.info.name == name]).delete()
    runs = [(new_id(), each) for each in kept]
    _write(
        "analysis_run",
        _RUN,
        [
            (
                run,
                each.file_id,
                each.info.name,
                each.info.version,
                each.info.model_digest or "",
                str(each.verdict.failed or ""),
                each.verdict.milliseconds,
                moment,
            )
            for run, each in runs
        ],
    )
    found = [(run, place, each) for run, analysed_ in runs for place, each in enumerate(analysed_.verdict.seen)]
    _write("analysis_seen", _SEEN, [_finding(run, place, each) for run, place, each in found if isinstance(each, Finding)])
    prints = [(run, each) for run, _, each in found if isinstance(each, Fingerprint)]
    _write("analysis_descriptor", _DESCRIPTOR, [(new_id(), run, each.algorithm, each.value, each.quality) for run, each in prints])
    infer.keep_all([(infer.Of(each.file_id), each.inference) for each in kept if each.inference], moment)


def _finding(run: UUID, place: int, each: Finding) -> tuple[object, ...]:
    return new_id(), run, place, each.kind, each.value, str(each.basis), each.where, each.confidence, json.dumps(dict(each.facts))


def _locked(file_ids: set[UUID]) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM evidence_file WHERE id = ANY(%s) ORDER BY sha256 FOR KEY SHARE", [list(file_ids)])
        return {row[0] for row in cursor.fetchall()}


def _write(table: str, columns: Mapping[str, str], rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(insert_many(table, columns), by_column(rows, len(columns)))
