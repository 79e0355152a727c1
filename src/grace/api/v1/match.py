"""Asking the lists about digests, fingerprints and files that are not stored here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, BinaryIO, cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.errors import ValidationError
from pydantic import Field
from pydantic import ValidationError as Malformed

from grace.accounts.capabilities import Capability
from grace.api.tokens import viewer
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.evidence.decoding.port import NotDecoded
from grace.kernel.errors import Invalid
from grace.matching.digests import PDQ, Digest, read_hex
from grace.matching.look_up import Answer, Known, Question, State
from grace.matching.videos import Overlap
from grace.matching.weigh import standing_of
from grace.pipeline.match import MOST_FILES, MOST_ITEMS, FileAnswer, match, match_files
from grace.sdk import video
from grace.sdk.analysis import Fingerprint

MULTIPART = "multipart/form-data"
FIELD = "files"
VIDEO_SECONDS = 20.0
"""That all videos of one request are looked into; what is longer is seen in part, and is then never "no match"."""

router = Router(tags=["match"])


class ItemIn(Schema):
    """A digest in hexadecimal. For a PDQ, ``quality`` (0 to 100) if it is known: below 50 it is not checked."""

    algorithm: Annotated[str, Field(max_length=40)]
    value: Annotated[str, Field(max_length=1024)]
    quality: Annotated[int, Field(ge=0, le=100)] | None = None


class MatchIn(Schema):
    """What is asked: up to 10,000 digests."""

    items: Annotated[list[ItemIn], Field(min_length=1, max_length=MOST_ITEMS)]


class MatchWish(Schema):
    """How many entries each answer names at most, the nearest."""

    most: Annotated[int, Field(ge=1, le=50)] = 10


class OverlapOut(Schema):
    """What a video shares with what is listed: of its pictures and of the listed ones in per cent, and from when to when in milliseconds."""

    asked_share: float
    listed_share: float
    spans: list[tuple[int, int]]


class KnownOut(Schema):
    """An entry that answers; ``distance`` in bits, 0 for an equal value.

    ``videos`` names the listed videos that it is a picture of; listed for nothing else, it is ``near`` at any distance.
    ``meaning`` is that of its list: ``alert``, ``known`` (which is not to say good) or ``negative``; ``aside`` why it counts for nothing.
    """

    list_id: UUID
    list: str
    entry: int
    category: str
    source: str
    note: str
    kind: str
    distance: int
    meaning: str
    aside: str
    videos: Sequence[str] = ()
    overlap: OverlapOut | None = None


class VideoOut(Schema):
    """What was seen of a video: how many pictures differ, how long it is in milliseconds, and whether it was seen to its end."""

    pictures: int
    milliseconds: int
    is_whole: bool


class AnswerOut(Schema):
    """What the lists say of one hash: known, no match, or not checked and why."""

    algorithm: str
    state: str
    why: str = ""
    known: list[KnownOut] = []


class HashesOut(Schema):
    """The hashes of a file that was sent, in hexadecimal, or what was seen of a video; ``not_decoded`` says why there is no fingerprint."""

    sha256: str
    sha1: str
    md5: str
    pdq: str = ""
    pdq_quality: int | None = None
    video: VideoOut | None = None
    not_decoded: str = ""


class ItemOut(Schema):
    """The answers to one thing that was asked, and the state that follows: known if one is, no match if one was checked.

    ``standing`` says what they are worth together, as officers read it: ``known``, ``near``, ``negative``, ``common``, ``aside``, ``new``
    or ``unchecked``.
    """

    state: str
    standing: str
    answers: list[AnswerOut]
    hashes: HashesOut | None = None


class IndexVersionOut(Schema):
    """Which index answered: its name, layout, and generation by kind of hash; None where there was nothing to ask."""

    origin: UUID | None = None
    layout: str = ""
    generations: dict[str, int] = {}


class MatchOut(Schema):
    """One item for each that was asked, in order."""

    items: list[ItemOut]
    index: IndexVersionOut


def _schema() -> dict[str, Any]:
    """What is asked as one schema without references: the operation reads the body itself, since it takes two kinds."""
    schema = MatchIn.model_json_schema()
    schema["properties"]["items"]["items"] = schema.pop("$defs")["ItemIn"]
    return schema


_FILES = {"type": "array", "items": {"type": "string", "format": "binary"}, "maxItems": MOST_FILES}
_CONTENT = {"application/json": {"schema": _schema()}, MULTIPART: {"schema": {"type": "object", "properties": {FIELD: _FILES}}}}


@router.post(
    "",
    response=MatchOut,
    summary="Ask the lists about digests, or about files",
    openapi_extra={"requestBody": {"required": True, "content": _CONTENT}},
)
@declares(Kind.CONSULTATION)
def ask(request: HttpRequest, wish: Query[MatchWish]) -> MatchOut:
    """Digests as JSON, up to 10,000; or files as multipart, up to 100, hashed in the decoding process. Nothing that was asked is kept."""
    asking = viewer(request)
    asking.require(Capability.MATCH)
    if request.content_type == MULTIPART:
        files = request.FILES.getlist(FIELD)
        if not files:
            raise Invalid("There is no file.", remedy=f"Send the files as parts of the name “{FIELD}”.")
        found = match_files(asking, [cast("BinaryIO", each) for each in files], seconds=VIDEO_SECONDS)
        return MatchOut(items=[_file(each, wish.most) for each in found], index=_index(answer for each in found for answer in each.answers))
    answers = match(asking, [_question(each) for each in _read(request.body).items])
    return MatchOut(items=[_item([each], wish.most) for each in answers], index=_index(answers))


def _read(body: bytes) -> MatchIn:
    """The body, or a problem document that says where it is at fault and repeats no value."""
    try:
        return MatchIn.model_validate_json(body)
    except Malformed as fault:
        faults: list[dict[str, Any]] = [{"loc": ["body", *each["loc"]], "msg": each["msg"]} for each in fault.errors()]
        raise ValidationError(faults) from None


def _question(item: ItemIn) -> Question:
    """A malformed value is asked as an empty one: the answer says so, and the rest of the batch is answered."""
    algorithm = item.algorithm.lower()
    value = read_hex(algorithm, item.value) or b""
    if algorithm == PDQ and item.quality is not None:
        return Fingerprint(algorithm, value, item.quality)
    return Digest(algorithm, value)


def _file(found: FileAnswer, most: int) -> ItemOut:
    told, printed = _item(found.answers, most), found.measured.found
    told.hashes = HashesOut(**{name: getattr(found.measured.digests, name).hex() for name in ("sha256", "sha1", "md5")})
    if isinstance(printed, NotDecoded):
        told.hashes.not_decoded = str(printed)
        algorithm = video.ALGORITHM if found.measured.digests.media_type.startswith("video/") else PDQ
        told.answers.append(AnswerOut(algorithm=algorithm, state=State.NOT_CHECKED, why=str(printed)))
    elif printed.fingerprint.algorithm == video.ALGORITHM:
        seen = video.unpack(printed.fingerprint.value)
        told.hashes.video = VideoOut(pictures=len(seen.frames), milliseconds=seen.end, is_whole=seen.is_whole)
    else:
        told.hashes.pdq, told.hashes.pdq_quality = printed.fingerprint.value.hex(), printed.fingerprint.quality
    return told


def _item(answers: Sequence[Answer], most: int) -> ItemOut:
    states = {each.state for each in answers}
    state = next((each for each in (State.KNOWN, State.NO_MATCH) if each in states), State.NOT_CHECKED)
    return ItemOut(
        state=state,
        standing=standing_of(answers),
        answers=[
            AnswerOut(
                algorithm=each.asked.algorithm, state=each.state, why=each.why or "", known=[_known(one) for one in each.known[:most]]
            )
            for each in answers
        ],
    )


def _known(found: Known) -> KnownOut:
    return KnownOut(
        list_id=found.list_id,
        list=found.list_name,
        entry=found.entry_id,
        category=found.category,
        source=found.source,
        note=found.note,
        kind=found.kind,
        distance=found.distance,
        meaning=found.meaning,
        aside=found.aside,
        videos=[each.label for each in found.videos],
        overlap=_overlap(found.overlap) if found.overlap else None,
    )


def _overlap(found: Overlap[Any]) -> OverlapOut:
    return OverlapOut(asked_share=found.asked_share, listed_share=found.listed_share, spans=list(found.spans))


def _index(answers: Iterable[Answer]) -> IndexVersionOut:
    told = IndexVersionOut()
    for each in answers:
        if each.index:
            told.origin, told.layout = each.index.origin, each.index.layout
            told.generations[each.asked.algorithm] = each.index.generation
    return told
