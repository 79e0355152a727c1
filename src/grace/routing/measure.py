"""What to measure the router by: the corrections of officers, or a file in which the truth stands."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.kernel.errors import Invalid
from grace.routing.calibrate import Judged
from grace.routing.countries import states
from grace.routing.models import Correction, Proposal, Route
from grace.routing.words import EUROPOL, Criterion

MOST_LINES = 1_000_000
LONGEST_LINE = 1 << 20
_BATCH = 500


def by_corrections(viewer: Viewer) -> Iterator[Judged]:
    """The referrals of the viewer's unit on which officers have spoken: right is what they left, sure is what was proposed.

    Officers speak where something looks wrong, so these are harder than the rest; of each referral only the recipients that
    they spoke of count.
    """
    viewer.require(Capability.READ)
    words: dict[object, dict[str, Correction]] = {}
    for each in Correction.objects.filter(referral__unit_id=viewer.unit_id).exclude(recipient=EUROPOL).order_by("corrected_at", "id"):
        words.setdefault(each.referral_id, {})[each.recipient] = each
    for spoken in words.values():
        proposed = {name: each.proposed for name, each in spoken.items() if each.proposed is not None}
        named = frozenset(name for name, each in spoken.items() if each.act != Correction.Act.ADD)
        yield Judged(proposed, named, frozenset(name for name, each in spoken.items() if each.concerned))


def by_truth(viewer: Viewer, stream: BinaryIO) -> Iterator[Judged]:
    """The referrals of the viewer's unit that a file names: JSON lines with ``number`` (the sender's) and ``states`` (codes)."""
    viewer.require(Capability.READ)
    waiting: dict[str, frozenset[str]] = {}
    for number, told in _lines(stream):
        waiting[number] = told
        if len(waiting) == _BATCH:
            yield from _judged(viewer, waiting)
            waiting = {}
    yield from _judged(viewer, waiting)


def _judged(viewer: Viewer, waiting: Mapping[str, frozenset[str]]) -> Iterator[Judged]:
    routes = Route.objects.filter(referral__unit_id=viewer.unit_id, referral__external__in=list(waiting)).select_related("referral")
    found = {each.referral_id: each for each in routes}
    sure: dict[object, dict[str, float]] = {}
    for proposal in Proposal.objects.filter(referral_id__in=list(found)).exclude(criterion=Criterion.ESTABLISHMENT):
        if proposal.ordinal == found[proposal.referral_id].ordinal:
            mine = sure.setdefault(proposal.referral_id, {})
            mine[proposal.state] = max(proposal.confidence, mine.get(proposal.state, 0.0))
    for referral_id, route in found.items():
        named = frozenset(route.recipients) - {EUROPOL}
        yield Judged(sure.get(referral_id, {}), named, waiting[route.referral.external])


def _lines(stream: BinaryIO) -> Iterator[tuple[str, frozenset[str]]]:
    for place, raw in enumerate(iter(lambda: stream.readline(LONGEST_LINE), b""), start=1):
        try:
            told = json.loads(raw)
            number, named = told["number"], frozenset(told["states"])
        except (ValueError, KeyError, TypeError, RecursionError) as fault:
            raise Invalid(_("Line %(line)d of the truth cannot be read.") % {"line": place}) from fault
        if place > MOST_LINES or not named <= states():
            raise Invalid(_("Line %(line)d of the truth names no state, or is one too many.") % {"line": place})
        if number is not None:
            yield str(number), named
