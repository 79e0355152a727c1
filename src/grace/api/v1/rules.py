"""Rules as a file: what is in force and earlier versions out, a draft in. A program never puts rules in force."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from grace.accounts.capabilities import Capability
from grace.api.tokens import viewer
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.pipeline import rules as pipeline
from grace.priority.rule_files import MOST_BYTES
from grace.priority.rules import held

router = Router(tags=["rules"])


class DraftOut(Schema):
    """The draft that was made, and what of the base rules holds all the same: part, name, height or number."""

    number: int
    note: str
    held: list[tuple[str, str, float]]


@router.get("", response=dict[str, Any], summary="The rules in force, as a file")
@declares(Kind.CONSULTATION)
def read_rules(request: HttpRequest) -> HttpResponse:
    """What orders the queue of the unit, in the form that another unit or agency can import."""
    return _file(request, None)


@router.get("/{int:number}", response=dict[str, Any], summary="One version of the rules, as a file")
@declares(Kind.CONSULTATION)
def read_version(request: HttpRequest, number: int) -> HttpResponse:
    """A version of the unit's rules, whatever became of it; 404 for a number that the unit does not have."""
    return _file(request, number)


@router.put("/draft", response=DraftOut, summary="Make a draft of a rules file")
@declares(Kind.ALTERATION)
def write_draft(request: HttpRequest) -> DraftOut:
    """Take the body, a rules file, as the unit's draft; 409 where there is one. An officer saves it and another publishes it; no program does."""
    asking = viewer(request)
    asking.require(Capability.EDIT_RULES)
    draft = pipeline.import_rules(asking, request.read(MOST_BYTES + 1), seen="")
    return DraftOut(
        number=draft.number, note=draft.note, held=[(part, name, float(str(number))) for part, name, number in held(draft.body)]
    )


def _file(request: HttpRequest, number: int | None) -> HttpResponse:
    return HttpResponse(pipeline.export_rules(viewer(request), number)[1], content_type="application/json")
