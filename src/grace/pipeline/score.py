"""Connect, score, queue: from signals to a place in the queue, for new referrals and for those that changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from grace.analysis import findings
from grace.casework import alerts, standings
from grace.casework.standings import Standing as Place
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.evidence import models as evidence
from grace.evidence.models import File
from grace.kernel.errors import Unavailable
from grace.links import signals as group_signals
from grace.matching import matches, noise
from grace.matching.digests import Digest
from grace.matching.look_up import Answer, Question, Why
from grace.matching.recognise import recognise
from grace.matching.weigh import Standing, counting, settle, standing_of, weigh
from grace.pipeline import file_signals, text_signals
from grace.pipeline.file_signals import FileNews
from grace.priority.assess import InForce, assess, axes_of, hold, signals_of
from grace.referrals import attachments, summaries
from grace.referrals.attachments import INSIDE, REPORT, Named
from grace.routing.concerned import recipients_of
from grace.sdk.analysis import Fingerprint
from grace.sdk.signals import Signal

MOST_SUBJECTS = 200
"""References in one ledger entry; a longer act is told in several."""


OVER_SHARE = "sender.escalated_over_share"
SHARE_OF = "senders:"
"""The source of a verdict on an escalation, with the day whose share it was held against behind it."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Referrals of one unit that are scored together, by whom and when; ``way`` is how they came in, if they have just come."""

    unit_id: UUID
    actor: str
    rules: InForce
    now: datetime
    way: str = ""


@dataclass(frozen=True, slots=True)
class LookedUp:
    """The files of each referral with what the lists say of them, all answers once, and by referral the entries that count for it."""

    files: Mapping[UUID, list[FileNews]]
    answers: Sequence[Answer]
    hits: Mapping[UUID, set[int]]


def score_and_place(
    batch: Batch,
    signals: Mapping[UUID, Sequence[Signal]],
    concerned: Mapping[UUID, Sequence[str]] | None = None,
    lacking: Mapping[UUID, Sequence[str]] | None = None,
    looked_up: LookedUp | None = None,
) -> list[UUID]:
    """Look the files up, assess, place in the queue, tell the ledger; returns the alerts raised.

    ``signals`` are all that is known but for files, texts and groups, whose signals are made anew here. ``concerned`` tells the
    states, ``lacking`` the codes of what the reports lack, ``looked_up`` what the lists say, if they have just been found.
    """
    concerned = recipients_of(list(signals)) if concerned is None else concerned
    told = summaries.of(list(signals))
    found = looked_up or _look_up_files(batch.unit_id, list(signals))
    matches.record(found.answers)
    noise.count({each: found.hits[each] for each in signals}, batch.now)
    whole = _whole_signals(batch.unit_id, signals, found, told)
    assessed = assess(whole, batch.rules, batch.now)
    places = [
        Place(
            referral_id=referral,
            unit_id=batch.unit_id,
            number=told[referral].number,
            sender_id=told[referral].sender_id,
            incident_kind=told[referral].incident_kind,
            summary=_summary(told[referral], found.files[referral]),
            format=told[referral].format,
            received_at=told[referral].received_at,
            floor=assessment.floor,
            score=assessment.score,
            axes=axes_of(assessment),
            why=assessment.why(),
            recipients=concerned.get(referral, ()),
            lacks=lacking[referral] if lacking else None,
            way=batch.way,
            over_share_on=_over_share_on(whole[referral]),
            queues=assessment.queues,
        )
        for referral, assessment in assessed.items()
    ]
    standings.place(places, batch.now)
    ledger.record(*score_lines(batch, list(assessed)))
    urgent = [referral for referral, assessment in assessed.items() if assessment.floor]
    return alerts.raise_alerts(batch.unit_id, urgent, batch.now) if urgent else []


def _whole_signals(
    unit_id: UUID,
    signals: Mapping[UUID, Sequence[Signal]],
    found: LookedUp,
    told: Mapping[UUID, summaries.Summary],
) -> dict[UUID, list[Signal]]:
    """What is given, with the signals of files, texts and groups made anew; while the lists are away, with what they said before."""
    files, away = found.files, _index_away(found.answers)
    texts = text_signals.signals(unit_id, list(signals))
    groups = group_signals.signals(unit_id, {referral: _digests(some) for referral, some in files.items()})
    return {
        referral: [
            *(each for each in given if not _is_made_anew(each)),
            *_of_files(given, file_signals.signals(files[referral], told[referral].sent), away=away),
            *texts.get(referral, ()),
            *groups.get(referral, ()),
        ]
        for referral, given in signals.items()
    }


def _of_files(given: Sequence[Signal], made: list[Signal], *, away: bool) -> list[Signal]:
    return file_signals.with_lists_of_before(given, made) if away else made


def _is_made_anew(signal: Signal) -> bool:
    return file_signals.is_file_signal(signal) or text_signals.is_text_signal(signal) or group_signals.is_group_signal(signal)


def score_again(batch: Batch, referrals: Sequence[UUID]) -> list[UUID]:
    """Score referrals anew by what was known of them and what is known of their files now."""
    hold(referrals)
    return score_and_place(batch, signals_of(referrals))


def score_where_lists_differ(batch: Batch, referrals: Sequence[UUID]) -> list[UUID]:
    """Score those of the referrals anew whose score rests on something else than what the lists say of their files now.

    Raises :class:`Unavailable` where the lists cannot be asked: what is known is not overwritten by "not checked".
    """
    hold(referrals)
    given, told = signals_of(referrals), summaries.of(referrals)
    found = _look_up_files(batch.unit_id, list(given))
    demand_index(found.answers)
    stale = {
        referral: signals
        for referral, signals in given.items()
        if file_signals.of_lists(signals) != file_signals.of_lists(file_signals.signals(found.files[referral], told[referral].sent))
    }
    return score_and_place(batch, stale, looked_up=found) if stale else []


def demand_index(answers: Sequence[Answer]) -> None:
    """Raise :class:`Unavailable` where an answer is missing because the index is being made anew."""
    if _index_away(answers):
        raise Unavailable("The index of the lists is being made anew.", remedy="Try again in a minute.")


def _index_away(answers: Sequence[Answer]) -> bool:
    return any(answer.why is Why.INDEX for answer in answers)


def news_of(unit_id: UUID, referrals: Sequence[UUID]) -> Mapping[UUID, list[FileNews]]:
    """What the lists say of each referral's files, and how widespread these are; stores nothing."""
    return _look_up_files(unit_id, referrals).files


def _look_up_files(unit_id: UUID, referrals: Sequence[UUID]) -> LookedUp:
    """One look-up for all digests and fingerprints of the batch: what is stated, and what the bytes themselves give."""
    named = {
        key: [each for each in files if each.state != REPORT] for key, files in attachments.with_members(attachments.of(referrals)).items()
    }
    everything = [each for files in named.values() for each in files]
    told = answers_about(unit_id, everything)
    spread = attachments.spread(each.digests["md5"] for each in everything if "md5" in each.digests) if everything else {}
    found = findings.kinds_of(each.file_id for each in everything if each.file_id)
    news = {
        referral: [
            FileNews(each, standing_of(told[each.id]), spread.get(each.digests.get("md5", b""), 1), _kinds(found, each.file_id))
            for each in files
        ]
        for referral, files in named.items()
    }
    hits = {referral: {known.entry_id for each in files for known in counting(told[each.id])} for referral, files in named.items()}
    return LookedUp(news, list({answer.asked: answer for answers in told.values() for answer in answers}.values()), hits)


def _kinds(found: Mapping[UUID, Mapping[str, int]], file_id: UUID | None) -> frozenset[str]:
    return frozenset(found.get(file_id, ())) if file_id else frozenset()


def answers_about(unit_id: UUID, files: Sequence[Named]) -> dict[UUID, list[Answer]]:
    """What the lists say of each file, answer by answer, in one look-up, weighed and settled; stores nothing."""
    questions = _questions(files)
    asked = list(dict.fromkeys(question for some in questions.values() for question in some))
    exact = [each for each in asked if isinstance(each, Digest)]
    near = [each for each in asked if isinstance(each, Fingerprint)]
    answers = {each.asked: each for each in weigh(recognise(exact, near, unit_id=unit_id), unit_id)} if asked else {}
    return {key: settle([answers[question] for question in some]) for key, some in questions.items()}


def _questions(files: Sequence[Named]) -> dict[UUID, set[Question]]:
    digests, fingerprints = _observed([each.file_id for each in files if each.file_id])
    asked: dict[UUID, set[Question]] = {}
    for each in files:
        stated: set[Question] = {Digest(algorithm, value) for algorithm, value in each.digests.items()}
        own = digests.get(each.file_id, set()) | fingerprints.get(each.file_id, set()) if each.file_id else set()
        asked[each.id] = stated | own
    return asked


def _observed(file_ids: Sequence[UUID]) -> tuple[dict[UUID, set[Question]], dict[UUID, set[Question]]]:
    """Digests and fingerprints that we computed ourselves, by file."""
    digests: dict[UUID, set[Question]] = {}
    fingerprints: dict[UUID, set[Question]] = {}
    if not file_ids:
        return digests, fingerprints
    for key, *values in File.objects.filter(id__in=file_ids).values_list("id", "md5", "sha1", "sha256"):
        digests[key] = {Digest(name, bytes(value)) for name, value in zip(("md5", "sha1", "sha256"), values, strict=True)}
    rows = evidence.Fingerprint.objects.filter(file_id__in=file_ids).values_list("file_id", "algorithm", "value", "quality")
    for key, algorithm, value, quality in rows:
        fingerprints.setdefault(key, set()).add(Fingerprint(algorithm, bytes(value), quality))
    return digests, fingerprints


def _digests(files: Sequence[FileNews]) -> list[bytes]:
    return [digest for each in files if each.named.state != INSIDE for name, digest in each.named.digests.items() if name != "pdq"]


def _summary(told: summaries.Summary, files: Sequence[FileNews]) -> dict[str, int]:
    counts = {standing.value: sum(each.standing is standing for each in files) for standing in Standing}
    inside = sum(each.named.state == INSIDE for each in files)
    here = sum(each.named.file_id is not None for each in files) - inside
    more = {**counts, "here": here, "inside": inside}
    return {**told.counts, "files": len(files) - inside, **{name: number for name, number in more.items() if number}}


def _over_share_on(signals: Sequence[Signal]) -> date | None:
    """The day whose share the sender's call of urgency went over; None where it did not, or was judged before days were told."""
    days = (each.source.removeprefix(SHARE_OF) for each in signals if each.kind == OVER_SHARE and each.source.startswith(SHARE_OF))
    return next((date.fromisoformat(day) for day in days), None)


def score_lines(batch: Batch, referrals: Sequence[UUID]) -> list[Line]:
    """One entry per referral: it is by the referral that an officer asks what was done."""
    return [
        Line(
            kind=Kind.ALTERATION,
            act="referral.score",
            actor=batch.actor,
            purpose="triage",
            subjects=(f"referral:{referral}",),
            detail={"rules": f"{batch.rules.number}"},
        )
        for referral in referrals
    ]
