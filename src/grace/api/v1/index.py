"""How the indexes behind the lists and behind what is held stand."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema

from grace.accounts.capabilities import Capability
from grace.api.tokens import viewer
from grace.custody.declare import nothing_personal
from grace.matching import standing
from grace.matching.indexed import LAYOUT
from grace.matching.standing import Standing

router = Router(tags=["match"])


class KindOut(Schema):
    """One kind of hash: how many values, in how many parts, on how many bytes, after how many changes of parts."""

    algorithm: str
    entries: int
    segments: int
    bytes: int
    generation: int


class IndexOut(Schema):
    """One index. ``waiting`` changes are looked through with each question, the first 20,000 of them; ``behind_seconds`` is the oldest's age.

    ``lost`` says that it is not in the data folder, ``damage`` why it cannot be read.
    """

    kinds: list[KindOut]
    waiting: int
    behind_seconds: float
    lost: bool
    damage: str


class SweepOut(Schema):
    """All that is stored is asked again, because much came: how far that is."""

    begun: bool
    done: int
    total: int


class IndexStatusOut(Schema):
    """``newest_entry_at`` is when the newest entry came that every process finds; ``rematch_waiting`` counts changes to be asked of what is stored."""

    lists: IndexOut
    held: IndexOut
    layout: str
    newest_entry_at: datetime | None
    newest_entry_age_seconds: float | None
    rematch_waiting: int
    sweeps: list[SweepOut]
    loops_compiled: bool


@router.get("", response=IndexStatusOut, summary="How the index stands")
@nothing_personal
def index_status(request: HttpRequest) -> IndexStatusOut:
    """What the indexes hold, what waits for them, and how new the newest entry is that everybody finds."""
    asking = viewer(request)
    if not asking.may(Capability.MATCH):
        asking.require(Capability.MANAGE_LISTS)
    whole = standing.whole()
    return IndexStatusOut(
        lists=_index(whole.lists),
        held=_index(whole.held),
        layout=LAYOUT,
        newest_entry_at=whole.newest_at,
        newest_entry_age_seconds=whole.newest_age,
        rematch_waiting=whole.due,
        sweeps=[SweepOut(begun=each.begun, done=each.done, total=each.total) for each in whole.sweeps],
        loops_compiled=whole.compiled,
    )


def _index(found: Standing) -> IndexOut:
    kinds = [
        KindOut(algorithm=each.algorithm, entries=each.entries, segments=each.segments, bytes=each.bytes, generation=each.generation)
        for each in found.kinds
    ]
    return IndexOut(kinds=kinds, waiting=found.waiting, behind_seconds=found.behind, lost=found.lost, damage=found.damage)
