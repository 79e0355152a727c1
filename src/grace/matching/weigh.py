"""What an answer of the lists is worth: what each list means, which entries are set aside, and what sets others aside.

The rules of a file's standing, in their order:

1. An entry that is set aside, being noisy or by an officer, counts for nothing; nor does a listed video that is, or a picture that
   stands on a list for no other reason.
2. An entry of a negative list by an exact digest sets all entries of alert lists aside: two officers, or a source, looked at
   these very bytes. By an equal fingerprint of a picture it sets aside what is alike, never what is listed by its digest.
   An entry of a negative list that is only near sets nothing aside.
3. Alert lists make a file known or near; then negative lists make it “not of interest”; then lists of known files, by an
   exact digest alone, make it a known file: known, which is not to say good.

Nothing that is set aside is hidden: it is told with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import islice
from uuid import UUID

from django.db.models import Count, Q

from grace.matching.digests import EXACT_BYTES, PDQ
from grace.matching.look_up import Answer, Known, State, VideoOf, Why, covered
from grace.matching.meaning import Meaning
from grace.matching.models import HashList, Opinion, SetAside
from grace.sdk import video

NEGATIVE = "negative"
"""Why an entry of an alert list does not count: a negative list says otherwise."""
VIDEO = "video"
"""Why a picture of listed videos, or what was found of one, does not count: an officer set the video aside."""


class Standing(StrEnum):
    """What the lists say of one file; ``unchecked`` means that there was nothing to look up, never "no match"."""

    KNOWN = "known"
    NEAR = "near"
    NEGATIVE = "negative"
    COMMON = "common"
    ASIDE = "aside"
    NEW = "new"
    UNCHECKED = "unchecked"


def weigh(answers: Sequence[Answer], unit_id: UUID | None) -> list[Answer]:
    """The same answers, each entry with the meaning of its list, whether it is set aside, and what is thought of it.

    Where no alert list that serves the unit holds hashes of a kind, that no other list knows one is no "no match": it reads
    "not checked".
    """
    if not answers:
        return []
    alerts = covered(unit_id, [Meaning.ALERT])
    return [_asked(answer, alerts) for answer in _with_meaning(answers)]


def _with_meaning(answers: Sequence[Answer]) -> Sequence[Answer]:
    told = iter(weigh_entries([known for answer in answers for known in answer.known]))
    return [replace(answer, known=tuple(islice(told, len(answer.known)))) if answer.known else answer for answer in answers]


def weigh_entries(told: Sequence[Known]) -> list[Known]:
    """The same entries, each with the meaning of its list, whether it is set aside, and what is thought of it."""
    if not told:
        return []
    found = {known.entry_id for known in told}
    meanings = dict(HashList.objects.filter(id__in={each.list_id for each in told}).values_list("id", "meaning"))
    asides = dict(SetAside.objects.filter(entry_id__in=found, restored_at=None).values_list("entry_id", "why"))
    opinions = {
        entry: (confirmed, disputed)
        for entry, confirmed, disputed in Opinion.objects.filter(entry_id__in=found)
        .values("entry_id")
        .annotate(
            confirmed=Count("id", filter=Q(stance=Opinion.Stance.CONFIRM)), disputed=Count("id", filter=Q(stance=Opinion.Stance.DISPUTE))
        )
        .values_list("entry_id", "confirmed", "disputed")
    }

    def weighed(known: Known) -> Known:
        confirmed, disputed = opinions.get(known.entry_id, (0, 0))
        meaning = Meaning(meanings.get(known.list_id, Meaning.ALERT))
        aside = asides.get(known.entry_id) or (VIDEO if _is_of_videos_aside(known) else "")
        return replace(known, meaning=meaning, aside=aside, confirmed=confirmed, disputed=disputed)

    return list(map(weighed, told))


def _is_of_videos_aside(known: Known) -> bool:
    """Whether it speaks for nothing but listed videos that are set aside."""
    if known.overlap:
        return isinstance(known.overlap.video, VideoOf) and known.overlap.video.aside
    return not known.alone and all(video.aside for video in known.videos)


def _asked(answer: Answer, covered: frozenset[str]) -> Answer:
    algorithm = PDQ if answer.asked.algorithm == video.ALGORITHM else answer.asked.algorithm  # a video is asked for picture by picture
    if algorithm in covered or answer.state is State.NOT_CHECKED:
        return answer
    if answer.state is State.NO_MATCH:
        return replace(answer, state=State.NOT_CHECKED, why=Why.NO_LIST, alerts_asked=False)
    return replace(answer, alerts_asked=False)


def settle(answers: Sequence[Answer]) -> list[Answer]:
    """The answers about one file, with what its negative lists set aside told so."""
    everything = [known for answer in answers for known in answer.known if not known.aside]
    by_digest, by_picture = _negatives(everything)
    if not by_digest and not by_picture:
        return list(answers)

    def settled(known: Known) -> Known:
        is_set_aside = known.meaning is Meaning.ALERT and not known.aside and (by_digest or known.algorithm == PDQ)
        return replace(known, aside=NEGATIVE) if is_set_aside else known

    return [replace(answer, known=tuple(map(settled, answer.known))) for answer in answers]


def standing_of(answers: Sequence[Answer]) -> Standing:
    """One word for what the lists say of a file, once its answers are settled; “unchecked” where nothing could be looked up."""
    told = [known for answer in answers for known in answer.known]
    counting = [known for known in told if not known.aside]
    alerts = [known for known in counting if known.meaning is Meaning.ALERT]
    if any(known.kind == "exact" for known in alerts):
        return Standing.KNOWN
    if alerts:
        return Standing.NEAR
    if any(_negatives(counting)):
        return Standing.NEGATIVE
    if any(known.meaning is Meaning.KNOWN and known.kind == "exact" for known in counting):
        return Standing.COMMON
    if any(known.aside for known in told):
        return Standing.ASIDE
    asked = any(answer.state is not State.NOT_CHECKED and answer.alerts_asked for answer in answers)
    return Standing.NEW if asked else Standing.UNCHECKED


def counting(answers: Iterable[Answer]) -> list[Known]:
    """The entries of alert lists that count, once the answers are settled."""
    return [known for answer in answers for known in answer.known if known.meaning is Meaning.ALERT and not known.aside]


def _negatives(told: Iterable[Known]) -> tuple[bool, bool]:
    """Whether a negative list knows the bytes by a digest, and whether it knows an equal picture."""
    exact = [known for known in told if known.meaning is Meaning.NEGATIVE and known.kind == "exact"]
    return any(known.algorithm in EXACT_BYTES for known in exact), any(known.algorithm == PDQ for known in exact)
