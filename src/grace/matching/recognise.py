"""Ask all hash lists about digests, pictures and videos at once: a video is asked for picture by picture, and answered as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from grace.matching.digests import PDQ, Digest
from grace.matching.look_up import Answer, Question, State, Why, look_up
from grace.matching.videos import Near, overlaps, pictures_of
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
    for key, seen in videos.items():
        told[key] = _about(key, seen, [told[picture] for picture in pictures.get(key, ())])
    questions: list[Question] = [*digests, *fingerprints]
    return [told[question] for question in questions]


def _unpacked(fingerprint: Fingerprint) -> Video | None:
    try:
        return video.unpack(fingerprint.value)
    except ValueError:
        return None


def _pictures(seen: Video) -> list[Fingerprint]:
    return [Fingerprint(PDQ, value, quality) for value, quality in pictures_of(seen).items()]


def _about(asked: Fingerprint, seen: Video | None, answers: Sequence[Answer]) -> Answer:
    if seen is None:
        return Answer(asked, State.NOT_CHECKED, why=Why.MALFORMED)
    if not answers:
        return Answer(asked, State.NOT_CHECKED, why=Why.QUALITY)
    if unasked := next((each for each in answers if each.why), None):
        return Answer(asked, State.NOT_CHECKED, why=unasked.why)
    entries = {known.entry_id: known for answer in answers for known in answer.known}
    near = {answer.asked.value: [Near(known.entry_id, known.entry_id, known.distance) for known in answer.known] for answer in answers}
    found = {each.video: each for each in overlaps(seen, near, dict.fromkeys(entries, 1))}
    if not found:
        return Answer(asked, State.NO_MATCH) if seen.is_whole else Answer(asked, State.NOT_CHECKED, why=Why.PART)
    known = tuple(replace(entries[key], kind="near", distance=each.distance, overlap=each) for key, each in found.items())
    matching = (replace(each, known=tuple(one for one in each.known if one.entry_id in found)) for each in answers)
    return Answer(asked, State.KNOWN, known, pictures=tuple(each for each in matching if each.known))
