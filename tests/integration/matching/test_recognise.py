"""A video is asked for picture by picture and answered as one: near at most, with shares and times, and never in part “no match”."""

from __future__ import annotations

import io
import os

import pytest

from grace.matching import matches
from grace.matching.digests import Digest
from grace.matching.load import load
from grace.matching.look_up import Answer, State, Why
from grace.matching.models import Entry, Match
from grace.matching.recognise import recognise
from grace.sdk.analysis import Fingerprint
from grace.sdk.video import Frame, Video, pack

pytestmark = pytest.mark.django_db

LISTED = [os.urandom(32) for _ in range(2)]


def _load(*values: bytes) -> None:
    rows = "\n".join(f"pdq,{value.hex()},A,," for value in values)
    load(io.BytesIO(f"algorithm,value,category,source,note\n{rows}\n".encode()), "Known", source="hotline")


def _near(value: bytes, bits: int) -> bytes:
    return (int.from_bytes(value, "big") ^ (1 << bits) - 1).to_bytes(32, "big")


def _video(*values: bytes, quality: int = 90, whole: bool = True) -> Fingerprint:
    frames = tuple(Frame(1000 * number, quality, value) for number, value in enumerate(values))
    return pack(Video(frames, 1000 * len(values), whole))


def _one(asked: Fingerprint) -> Answer:
    (answer,) = recognise([], [asked])
    return answer


def test_a_listed_picture_in_a_video_is_near_and_tells_when() -> None:
    _load(*LISTED)
    answer = _one(_video(os.urandom(32), _near(LISTED[0], 7), LISTED[0], *(os.urandom(32) for _ in range(5))))
    assert answer.state is State.KNOWN
    (known,) = answer.known
    assert (known.kind, known.distance, known.category, known.value) == ("near", 0, "A", LISTED[0])
    assert known.overlap is not None
    assert (known.overlap.asked_share, known.overlap.listed_share) == (25, 100)
    assert known.overlap.spans == ((1000, 3000),)
    assert [(each.asked.value, [one.distance for one in each.known]) for each in answer.pictures] == [
        (_near(LISTED[0], 7), [7]),
        (LISTED[0], [0]),
    ]


def test_what_led_there_is_kept_by_picture() -> None:
    _load(*LISTED)
    matches.record([_one(_video(_near(LISTED[1], 3), os.urandom(32)))])
    (kept,) = Match.objects.all()
    assert (kept.algorithm, bytes(kept.value), kept.kind, kept.distance) == ("pdq", _near(LISTED[1], 3), "near", 3)
    assert kept.entry == Entry.objects.get(value=LISTED[1])


def test_no_picture_is_near() -> None:
    _load(*LISTED)
    assert _one(_video(os.urandom(32), os.urandom(32))).state is State.NO_MATCH


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (_video(os.urandom(32), whole=False), Why.PART),
        (_video(*LISTED, quality=49), Why.QUALITY),
        (Fingerprint("vpdq", b"no video", 100), Why.MALFORMED),
    ],
)
def test_what_was_not_checked_says_why(asked: Fingerprint, why: Why) -> None:
    _load(*LISTED)
    assert (_one(asked).state, _one(asked).why) == (State.NOT_CHECKED, why)


def test_a_part_that_matches_is_enough() -> None:
    _load(*LISTED)
    assert _one(_video(LISTED[0], os.urandom(32), whole=False)).state is State.KNOWN


def test_without_a_list_of_pictures_nothing_was_checked() -> None:
    assert (_one(_video(*LISTED)).state, _one(_video(*LISTED)).why) == (State.NOT_CHECKED, Why.NO_LIST)


def test_every_question_has_its_answer_in_its_place() -> None:
    _load(*LISTED)
    still, digest = Fingerprint("pdq", LISTED[0], 80), Digest("md5", bytes(16))
    videos = [_video(LISTED[0]), _video(os.urandom(32))]
    answers = recognise([digest], [videos[0], still, videos[1], videos[0]])
    assert [each.asked for each in answers] == [digest, videos[0], still, videos[1], videos[0]]
    assert [each.state for each in answers] == [State.NOT_CHECKED, State.KNOWN, State.KNOWN, State.NO_MATCH, State.KNOWN]
    assert answers[2].known[0].kind == "exact"
