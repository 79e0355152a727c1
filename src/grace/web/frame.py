"""What every page shows around its content: where one can go, who looks and why, theme and keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from grace.accounts import purposes
from grace.accounts.capabilities import LABELS, Capability
from grace.accounts.models import Officer
from grace.accounts.viewer import Viewer, resting_capabilities, viewer_of
from grace.web.keys import Keys


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the main navigation; it appears once its route exists, for those who hold the capability."""

    route: str
    label: Promise
    capability: Capability


PLACES = (
    Place("queue", gettext_lazy("Queue"), Capability.READ),
    Place("search", gettext_lazy("Search"), Capability.READ),
    Place("groups", gettext_lazy("Groups"), Capability.READ),
    Place("exchange", gettext_lazy("Exchange"), Capability.DECIDE),
    Place("senders", gettext_lazy("Senders"), Capability.READ),
    Place("unit", gettext_lazy("Unit"), Capability.READ),
    Place("quarantine", gettext_lazy("Quarantine"), Capability.QUARANTINE),
    Place("rules", gettext_lazy("Rules"), Capability.EDIT_RULES),
    Place("lists", gettext_lazy("Lists"), Capability.MANAGE_LISTS),
    Place("custody", gettext_lazy("Custody"), Capability.AUDIT),
    Place("accounts", gettext_lazy("Accounts"), Capability.ADMINISTER),
    Place("agencies", gettext_lazy("Agencies"), Capability.ADMINISTER),
)


def address_of_route(name: str) -> str:
    """The address of a screen, or nothing where this installation has none."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def places_for(viewer: Viewer) -> list[dict[str, str]]:
    """Where this viewer can go, in order."""
    found = [(place, address_of_route(place.route)) for place in PLACES if viewer.may(place.capability)]
    return [{"route": place.route, "label": str(place.label), "address": address} for place, address in found if address]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: nothing for anybody who is not signed in."""
    officer = getattr(request, "user", None)
    if not isinstance(officer, Officer):
        return {"keys": Keys.of({})}
    viewer = viewer_of(request)
    return {
        "me": officer,
        "viewer": viewer,
        "places": places_for(viewer),
        "here": request.resolver_match.url_name if request.resolver_match else "",
        "theme": officer.preferences.get("theme", ""),
        "keys": Keys.of(officer.preferences),
        "purposes": [(p.value, purposes.LABELS[p], p == viewer.purpose) for p in purposes.purposes_for(viewer.capabilities)],
        "purpose_label": purposes.LABELS.get(purposes.Purpose(viewer.purpose), viewer.purpose),
        "resting": [LABELS[capability] for capability in sorted(resting_capabilities(request))],
        "urgent_address": address_of_route("urgent-now") if viewer.may(Capability.READ) else "",
        "queue_address": address_of_route("queue"),
        "inbox_address": address_of_route("exchange") if viewer.may(Capability.DECIDE) else "",
        "search_address": (address_of_route("search") or address_of_route("queue")) if viewer.may(Capability.READ) else "",
    }
