"""Hash lists: which there are, how to load one, and how to have one as a file."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router, Schema, Status

from grace.accounts.capabilities import Capability
from grace.api.idempotency import HEADER, once
from grace.api.tokens import viewer
from grace.api.upload import body_of
from grace.api.v1.schemas import ListOut, LoadedOut, Words
from grace.custody.declare import declares, nothing_personal
from grace.custody.kinds import Kind
from grace.matching.export import ENDINGS, TYPES, Export
from grace.matching.formats.vics import DEFAULT_SCALE
from grace.matching.lists import shown_to
from grace.matching.load import ADD, MOST_REMOVED, How
from grace.pipeline.lists import export_list, import_list

MOST_FAULTS = 100

router = Router(tags=["lists"])


class ListWish(Schema):
    """Into which list the entries go, which is made where it is missing, and how the file is read."""

    name: Words
    source: Words
    default_category: Words = ""
    whole_agency: bool = False
    format: Words = "auto"
    mode: Words = ADD
    meaning: Words = ""
    scale: Words = ""
    zero: Words = ""
    most_removed: float = MOST_REMOVED

    def how(self) -> How:
        """How the file is read."""
        return How(self.format, self.mode, self.meaning, self.scale, self.zero, frozenset(), self.most_removed)


class ExportWish(Schema):
    """In which form a list is wanted, and for whom: a reference, which the ledger keeps."""

    format: Words
    recipient: Words
    scale: Words = DEFAULT_SCALE
    as_case: bool = False


@router.get("", response=list[ListOut], summary="The hash lists that serve the unit")
@nothing_personal
def list_lists(request: HttpRequest) -> list[ListOut]:
    """Name, source and number of entries by algorithm; the entries themselves are only looked up."""
    asking = viewer(request)
    asking.require(Capability.MANAGE_LISTS)
    return [
        ListOut(
            id=each.id,
            name=each.name,
            source=each.source,
            meaning=each.meaning,
            licence=each.licence,
            conditions=each.conditions,
            may_pass_on=each.may_pass_on,
            is_own=each.is_own,
            default_category=each.default_category,
            whole_agency=each.unit_id is None,
            entries={row.algorithm: row.entries for row in each.coverage.all()},
            created_at=each.created_at,
            changed_at=each.changed_at,
        )
        for each in shown_to(asking)
    ]


@router.post("/import", response={200: LoadedOut}, summary="Load a hash list")
@declares(Kind.ALTERATION)
def load(request: HttpRequest, wish: Query[ListWish]) -> Status[dict[str, Any]]:
    """Load a file, the request's body, into a list; ``format`` ``auto`` tells its form by its content. Faults are told, the rest is loaded."""
    asking = viewer(request)
    unit = None if wish.whole_agency else asking.unit_id
    with body_of(request) as body:

        def work() -> tuple[int, dict[str, Any]]:
            with body.data.open("rb") if isinstance(body.data, Path) else BytesIO(body.data) as stream:
                found = import_list(
                    asking, stream, wish.name, source=wish.source, default_category=wish.default_category, unit_id=unit, how=wish.how()
                )
            words = ("format", "added", "changed", "known", "removed", "refused", "left_out", "kept")
            told = {word: getattr(found, word) for word in words}
            return 200, {"id": str(found.list_id), **told, "faults": [[each.number, each.why] for each in found.faults[:MOST_FAULTS]]}

        said = wish.model_dump_json().encode() + body.digest
        return Status(*once(asking.officer_id, request.headers.get(HEADER), said, work))


@router.get("/{hash_list}/export", summary="A hash list as a file")
@declares(Kind.DISCLOSURE)
def export(request: HttpRequest, hash_list: UUID, wish: Query[ExportWish]) -> StreamingHttpResponse:
    """The whole list, streamed, as CSV, VICS 1.3 or 2.0, ICSE or NCMEC XML. Only a list that may be passed on; it is written down for whom."""
    pieces = export_list(viewer(request), hash_list, Export(wish.format, wish.scale, wish.as_case), wish.recipient)
    ending = ENDINGS[wish.format]
    disposition = f'attachment; filename="list-{hash_list}.{ending}"'
    return StreamingHttpResponse(pieces, content_type=TYPES[ending], headers={"Content-Disposition": disposition})
