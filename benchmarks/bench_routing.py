"""The states concerned, found in an invented world whose truth is known: right sets, "unknown" where nothing can be known, calibration, speed.

    python benchmarks/bench_routing.py [REFERRALS]     (default 5,000: about a minute)

What can be known is told by the world (``Truth.places``), not by the router. Of its accounts one in ten is behind a relay that the
table of networks knows. One in fifty uses a line in another state that nobody knows of, and of one in twenty the stated street is
one of long ago: such referrals mislead, are counted apart, and stand in the table of calibration with all others.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import ground

from grace.simulate.truth import Truth

REFERRALS = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
BAR = 0.95


@dataclass(frozen=True, slots=True)
class Case:
    """One referral that can be read: what the world says of it, and what the router said."""

    what: str
    right: frozenset[str]
    true: frozenset[str]
    named: frozenset[str]
    criteria: frozenset[tuple[str, str]]
    found_criteria: frozenset[tuple[str, str]]
    confidences: Mapping[str, float]


def cases() -> Iterator[tuple[Case, float]]:
    """Each readable original of the world with the seconds that routing it took."""
    from grace.intake.understand import understood
    from grace.routing.places import places
    from grace.routing.propose import propose, recipients
    from grace.routing.weights import weights
    from grace.routing.words import EUROPOL, Criterion
    from grace.simulate.plan import WorldPlan
    from grace.simulate.world import World, zipped

    plan = WorldPlan(
        seed=27,
        referrals=REFERRALS,
        moved_share=0.05,
        relay_share=0.1,
        hidden_share=0.02,
        urgent_share=0.02,
        duplicate_share=0,
        version_share=0,
        listed_pictures=4,
    )
    world, by_weights, registers = World(plan), weights(), places()
    of_role = {role.value: criterion.value for role, criterion in by_weights.roles.items()}
    for index in range(REFERRALS):
        document = world.document(index)
        truth = document.truth
        content = document.content if isinstance(document.content, bytes) else zipped(document.content)
        with understood(document.name, content) as found:
            reads = list(found.reads)
        if not truth.readable:
            continue
        began = time.process_time()
        proposals = propose(reads[0].report, reads[0].facts, registers, by_weights)
        named = frozenset(recipients(proposals, (), by_weights)) - {EUROPOL}
        took = time.process_time() - began
        stated = [each for each in proposals if each.criterion is not Criterion.ESTABLISHMENT]
        yield (
            Case(
                what=_what(truth),
                right=frozenset(truth.states_knowable),
                true=frozenset(truth.states),
                named=named,
                criteria=frozenset((state, of_role[role.value]) for role, state in truth.places),
                found_criteria=frozenset((each.state, each.criterion.value) for each in stated if each.confidence >= by_weights.propose_at),
                confidences={each.state: each.confidence for each in reversed(stated)},
            ),
            took,
        )


def _what(truth: Truth) -> str:
    if truth.misleading:
        return "mislead"
    if not truth.places:
        return "nothing"
    return "all" if truth.states_knowable == truth.states else "some"


WORDS = {
    "all": "the facts allow all states to be known",
    "some": "the facts allow some of the states to be known (right: exactly these)",
    "nothing": "the facts allow nothing to be known (right: unknown, to Europol)",
    "mislead": "the facts mislead (a line or a stated street elsewhere, and nobody could know)",
}


def main() -> None:
    print(ground.machine())
    with tempfile.TemporaryDirectory() as folder:
        from grace.simulate.world import write_networks

        table_of_networks = Path(folder) / "networks.csv"
        write_networks(table_of_networks)
        with ground.settings_only({"GRACE_NETWORKS": str(table_of_networks)}):
            measure()


def measure() -> None:
    from grace.routing.calibrate import Judged, calibrate, table
    from grace.routing.places import places

    everything = list(cases())
    told = [case for case, _ in everything]
    counts = Counter(case.what for case in told)
    right = Counter(case.what for case in told if case.named == case.right)
    print(f"{len(told):,} referrals of an invented world; registers: {places().version}")
    for what, words in WORDS.items():
        share = f"{right[what] / counts[what]:.4f}" if counts[what] else "-"
        print(f"  {words:<75}{counts[what]:>7,}  right set {share}")
    placed = [case for case in told if case.what in {"all", "some"}]
    by_criterion = sum(case.criteria <= case.found_criteria for case in placed)
    print(f"  of those that can be placed: every person's state found by the criterion of its part {by_criterion / len(placed):.4f}")
    print("Calibration, all referrals:")
    found = calibrate(Judged(case.confidences, case.named, case.true) for case in told)
    known = calibrate(Judged(case.confidences, case.named, case.right) for case in told)
    for line in table(found):
        print(f"  {line}")
    print(f"  precision {found.precision:.4f}, recall {known.recall:.4f} of what can be known; calibration gap {found.gap:.4f}")
    seconds = sum(took for _, took in everything)
    print(f"{len(told) / seconds:,.0f} referrals a second on one core, from facts to recipients (cold caches included)")
    allowed = (right["all"] + right["some"]) / (counts["all"] + counts["some"])
    unknown = right["nothing"] / counts["nothing"]
    print(f"right set where the facts allow: {allowed:.4f} (bar: {BAR}); unknown where they do not: {unknown:.4f} (bar: 1)")
    if allowed < BAR or unknown < 1:
        raise SystemExit("below the bar")


if __name__ == "__main__":
    main()
