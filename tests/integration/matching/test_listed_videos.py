"""Lists that name videos by their pictures: loaded, written out, matched by shares, and taken out again."""

from __future__ import annotations

import io
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grace.accounts.viewer import operator
from grace.custody import ledger
from grace.kernel.errors import Missing
from grace.matching import entries, matches
from grace.matching.digests import Digest
from grace.matching.export import Export, items_of, write
from grace.matching.listed_videos import sizes
from grace.matching.lists import About
from grace.matching.load import How, Loaded, load
from grace.matching.look_up import Answer, Known, State, look_up
from grace.matching.models import Due, Entry, HashList, ListedVideo, Match, Naming, Served
from grace.matching.recognise import recognise
from grace.matching.videos import LEAST_SHARE
from grace.matching.weigh import Standing, settle, standing_of, weigh
from grace.pipeline import lists, sharing
from grace.sdk.analysis import Fingerprint
from grace.sdk.video import Frame, Video, pack
from tests.support.people import Person

pytestmark = pytest.mark.django_db

CLIP = [os.urandom(32) for _ in range(5)]
OTHER = [os.urandom(32) for _ in range(5)]


def near(value: bytes, bits: int) -> bytes:
    return (int.from_bytes(value, "big") ^ (1 << bits) - 1).to_bytes(32, "big")


def csv(**videos: list[bytes]) -> bytes:
    """Our form; under ``_`` what is listed for itself."""
    rows = [f"pdq,{value.hex()},A,,,{'' if label == '_' else label}" for label, some in videos.items() for value in some]
    return "\n".join(["algorithm,value,category,source,note,video", *rows]).encode()


def vpdq(*values: bytes, quality: int = 90) -> bytes:
    return "".join(f"{number},{quality},{value.hex()},{number / 30:.3f}\n" for number, value in enumerate(values)).encode()


def put(content: bytes, name: str = "Known", **how: Any) -> Loaded:
    return load(io.BytesIO(content), name, source="hotline", default_category="A", how=How(**how))


def film(*values: bytes, whole: bool = True) -> Fingerprint:
    frames = tuple(Frame(1000 * number, 90, value) for number, value in enumerate(values))
    return pack(Video(frames, 1000 * len(values), whole))


def strange(number: int) -> list[bytes]:
    return [os.urandom(32) for _ in range(number)]


def one(asked: Fingerprint) -> Answer:
    (answer,) = recognise([], [asked])
    return answer


def told(known: Known) -> tuple[list[str], float, float]:
    assert known.overlap is not None
    return [each.label for each in known.videos], known.overlap.asked_share, known.overlap.listed_share


def labels() -> dict[str, int]:
    """The listed videos, with how many pictures the statement that asks counts."""
    rows = ListedVideo.objects.all()
    counted = sizes(row.id for row in rows)
    return {row.label: counted.get(row.id, 0) for row in rows}


def test_pictures_are_put_together_to_the_video_that_they_belong_to() -> None:
    loaded = put(csv(clip=CLIP, other=OTHER))
    assert (loaded.added, loaded.videos, labels()) == (10, 2, {"clip": 5, "other": 5})
    answer = one(film(*strange(3), near(CLIP[0], 7), *CLIP[1:4], *strange(30)))
    (known,) = answer.known
    assert (known.kind, known.distance, told(known)) == ("near", 0, (["clip"], 100 * 4 / 37, 80))
    assert known.overlap
    assert known.overlap.spans == ((3000, 7000),)
    assert [[each.distance for each in picture.known] for picture in answer.pictures] == [[7], [0], [0], [0]]


def test_too_little_of_a_listed_video_is_no_match() -> None:
    put(csv(clip=CLIP))
    assert one(film(*CLIP[:3], *strange(20))).state is State.NO_MATCH
    assert one(film(*CLIP[:3], *strange(20), whole=False)).state is State.NOT_CHECKED
    assert one(film(*CLIP[:4], *strange(1))).state is State.KNOWN, "most of this video stands in the listed one"


def test_a_video_that_stands_in_two_listed_ones_is_told_of_both() -> None:
    put(csv(short=CLIP[:2], long=[*CLIP, *OTHER]))
    assert labels() == {"short": 2, "long": 10}
    assert Entry.objects.count() == 10
    assert Naming.objects.count() == 2
    answer = one(film(*CLIP[:2]))
    assert sorted(map(told, answer.known)) == [(["long"], 100, 20), (["short"], 100, 100)]


@pytest.mark.parametrize("asked", [Fingerprint("pdq", CLIP[0], 80), Digest("pdq", CLIP[0])])
def test_a_still_that_is_a_picture_of_a_listed_video_is_near_and_never_known(asked: Fingerprint | Digest) -> None:
    put(csv(clip=CLIP))
    answers = settle(weigh(look_up(*([], [asked]) if isinstance(asked, Fingerprint) else ([asked], [])), None))
    ((known,),) = [each.known for each in answers]
    assert (known.kind, known.distance, known.alone, [each.label for each in known.videos]) == ("near", 0, False, ["clip"])
    assert standing_of(answers) is Standing.NEAR


@pytest.mark.parametrize("first", [csv(_=CLIP[:1]), csv(clip=CLIP)])
@pytest.mark.parametrize("second", [csv(_=CLIP[:1]), csv(clip=CLIP), csv(clip=CLIP, _=CLIP[:1])])
def test_what_is_listed_for_itself_and_in_a_video_is_both_in_whatever_order(first: bytes, second: bytes) -> None:
    put(first)
    put(second)
    both = {first, second} not in ({csv(_=CLIP[:1])}, {csv(clip=CLIP)})
    has_video = csv(_=CLIP[:1]) not in (first, second) or first != second
    (answer,) = look_up([], [Fingerprint("pdq", CLIP[0], 80)])
    (known,) = answer.known
    assert (known.alone, known.kind == "exact") == ((both or not has_video),) * 2
    assert [each.label for each in known.videos] == (["clip"] if has_video else [])
    assert labels() == ({"clip": 5} if has_video else {})
    again = put(second)
    assert (again.added, again.changed, again.videos) == (0, 0, 0)


def test_a_negative_video_sets_no_still_aside() -> None:
    put(csv(_=CLIP[:1]), "Alert")
    put(csv(clip=CLIP), "Not of interest", meaning="negative")
    answers = settle(weigh(look_up([], [Fingerprint("pdq", CLIP[0], 80)]), None))
    assert standing_of(answers) is Standing.KNOWN


def test_what_is_found_is_kept_by_picture() -> None:
    put(csv(clip=CLIP))
    answers = [one(film(*CLIP[:4], near(CLIP[4], 3))), *look_up([], [Fingerprint("pdq", CLIP[0], 80)])]
    matches.record(answers)
    assert sorted((each.kind, each.distance) for each in Match.objects.all()) == [("exact", 0)] * 4 + [("near", 3)]
    assert set(Match.objects.values_list("basis", flat=True)) == {"observed"}


def test_a_picture_that_is_set_aside_counts_on_neither_side(alice: Person) -> None:
    put(csv(clip=CLIP))
    Due.objects.all().delete()
    entry = Entry.objects.get(value=CLIP[4])
    entries.set_aside(alice.viewer, entry.id, "a logo")
    assert {bytes(each.value) for each in Due.objects.filter(came=True)} == set(CLIP), "all of the video is asked about again"
    asked = film(CLIP[4], *CLIP[:3], *strange(20))
    assert [told(each) for each in one(asked).known] == [(["clip"], 100 / 24, 100)], "told of the picture that is set aside only"
    answers = settle(weigh([one(asked)], None))
    assert standing_of(answers) is Standing.ASIDE
    assert [told(each)[1:] for each in one(film(*CLIP[:4], *strange(20))).known] == [(100 * 4 / 24, 100)]


def test_a_list_with_videos_is_written_and_read_again_as_it_was() -> None:
    put(csv(short=CLIP[:2], long=[*CLIP, *OTHER], _=[CLIP[0], OTHER[0]]) + f"\nmd5,{'ab' * 16},B,elsewhere,note,".encode())
    written = b"".join(write(HashList.objects.get(), Export("csv")))
    assert written.startswith(b"algorithm,value,category,source,note,video\r\n")
    put(written, "Again")
    again = b"".join(write(HashList.objects.get(name="Again"), Export("csv")))
    assert sorted(again.split(b"\r\n")) == sorted(written.split(b"\r\n"))
    assert [each.key for each in items_of(HashList.objects.get(name="Known"))] == [""] * 3, "other forms hold what is listed for itself"


def test_a_list_without_videos_is_written_as_ever() -> None:
    put(csv(_=CLIP[:1]))
    assert b"".join(write(HashList.objects.get(), Export("csv"))).startswith(b"algorithm,value,category,source,note\r\n")


def test_a_file_of_vpdq_is_one_video_called_as_it_is_loaded() -> None:
    loaded = put(vpdq(*CLIP, CLIP[0]) + vpdq(*OTHER, quality=49), video="holiday.txt")
    assert (loaded.format, loaded.added, loaded.refused, loaded.videos) == ("vpdq", 5, 0, 1)
    assert loaded.left_out == {"the same picture again": 1, "a picture of too little detail": 5}
    assert labels() == {"holiday.txt": 5}
    assert not put(vpdq(*CLIP), video="holiday.txt").videos
    changed = put(vpdq(*CLIP[1:], OTHER[0]), video="holiday.txt")
    assert (changed.added, changed.removed, changed.videos, labels()) == (1, 1, 1, {"holiday.txt": 5})


def test_a_video_leaves_with_its_last_picture() -> None:
    put(csv(short=CLIP[:2], long=CLIP, _=OTHER))
    left = put(csv(long=CLIP, _=OTHER), mode="full")
    assert (left.removed, left.videos, labels()) == (0, 1, {"long": 5})
    assert one(film(*CLIP[:2])).known[0].videos[0].label == "long"
    put(csv(_=[*OTHER, CLIP[0]]), mode="full", most_removed=1)
    assert (labels(), Entry.objects.count(), Naming.objects.count()) == ({}, 6, 0)
    (answer,) = look_up([], [Fingerprint("pdq", CLIP[0], 80)])
    assert answer.known[0].kind == "exact"


def test_a_video_is_taken_off_its_list() -> None:
    loaded = lists.import_list(operator(), io.BytesIO(csv(short=CLIP[:2], long=CLIP, _=CLIP[4:])), "Known", source="hotline")
    assert lists.remove_video(operator(), loaded.list_id, "long") == 2, "what something else names stays"
    assert (labels(), Entry.objects.count()) == ({"short": 2}, 3)
    with pytest.raises(Missing):
        lists.remove_video(operator(), loaded.list_id, "long")
    (line,) = [each for each in ledger.history(f"list:{loaded.list_id}") if each.act == "list.remove-video" and not each.denied]
    assert line.detail == {"removed": "2", "videos": "1"}


def test_a_video_is_not_served_to_readers_whose_protocol_has_no_place_for_it() -> None:
    loaded = lists.import_list(operator(), io.BytesIO(csv(clip=CLIP, _=CLIP[:1])), "Known", source="hotline")
    lists.describe(operator(), loaded.list_id, About(may_pass_on=True))
    sharing.serve(operator(), loaded.list_id, "ours")
    put(csv(clip=OTHER, other=OTHER[:1], _=OTHER[:1]))
    assert sorted(Served.objects.values_list("item", flat=True)) == sorted(f"pdq:{value.hex()}" for value in (CLIP[0], OTHER[0]))


def test_older_pictures_are_asked_about_again_where_a_video_becomes_another() -> None:
    put(csv(clip=CLIP))
    assert not Due.objects.exists(), "new ones come by the log of changes"
    put(csv(clip=OTHER[:1]))
    assert {bytes(each.value) for each in Due.objects.all()} == set(CLIP)
    Due.objects.all().delete()
    put(csv(_=OTHER[1:], same=CLIP[:2]))
    assert {bytes(each.value) for each in Due.objects.all()} == set(CLIP[:2]), "a video of pictures that were listed already"


def _apart(some: bytes, other: bytes) -> int:
    return (int.from_bytes(some, "big") ^ int.from_bytes(other, "big")).bit_count()


VALUES = st.builds(near, st.sampled_from([bytes([number * 37 % 256]) * 32 for number in range(4)]), st.integers(0, 40))


@given(
    asked=st.lists(VALUES, min_size=1, max_size=12),
    videos=st.dictionaries(st.sampled_from(["a", "b", "c"]), st.lists(VALUES, min_size=1, max_size=12), max_size=3),
    stills=st.lists(VALUES, max_size=3),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_shares_are_those_of_comparing_each_with_each(asked: list[bytes], videos: dict[str, list[bytes]], stills: list[bytes]) -> None:
    HashList.objects.all().delete()
    put(csv(_=[*stills, bytes(32)], **videos))
    wanted = []
    for label, some in [*videos.items(), *(("", [still]) for still in {*stills, bytes(32)})]:
        ours, theirs = set(asked), set(some)
        share = 100 * sum(any(_apart(each, other) <= 31 for other in theirs) for each in ours) / len(ours)
        mirror = 100 * sum(any(_apart(each, other) <= 31 for other in ours) for each in theirs) / len(theirs)
        if share and max(share, mirror) >= LEAST_SHARE:
            wanted.append((label, share, mirror))
    found = []
    for known in one(film(*asked)).known:
        names, share, mirror = told(known)
        assert known.overlap
        found.append((names[0] if not isinstance(known.overlap.video, int) else "", share, mirror))
    assert sorted(found) == sorted(wanted)


def test_whoever_runs_the_machine_loads_a_video_and_the_ledger_says_so() -> None:
    loaded = lists.import_list(operator(), io.BytesIO(csv(clip=CLIP)), "Known", source="hotline")
    (line,) = [each for each in ledger.history(f"list:{loaded.list_id}") if each.act == "list.import"]
    assert (line.detail["added"], line.detail["videos"]) == ("5", "1")
