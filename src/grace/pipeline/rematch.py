"""A list changed: what is stored already is asked about again, in the background, and what that touches is scored anew.

    list changes ─▶ log ─▶ index ─▶ due ─▶ (batch by batch) matches kept, ledger ─▶ (jobs) scored anew where that changes something

Each batch is a transaction that takes away what it was about, keeps the matches, tells the ledger and defers the scoring: whoever
is killed leaves the batch as it was. For few entries what is held is asked for each entry; for many all that is held is gone
through and the lists are asked. What is scored is what the lists now say something else of, so that once more does no harm.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from grace.casework import places
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line
from grace.evidence import files
from grace.kernel import clock
from grace.links import again
from grace.matching import due, follow, holdings, matches
from grace.matching.digests import PDQ, Digest
from grace.matching.due import Asked
from grace.matching.look_up import Answer, look_up
from grace.matching.models import Sweep
from grace.pipeline import jobs
from grace.pipeline.score import Batch, demand_index, score_where_lists_differ
from grace.priority import publish
from grace.referrals import stated

ACTOR = "system:matching"
SECONDS = 20.0
"""How long one job works before it leaves the rest to the next."""
PAUSE = timedelta(seconds=1)
"""How long to wait where somebody is still at work who may not have seen the change."""
ENTRIES = 2_000
FILES = 500
NAMED = 2_000
REFERRALS = 1_000
"""Entries that came, files, attachments and referrals that one transaction is about."""
ASKED = 20_000
"""Digests and fingerprints after which no further file is taken in."""
_FINGERPRINTS = 50_000
_MOST_LISTS = 100


def follow_up() -> None:
    """Defer the asking, where something is due."""
    if due.is_any():
        jobs.rematch()


def rematch(seconds: float = SECONDS) -> None:
    """Ask for so long about what is due. What is left is deferred; where others must end first, to a second later."""
    give_up = time.monotonic() + seconds
    follow.tend()
    while time.monotonic() < give_up:
        if not (_ask_for_entries() or _go_on_with_sweep()):
            if due.is_any():
                jobs.rematch(clock.now() + PAUSE)
            return
    jobs.rematch()


def score_listed(unit_id: UUID, referrals: Sequence[UUID]) -> None:
    """Score those of the referrals anew of whose files the lists say something else now; alerts go out as always."""
    with transaction.atomic():
        now = clock.now()
        if score_where_lists_differ(Batch(unit_id, ACTOR, publish.in_force(unit_id, now), now), referrals):
            jobs.send_alerts()


@transaction.atomic
def _ask_for_entries() -> bool:
    """One batch of entries that came and matches that went; whether there was any."""
    taken = due.take(ENTRIES)
    by_unit: dict[UUID | None, list[Asked]] = {}
    for each in taken:
        if each.came:
            by_unit.setdefault(each.unit_id, []).append(each)
    for unit_id, came in by_unit.items():
        touched = look_up(sorted(_stored({each.digest for each in came}), key=_in_order), [], unit_id=unit_id)
        _keep(unit_id, touched, {each.list_id for each in came})
    if went := [each.digest for each in taken if not each.came]:
        _score_who_names(None, went)
    return bool(taken)


@transaction.atomic
def _go_on_with_sweep() -> bool:
    """The next files, attachments or referrals of a sweep; whether there is one."""
    sweep = due.take_sweep()
    if sweep is None:
        return False
    of_referrals = sweep.part == Sweep.Part.REFERRALS
    if sweep.begun_at is None:
        due.begin(sweep, places.how_many_open(sweep.unit_id) if of_referrals else files.how_many() + stated.how_many())
    (_score_next if of_referrals else _ask_next)(sweep)
    return True


def _ask_next(sweep: Sweep) -> None:
    """Ask the lists about the next files, or about what the next attachments state."""
    if sweep.part == Sweep.Part.FILES:
        last, number, asked = _held_after(sweep.after)
    else:
        last, number, asked = stated.after(sweep.after, NAMED)
    answers = look_up([Digest(*each) for each in sorted(asked)], [], unit_id=sweep.unit_id)
    demand_index(answers)
    fresh = [answer for answer in answers if any(known.entry_id >= sweep.first_entry for known in answer.known)]
    _keep(sweep.unit_id, fresh, {known.list_id for answer in fresh for known in answer.known})
    due.go_on(sweep, last, number)


def _held_after(after: UUID | None) -> tuple[UUID | None, int, set[tuple[str, bytes]]]:
    """The digests and fingerprints of the next files: the last file (None at the end), how many they are, and what to ask about."""
    found = files.after(after, FILES)
    prints = holdings.prints_of(found)
    asked: set[tuple[str, bytes]] = set()
    for number, file in enumerate(sorted(found), 1):
        asked |= {*found[file].items(), *((PDQ, value) for value in prints.get(file, ()))}
        if len(asked) >= ASKED:  # videos have many
            return file, number, asked
    return (max(found) if len(found) == FILES else None), len(found), asked


def _score_next(sweep: Sweep) -> None:
    """Let the next referrals be scored of which the lists say something else now."""
    found = places.all_open_after(sweep.unit_id, sweep.after, REFERRALS)
    by_unit: dict[UUID, list[UUID]] = {}
    for unit, referral in found:
        by_unit.setdefault(unit, []).append(referral)
    for unit, referrals in by_unit.items():
        jobs.score_listed(unit, referrals)
    due.go_on(sweep, found[-1][1] if len(found) == REFERRALS else None, len(found))


def _stored(came: Iterable[Digest]) -> set[Digest]:
    """What is held or stated that is equal to these entries, or near them."""
    by_algorithm = _by_algorithm(came)
    found = stated.present(by_algorithm)
    for digests in files.with_digests(by_algorithm).values():
        found |= {(name, value) for name, value in digests.items() if value in by_algorithm.get(name, ())}
    prints = by_algorithm.get(PDQ, [])
    if prints:
        found |= {(PDQ, value) for value in holdings.near(prints)}
        after = b""
        while some := stated.fingerprints(after, _FINGERPRINTS):
            found |= {(PDQ, value) for value in holdings.within(some, prints)}
            after = some[-1]
    return {Digest(*each) for each in found}


def _keep(unit_id: UUID | None, answers: Sequence[Answer], lists: Iterable[UUID | None]) -> None:
    """Keep what the lists answered about what is stored, tell the ledger, and defer the scoring of who names it."""
    demand_index(answers)
    known = [answer for answer in answers if answer.known]
    if not known:
        return
    matches.record(known)
    named = tuple(f"list:{each}" for each in sorted(filter(None, lists))[:_MOST_LISTS])
    detail = {"stored": str(len(known))}
    ledger.record(Line(Kind.COMBINATION, "list.rematch", ACTOR, "matching", named, detail))
    _score_who_names(unit_id, [Digest(answer.asked.algorithm, answer.asked.value) for answer in known])


def _score_who_names(unit_id: UUID | None, digests: Sequence[Digest]) -> None:
    by_algorithm = _by_algorithm(digests)
    held = [*files.with_digests(by_algorithm), *holdings.files_with(by_algorithm.get(PDQ, ()))]
    for unit, referrals in stated.naming(held, by_algorithm, unit_id).items():
        jobs.score_listed(unit, places.still_open(referrals))
        if again.note(unit, referrals):  # a file on a list links nobody
            jobs.connect(unit)


def _by_algorithm(digests: Iterable[Digest]) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    for each in digests:
        found.setdefault(each.algorithm, []).append(each.value)
    return found


def _in_order(digest: Digest) -> tuple[str, bytes]:
    return digest.algorithm, digest.value
