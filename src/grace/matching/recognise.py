"""Ask all hash lists about digests, pictures and videos at once: a video is asked for picture by picture, and answered as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from grace.matching import listed_videos
from grace.matching.digests import PDQ, Digest
from grace.matching.look_up import Answer, Known, Question, Source, State, VideoOf, Why, look_up
from grace.matching.videos import Near, Overlap, overlaps, pictures_of
from grace.sdk import video
from grace.sdk.analysis import Fingerprint
from grace.sdk.video import Video


def recognise(digests: Sequence[Digest], fingerprints: Sequence[Fingerprint], *, unit_id: UUID | None = None) -> list[Answer]:
    """As :func:`~grace.matching.look_up.look_up`, and one answer for each video among the fingerprints.

    What is known of a video is at most *near*, with the shares and the times. One that was not seen to its end is never
    “no match”.
    """
    videos = {each: _unpacked(each) for each in fingerprints if each.algorithm == video.ALGORITHM}
    stills = [each for each in fingerprints if each not in videos]
    pictures = {key: _pictures(seen) for key, seen in videos.items() if seen}
    asked = dict.fromkeys(picture for some in pictures.values() for picture in some)
    answers = look_up(digests, [*stills, *asked], unit_id=unit_id)
    told = {each.asked: each for each in answers}
    sizes = listed_videos.sizes(video.id for each in asked for known in told[each].known for video in known.videos)
    for key, seen in videos.items():
        told[key] = _about(key, seen, [told[picture] for picture in pictures.get(key, ())], sizes)
    questions: list[Question] = [*digests, *fingerprints]
    return [told[question] for question in questions]


def _unpacked(fingerprint: Fingerprint) -> Video | None:
    try:
        return video.unpack(fingerprint.value)
    except ValueError:
        return None


def _pictures(seen: Video) -> list[Fingerprint]:
    return [Fingerprint(PDQ, value, quality) for value, quality in pictures_of(seen).items()]


def _about(asked: Fingerprint, seen: Video | None, answers: Sequence[Answer], sizes: Mapping[int, int]) -> Answer:
    if seen is None:
        return Answer(asked, State.NOT_CHECKED, why=Why.MALFORMED)
    if not answers:
        return Answer(asked, State.NOT_CHECKED, why=Why.QUALITY)
    if unasked := next((each for each in answers if each.why), None):
        return Answer(asked, State.NOT_CHECKED, why=unasked.why)
    near = {
        answer.asked.value: [Near(source, known.entry_id, known.distance) for known in answer.known for source in _sources(known)]
        for answer in answers
    }
    found = {each.video: each for each in overlaps(seen, near, _sizes(near, sizes))}
    if not found:
        return Answer(asked, State.NO_MATCH) if seen.is_whole else Answer(asked, State.NOT_CHECKED, why=Why.PART)
    matching = (replace(each, known=tuple(one for one in each.known if not found.keys().isdisjoint(_sources(one)))) for each in answers)
    pictures = tuple(each for each in matching if each.known)
    return Answer(asked, State.KNOWN, tuple(_told(found, pictures)), pictures=pictures)


def _sources(known: Known) -> Iterator[Source]:
    """What a listed picture speaks for: itself, the videos that it belongs to, or both. What is set aside speaks for no video."""
    if known.alone or known.aside:
        yield known.entry_id
    if not known.aside:
        yield from known.videos


def _sizes(near: Mapping[bytes, Sequence[Near[Source]]], counted: Mapping[int, int]) -> dict[Source, int]:
    """How many pictures each source has: no fewer than were found, as a list may have changed since."""
    found: dict[Source, set[int]] = {}
    for some in near.values():
        for each in some:
            found.setdefault(each.video, set()).add(each.picture)
    return {source: max(len(some), counted.get(source.id, 0) if isinstance(source, VideoOf) else 1) for source, some in found.items()}


def _told(found: Mapping[Source, Overlap[Source]], pictures: Sequence[Answer]) -> Iterator[Known]:
    """One entry for all that was found: the nearest that led there."""
    nearest: dict[Source, Known] = {}
    for known in sorted((known for each in pictures for known in each.known), key=lambda each: each.distance):
        for source in _sources(known):
            nearest.setdefault(source, known)
    for source, each in found.items():
        videos = (source,) if isinstance(source, VideoOf) else nearest[source].videos
        yield replace(nearest[source], kind="near", distance=each.distance, overlap=each, videos=videos)
