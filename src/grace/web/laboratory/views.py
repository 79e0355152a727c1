"""The trials of a unit, one of them, and one beside another."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grace.accounts.viewer import Viewer, viewer_of
from grace.casework import laboratory as verbs
from grace.casework.models import Trial
from grace.custody.declare import declares, nothing_personal
from grace.custody.kinds import Kind
from grace.kernel.errors import Invalid
from grace.pipeline import laboratory as pipeline
from grace.web.laboratory.asked import RULES, WEEKS, courses_of, proposed, read_id, setting_of, typed
from grace.web.laboratory.shown import WAYS, comparison, result, state, summary, tenths


@declares(Kind.ALTERATION)
@require_http_methods(["GET", "HEAD", "POST"])
def laboratory(request: HttpRequest) -> HttpResponse:
    """The trials and the form of the next; posted, a trial is begun."""
    viewer = viewer_of(request)
    if request.method != "POST":
        return _bench(request, viewer, _start(request, viewer))
    own = pipeline.own(viewer)
    try:
        trial = pipeline.begin(viewer, request.POST.get("name", ""), setting_of(request.POST, own.came), courses_of(request.POST))
    except Invalid as fault:
        return _bench(request, viewer, request.POST.dict(), fault)
    return redirect("trial", trial.id)


@nothing_personal
@require_safe
def trial(request: HttpRequest, trial_id: UUID) -> HttpResponse:
    """One trial, and beside it another one where the address names it."""
    viewer = viewer_of(request)
    found, beside, by = pipeline.trial_page(viewer, trial_id, read_id(request.GET.get("beside", "")))
    others = [each for each in verbs.of_unit(viewer) if each.result and each.id != found.id]
    told = {
        **_progress(found),
        "by": by,
        "beside": beside if beside and beside.result else None,
        "others": others,
        "setting": summary(found.setting),
        "beside_setting": summary(beside.setting) if beside else [],
        "result": result(found) if found.result else None,
        "beside_result": result(beside) if beside and beside.result else None,
        "tenths": tenths(found, beside),
        "rows": comparison(found, beside if beside and beside.result else None) if found.result else [],
    }
    return render(request, "laboratory/one.html", told)


@nothing_personal
@never_cache
@require_safe
def progress(request: HttpRequest, trial_id: UUID) -> HttpResponse:
    """How far a trial is, as a part of its page; asked for again and again until it has ended, when the page is loaded anew."""
    found, _beside, _by = pipeline.trial_page(viewer_of(request), trial_id)
    answer = render(request, "laboratory/progress.html", _progress(found))
    if found.ended_at:
        answer["HX-Refresh"] = "true"
    return answer


@declares(Kind.ALTERATION)
@require_POST
def cancel(request: HttpRequest, trial_id: UUID) -> HttpResponse:
    """End a trial before it is done."""
    pipeline.cancel(viewer_of(request), trial_id)
    return redirect("trial", trial_id)


def _start(request: HttpRequest, viewer: Viewer) -> dict[str, str]:
    """What the form holds at first: the unit's own figures, or the setting of a trial that is to be changed."""
    if copied := read_id(request.GET.get("from", "")):
        found, _beside, _by = pipeline.trial_page(viewer, copied)
        return typed(found.setting, found.name, found.courses)
    return proposed(pipeline.own(viewer))


def _bench(request: HttpRequest, viewer: Viewer, form: dict[str, str], fault: Invalid | None = None) -> HttpResponse:
    found = pipeline.bench(viewer, before=read_id(request.GET.get("before", "")))
    told = {
        "rows": [(each, state(each), WAYS.get(each.setting["policy"], "")) for each in found.trials],
        "before": found.before,
        "own": found.own,
        "qualities": [
            (label, each, f"{each.auc:.3f}")
            for label, each in zip(RULES, (found.own.in_force, found.own.draft), strict=True)
            if each is not None
        ],
        "weeks_counted": len(found.own.came) // 7,
        "form": form,
        "fault": fault,
        "ways": [(way, label, form.get("policy", "turns") == way) for way, label in WAYS.items()],
        "shifts": [_shift(form, place) for place in range(3)],
        "has_history": bool(found.own.came),
    }
    return render(request, "laboratory/bench.html", told, status=400 if fault else 200)


def _shift(form: dict[str, str], place: int) -> dict[str, Any]:
    chosen = form.get(f"week_{place}", "week")
    return {
        "place": place,
        **{part: form.get(f"{part}_{place}", "") for part in ("officers", "begins", "hours")},
        "weeks": [(key, label, key == chosen) for key, (label, _days) in WEEKS.items()],
    }


def _progress(found: Trial) -> dict[str, Any]:
    return {"trial": found, "state": state(found), "share": round(100 * found.done / found.courses), "is_over": found.ended_at is not None}
