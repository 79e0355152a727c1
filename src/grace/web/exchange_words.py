"""The words of exchange: states of a hand-over, kinds of packages, why one failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from grace.exchange.conditions import CONDITIONS, PURPOSES
from grace.exchange.errors import REASONS
from grace.exchange.models import Arrival, Dispatch

STATES: Mapping[str, Promise] = {
    "waiting": gettext_lazy("waiting"),
    "sent": gettext_lazy("sent"),
    "delivered": gettext_lazy("delivered"),
    "accepted": gettext_lazy("accepted"),
    "partly": gettext_lazy("partly taken"),
    "refused": gettext_lazy("refused"),
    "noted": gettext_lazy("answered"),
    "failed": gettext_lazy("not delivered"),
    "withdrawn": gettext_lazy("withdrawn"),
    "superseded": gettext_lazy("replaced by a correction"),
}
KINDS: Mapping[str, Promise] = {
    "handover": gettext_lazy("Hand-over"),
    "update": gettext_lazy("Correction"),
    "erasure": gettext_lazy("Request to erase"),
}
PARTS: Mapping[str, Promise] = {
    "whole": gettext_lazy("whole"),
    "part": gettext_lazy("in part"),
    "digests": gettext_lazy("digests instead of files"),
}
_FAILURES: Mapping[str, Promise] = {
    "unreachable": gettext_lazy("The other installation cannot be reached."),
    "timeout": gettext_lazy("The other installation does not answer in time."),
    "recipient-not-allowed": gettext_lazy("The recipient may not receive it any more."),
}


def failure(code: str) -> Promise | str:
    """Why a package did not arrive."""
    return _FAILURES.get(code) or REASONS.get(code) or code


def conditions(codes: Iterable[str]) -> list[tuple[Promise, Promise]]:
    """Labels and meanings of conditions."""
    return [(CONDITIONS[code].label, CONDITIONS[code].meaning) for code in codes if code in CONDITIONS]


def arrival(found: Arrival) -> dict[str, Any]:
    """A line of what came."""
    return {
        "it": found,
        "kind": KINDS.get(found.kind, found.kind),
        "state": STATES.get(found.state, found.state),
        "conditions": conditions(found.conditions),
    }


def dispatch(found: Dispatch) -> dict[str, Any]:
    """A line of what left."""
    is_proposed = found.kind == "update" and found.state == "waiting" and found.due_at is None and bool(found.agency.address)
    return {
        "it": found,
        "kind": KINDS.get(found.kind, found.kind),
        "state": STATES.get(found.state, found.state),
        "failure": failure(found.failure) if found.failure and found.state in {"waiting", "failed"} else "",
        "purpose": PURPOSES.get(found.purpose, ""),
        "conditions": conditions(found.conditions),
        "may_ask_erasure": found.kind == "handover" and found.state in {"sent", "delivered", "accepted", "partly"},
        "is_proposed": is_proposed,
        "across": not found.agency.address and found.state == "waiting",
    }
