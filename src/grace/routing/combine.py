"""From pieces of evidence to proposals: pure, the same whatever the order of the pieces.

About one person and one criterion, with the pieces for state s grouped by their kind k:

    support(s)    = 1 - product over k of (1 - best weight of kind k)               noisy-or: kinds are taken as independent
    confidence(s) = support(s) * (1 - contradiction * largest support elsewhere)    a person is mostly in one place

A hundred uses of one line are no surer than one: within a kind only the best piece counts. Kinds that speak for many states
at once (time zone, language) add to a state that another kind proposes, and propose none. Of several persons the surest
counts, for persons in one report often share a line. The incident itself (``person`` None) may have happened in several
states, which therefore do not contradict each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from grace.routing.weights import Weights
from grace.routing.words import Criterion, Evidence, Matter, Proposal, Reason

_Group = dict[str, dict[Matter, list[Evidence]]]
"""By state, then by kind: the pieces about one person and criterion."""


def combine(evidence: Iterable[Evidence], weights: Weights) -> tuple[Proposal, ...]:
    """The proposals from ``weights.show_at`` on, the surest first; equal ones by state and criterion."""
    groups: dict[tuple[Criterion, int | None], list[Evidence]] = {}
    for each in evidence:
        groups.setdefault((each.criterion, each.person), []).append(each)
    best: dict[tuple[str, Criterion], Proposal] = {}
    for key in sorted(groups, key=_order):
        for proposal in _about_one(key[0], key[1], groups[key], weights):
            place = (proposal.state, proposal.criterion)
            if place not in best or proposal.confidence > best[place].confidence:
                best[place] = proposal
    shown = (each for each in best.values() if each.confidence >= weights.show_at)
    return tuple(sorted(shown, key=lambda each: (-each.confidence, each.state, each.criterion)))


def _order(key: tuple[Criterion, int | None]) -> tuple[str, int]:
    return key[0].value, -1 if key[1] is None else key[1]


def _about_one(criterion: Criterion, person: int | None, pieces: Sequence[Evidence], weights: Weights) -> Iterator[Proposal]:
    by_state = _by_state(pieces, weights)
    supports = {state: _support(kinds) for state, kinds in by_state.items()}
    for state, support in supports.items():
        rival = None if person is None else _rival(state, supports)
        against = supports[rival] if rival else 0.0
        reasons = list(_reasons(state, by_state[state]))
        if rival:
            reasons += _reasons(rival, by_state[rival])
        yield Proposal(state, criterion, round(support * (1 - weights.contradiction * against), 4), tuple(reasons))


def _by_state(pieces: Sequence[Evidence], weights: Weights) -> _Group:
    """Pieces that can propose, and beside them those that can only add."""
    found: _Group = {}
    for each in pieces:
        if each.matter in weights.alone:
            for state in each.states:
                found.setdefault(state, {}).setdefault(each.matter, []).append(each)
    for each in pieces:
        if each.matter not in weights.alone:
            for state in each.states:
                if state in found:
                    found[state].setdefault(each.matter, []).append(each)
    return found


def _support(kinds: Mapping[Matter, Sequence[Evidence]]) -> float:
    doubt = 1.0
    for matter in sorted(kinds):  # in one order, so that rounding never depends on the order of the pieces
        doubt *= 1 - max(each.weight for each in kinds[matter])
    return 1 - doubt


def _rival(state: str, supports: Mapping[str, float]) -> str | None:
    others = [(support, other) for other, support in supports.items() if other != state]
    return max(others)[1] if others else None


def _reasons(state: str, kinds: Mapping[Matter, Sequence[Evidence]]) -> Iterator[Reason]:
    for matter in sorted(kinds, key=lambda matter: (-max(each.weight for each in kinds[matter]), matter)):
        pieces = kinds[matter]
        best = min(pieces, key=lambda each: (-each.weight, each.path, each.marks, each.source))
        yield Reason(matter, best.person, state, round(best.weight, 4), len(pieces), best.path, best.marks, best.source)
