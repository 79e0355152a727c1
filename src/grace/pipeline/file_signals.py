"""What is known of a referral's files, as signals: named by the sender, present, known, near, new, widespread.

A member of an archive counts as a file does, but for what only a sender can say: nobody named it. A file whose only entries are set aside is counted as named and nothing else: it is neither known nor new.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from grace.analysis.register import infer
from grace.matching.weigh import Standing
from grace.referrals.attachments import INSIDE, Named
from grace.sdk.signals import Basis, Signal, SignalValue

FRESH = timedelta(days=2)
"""How near to the report an upload is fresh. What counts is when the report was sent: how long it lay with others makes no file older."""
SOURCE = "files"
OF_LISTS = frozenset({"file.known_count", "file.near_count", "file.negative_count", "file.common_count", "file.new_count", "file.fresh"})
"""The signals that the lists have a say in."""
OF_FINDINGS: Mapping[str, str] = {
    "gps": "file.place_count",
    "device.serial": "file.device_count",
    "generator": "file.generator_count",
    "file.appended": "file.appended_count",
}
"""Kinds of findings that count for priority, each with the signal that says how many files have one."""
OF_MODELS = "file.class"
"""The signal for each term that a model finds in any of the files."""


def gives_signal(kind: str) -> bool:
    """Whether findings of this kind count for priority."""
    return kind in OF_FINDINGS or kind.startswith(infer.KIND)


@dataclass(frozen=True, slots=True)
class FileNews:
    """One named file, what the lists say of it, how many referrals name it, and the kinds of findings that there are of it."""

    named: Named
    standing: Standing
    spread: int
    found: frozenset[str] = frozenset()


def signals(files: Sequence[FileNews], sent: Sequence[datetime]) -> list[Signal]:
    """The file signals of one referral whose documents were sent at these moments; none at all where it names no file."""
    return [Signal(kind, value, basis, SOURCE) for kind, value, basis in _told(files, sent)]


def is_file_signal(signal: Signal) -> bool:
    """Whether the signal came from here, and so is made anew when more is known of the files."""
    return signal.source == SOURCE


def of_lists(given: Sequence[Signal]) -> dict[str, SignalValue]:
    """What signals say that only the lists can have said."""
    return {each.kind: each.value for each in given if is_file_signal(each) and each.kind in OF_LISTS}


def with_lists_of_before(given: Sequence[Signal], made: Sequence[Signal]) -> list[Signal]:
    """What was made of the files, but of the lists what they said before, where they said something: "not checked" takes nothing back."""
    before = [each for each in given if is_file_signal(each) and each.kind in OF_LISTS]
    return [*(each for each in made if each.kind not in OF_LISTS), *before] if before else [*made]


def standings(files: Sequence[FileNews]) -> dict[UUID, Standing]:
    """The standing by attachment."""
    return {each.named.id: each.standing for each in files}


def _told(files: Sequence[FileNews], sent: Sequence[datetime]) -> Iterator[tuple[str, bool | int | str, Basis]]:
    named = sum(each.named.state != INSIDE for each in files)
    if not named:
        return
    by_standing = {standing: sum(each.standing is standing for each in files) for standing in Standing}
    by_state: Mapping[str, int] = {
        state: sum(each.named.state == state for each in files) for state in ("present", "missing", "changed", "extra")
    }
    yield "file.named_count", named, Basis.REPORTED
    counts = (
        ("file.present_count", by_state["present"] + by_state["changed"] + by_state["extra"], Basis.OBSERVED),
        ("file.missing_count", by_state["missing"], Basis.OBSERVED),
        ("file.changed_count", by_state["changed"], Basis.OBSERVED),
        ("file.viewed_count", sum(each.named.viewed is True for each in files), Basis.REPORTED),
        ("file.known_count", by_standing[Standing.KNOWN], Basis.OBSERVED),
        ("file.near_count", by_standing[Standing.NEAR], Basis.OBSERVED),
        ("file.negative_count", by_standing[Standing.NEGATIVE], Basis.OBSERVED),
        ("file.common_count", by_standing[Standing.COMMON], Basis.OBSERVED),
        ("file.new_count", by_standing[Standing.NEW], Basis.OBSERVED),
        *((signal, sum(kind in each.found for each in files), Basis.OBSERVED) for kind, signal in OF_FINDINGS.items()),
        ("file.seen_in_referrals", max(each.spread for each in files), Basis.OBSERVED),
    )
    for kind, number, basis in counts:
        if number:
            yield kind, number, basis
    for kind in sorted({kind for each in files for kind in each.found if kind.startswith(infer.KIND)}):
        yield OF_MODELS, kind.removeprefix(infer.KIND), Basis.MODEL
    if any(_is_fresh(each, sent) for each in files):
        yield "file.fresh", True, Basis.REPORTED


def _is_fresh(file: FileNews, sent: Sequence[datetime]) -> bool:
    uploaded = file.named.uploaded_at
    if uploaded is None or file.standing is not Standing.NEW or file.spread > 1:
        return False
    return any(abs(uploaded - each) <= FRESH for each in sent)
