"""Lists that change while referrals are stored: loading and removing them, and what should be so when everything has followed."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from uuid import UUID

from grace.accounts.models import Unit
from grace.accounts.viewer import operator
from grace.casework.models import QueueRow
from grace.evidence.models import File, Fingerprint
from grace.matching.digests import LENGTHS, Digest
from grace.matching.load import How
from grace.matching.look_up import LEAST_QUALITY, look_up
from grace.matching.models import Due, HashList, Match, Sweep
from grace.matching.videos import pictures_of
from grace.pipeline import file_signals, lists
from grace.pipeline.score import news_of
from grace.priority.assess import signals_of
from grace.referrals import summaries
from grace.referrals.models import Attachment
from grace.sdk.video import unpack

Value = tuple[str, bytes]
"""Algorithm and raw value."""


def load(values: Iterable[Value], name: str = "Known", unit: Unit | None = None, meaning: str = "") -> UUID:
    """Put values on a list as the operator does, with all that follows."""
    lines = ["algorithm,value,category,source,note", *(f"{algorithm},{value.hex()},A,," for algorithm, value in values)]
    stream = io.BytesIO("\n".join(lines).encode())
    how = How(meaning=meaning)
    return lists.import_list(operator(), stream, name, source="hotline", unit_id=unit.id if unit else None, how=how).list_id


def remove(name: str = "Known") -> None:
    """Take a list out."""
    lists.remove(operator(), HashList.objects.get(name=name).id)


def flipped(value: bytes, bits: int) -> bytes:
    """A value that differs in the last so many bits."""
    return (int.from_bytes(value, "big") ^ (1 << bits) - 1).to_bytes(len(value), "big")


def stored() -> set[Value]:
    """Every digest and good fingerprint that is held or stated."""
    held = {(name, bytes(getattr(row, name))) for row in File.objects.all() for name in ("md5", "sha1", "sha256")}
    good = Fingerprint.objects.filter(quality__gte=LEAST_QUALITY).values_list("algorithm", "value")
    held |= {("pdq", bytes(value)) for algorithm, value in good if algorithm == "pdq"}
    held |= {("pdq", picture) for algorithm, value in good if algorithm == "vpdq" for picture in pictures_of(unpack(bytes(value)))}
    return held | {(name, bytes(value)) for row in Attachment.objects.all() for name in LENGTHS if (value := getattr(row, name))}


def differences(units: Sequence[Unit]) -> list[str]:
    """What is not as it should be once all has followed: matches that are kept, and scores of what is not closed."""
    found = [f"{Due.objects.count()} due"] if Due.objects.exists() else []
    found += [f"{Sweep.objects.count()} sweeps"] if Sweep.objects.exists() else []
    kept = {(row.algorithm, bytes(row.value), row.entry_id): row.distance for row in Match.objects.all()}
    wanted: dict[tuple[str, bytes, int], int] = {}
    for unit_id in [None, *(each.id for each in units)]:
        for answer in look_up([Digest(*each) for each in sorted(stored())], [], unit_id=unit_id):
            wanted |= {(answer.asked.algorithm, answer.asked.value, each.entry_id): each.distance for each in answer.known}
    found += [f"{key[0]} {key[1].hex()[:8]} and entry {key[2]}: kept {kept.get(key)}" for key in kept.keys() - wanted.keys()]
    found += [
        f"{key[0]} {key[1].hex()[:8]} and entry {key[2]}: kept {kept.get(key)}, should be {wanted[key]}"
        for key in wanted
        if kept.get(key) != wanted[key]
    ]
    for unit in units:
        found += _stale(unit)
    return found


def _stale(unit: Unit) -> list[str]:
    referrals = list(QueueRow.objects.filter(unit=unit).exclude(status="closed").values_list("referral_id", flat=True))
    given, told, news = signals_of(referrals), summaries.of(referrals), news_of(unit.id, referrals)
    return [
        f"referral {told[each].number} is not scored by what the lists say"
        for each in referrals
        if file_signals.of_lists(given[each]) != file_signals.of_lists(file_signals.signals(news[each], told[each].sent))
    ]
