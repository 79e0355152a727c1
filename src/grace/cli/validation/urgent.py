"""The urgent ones: how many of them an officer has met after reading so many lines of the queue, and how many are on a floor.

Stated ones say why they are urgent in their document: in words, which must lift them, or by times alone (a file uploaded at
the incident), as many say that are not urgent, and which the rules weigh as one sign among others. Quiet ones say nothing:
nothing in the document tells them from others, so what is found of them is told apart and has no bar.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from grace.casework import queue
from grace.casework.models import QueueRow
from grace.casework.queue import Filters
from grace.cli.validation.measures import Measure, Section, share
from grace.cli.validation.played import Arrived, Played
from grace.simulate.truth import Reason

DEPTHS = (10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)
FIFTH = 0.2
Urgent = Sequence[tuple[Arrived, UUID]]


def section(played: Played) -> Section:
    """Read the queue from its top, as an officer does."""
    places = _places(played)
    floors = dict(QueueRow.objects.filter(unit_id=played.viewer.unit_id).values_list("referral_id", "floor"))
    lines = max(places.values(), default=0)
    urgent = [(each, referral) for each, referral in played.originals() if each.truth.urgent]
    stated = [pair for pair in urgent if pair[0].truth.stated]
    quiet = [pair for pair in urgent if not pair[0].truth.stated]
    near = [(e, r, places.get(r, lines + 1) <= max(1, lines * FIFTH)) for e, r in stated]
    fresh = Reason.FRESH_FILE
    measures = [
        share(
            "urgent ones that say so in words, in the first fifth",
            ((f"{_told(e)}: place {places.get(r)}", is_near) for e, r, is_near in near if e.truth.why is not fresh),
            at_least=1,
        ),
        share(
            "urgent ones by a fresh file, in the first fifth",
            ((f"{_told(e)}: place {places.get(r)}", is_near) for e, r, is_near in near if e.truth.why is fresh),
        ),
        share("stated urgent ones on a floor", ((_told(e), floors.get(r, 0) > 0) for e, r in stated)),
        Measure("lines in the queue", lines),
        *(_at(depth, "stated", stated, places) for depth in DEPTHS if depth < lines),
        *(_at(depth, "quiet", quiet, places) for depth in DEPTHS if depth < lines and quiet),
    ]
    return Section("urgent", "Urgent ones, by depth of the queue", measures)


def _places(played: Played) -> Mapping[UUID, int]:
    """The place of each referral's line, from 1; a member of a group has its line's place."""
    places: dict[UUID, int] = {}
    groups: dict[UUID, int] = {}
    after, place = "", 0
    while True:
        page = queue.page(played.viewer, Filters(), after=after, most=200)
        for row in page.rows:
            place += 1
            places[row.referral_id] = place
            if row.group_id:
                groups.setdefault(row.group_id, place)
        after = page.after
        if not after:
            break
    members = QueueRow.objects.filter(unit_id=played.viewer.unit_id, is_line=False).values_list("referral_id", "group_id")
    return places | {referral: groups[group] for referral, group in members if group in groups}


def _at(depth: int, kind: str, urgent: Urgent, places: Mapping[UUID, int]) -> Measure:
    found = [places.get(referral, depth + 1) <= depth for _, referral in urgent]
    value = round(sum(found) / len(found), 4) if found else None
    return Measure(f"{kind} urgent ones met within {depth:,} lines", value, len(found))


def _told(each: Arrived) -> str:
    return f"{each.reference} {each.form.value}, {each.truth.why}"
