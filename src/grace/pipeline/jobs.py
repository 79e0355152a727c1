"""What follows later, as durable jobs: deferred in the transaction of what they follow, so that none is lost or doubled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from procrastinate.contrib.django import app

from grace.host import environment
from grace.pipeline.record import Taken

EXAMINED = 60
"""Files in one job of decoding and recognising them."""
BATCH = 20
"""Files in one job of analysing them, which may take minutes for each."""
_UNIT_WAITS = "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE task_name = %s AND status = 'todo' AND args->>'unit' = %s)"
_AT_WORK = "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE task_name = %s AND status IN ('todo', 'doing') AND args->>'unit' = %s)"
_WAITS = "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE task_name = %s AND status = 'todo')"
_JOINED = "SELECT id FROM procrastinate_jobs WHERE task_name = %s AND status = 'todo' AND args->>'unit' = %s LIMIT 1 FOR SHARE SKIP LOCKED"
"""A job that waits, held back until the transaction that joins it is done: it sees what that has written."""
SCORED = 200
"""Referrals in one job of scoring some anew."""
_BETWEEN, _AFTER, _LAST = -3, -5, -10
_ARCHIVE_WAITS = """
SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE task_name = 'pipeline.score_archive' AND status = 'todo' AND args->>'archive' = %s)
"""
_TRIAL_HAS = """
SELECT EXISTS (
    SELECT FROM procrastinate_jobs WHERE task_name = 'pipeline.play_trial' AND status IN ('todo', 'doing') AND args->>'trial' = %s
)
"""
_SHORTLY = 5
"""Seconds in which what is found in members of an archive gathers, before the referrals that name it are scored: each time asks about all members."""
_SOON = 15
"""Seconds in which what is analysed gathers, before it is put in clusters: each such job reads all that the unit holds."""


def follow(taken: Taken) -> None:
    """Defer what a batch of new referrals needs: its links found, kept searches compared, its files and texts looked into, its alerts sent."""
    if taken.recorded:
        connect(taken.unit_id)
        match_kept(taken.unit_id)
    files = sorted(taken.new_files)
    for start in range(0, len(files), EXAMINED):
        examine_files(files[start : start + EXAMINED])
    if taken.has_texts:
        analyse_texts(taken.unit_id)
    if taken.alerts:
        send_alerts()
    if taken.corrections:
        send_packages()


def examine_files(files: Sequence[UUID]) -> None:
    """Defer a batch of files to be decoded and fingerprinted."""
    app.configure_task("pipeline.examine", queue="examine").defer(files=[str(each) for each in files])


def examine_video(file: UUID) -> None:
    """Defer one video to be looked into: after all else that waits, and only a few at a time."""
    lane = file.int % environment.read().video_jobs
    app.configure_task("pipeline.examine_video", queue="examine", priority=_LAST, lock=f"video:{lane}").defer(file=str(file))


def unpack(archive: UUID) -> None:
    """Defer the unpacking of an archive: after the looking into files, which recognises what is known, and once at a time."""
    app.configure_task("pipeline.unpack", queue="examine", priority=_BETWEEN, lock=f"unpack:{archive}").defer(archive=str(archive))


def score_archives(archives: Sequence[UUID]) -> None:
    """Defer the scoring of what names these archives, of whose members more is known now; where that waits already, once is enough."""
    for archive in archives:
        with connection.cursor() as cursor:
            cursor.execute(_ARCHIVE_WAITS, [str(archive)])
            if not cursor.fetchone()[0]:
                app.configure_task("pipeline.score_archive", queue="score", schedule_in={"seconds": _SHORTLY}).defer(archive=str(archive))


def score_files(files: Sequence[UUID]) -> None:
    """Defer the scoring of what names these files, of which something else was found."""
    app.configure_task("pipeline.score_files", queue="score").defer(files=[str(each) for each in files])


def analyse_files(files: Sequence[UUID]) -> None:
    """Defer showing a batch of files to the analysers that have not seen them: after the looking into others, which recognises what is known."""
    app.configure_task("pipeline.analyse", queue="examine", priority=_AFTER).defer(files=[str(each) for each in files])


def analyse_texts(unit_id: UUID) -> None:
    """Defer showing the texts that wait in a unit to analysers: in a moment, in which more gathers. A job that has not begun takes these too."""
    with connection.cursor() as cursor:
        cursor.execute(_JOINED, ["pipeline.analyse_texts", str(unit_id)])
        if cursor.fetchone() is None:
            _texts(unit_id, schedule_in={"seconds": 1})


def analyse_more_texts(unit_id: UUID) -> None:
    """Defer showing the next texts that wait in a unit: one job at a time."""
    _texts(unit_id)


def _texts(unit_id: UUID, **when: Any) -> None:
    job = app.configure_task("pipeline.analyse_texts", queue="examine", priority=_AFTER, lock=f"texts:{unit_id}", **when)
    job.defer(unit=str(unit_id))


def work_order(order_id: UUID) -> None:
    """Defer the next batch of an order to analyse: one job at a time, after the usual looking into files."""
    app.configure_task("pipeline.work_order", queue="examine", priority=_LAST, lock=f"order:{order_id}").defer(order=str(order_id))


def cluster(unit_id: UUID) -> None:
    """Defer the putting in clusters of what waits in a unit; where that waits already, once is enough."""
    with connection.cursor() as cursor:
        cursor.execute(_UNIT_WAITS, ["pipeline.cluster", str(unit_id)])
        if cursor.fetchone()[0]:
            return
    job = app.configure_task("pipeline.cluster", queue="links", lock=f"clusters:{unit_id}", schedule_in={"seconds": _SOON})
    job.defer(unit=str(unit_id))


def connect(unit_id: UUID) -> None:
    """Defer the finding of groups and links among the unit's referrals that wait for it: one job at a time. One that has not begun takes these too."""
    with connection.cursor() as cursor:
        cursor.execute(_JOINED, ["pipeline.connect", str(unit_id)])
        if cursor.fetchone() is None:
            app.configure_task("pipeline.connect", queue="links", lock=f"links:{unit_id}").defer(unit=str(unit_id))


def match_kept(unit_id: UUID) -> None:
    """Defer the comparing of what is news in a unit with its kept searches: one job at a time. One that has not begun takes this too."""
    with connection.cursor() as cursor:
        cursor.execute(_JOINED, ["pipeline.match_kept", str(unit_id)])
        if cursor.fetchone() is None:
            app.configure_task("pipeline.match_kept", queue="alerts", lock=f"kept:{unit_id}").defer(unit=str(unit_id))


def follow_shared_lines() -> None:
    """Defer the going through identifiers for a new list of shared lines: one batch at a time."""
    app.configure_task("pipeline.follow_shared_lines", queue="links", lock="pipeline.follow_shared_lines").defer()


def score_anew(unit_id: UUID, referrals: Sequence[UUID]) -> None:
    """Defer the scoring anew of some referrals, of which more is known now."""
    for start in range(0, len(referrals), SCORED):
        some: list[Any] = [str(each) for each in referrals[start : start + SCORED]]
        app.configure_task("pipeline.score_anew", queue="score").defer(unit=str(unit_id), referrals=some)


def score_listed(unit_id: UUID, referrals: Sequence[UUID]) -> None:
    """Defer the scoring anew of some referrals, where the lists say something else of their files now."""
    for start in range(0, len(referrals), SCORED):
        some: list[Any] = [str(each) for each in referrals[start : start + SCORED]]
        app.configure_task("pipeline.score_listed", queue="score").defer(unit=str(unit_id), referrals=some)


def rescore_unit(unit_id: UUID, after: UUID | None = None) -> None:
    """Defer the scoring of a unit's referrals by the rules in force, from ``after`` on: one job at a time; who comes second finds it done."""
    job = app.configure_task("pipeline.rescore", queue="score", lock=f"rules:{unit_id}")
    job.defer(unit=str(unit_id), after=str(after) if after else None)


def rescores(unit_id: UUID) -> bool:
    """Whether a unit's referrals are being scored by other rules, or wait for it."""
    with connection.cursor() as cursor:
        cursor.execute(_AT_WORK, ["pipeline.rescore", str(unit_id)])
        return bool(cursor.fetchone()[0])


def catch_up(unit_id: UUID, after: UUID | None = None) -> None:
    """Defer the completing of a unit's older referrals, from ``after`` on: one batch at a time; who comes second finds it done."""
    job = app.configure_task("pipeline.catch_up", queue="house", lock=f"catch-up:{unit_id}")
    job.defer(unit=str(unit_id), after=str(after) if after else None)


def send_alerts() -> None:
    """Defer the sending of alerts that have not gone out."""
    app.configure_task("pipeline.send_alerts", queue="alerts").defer()


def send_packages(at: datetime | None = None) -> None:
    """Defer the sending of packages to other agencies, to a moment if one is given."""
    app.configure_task("pipeline.send_packages", queue="exchange", schedule_at=at).defer()


def ask_agency(question: UUID, agency: UUID) -> None:
    """Defer asking an agency what an officer wants to know of it."""
    app.configure_task("pipeline.ask_agency", queue="exchange").defer(question=str(question), agency=str(agency))


def prepare_tags() -> None:
    """Defer preparing what other agencies may ask."""
    app.configure_task("pipeline.prepare_tags", queue="exchange", lock="pipeline.prepare_tags").defer()


def follow_lists() -> None:
    """Defer bringing the index of the lists up to date."""
    app.configure_task("pipeline.follow_lists", queue="lists", lock="pipeline.follow_lists").defer()


def rematch(at: datetime | None = None) -> None:
    """Defer asking again about what is stored, because a list changed; to a moment if one is given. Where that waits already, once is enough."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITS, ["pipeline.rematch"])
        if cursor.fetchone()[0]:
            return
    app.configure_task("pipeline.rematch", queue="lists", lock="pipeline.rematch", schedule_at=at).defer()


def follow_model(model_id: UUID, after: UUID | None = None, *, of_texts: bool = False) -> None:
    """Defer the scoring anew of what a stopped model had a say in, from the file ``after`` on; or by what it said of texts, from the referral ``after`` on."""
    task = "pipeline.follow_model_of_texts" if of_texts else "pipeline.follow_model"
    job = app.configure_task(task, queue="score", lock=f"model:{model_id}")
    job.defer(model=str(model_id), after=str(after) if after else None)


def play_trial(trial_id: UUID, *, anew: bool = True) -> None:
    """Defer the next course of a trial: after all else, and one at a time; not ``anew``: only where no job of it is left."""
    if not anew:
        with connection.cursor() as cursor:
            cursor.execute(_TRIAL_HAS, [str(trial_id)])
            if cursor.fetchone()[0]:
                return
    app.configure_task("pipeline.play_trial", queue="house", priority=_LAST, lock="pipeline.play_trial").defer(trial=str(trial_id))
