"""The line: what the audit shows and promises, put in force and retired by a person's word, watched by a job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from grace.accounts.capabilities import Capability
from grace.accounts.names import names_of
from grace.accounts.viewer import Viewer
from grace.casework import alerts, positions
from grace.casework.out_of_turn import new_labels
from grace.custody import ledger
from grace.custody.kinds import Kind
from grace.custody.ledger import Line as Entry
from grace.kernel import clock
from grace.kernel.errors import Invalid
from grace.pipeline import jobs
from grace.pipeline.consult import consult, refusals_told
from grace.priority import audits, lines, publish
from grace.priority.audits import Reading
from grace.priority.lines import DAYS, SHARES, Drawn
from grace.priority.models import AuditShare, Line

_LEAST_AGE = timedelta(hours=1)
"""Scores of what came later are not settled yet: its files are still being looked into."""


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What the audit of a unit shows now, and what could be promised on it: by promise, and for the chosen one by state."""

    setting: AuditShare | None
    reading: Reading
    share: int
    promises: Mapping[str, Drawn]
    below: Mapping[str, tuple[int, int]]
    states: Mapping[str, Drawn]
    state_counts: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class LinePage:
    """The page of the line: the one in force with what lies below it, what could be promised now, and the lines before."""

    line: Line | None
    below: tuple[int, int]
    surveyed: Surveyed
    history: list[Line]
    names: Mapping[str, str]


def line_page(viewer: Viewer, share: int, promise: str) -> LinePage:
    """Read the page; open to whoever works on the rules. Raises ``Invalid`` for a share or promise that is not offered."""
    return consult(viewer, "line.read", lambda: _page(viewer, share, promise), lambda _found: [f"unit:{viewer.unit_id}"])


def _page(viewer: Viewer, share: int, promise: str) -> LinePage:
    past = lines.history(viewer)
    line = next((each for each in past if each.retired_at is None), None)
    surveyed = _survey(viewer.unit_id, share, promise)
    low = positions.below(viewer.unit_id, line.position) if line else (0, 0)
    return LinePage(
        line, low, surveyed, past, names_of({each.set_by for each in past} | {each.retired_by for each in past if each.retired_by})
    )


def _survey(unit_id: UUID, share: int, promise: str) -> Surveyed:
    if share not in SHARES or promise not in Line.Promise.values:
        raise Invalid(_("There is no such promise."), remedy=_("Choose one of those that are offered."))
    now = clock.now()
    rules = publish.in_force(unit_id, now)
    read = audits.reading(unit_id, rules.rules, since=rules.since)
    coming = positions.came(unit_id, now - timedelta(days=DAYS))
    promises = {str(each): lines.draw(read.reads, each, share, coming) for each in Line.Promise.values}
    states = lines.by_state(read.reads, promise, share, coming)
    below = {each: positions.below(unit_id, drawn.line.position) for each, drawn in promises.items() if drawn.line}
    of_states = {state: positions.below(unit_id, drawn.line.position if drawn.line else 0, state) for state, drawn in states.items()}
    return Surveyed(audits.share_of(unit_id), read, share, promises, below, states, of_states)


def set_line(viewer: Viewer, promise: str, share: int, reason: str) -> Line:
    """Draw the line anew by what the audit shows at this moment and put it in force."""
    with refusals_told(viewer, "line.set"), transaction.atomic():
        viewer.require(Capability.PUBLISH_RULES)
        now = clock.now()
        found = _survey(viewer.unit_id, share, promise)
        rules = publish.in_force(viewer.unit_id, now)
        first = min((each.drawn_at for each in found.reading.reads), default=now)
        scores = positions.scores(viewer.unit_id, first - _LEAST_AGE, now - _LEAST_AGE)
        line = lines.put_in_force(viewer, found.promises[promise], found.states, found.reading, rules, scores, reason, now)
        detail = {"promise": promise, "share": str(share), "position": str(line.position), "rules": str(rules.number)}
        counted = {name: str(line.figures[name]) for name in ("audited", "urgent", "rank")}
        ledger.record(_entry(viewer, "line.set", line, {**detail, **counted}))
        return line


def retire_line(viewer: Viewer, reason: str) -> Line:
    """End the line in force."""
    with refusals_told(viewer, "line.retire"), transaction.atomic():
        line = lines.retire(viewer, reason, clock.now())
        ledger.record(_entry(viewer, "line.retire", line, {}))
        return line


def set_audit(viewer: Viewer, share: int, out_of_turn: int) -> AuditShare:
    """Say how many of the referrals to come are audited, and how many are given out of turn, in thousandths."""
    with refusals_told(viewer, "audit.set"), transaction.atomic():
        setting = audits.set_share(viewer, share, out_of_turn, clock.now())
        detail = {"share": str(share), "out_of_turn": str(out_of_turn)}
        ledger.record(Entry(Kind.ALTERATION, "audit.set", viewer.actor, viewer.purpose, (f"unit:{viewer.unit_id}",), detail))
        return setting


def tend() -> None:
    """Note what was drawn and what officers decided about it, and look at each line that is due."""
    for setting in AuditShare.objects.order_by("unit_id"):
        _note(setting.unit_id)
        _watch(setting.unit_id)


@transaction.atomic
def _note(unit_id: UUID) -> None:
    """Note draws and new labels. The entries name no referral: by its own history nobody shall learn that it was audited."""
    if drawn := audits.note_draws(unit_id):
        _tell(unit_id, "audit.draw", {"drawn": str(drawn[0]), "digest": drawn[1]})
    if labelled := audits.label(new_labels(unit_id), clock.now()):
        _tell(unit_id, "audit.label", {"labelled": str(labelled)})


def _tell(unit_id: UUID, act: str, detail: dict[str, str]) -> None:
    ledger.record(Entry(Kind.ALTERATION, act, "system:audit", "triage", (f"unit:{unit_id}",), detail))


@transaction.atomic
def _watch(unit_id: UUID) -> None:
    now, line = clock.now(), lines.in_force(unit_id)
    if line is None or not lines.due(line, now):
        return
    recent = positions.scores(unit_id, max(line.set_at, now - timedelta(days=DAYS)), now - _LEAST_AGE)
    signs = lines.look(line, publish.in_force(unit_id, now), recent, now)
    if signs:
        ledger.record(Entry(Kind.ALTERATION, "line.doubt", "system:audit", "triage", (f"line:{line.id}",), {"signs": " ".join(signs)}))
        if alerts.raise_for_line(unit_id, line.id, now):
            jobs.send_alerts()


def _entry(viewer: Viewer, act: str, line: Line, detail: dict[str, str]) -> Entry:
    return Entry(Kind.ALTERATION, act, viewer.actor, viewer.purpose, (f"line:{line.id}", f"unit:{line.unit_id}"), detail)
