"""The start page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import viewer_of
from grace.custody.declare import nothing_personal
from grace.web.frame import places_for


@nothing_personal
def home(request: HttpRequest) -> HttpResponse:
    """Lead on to the first screen that is open, whoever heads a unit and decides no referral to its page; say so where none is (law, L13)."""
    viewer = viewer_of(request)
    if viewer.may(Capability.READ) and viewer.may(Capability.PUBLISH_RULES) and not viewer.may(Capability.DECIDE):
        return redirect("unit")
    places = places_for(viewer)
    if not places and viewer.may(Capability.MANAGE_MODELS):
        return redirect("models")
    return redirect(places[0]["address"]) if places else render(request, "home/nothing.html")
