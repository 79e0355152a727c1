"""Hash lists: which there are, and how to load one."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status

from grace.accounts.capabilities import Capability
from grace.api.idempotency import HEADER, once
from grace.api.tokens import viewer
from grace.api.upload import body_of
from grace.api.v1.schemas import ListOut, LoadedOut, Words
from grace.custody.declare import declares, nothing_personal
from grace.custody.kinds import Kind
from grace.matching.lists import shown_to
from grace.pipeline.lists import import_csv

MOST_FAULTS = 100

router = Router(tags=["lists"])


class ListWish(Schema):
    """Into which list the lines go; it is made where it is missing."""

    name: Words
    source: Words
    default_category: Words = ""
    whole_agency: bool = False


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
    """Load CSV, the request's body, into a list: ``algorithm,value,category,source,note``. Faulty lines are told, the others loaded."""
    asking = viewer(request)
    unit = None if wish.whole_agency else asking.unit_id
    with body_of(request) as body:

        def work() -> tuple[int, dict[str, Any]]:
            with body.data.open("rb") if isinstance(body.data, Path) else BytesIO(body.data) as stream:
                found = import_csv(asking, stream, wish.name, source=wish.source, default_category=wish.default_category, unit_id=unit)
            counts = {word: getattr(found, word) for word in ("added", "changed", "known", "refused")}
            return 200, {"id": str(found.list_id), **counts, "faults": [[each.number, each.why] for each in found.faults[:MOST_FAULTS]]}

        said = wish.model_dump_json().encode() + body.digest
        return Status(*once(asking.officer_id, request.headers.get(HEADER), said, work))
