"""The ranker of a unit: what it rests on, its shadow run, its promotion by two persons, and the switch back to the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import viewer_of
from grace.custody.declare import declares
from grace.custody.kinds import Kind
from grace.kernel.errors import Invalid
from grace.pipeline import rankers as pipeline
from grace.priority.models import Ranker
from grace.priority.rankers import LEAST_SHADOW
from grace.priority.shapes import AND, Shape, read_ranker
from grace.web import learned_words, words

MEASURES: Mapping[str, tuple[Promise, str]] = {
    "area": (gettext_lazy("pairs in the right order"), "area_of_rules"),
    "caught": (gettext_lazy("of the urgent in the first tenth"), "caught_by_rules"),
    "calibration_error": (gettext_lazy("calibration error"), ""),
}
STATES: Mapping[str, Promise] = {
    "trained": gettext_lazy("trained"),
    "shadow": gettext_lazy("in shadow"),
    "promoted": gettext_lazy("makes the order"),
    "retired": gettext_lazy("ended"),
}
DIRECTIONS: Mapping[int, Promise] = {1: gettext_lazy("never lowers"), -1: gettext_lazy("never raises"), 0: gettext_lazy("any")}


@declares(Kind.CONSULTATION)
@require_safe
def ranker(request: HttpRequest) -> HttpResponse:
    """All rankers, the one that makes the order, the shadow run beside it, and what is missing to train one."""
    viewer = viewer_of(request)
    found = pipeline.ranker_page(viewer)
    shadow = found.in_state(Ranker.State.SHADOW)
    page = {
        "found": found,
        "promoted": found.in_state(Ranker.State.PROMOTED),
        "shadow": shadow,
        "least_shadow": LEAST_SHADOW,
        "proposer": found.names.get(shadow.proposed_by, "") if shadow else "",
        "is_own": shadow is not None and shadow.proposed_by == viewer.actor,
        "every": [(each, STATES[each.state], found.names.get(each.promoted_by, "")) for each in found.rankers],
    }
    return render(request, "ranker/page.html", page)


@declares(Kind.CONSULTATION)
@require_safe
def passport(request: HttpRequest, number: int) -> HttpResponse:
    """One ranker: its passport, and the tables that it is made of."""
    found = pipeline.one_ranker(viewer_of(request), number)
    body = read_ranker(found.body)
    told = found.passport
    page = {
        "ranker": found,
        "state": STATES[found.state],
        "data": told["data"],
        "since": datetime.fromisoformat(told["data"]["from"]),
        "until": datetime.fromisoformat(told["data"]["until"]),
        "measured": [(label, told["measured"][name], told["measured"].get(beside)) for name, (label, beside) in MEASURES.items()],
        "denied": told["denied"],
        "start": body.start,
        "shapes": [_shape(each) for each in sorted(body.shapes.values(), key=lambda each: -_reach(each.points))],
        "pairs": [
            (learned_words.named(AND.join((each.first.name, each.second.name))), _reach([point for row in each.points for point in row]))
            for each in body.pairs
        ],
    }
    return render(request, "ranker/passport.html", page)


@declares(Kind.ALTERATION)
@require_POST
def act(request: HttpRequest, number: int) -> HttpResponse:
    """Begin or stop a shadow run, propose a promotion, or carry one out."""
    viewer, reason = viewer_of(request), request.POST.get("reason", "")
    viewer.require(Capability.PUBLISH_RULES)
    wanted = request.POST.get("act", "")
    if wanted == "shadow":
        pipeline.begin_shadow(viewer, number)
        messages.success(request, _("It runs in shadow: what waits is scored by it, and nothing moves."))
    elif wanted == "stop":
        pipeline.stop_shadow(viewer, number, reason)
        messages.success(request, _("The shadow run has ended."))
    elif wanted == "propose":
        pipeline.propose(viewer, number, reason)
        messages.success(request, _("It is proposed. Another person has to promote it."))
    elif wanted == "promote":
        pipeline.promote(viewer, number)
        messages.success(request, _("It makes the order. The queue is being scored anew."))
    else:
        raise Invalid(_("There is no such act."))
    return redirect("ranker")


@declares(Kind.ALTERATION)
@require_POST
def off(request: HttpRequest) -> HttpResponse:
    """Back to the rules alone."""
    moved = pipeline.switch_off(viewer_of(request), request.POST.get("reason", ""))
    messages.success(request, _("The rules order alone. Referrals that moved: %(n)s.") % {"n": words.grouped(moved)})
    return redirect("ranker")


@declares(Kind.ALTERATION)
@require_POST
def roll_back(request: HttpRequest) -> HttpResponse:
    """Back to the ranker before."""
    came = pipeline.roll_back(viewer_of(request), request.POST.get("reason", ""))
    messages.success(request, _("Ranker %(n)d makes the order again. The queue is being scored anew.") % {"n": came.number})
    return redirect("ranker")


def _shape(shape: Shape) -> dict[str, Any]:
    of = shape.feature
    return {
        "words": learned_words.named(of.name),
        "axis": words.AXES[of.axis.value][0],
        "direction": DIRECTIONS[of.direction],
        "points": list(_runs(shape)),
    }


def _runs(shape: Shape) -> Iterator[tuple[str, int]]:
    """The points with the values for which they hold, those side by side that are the same told once."""
    ends = [*shape.edges, None]
    first: float | None = None
    for place, points in enumerate(shape.points):
        if place + 1 < len(shape.points) and shape.points[place + 1] == points:
            continue
        yield _between(first, ends[place]), points
        first = ends[place]


def _between(low: float | None, high: float | None) -> str:
    if low is None:
        return _("any") if high is None else _("below %(high)s") % {"high": f"{high:.4g}"}
    return _("from %(low)s") % {"low": f"{low:.4g}"} if high is None else f"{low:.4g} \u2013 {high:.4g}"


def _reach(points: Any) -> int:
    return int(max(points) - min(points))
