"""The groups of the unit, one group with its members, and acts on it; what the unit calls a group."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grace.accounts.viewer import viewer_of
from grace.casework.decide import ConfirmationNeeded
from grace.casework.decide_group import ACTS, GroupWish
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.kernel.errors import Conflict, Invalid
from grace.pipeline import groups as pipeline
from grace.pipeline.groups import GroupPage
from grace.web import words
from grace.web.group.shown import member_rows, states, why_grouped
from grace.web.referral.shown import ACTS as DONE

CLOSING: Mapping[str, Promise] = {
    "duplicate": gettext_lazy("Duplicates"),
    "known": gettext_lazy("Known"),
    "not_actionable": gettext_lazy("Not actionable"),
    "not_criminal": gettext_lazy("Not criminal"),
}


@declares(Kind.CONSULTATION)
@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """The groups of the unit, the largest first."""
    found, after = pipeline.list_groups(viewer_of(request), after=request.GET.get("after", ""))
    return render(request, "group/list.html", {"groups": [(each, words.group_title(each)) for each in found], "after": after})


@declares(Kind.CONSULTATION)
@require_safe
def group(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """One group with a page of its members; ``?status=`` narrows them."""
    asked = {name: request.GET.get(name, "") for name in ("status", "after", "before")}
    page = pipeline.group_page(viewer_of(request), group_id, **asked)
    return render(request, "group/page.html", _context(page, asked["status"]))


@declares(Kind.ALTERATION)
@require_POST
def decide(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Decide about the whole group; ask what shall become of members on a floor before any of them is closed."""
    wish = GroupWish(request.POST.get("act", ""), request.POST.get("reason", ""), request.POST.get("urgent", ""))
    try:
        decision = pipeline.decide_group(viewer_of(request), group_id, wish)
    except ConfirmationNeeded:
        page = pipeline.group_page(viewer_of(request), group_id, status="open")
        told = {"group": page.group, "urgent": page.urgent, "wish": wish, "act": DONE[wish.act], "title": words.group_title(page.group)}
        return render(request, "group/confirm.html", told, status=409)
    said = {"act": DONE[decision.act], "what": words.decided(decision.members, decision.spared)}
    messages.success(request, _("%(act)s: %(what)s. It can be taken back.") % said)
    return redirect("group", group_id)


@declares(Kind.ALTERATION)
@require_POST
def split(request: HttpRequest, group_id: UUID, referral_id: UUID) -> HttpResponse:
    """Take one member out of the group."""
    pipeline.split(viewer_of(request), group_id, referral_id, request.POST.get("reason", ""))
    messages.success(request, _("The referral is split off and stands on its own."))
    return redirect("referral", referral_id)


@declares(Kind.ALTERATION)
@require_http_methods(["GET", "HEAD", "POST"])
def definition(request: HttpRequest) -> HttpResponse:
    """What the unit calls viral, a duplicate, a bundle; whoever may publish rules may change it."""
    viewer = viewer_of(request)
    typed, refused, status = "", None, 200
    if request.method == "POST":
        typed = request.POST.get("body", "")
        try:
            seen = int(request.POST.get("seen", "")) if request.POST.get("seen", "").isdigit() else 0
            pipeline.edit_definition(viewer, _json(typed), request.POST.get("note", ""), seen=seen)
        except (Invalid, Conflict) as fault:
            refused, status = fault, 400
        else:
            messages.success(request, _("The new definition is in force for what comes from now on."))
            return redirect("group-definition")
    found = pipeline.definitions(viewer)
    told = {"present": found[0], "versions": found, "body": typed or json.dumps(found[0].body, indent=2), "refused": refused}
    return render(request, "group/definition.html", told, status=status)


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as fault:
        place = {"line": fault.lineno, "column": fault.colno}
        raise Invalid(
            _("Line %(line)d, column %(column)d: this is not JSON.") % place, remedy=_("Mend this place and try again.")
        ) from fault


def _context(page: GroupPage, status: str) -> dict[str, Any]:
    home = reverse("group", args=[page.group.id])
    narrowed = f"{home}?status={status}&" if status else f"{home}?"
    return {
        "group": page.group,
        "page": page,
        "kind": words.GROUPS.get(page.group.kind, page.group.kind),
        "title": words.group_title(page.group),
        "why": why_grouped(page.group),
        "rows": list(member_rows(page)),
        "states": list(states(page)),
        "parts": [(each, label, page.counts[each], status == each) for each, label in words.STATUSES.items()],
        "status": status,
        "last": page.page.first + len(page.page.rows) - 1,
        "next_address": f"{narrowed}after={page.page.after}" if page.page.after else "",
        "previous_address": f"{narrowed}before={page.page.before}" if page.page.before else "",
        "closing": [(act.value, CLOSING[act]) for act in ACTS],
        "decided": DONE[page.decision.act] if page.decision else "",
        "decided_what": words.decided(page.decision.members, page.decision.spared) if page.decision else "",
        "waiting": page.counts["open"][0] + page.counts["taken"][0],
    }
