"""What ``file_type`` says of a set of files with known truth, beside the quick look that decides storage, and of any mutation of them."""

from __future__ import annotations

import random
from collections import defaultdict
from functools import cache

import pytest

from grace.analysis.analysers.file_type.analyser import ANALYSER, findings
from grace.analysis.analysers.walks.reading import MOST_STEPS, Steps
from grace.evidence.media_types import UNKNOWN, media_type_of
from grace.sdk.analysis import MOST_SEEN, Content
from tests.support.file_kinds.sample import Sample
from tests.support.file_kinds.set import everything, whole

BAR = 0.99
FEWEST = 300
_MUTATIONS = 12
_FAMILIES = {
    "application/zip": ("application/",),
    "application/ogg": ("audio/ogg", "video/ogg"),
    "application/xml": ("application/", "image/svg+xml"),
    "application/json": ("application/rtf", "text/"),
    "audio/mpeg": ("audio/",),
    "image/heif": ("image/",),
    "image/tiff": ("image/x-",),
    "text/plain": ("text/", "application/", "image/svg+xml", "image/x-portable-anymap", "message/rfc822"),
    "video/mp4": ("video/3gpp", "audio/mp4", "image/"),
    "video/x-matroska": ("video/webm", "audio/x-matroska", "audio/webm"),
    "video/x-ms-asf": ("video/x-ms-wmv", "audio/x-ms-wma"),
}
"""What a quick look's answer may turn into when the whole file is read."""


@cache
def samples() -> list[Sample]:
    return everything()


def told(content: bytes) -> dict[str, list[str]]:
    found = defaultdict(list)
    for finding in findings(content, Steps()):
        found[finding.kind].append(finding.value)
    return found


def test_the_type_is_right_for_nearly_all() -> None:
    wrong = [each.name for each in samples() if told(each.content)["file.type"][0] not in each.types]
    assert len(samples()) >= FEWEST
    assert len(wrong) <= (1 - BAR) * len(samples()), wrong


def test_a_whole_file_is_whole_and_of_one_type() -> None:
    for each in whole():
        found = told(each.content)
        kinds = set(found) - {"file.encrypted"}
        assert kinds == {"file.type"}, (each.name, found)


def test_what_was_appended_is_counted_exactly() -> None:
    appended = [each for each in samples() if each.appended]
    assert len(appended) > 100
    assert [
        (each.name, told(each.content)["file.appended"]) for each in appended if told(each.content)["file.appended"] != [str(each.appended)]
    ] == []


def test_a_second_type_is_seen() -> None:
    mixed = [each for each in samples() if each.group == "polyglot"]
    assert len(mixed) > 20
    for each in mixed:
        assert each.second in told(each.content)["file.polyglot"] if each.second else "file.polyglot" not in told(each.content), each.name


def test_a_file_that_was_cut_is_told_from_a_whole_one() -> None:
    cut = [each for each in samples() if each.group == "cut"]
    assert len(cut) > 100
    assert [each.name for each in cut if not told(each.content)["file.cut_short"]] == []


@pytest.mark.parametrize("quick", sorted({media_type_of(each.content) for each in everything()} - {UNKNOWN}))
def test_it_agrees_with_the_quick_look_or_is_more_exact(quick: str) -> None:
    for each in whole():
        if media_type_of(each.content) == quick:
            exact = told(each.content)["file.type"][0]
            assert exact == quick or exact.startswith(_FAMILIES.get(quick, ("-",))), (each.name, exact)


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Cut, changed, filled with something, repeated or swapped: anywhere."""
    broken = bytearray(content)
    start = chance.randrange(len(broken))
    match chance.randrange(5):
        case 0:
            del broken[start:]
        case 1:
            broken[start] = chance.randrange(256)
        case 2:
            broken[start : start + 8] = chance.choice((b"\xff" * 8, bytes(8), b"\x7f\xff\xff\xff" * 2, b"\0\0\0\1" * 2))
        case 3:
            broken[start:start] = broken[chance.randrange(len(broken)) :][:64]
        case _:
            for _ in range(8):
                broken[chance.randrange(min(len(broken), 256))] = chance.randrange(256)
    return bytes(broken)


def test_any_mutation_is_answered_within_the_steps() -> None:
    chance = random.Random(20_261_126)
    most = 0
    for each in whole():
        for _ in range(_MUTATIONS):
            steps = Steps()
            broken = mutated(each.content, chance)
            assert len(list(findings(broken, steps))) <= MOST_SEEN
            most = max(most, MOST_STEPS - steps.left)
            if broken:
                ANALYSER.examine(Content("", broken))
    assert most <= MOST_STEPS
