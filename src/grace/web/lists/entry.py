"""The page of one entry, what officers say of it and do about it; and what is proposed for own lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grace.accounts.capabilities import Capability
from grace.accounts.names import names_of
from grace.accounts.viewer import Viewer, viewer_of
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.kernel.errors import Conflict, Invalid
from grace.matching.proposals import Wanted
from grace.pipeline import list_entries as pipeline
from grace.web.list_words import ASIDES, MEANINGS, STANCES, fact, value_of


@declares(Kind.CONSULTATION)
@require_safe
def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One entry."""
    return _page(request, entry_id)


@declares(Kind.ALTERATION)
@require_POST
def act(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Confirm, dispute, set aside, restore or take out."""
    _check(viewer_of(request))
    typed = request.POST
    reason, wanted = typed.get("reason", ""), typed.get("act", "")
    acts: dict[str, tuple[Callable[[Viewer], object], str]] = {
        "confirm": (lambda viewer: pipeline.say(viewer, entry_id, "confirm", reason), _("You confirmed the entry.")),
        "dispute": (lambda viewer: pipeline.say(viewer, entry_id, "dispute", reason), _("You disputed the entry.")),
        "set-aside": (lambda viewer: pipeline.set_aside(viewer, entry_id, reason), _("The entry counts for nothing now.")),
        "restore": (lambda viewer: pipeline.restore(viewer, entry_id, reason), _("The entry counts again.")),
        "remove": (lambda viewer: pipeline.remove(viewer, entry_id, reason), _("The entry is taken out.")),
    }
    if wanted not in acts:
        raise Invalid(_("There is no such act."))
    do, done = acts[wanted]
    try:
        do(viewer_of(request))
    except (Invalid, Conflict) as refused:
        return _page(request, entry_id, refused=refused, status=400)
    messages.success(request, done)
    return redirect("lists") if wanted == "remove" else redirect("list-entry", entry_id)


@declares(Kind.ALTERATION)
@require_POST
def make_own(request: HttpRequest) -> HttpResponse:
    """A new list of the agency's own."""
    viewer, typed = viewer_of(request), request.POST
    unit = None if typed.get("serves") == "agency" else viewer.unit_id
    made = pipeline.make_own(
        viewer, typed.get("name", ""), typed.get("source", ""), typed.get("meaning", ""), unit, typed.get("category", "")
    )
    messages.success(request, _("The list is made. Propose entries; another officer approves each."))
    return redirect("hash-list", made.id)


@declares(Kind.ALTERATION)
@require_POST
def propose(request: HttpRequest, list_id: UUID) -> HttpResponse:
    """Propose something for an own list, by its hashes."""
    _check(viewer_of(request))
    typed = request.POST
    digests = {name: typed.get(name, "") for name in ("md5", "sha1", "sha256", "pdq")}
    wanted = Wanted(digests, typed.get("category", ""), typed.get("reason", ""), typed.get("note", ""), typed.get("kind", "image"))
    pipeline.propose(viewer_of(request), list_id, wanted)
    messages.success(request, _("It waits for a second officer."))
    return redirect("hash-list", list_id)


@declares(Kind.ALTERATION)
@require_POST
def propose_file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Propose a file that the unit holds."""
    _check(viewer_of(request))
    typed = request.POST
    try:
        list_id = UUID(typed.get("list", ""))
    except ValueError:
        raise Invalid(_("Choose a list.")) from None
    pipeline.propose_file(viewer_of(request), list_id, file_id, typed.get("category", ""), typed.get("note", ""), typed.get("reason", ""))
    messages.success(request, _("It waits for a second officer."))
    return redirect("file", file_id)


@declares(Kind.ALTERATION)
@require_POST
def decide(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Approve a proposal, or put it aside."""
    viewer = viewer_of(request)
    if request.POST.get("act") == "approve":
        pipeline.approve(viewer, proposal_id)
        messages.success(request, _("It is on the list."))
    else:
        pipeline.reject(viewer, proposal_id, request.POST.get("reason", ""))
        messages.success(request, _("It is put aside."))
    return redirect("lists")


def _check(viewer: Viewer) -> None:
    """Before a form is read: whoever may not send it is told nothing of what it lacks."""
    if not viewer.may(Capability.MANAGE_LISTS):
        viewer.require(Capability.DECIDE)


def _page(request: HttpRequest, entry_id: int, *, status: int = 200, **more: Any) -> HttpResponse:
    viewer = viewer_of(request)
    whole = pipeline.read(viewer, entry_id)
    found = whole.told
    aside = found.aside if found.aside and found.aside.restored_at is None else None
    actors = [each.actor for each in found.opinions]
    actors += [found.aside.set_by, found.aside.restored_by] if found.aside else []
    names = names_of(actors)
    told = {
        "e": found.entry,
        "l": found.entry.hash_list,
        "value": value_of(bytes(found.entry.value)),
        "meaning": MEANINGS[found.entry.hash_list.meaning],
        "facts": [fact(name, value) for name, value in sorted(found.entry.facts.items())],
        "siblings": [(each.id, each.algorithm, value_of(bytes(each.value))) for each in found.siblings],
        "namings": found.namings,
        "videos": found.known.videos,
        "alone": found.known.alone,
        "opinions": [(STANCES[each.stance], names.get(each.actor, _("a reader")), each.at, each.reason) for each in found.opinions],
        "aside": aside,
        "aside_word": ASIDES.get(aside.why, aside.why) if aside else "",
        "aside_by": names.get(aside.set_by, _("the system")) if aside else "",
        "restored": found.aside if found.aside and found.aside.restored_at else None,
        "restored_by": names.get(found.aside.restored_by, "") if found.aside else "",
        "matches": whole.matches,
        "referrals": whole.referrals,
        "may_say": viewer.may(Capability.DECIDE) or viewer.may(Capability.MANAGE_LISTS),
        "may_manage": viewer.may(Capability.MANAGE_LISTS),
    }
    return render(request, "lists/entry.html", {**told, **more}, status=status)
