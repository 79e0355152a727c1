"""The register of models: what there is, one model, its inferences, two side by side, and the acts of a steward."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer, viewer_of
from grace.analysis.models import Model, ModelState
from grace.analysis.register.keep import LEAST_SHADOW, Kept
from grace.analysis.register.trust import name_of
from grace.custody.declare import declares, nothing_personal
from grace.custody.kinds import Kind
from grace.kernel.errors import Invalid
from grace.pipeline import model_page
from grace.pipeline import models as pipeline
from grace.web.models.shown import parts

STATES: Mapping[str, Promise] = {
    ModelState.IMPORTED: gettext_lazy("taken in, does not run"),
    ModelState.SHADOW: gettext_lazy("runs in shadow, seen by stewards alone"),
    ModelState.PROMOTED: gettext_lazy("promoted, officers see what it says"),
    ModelState.RETIRED: gettext_lazy("retired, a later version took its place"),
    ModelState.STOPPED: gettext_lazy("stopped, nothing that it said counts"),
}
ACTS: Mapping[str, Promise] = {
    "model.import": gettext_lazy("taken in"),
    "model.verify": gettext_lazy("looked through again"),
    "model.shadow": gettext_lazy("shadow run begun"),
    "model.promote": gettext_lazy("promoted"),
    "model.roll-back": gettext_lazy("rolled back"),
    "model.stop": gettext_lazy("stopped"),
    "model.replay": gettext_lazy("inferences made again"),
    "model.inferences": gettext_lazy("inferences read"),
    "model.compare": gettext_lazy("compared"),
    "model.sign": gettext_lazy("signed"),
}


@nothing_personal
@require_safe
def models(request: HttpRequest) -> HttpResponse:
    """All models, by name."""
    viewer = viewer_of(request)
    return render(
        request, "models/list.html", {"rows": [_told(each) for each in pipeline.every(viewer)], "is_steward": _is_steward(viewer)}
    )


@nothing_personal
@require_safe
def model(request: HttpRequest, model_id: UUID) -> HttpResponse:
    """One model: what it is for, how good it is and where it fails, what was done to it."""
    viewer = viewer_of(request)
    page = model_page.page_of(viewer, model_id)
    told = {
        **_told(page.kept),
        "page": page,
        "parts": parts(page.kept.passport),
        "history": [(each, ACTS.get(each.act, each.act)) for each in page.history],
        "is_steward": _is_steward(viewer),
        "may_audit": viewer.may(Capability.AUDIT),
        "least": LEAST_SHADOW,
    }
    return render(request, "models/one.html", told)


@declares(Kind.CONSULTATION)
@require_safe
def inferences(request: HttpRequest, model_id: UUID) -> HttpResponse:
    """What a model computed on files of the unit."""
    kept, rows = model_page.inferences_of(viewer_of(request), model_id)
    return render(request, "models/inferences.html", {**_told(kept), "rows": rows})


@declares(Kind.CONSULTATION)
@require_safe
def compare(request: HttpRequest, model_id: UUID) -> HttpResponse:
    """One model beside another, which the address names."""
    viewer = viewer_of(request)
    pipeline.every(viewer)
    try:
        other = UUID(request.GET.get("with", ""))
    except ValueError as fault:
        raise Invalid(_("This address cannot be read.")) from fault
    return render(request, "models/compare.html", {"side": model_page.beside(viewer, model_id, other)})


@declares(Kind.ALTERATION)
@require_POST
def act(request: HttpRequest, model_id: UUID) -> HttpResponse:
    """Do one of a steward's acts."""
    viewer = viewer_of(request)
    name = model_page.page_of(viewer, model_id).kept.row.name
    acts: Mapping[str, Callable[[], object]] = {
        "shadow": lambda: pipeline.begin_shadow(viewer, model_id),
        "promote": lambda: pipeline.promote(viewer, model_id),
        "roll-back": lambda: pipeline.roll_back(viewer, name),
        "stop": lambda: pipeline.stop(viewer, name),
        "verify": lambda: pipeline.verify(viewer, model_id),
    }
    chosen = acts.get(request.POST.get("act", ""))
    if chosen is None:
        raise Invalid(_("There is no such act."))
    done = chosen()
    messages.success(request, _("Done.") if isinstance(done, Model | list) else _("Graph, passport and signatures are sound."))
    return redirect("model", model_id)


def _is_steward(viewer: Viewer) -> bool:
    return viewer.may(Capability.MANAGE_MODELS)


def _told(kept: Kept) -> dict[str, Any]:
    row = kept.row
    return {
        "m": row,
        "passport": kept.passport,
        "labels": [each for each in kept.passport.labels if each.term],
        "state": STATES[row.state],
        "signer": name_of(row.signer),
        "runs": row.state in {ModelState.SHADOW, ModelState.PROMOTED},
    }
