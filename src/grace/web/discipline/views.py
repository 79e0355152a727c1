"""Order and pace of a unit: read by its officers, stated by whoever may publish its rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grace.accounts.capabilities import Capability
from grace.accounts.competence import language_name
from grace.accounts.viewer import viewer_of
from grace.casework.agreement import LEAST_ANSWERS, LEAST_OFFICERS, Part
from grace.casework.discipline import Stated
from grace.casework.discipline_models import Discipline
from grace.casework.fit import USUAL_PATIENCE
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.kernel.errors import Invalid
from grace.pipeline import discipline as pipeline
from grace.pipeline.discipline import DisciplinePage
from grace.web.discipline.words import FIELDS, PARTS, WAITS
from grace.web.words import INCIDENTS


@declares(Kind.CONSULTATION)
@require_safe
def discipline(request: HttpRequest) -> HttpResponse:
    """What stays unread, what waits too long and for whom, what is stated, and what second looks show."""
    page = pipeline.discipline_page(viewer_of(request))
    shown = {
        "page": page,
        "stated": page.stated,
        "patience": page.stated.patience if page.stated else USUAL_PATIENCE,
        "figures": page.stated.figures if page.stated else {},
        "too_long": [(reason, label, page.starving.get(reason, 0)) for reason, label in WAITS.items()] if page.stated else [],
        "needs": [
            (need, str(language_name(need.language)) if need.language else "", INCIDENTS.get(need.kind, need.kind)) for need in page.needs
        ],
        "skills": [(skill, [INCIDENTS.get(kind, kind) for kind in skill.kinds]) for skill in page.skills],
        "kinds": INCIDENTS.items(),
        "fields": list(_fields(page.stated)),
        "parts": list(_parts(page)),
        "least": {"officers": LEAST_OFFICERS, "answers": LEAST_ANSWERS},
    }
    return render(request, "discipline/page.html", shown)


@declares(Kind.ALTERATION)
@require_POST
def state(request: HttpRequest) -> HttpResponse:
    """State the order of work."""
    viewer, sent = viewer_of(request), request.POST
    viewer.require(Capability.PUBLISH_RULES)
    numbers = {name: _read(sent, name, is_share=is_share) for name, (_label, _bounds, is_share) in FIELDS.items()}
    pipeline.state(viewer, Stated(numbers, "with_files" in sent))
    messages.success(request, _("This holds from now on. Who stated it stands in the ledger."))
    return redirect("discipline")


@declares(Kind.ALTERATION)
@require_POST
def add_skill(request: HttpRequest) -> HttpResponse:
    """Put a skill on the unit's list."""
    skill = pipeline.add_skill(
        viewer_of(request), request.POST.get("name", ""), [x for x in request.POST.getlist("kind") if x in INCIDENTS]
    )
    messages.success(request, _("“%(name)s” is on the list. Who has it is stated with the accounts.") % {"name": skill.name})
    return redirect("discipline")


@declares(Kind.ALTERATION)
@require_POST
def drop_skill(request: HttpRequest, skill_id: UUID) -> HttpResponse:
    """Take a skill from it."""
    pipeline.drop_skill(viewer_of(request), skill_id)
    messages.success(request, _("The skill is asked for no more."))
    return redirect("discipline")


def _fields(stated: Discipline | None) -> Iterator[tuple[str, Any, Any, str]]:
    usual = stated or Discipline()
    for name, (label, bounds, is_share) in FIELDS.items():
        value = getattr(usual, name)
        yield name, label, bounds, f"{value / 10:g}" if is_share else str(value)


def _read(sent: QueryDict, name: str, *, is_share: bool) -> int:
    """A whole number, or thousandths from per cent with at most one decimal place."""
    whole, _dot, tenth = sent.get(name, "").strip().replace(",", ".").partition(".")
    digits = whole + tenth
    if not (digits.isascii() and digits.isdigit() and whole and len(digits) <= 6) or len(tenth) > (1 if is_share else 0):
        raise Invalid(_("Each field is a number; shares may have one decimal place."))
    return int(whole) * 10 + int(tenth or "0") if is_share else int(whole)


def _parts(page: DisciplinePage) -> Iterator[tuple[Any, Part | None]]:
    if page.agreement is not None:
        yield from ((PARTS[name], part) for name, part in page.agreement.parts.items())
