"""The jobs that cross rooms: a few lines each, for the verbs do the work. All are tried again as ``config.jobs`` says."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from grace.custody.declare import declares, nothing_personal
from grace.custody.kinds import Kind
from grace.exchange import spool
from grace.matching import follow as following
from grace.pipeline import alert as alerting
from grace.pipeline import analyse as analysing
from grace.pipeline import analyses, clusters, feeds, jobs, laboratory, list_entries, reporting, sender_pages, shared_lines, texts
from grace.pipeline import catch_up as catching_up
from grace.pipeline import deconflict as deconflicting
from grace.pipeline import discipline as disciplining
from grace.pipeline import examine as examining
from grace.pipeline import groups as grouping
from grace.pipeline import hand_over as handing
from grace.pipeline import kept as keeping
from grace.pipeline import line as lining
from grace.pipeline import models as modelling
from grace.pipeline import rematch as rematching
from grace.pipeline import rescore as rescoring
from grace.pipeline import unit as unit_pages
from grace.pipeline import unpack as unpacking
from grace.pipeline.score_files import score_what_names


@app.task(name="pipeline.examine", queue="examine")
@declares(Kind.ALTERATION)
def examine(files: list[str]) -> None:
    """Decode and fingerprint files, and score the referrals that name them anew."""
    examining.examine_and_score([UUID(each) for each in files])


@app.task(name="pipeline.examine_video", queue="examine")
@declares(Kind.ALTERATION)
def examine_video(file: str) -> None:
    """The same for one video, however long it takes."""
    examining.examine_video(UUID(file))


@app.task(name="pipeline.unpack", queue="examine")
@declares(Kind.ALTERATION)
def unpack(archive: str) -> None:
    """Unpack an archive for a while, and defer the rest."""
    unpacking.unpack_and_score(UUID(archive))


@app.task(name="pipeline.score_archive", queue="score")
@declares(Kind.ALTERATION)
def score_archive(archive: str) -> None:
    """Score the referrals that name an archive anew."""
    score_what_names([UUID(archive)], members_too=False)


@app.task(name="pipeline.score_files", queue="score")
@declares(Kind.ALTERATION)
def score_files(files: list[str]) -> None:
    """Score the referrals that name files anew."""
    score_what_names([UUID(each) for each in files])


@app.task(name="pipeline.analyse", queue="examine")
@declares(Kind.ALTERATION)
def analyse(files: list[str]) -> None:
    """Show files to the analysers that have not seen them."""
    analysing.analyse_now([UUID(each) for each in files])


@app.task(name="pipeline.analyse_texts", queue="examine")
@declares(Kind.ALTERATION)
def analyse_texts(unit: str) -> None:
    """Show texts of a unit's referrals that wait to the analysers that have not seen them, and defer the next."""
    texts.analyse_waiting(UUID(unit))


@app.task(name="pipeline.work_order", queue="examine")
@declares(Kind.ALTERATION)
def work_order(order: str) -> None:
    """Work one batch of an order off, and defer the next."""
    analyses.work(UUID(order))


@app.task(name="pipeline.cluster", queue="links")
@declares(Kind.COMBINATION)
def cluster(unit: str) -> None:
    """Put what waits in a unit in clusters of near-duplicates."""
    clusters.cluster_waiting(UUID(unit))


@app.periodic(cron="*/5 * * * *")
@app.task(name="pipeline.tend_clusters", queue="links", queueing_lock="pipeline.tend_clusters")
@nothing_personal
def tend_clusters(timestamp: int) -> None:
    """Every five minutes: what waits to be put in clusters without a job, also what a worker that died left behind."""
    del timestamp
    clusters.defer_due()


@app.task(name="pipeline.connect", queue="links")
@declares(Kind.COMBINATION)
def connect(unit: str) -> None:
    """Let the referrals of a unit that wait join their groups."""
    grouping.connect_waiting(UUID(unit))


@app.task(name="pipeline.match_kept", queue="alerts")
@declares(Kind.CONSULTATION)
def match_kept(unit: str) -> None:
    """Compare what is news in a unit with its kept searches."""
    keeping.match_waiting(UUID(unit))


@app.task(name="pipeline.follow_shared_lines", queue="links")
@declares(Kind.COMBINATION)
def follow_shared_lines() -> None:
    """Go through one batch of identifiers for a new list of shared lines, and defer the next."""
    if shared_lines.follow():
        jobs.follow_shared_lines()


@app.task(name="pipeline.score_anew", queue="score")
@declares(Kind.ALTERATION)
def score_anew(unit: str, referrals: list[str]) -> None:
    """Score some referrals anew."""
    grouping.score_members(UUID(unit), [UUID(each) for each in referrals])


@app.task(name="pipeline.rescore", queue="score")
@declares(Kind.ALTERATION)
def rescore(unit: str, after: str | None = None) -> None:
    """Score for a while by the rules now in force, and defer the rest."""
    rescoring.rescore_for_a_while(UUID(unit), UUID(after) if after else None)


@app.periodic(cron="*/5 * * * *")
@app.task(name="pipeline.tend_rules", queue="house", queueing_lock="pipeline.tend_rules")
@nothing_personal
def tend_rules(timestamp: int) -> None:
    """Every five minutes: what stands by other rules than those in force, though no job does anything about it."""
    del timestamp
    rescoring.defer_due()


@app.task(name="pipeline.catch_up", queue="house")
@declares(Kind.ALTERATION)
def catch_up(unit: str, after: str | None = None) -> None:
    """Complete one batch of older referrals, and defer the next."""
    done = catching_up.step(UUID(unit), UUID(after) if after else None)
    if done is not None:
        jobs.catch_up(UUID(unit), done.last)


@app.task(name="pipeline.send_alerts", queue="alerts")
@declares(Kind.DISCLOSURE)
def send() -> None:
    """Send the alerts that are due."""
    alerting.send_due()


@app.periodic(cron="* * * * *")
@app.task(name="pipeline.tend_alerts", queue="alerts", queueing_lock="pipeline.tend_alerts")
@declares(Kind.DISCLOSURE)
def tend_alerts(timestamp: int) -> None:
    """Every minute: try again what did not go out, also what a worker that died left behind."""
    del timestamp
    alerting.send_due()


@app.periodic(cron="*/5 * * * *")
@app.task(name="pipeline.tend_reports", queue="house", queueing_lock="pipeline.tend_reports")
@declares(Kind.COLLECTION)
def tend_reports(timestamp: int) -> None:
    """Every five minutes: put reports that their senders did not finish into quarantine."""
    del timestamp
    reporting.set_unfinished_aside()


@app.task(name="pipeline.send_packages", queue="exchange")
@declares(Kind.DISCLOSURE)
def send_packages() -> None:
    """Send the packages to other agencies that are due."""
    handing.send_due()


@app.periodic(cron="* * * * *")
@app.task(name="pipeline.tend_exchange", queue="exchange", queueing_lock="pipeline.tend_exchange")
@declares(Kind.DISCLOSURE)
def tend_exchange(timestamp: int) -> None:
    """Every minute: try again what did not arrive, also what a worker that died left behind."""
    del timestamp
    handing.send_due()
    spool.sweep()


@app.task(name="pipeline.ask_agency", queue="exchange")
@declares(Kind.DISCLOSURE, Kind.COMBINATION)
def ask_agency(question: str, agency: str) -> None:
    """Ask an agency, blinded, what an officer wants to know of it."""
    deconflicting.ask_agency(UUID(question), UUID(agency))


@app.task(name="pipeline.prepare_tags", queue="exchange", lock="pipeline.prepare_tags")
@declares(Kind.ALTERATION)
def prepare_tags() -> None:
    """Prepare what other agencies may ask."""
    deconflicting.prepare_tags()


@app.periodic(cron="3 * * * *")
@app.task(name="pipeline.tend_tags", queue="exchange", queueing_lock="pipeline.tend_tags", lock="pipeline.prepare_tags")
@declares(Kind.ALTERATION)
def tend_tags(timestamp: int) -> None:
    """Every hour: the same, by what is worked on now."""
    del timestamp
    deconflicting.prepare_tags()


@app.periodic(cron="* * * * *")
@app.task(name="pipeline.count_senders", queue="house", queueing_lock="pipeline.count_senders")
@nothing_personal
def count_senders(timestamp: int) -> None:
    """Every minute: count the days of senders anew that were touched."""
    del timestamp
    sender_pages.count_days()


@app.periodic(cron="* * * * *")
@app.task(name="pipeline.count_units", queue="house", queueing_lock="pipeline.count_units")
@nothing_personal
def count_units(timestamp: int) -> None:
    """Every minute: count anew what the queues and the work of units come to."""
    del timestamp
    unit_pages.count_units()


@app.task(name="pipeline.play_trial", queue="house", lock="pipeline.play_trial")
@nothing_personal
def play_trial(trial: str) -> None:
    """Play one course of a trial of the laboratory, and defer the next."""
    laboratory.play(UUID(trial))


@app.periodic(cron="*/5 * * * *")
@app.task(name="pipeline.tend_trials", queue="house", queueing_lock="pipeline.tend_trials")
@nothing_personal
def tend_trials(timestamp: int) -> None:
    """Every five minutes: trials whose job a worker that died left behind."""
    del timestamp
    laboratory.tend()


@app.task(name="pipeline.follow_lists", queue="lists", lock="pipeline.follow_lists")
@nothing_personal
def follow_lists() -> None:
    """Bring the index of the lists up to date, and let what is stored be asked again."""
    following.tend()
    rematching.follow_up()


@app.periodic(cron="* * * * *")
@app.task(name="pipeline.tend_lists", queue="lists", queueing_lock="pipeline.tend_lists", lock="pipeline.follow_lists")
@nothing_personal
def tend_lists(timestamp: int) -> None:
    """Every minute: what a worker that died left behind, and an index that is not there."""
    del timestamp
    following.tend()
    rematching.follow_up()


@app.task(name="pipeline.rematch", queue="lists")
@declares(Kind.COMBINATION)
def rematch() -> None:
    """Ask again about what is stored, for a while; what is left is deferred."""
    rematching.rematch()


@app.task(name="pipeline.score_listed", queue="score")
@declares(Kind.ALTERATION)
def score_listed(unit: str, referrals: list[str]) -> None:
    """Score referrals anew of whose files the lists say something else now."""
    rematching.score_listed(UUID(unit), [UUID(each) for each in referrals])


@app.task(name="pipeline.fetch_list", queue="feeds")
@declares(Kind.COLLECTION)
def fetch_list(hash_list: str) -> None:
    """Fetch a list, page by page."""
    feeds.fetch_for_a_while(UUID(hash_list))


@app.periodic(cron="* * * * *")
@app.task(name="pipeline.tend_feeds", queue="house", queueing_lock="pipeline.tend_feeds")
@declares(Kind.COLLECTION)
def tend_feeds(timestamp: int) -> None:
    """Every minute: defer the fetching of lists whose time has come."""
    del timestamp
    feeds.defer_due()


@app.periodic(cron="*/5 * * * *")
@app.task(name="pipeline.tend_noise", queue="house", queueing_lock="pipeline.tend_noise")
@declares(Kind.ALTERATION)
def tend_noise(timestamp: int) -> None:
    """Every five minutes: set aside entries that match too much, and forget what is too old to be counted."""
    del timestamp
    list_entries.set_noisy_aside()


@app.periodic(cron="7 * * * *")
@app.task(name="pipeline.tend_line", queue="house", queueing_lock="pipeline.tend_line")
@declares(Kind.ALTERATION)
def tend_line(timestamp: int) -> None:
    """Every hour: note what was audited and what officers decided about it, and look at each line that is due."""
    del timestamp
    lining.tend()


@app.periodic(cron="*/10 * * * *")
@app.task(name="pipeline.tend_discipline", queue="house", queueing_lock="pipeline.tend_discipline")
@nothing_personal
def tend_discipline(timestamp: int) -> None:
    """Every ten minutes: count anew what the pace of each unit leaves unread, and forget second looks that nobody had."""
    del timestamp
    disciplining.tend()


@app.task(name="pipeline.follow_model", queue="score")
@declares(Kind.ALTERATION)
def follow_model(model: str, after: str | None = None) -> None:
    """Score one batch anew in which a stopped model had a say, and defer the next."""
    modelling.follow(UUID(model), UUID(after) if after else None)


@app.task(name="pipeline.follow_model_of_texts", queue="score")
@declares(Kind.ALTERATION)
def follow_model_of_texts(model: str, after: str | None = None) -> None:
    """The same by what it said of texts."""
    modelling.follow_texts(UUID(model), UUID(after) if after else None)
