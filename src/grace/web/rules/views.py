"""The rules page, the editor, the draft under review, and the versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer, viewer_of
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.kernel.errors import Conflict, Invalid, Missing
from grace.pipeline import rules as pipeline
from grace.pipeline.effect import effect_of
from grace.priority.axes import Axis
from grace.priority.compare import as_text, conditions_in_words, differences, in_words
from grace.priority.models import RuleSet
from grace.priority.publish import mark_of
from grace.priority.rule_faults import Fault, faults
from grace.priority.rules import base_rules, held
from grace.sdk.signals import KINDS
from grace.web.rules import effect, form
from grace.web.rules.words import AXES, FLOORS, OPERATORS, QUEUES, TYPES


@declares(Kind.CONSULTATION)
@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """What is in force, what is drafted, what was."""
    viewer = viewer_of(request)
    standing = pipeline.standing(viewer)
    page = {
        "standing": standing,
        "versions": [
            (each, standing.names.get(each.edited_by, ""), standing.names.get(each.published_by, "")) for each in standing.versions
        ],
        "held": held(standing.published.body),
        "is_base": standing.published.body == base_rules(),
        "queues": [(each, conditions_in_words(each)) for each in standing.published.body.get("queues", [])],
        "seen": mark_of(standing.draft),
        "groups": _in_words(standing.published.body),
        "weights": _weights(standing),
        "body": standing.published.body,
    }
    return render(request, "rules/page.html", page)


@declares(Kind.ALTERATION, Kind.CONSULTATION)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_rules(request: HttpRequest) -> HttpResponse:
    """The editor: every button sends the whole form, so that nothing typed is lost and no script is needed."""
    viewer = viewer_of(request)
    viewer.require(Capability.EDIT_RULES)
    standing = pipeline.standing(viewer)
    if request.method != "POST":
        current = standing.draft or standing.published
        return _editor(request, current.body, note=standing.draft.note if standing.draft else "", seen=mark_of(standing.draft))
    return _typed(request, viewer, mark_of(standing.draft))


def _typed(request: HttpRequest, viewer: Viewer, now_seen: str) -> HttpResponse:
    """What was typed, after the button that was pressed: a row more or less, the faults, the effect, or a draft."""
    typed, act = request.POST.dict(), request.POST.get("act", "")
    kept: dict[str, Any] = {"note": typed.get("note", ""), "seen": typed.get("seen", "")}
    try:
        body = form.read_json(typed["json"]) if "json" in typed else form.read_fields(typed)
    except Invalid as refused:
        return _editor(request, None, refused=refused, text=typed["json"], status=400, **kept)
    if "json" not in typed and form.act_on(body, act):
        return _editor(request, body, changed=True, **kept)
    if found := faults(body):
        return _editor(request, body, found=found, status=400, **kept)
    if act.partition(":")[0] == "preview":
        return _editor(request, body, effect=_effect(viewer, body, *act.split(":")[1:3]), changed=True, **kept)
    try:
        draft = pipeline.edit_rules(viewer, body, kept["note"], seen=kept["seen"])
    except Conflict as refused:
        return _editor(request, body, refused=refused, changed=True, status=409, **{**kept, "seen": now_seen})
    messages.success(request, _("Version %(number)d is the draft. It takes effect when it is published.") % {"number": draft.number})
    return redirect("rules-draft")


@declares(Kind.CONSULTATION)
@require_safe
def draft(request: HttpRequest) -> HttpResponse:
    """The draft under review: what differs, what it would do, and the button that puts it in force."""
    viewer = viewer_of(request)
    standing = pipeline.standing(viewer)
    if standing.draft is None:
        raise Missing(_("There is no draft."), remedy=_("Edit the rules to make one."))
    page = {
        "standing": standing,
        "draft": standing.draft,
        "seen": mark_of(standing.draft),
        "differences": differences(standing.published.body, standing.draft.body),
        "may_publish": viewer.may(Capability.PUBLISH_RULES),
        "is_author": standing.draft.edited_by == viewer.actor,
        "author": standing.names.get(standing.draft.edited_by, ""),
        "held": held(standing.draft.body),
        **_effect(viewer, standing.draft.body, request.GET.get("show", ""), request.GET.get("page", "")),
    }
    return render(request, "rules/draft.html", page)


@declares(Kind.ALTERATION)
@require_POST
def publish_rules(request: HttpRequest, number: int) -> HttpResponse:
    """Put the draft in force, exactly as it was reviewed."""
    published = pipeline.publish_rules(viewer_of(request), number, seen=request.POST.get("seen", ""))
    messages.success(request, _("Version %(number)d is in force. The queue is being scored anew.") % {"number": published.number})
    return redirect("rules")


@declares(Kind.ALTERATION)
@require_POST
def discard_draft(request: HttpRequest) -> HttpResponse:
    """Give the draft up."""
    pipeline.discard_draft(viewer_of(request))
    messages.success(request, _("The draft is given up. It stays among the versions."))
    return redirect("rules")


@declares(Kind.CONSULTATION)
@require_safe
def version(request: HttpRequest, number: int) -> HttpResponse:
    """One version, and what differs between it and another: by default the one before it."""
    standing = pipeline.standing(viewer_of(request))
    shown = _numbered(standing.versions, number)
    earlier = [each for each in standing.versions if each.number < number]
    wanted = request.GET.get("with", "")
    other = _numbered(standing.versions, int(wanted)) if wanted.isdecimal() else next(iter(earlier), None)
    page = {
        "version": shown,
        "other": other,
        "others": [each for each in standing.versions if each.number != number],
        "differences": differences(other.body, shown.body) if other else [],
        "groups": [*_in_words(shown.body), (QUEUES, [in_words(line) for line in shown.body.get("queues", ())])],
        "seen": mark_of(standing.draft),
        "may_edit": viewer_of(request).may(Capability.EDIT_RULES),
    }
    return render(request, "rules/version.html", page)


@declares(Kind.ALTERATION)
@require_POST
def roll_back(request: HttpRequest, number: int) -> HttpResponse:
    """Make a draft of an earlier version."""
    drafted = pipeline.roll_back(viewer_of(request), number, seen=request.POST.get("seen", ""))
    messages.success(request, _("Version %(new)d is a draft like version %(old)d.") % {"new": drafted.number, "old": number})
    return redirect("rules-draft")


def _weights(standing: pipeline.Standing) -> list[tuple[str, object]]:
    return [(axis.value, standing.published.body["weights"][axis.value]) for axis in Axis]


def _numbered(versions: list[RuleSet], number: int) -> RuleSet:
    found = next((each for each in versions if each.number == number), None)
    if found is None:
        raise Missing(_("There is no such version of the rules."))
    return found


def _editor(
    request: HttpRequest, body: Any, *, status: int = 200, found: list[Fault] | None = None, text: str = "", **more: Any
) -> HttpResponse:
    told = found or []
    table = form.is_table(body)
    rows = form.rows_of(body, told) if table else {}
    effect = more.pop("effect", {})
    page = {
        "groups": [(axis.value, AXES[axis], rows.get(axis.value, [])) for axis in Axis] if table else [],
        "floors": rows.get("floors", []),
        "queues": rows.get("queues", []),
        "held": held(body) if table and not told and not faults(body) else [],
        "is_table": table,
        "weights": [(axis.value, AXES[axis], body["weights"].get(axis.value, "")) for axis in Axis] if table else [],
        "escalation": body["escalation"] if table else {},
        "text": text or as_text(body),
        "faults": form.faults_of_all(told) if table else [f"{each.place}: {each.what}" for each in told],
        "fault_count": len(told),
        "signals": [{"name": kind.name, "meaning": kind.meaning, "takes": TYPES[kind.type]} for kind in KINDS.values()],
        "counting": [kind.name for kind in KINDS.values() if kind.type is int],
        "axes": [(axis.value, AXES[axis]) for axis in Axis],
        "operators": OPERATORS.items(),
        **effect,
        **more,
    }
    return render(request, "rules/edit.html", page, status=status)


def _effect(viewer: Viewer, body: object, shown: str = "", page: str = "") -> dict[str, Any]:
    return effect.shown(effect_of(viewer, body, shown, int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1))


def _in_words(body: Mapping[str, Any]) -> list[tuple[object, list[str]]]:
    groups: list[tuple[object, list[str]]] = [(FLOORS, [in_words(line) for line in body["floors"]])]
    groups += [(AXES[axis], [in_words(line) for line in body["rules"] if line["axis"] == axis]) for axis in Axis]
    return groups
