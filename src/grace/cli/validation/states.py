"""Routing: the right set of states where the facts allow it, "unknown" where they do not, and how far confidence can be believed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from grace.cli.validation.measures import Measure, Section, share
from grace.cli.validation.played import Arrived, Played
from grace.routing.calibrate import Calibration, Judged, calibrate
from grace.routing.models import Proposal, Route
from grace.routing.words import EUROPOL, Criterion

BAR = 0.95


@dataclass(frozen=True, slots=True)
class _Case:
    """A referral: what the world says, and what the router said."""

    each: Arrived
    what: str
    judged: Judged

    @property
    def right(self) -> frozenset[str]:
        """The states that the facts of its document allow to know."""
        return frozenset(self.each.truth.states_knowable)


def section(played: Played) -> Section:
    """Compare the states of each referral with those of the world."""
    cases = list(_cases(played))
    allowed = [(_told(case), case.judged.named == case.right) for case in cases if case.what == "allowed"]
    unknown = [(_told(case), not case.judged.named) for case in cases if case.what == "nothing"]
    found = calibrate(case.judged for case in cases)
    known = calibrate(Judged(case.judged.confidences, case.judged.named, case.right) for case in cases)
    counts = Counter(case.what for case in cases)
    measures = [
        share("right set of states where the facts allow it", allowed, at_least=BAR),
        share("“unknown” where the facts allow nothing to be known", unknown, at_least=1),
        Measure("right set where a line or street misleads", *_misled(cases)),
        _rounded("precision of all states named", found.precision, counts.total()),
        _rounded("recall of states that can be known", known.recall, counts.total()),
        _rounded("calibration gap", found.gap, counts.total()),
    ]
    return Section("routing", "States concerned", measures, {"calibration": _table(found)})


def _cases(played: Played) -> Iterator[_Case]:
    routes = {each.referral_id: each for each in Route.objects.filter(referral__unit_id=played.viewer.unit_id)}
    sure: dict[object, dict[str, float]] = defaultdict(dict)
    proposals = Proposal.objects.filter(referral__unit_id=played.viewer.unit_id).exclude(criterion=Criterion.ESTABLISHMENT)
    for proposal in proposals:
        if proposal.ordinal == routes[proposal.referral_id].ordinal:
            mine = sure[proposal.referral_id]
            mine[proposal.state] = max(proposal.confidence, mine.get(proposal.state, 0.0))
    for each, referral in played.originals():
        named = frozenset(routes[referral].recipients) - {EUROPOL}
        yield _Case(each, _what(each), Judged(sure.get(referral, {}), named, frozenset(each.truth.states)))


def _what(each: Arrived) -> str:
    if each.truth.misleading:
        return "misled"
    return "allowed" if each.truth.places else "nothing"


def _told(case: _Case) -> str:
    named, right = (",".join(sorted(some)) or "unknown" for some in (case.judged.named, case.right))
    return f"{case.each.reference} {case.each.form.value}: {named}, not {right}"


def _misled(cases: list[_Case]) -> tuple[float | None, int]:
    some = [case.judged.named == frozenset(case.each.truth.states) for case in cases if case.what == "misled"]
    return (round(sum(some) / len(some), 4) if some else None), len(some)


def _rounded(name: str, value: float | None, of: int) -> Measure:
    return Measure(name, None if value is None else round(value, 4), of)


def _table(found: Calibration) -> list[list[object]]:
    rows: list[list[object]] = [["confidence", "proposals", "mean", "right"]]
    for line in found.lines:
        right = "-" if line.share is None else f"{line.share:.3f}"
        rows.append([f"{line.low:.2f} - {line.high:.2f}", line.proposals, f"{line.mean:.3f}" if line.proposals else "-", right])
    return rows
