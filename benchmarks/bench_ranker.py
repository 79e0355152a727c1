"""The ranker beside LightGBM without any constraint, and beside EBM where it is installed: order, calibration, directions, sums, the switch.

    python benchmarks/bench_ranker.py [PART …] [--repeats N]     [--ebm N]     (parts: stand-ins outcomes world switch; default all, 20 and 3)

Needs lightgbm and scikit-learn beside what tests need (for the benchmark alone: GRACE trains and runs without them); interpret-core if
there. Each repeat draws another seven tenths to learn from and measures on the rest. Differences are told with the interval of their mean
over repeats (two standard errors); LightGBM is the better of two: as it comes, and with smaller steps and leaves. What is measured of
ours are the exported whole points. "of a perfect one" is the calibration error that true probabilities show on as many rows by chance.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ground
import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parent.parent))

if TYPE_CHECKING:
    from grace.priority.features import Feature

Floats = NDArray[np.float64]
PARTS = ("stand-ins", "outcomes", "world", "switch")
WANTED = [each for each in sys.argv[1:] if each in PARTS] or list(PARTS)
REPEATS = int(sys.argv[sys.argv.index("--repeats") + 1]) if "--repeats" in sys.argv else 20
EBM_REPEATS = int(sys.argv[sys.argv.index("--ebm") + 1]) if "--ebm" in sys.argv else 3
WORLD = 1_500
QUEUE = 200_000
BAR = 0.005


@dataclass
class Task:
    """Rows to learn from: ``features`` and ``told`` are ours, ``values`` the same as a table; ``pairs`` may be added at most."""

    name: str
    features: Sequence[Feature]
    values: Floats
    labels: Floats
    pairs: int


@dataclass
class Found:
    """What the repeats came to, by measure."""

    by: dict[str, list[float]] = field(default_factory=dict)

    def note(self, **values: float) -> None:
        for name, value in values.items():
            self.by.setdefault(name, []).append(value)

    def mean(self, name: str) -> float:
        return statistics.fmean(self.by[name])

    def apart(self, one: str, other: str) -> str:
        differences = [a - b for a, b in zip(self.by[one], self.by[other], strict=False)]
        error = 2 * statistics.stdev(differences) / len(differences) ** 0.5 if len(differences) > 1 else float("nan")
        return f"{statistics.fmean(differences):+.4f} ± {error:.4f}"


def stand_ins() -> Iterator[Task]:
    from sklearn.datasets import load_breast_cancer, load_digits

    from grace.priority.axes import Axis
    from grace.priority.features import Feature

    def task(name: str, values: Any, labels: Any) -> Task:
        features = [Feature(f"x{number}", "", "", Axis.URGENCY, 0, is_counted=False) for number in range(values.shape[1])]
        return Task(name, features, np.asarray(values, float), np.asarray(labels, float), pairs=64)

    cancer, digits = load_breast_cancer(), load_digits()
    yield task("breast cancer, 37 %", cancer.data, 1 - cancer.target)
    for digit in (3, 8):
        yield task(f"digit {digit} of all, 10 %", digits.data, digits.target == digit)


def outcomes() -> Iterator[Task]:
    from tests.support.outcomes import draw

    for base, number in ((-5.0, 6_000), (-8.6, 40_000)):
        drawn = draw(number, seed=1, base=base)
        yield _of_signals(f"invented outcomes, {drawn.urgent.mean():.2%} of {number:,}", drawn.signals, drawn.urgent)


def _of_signals(name: str, signals: Sequence[Any], labels: Any) -> Task:
    from grace.priority.features import of_terms, valued, without_terms
    from grace.priority.learn import LEAST_TERM, MOST_PAIRS, values

    told = [valued(each) for each in signals]
    features = [*without_terms(), *of_terms(told, LEAST_TERM)]
    return Task(name, features, values(features, told), np.asarray(labels, float), MOST_PAIRS)


def world() -> Task:
    """The simulated world through the real intake; urgent is what is so in that world, also where the report does not say why."""
    from grace.accounts.models import Unit
    from grace.pipeline.receive import Delivery, Intake, receive
    from grace.priority.assess import signals_of
    from grace.simulate.plan import Form, WorldPlan
    from grace.simulate.world import World

    unit = Unit.objects.create(slug="benchmark", name="Benchmark Unit")
    plan = WorldPlan(referrals=WORLD, urgent_share=0.1, duplicate_share=0, version_share=0, truncated_share=0, flaw_share=0.0, forms=((Form.LEA_JSON, 1.0),))  # fmt: skip
    made, urgent = World(plan), {}
    for start in range(0, WORLD, 50):
        documents = [made.document(place) for place in range(start, start + 50)]
        receipts = receive(
            Intake(unit.id, "benchmark", "system:benchmark"),
            [Delivery(each.name, each.content) for each in documents if isinstance(each.content, bytes)],
        )
        urgent.update(
            {key: made.oracle.fate(start + place).why is not None for place, each in enumerate(receipts) for key in each.referrals}
        )
    given = signals_of(list(urgent))
    return _of_signals(f"simulated world, 10 % of {len(urgent):,}", [given[each] for each in urgent], list(urgent.values()))


def measure(task: Task) -> None:
    from grace.priority.fit import Table, fit
    from grace.priority.measures import area, calibration_error
    from grace.priority.shapes import chance

    found, against, apart = Found(), 0, 0.0
    for repeat in range(REPEATS):
        learn, held = _split(task.labels, repeat)
        begun = time.process_time()
        ranker = fit(Table(task.features, task.values[learn], task.labels[learn], np.ones(len(learn))), pairs=task.pairs, seed=repeat)
        seconds = time.process_time() - begun
        told = [_told(task, row) for row in held]
        scores = np.array([ranker.score(each) for each in told], float)
        apart = max(apart, *(abs(sum(line.points for line in ranker.reasons(each)) - ranker.score(each)) for each in told))
        against += sum(_against(ranker, task, each) for each in told[:200])
        labels, ones = task.labels[held], np.ones(len(held))
        chances = np.array([chance(int(each)) for each in scores])
        drawn = (np.random.default_rng(repeat).random(len(held)) < chances).astype(float)
        found.note(
            ours=area(labels, scores, ones),
            error=calibration_error(labels, chances, ones),
            perfect=calibration_error(drawn, chances, ones),
            seconds=seconds,
        )
        for name, guess in _peers(task, learn, held, repeat).items():
            found.note(**{name: area(labels, guess, ones), f"{name} error": calibration_error(labels, guess, ones)})
    better = max(("lightgbm", "smaller"), key=found.mean)
    ebm = (
        f"  EBM {found.mean('ebm'):.4f} (ours less {found.apart('ours', 'ebm')}, {len(found.by['ebm'])} repeats)"
        if "ebm" in found.by
        else ""
    )
    print(
        f"  {task.name:42} area {found.mean('ours'):.4f}  LightGBM {found.mean(better):.4f}  ours less it {found.apart('ours', better)}{ebm}\n"
        f"  {'':42} calibration error {found.mean('error'):.4f} (LightGBM {found.mean(better + ' error'):.4f}, of a perfect one {found.mean('perfect'):.4f})"
        f"  against a direction {against}  reasons from the score {apart:g}  {found.mean('seconds'):.1f} s to learn"
    )


def _split(labels: Floats, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Seven tenths of each sort, and the rest."""
    rng = np.random.default_rng(seed)
    sorts = [rng.permutation(np.flatnonzero(labels == each)) for each in (0, 1)]
    cuts = [round(0.7 * len(each)) for each in sorts]
    learn, held = (
        np.concatenate(part) for part in zip(*((each[:cut], each[cut:]) for each, cut in zip(sorts, cuts, strict=True)), strict=True)
    )
    return learn, held


def _told(task: Task, row: int) -> dict[str, float]:
    said = zip(task.features, task.values[row], strict=True)
    return {each.name: float(value) for each, value in said if not np.isnan(value) and (value or not each.is_counted)}


def _against(ranker: Any, task: Task, told: Mapping[str, float]) -> int:
    """How often a little or much more of what has a direction goes against it."""
    wrong = 0
    for each in task.features:
        value = told.get(each.name, 0.0)
        if each.direction and (each.name in told or each.is_counted):
            for more in (1.0, 10.0, 1e6):
                step = ranker.score({**told, each.name: value + more}) - ranker.score({**told, each.name: value})
                wrong += each.direction * step < 0
    return wrong


def _peers(task: Task, learn: NDArray[np.int64], held: NDArray[np.int64], seed: int) -> dict[str, Floats]:
    import lightgbm

    plain = {"verbose": -1, "n_jobs": 1, "random_state": seed}
    made: dict[str, Any] = {
        "lightgbm": lightgbm.LGBMClassifier(**plain),
        "smaller": lightgbm.LGBMClassifier(learning_rate=0.03, n_estimators=200, num_leaves=15, **plain),
    }
    if find_spec("interpret") and seed < EBM_REPEATS:
        from interpret.glassbox import ExplainableBoostingClassifier

        made["ebm"] = ExplainableBoostingClassifier(n_jobs=1, random_state=seed)
    for each in made.values():
        each.fit(task.values[learn], task.labels[learn])
    return {name: each.predict_proba(task.values[held])[:, 1] for name, each in made.items()}


FILL = """
INSERT INTO intake_sender (id, name, kind) VALUES (gen_random_uuid(), 'Example Sender', 'provider');
INSERT INTO referrals_referral (id, number, unit_id, issuer, external, sender_id, received_at, versions)
SELECT gen_random_uuid(), nextval('referrals_number'), u.id, 'benchmark', 'EX-' || n, (SELECT id FROM intake_sender LIMIT 1),
       now() - n * interval '20 seconds', 1
FROM generate_series(1, %(referrals)s) n, accounts_unit u;
INSERT INTO priority_assessment (referral_id, rules_id, completeness, actionability, urgency, novelty, floor, score, reasons, signals, assessed_at)
SELECT r.id, (SELECT id FROM priority_ruleset), n %% 100, n %% 97, n %% 50, n %% 89, CASE WHEN n %% 555 = 0 THEN 90 ELSE 0 END,
       10 * (n %% 100) + 25 * (n %% 97) + 45 * (n %% 50) + 20 * (n %% 89), '{}',
       jsonb_build_array(jsonb_build_array('file.known_count', n %% 7, 'observed', 'benchmark'), jsonb_build_array('contact.phone_count', n %% 3, 'reported', 'benchmark')), now()
FROM (SELECT id, row_number() OVER () AS n FROM referrals_referral) r;
INSERT INTO casework_queue (referral_id, unit_id, status, outcome, floor, score, completeness, actionability, urgency, novelty, why, number,
                            sender_id, incident_kind, summary, format, recipients, received_at, changed_at)
SELECT a.referral_id, r.unit_id, 'open', '', a.floor, a.score, a.completeness, a.actionability, a.urgency, a.novelty,
       '[["n-new", 60, "files on no list", "novelty"]]', r.number, r.sender_id, 'material', '{"files": 3}', 'lea-json', '["DE"]', r.received_at, now()
FROM priority_assessment a JOIN referrals_referral r ON r.id = a.referral_id;
"""
RANK = """
UPDATE priority_assessment SET ranker_id = %(ranker)s, score = (score * 7919) %% 10000;
UPDATE casework_queue q SET score = a.score, why = '[["file.known_count", -300, "known files", "learned"]]' || q.why
FROM priority_assessment a WHERE a.referral_id = q.referral_id;
"""


def switch() -> None:
    """The whole queue back to the rules in one request, and exact places at the end of it."""
    import psycopg
    from django.db import connection

    from grace.accounts.models import Unit
    from grace.casework import places
    from grace.casework.models import QueueRow
    from grace.host import database, environment
    from grace.host.database import Role
    from grace.kernel import clock
    from grace.pipeline import rankers as pipeline
    from grace.priority import rankers
    from grace.priority.models import Ranker
    from grace.priority.publish import in_force
    from tests.integration.test_ranker import BODY, PASSPORT
    from tests.support.people import EVERYTHING_BUT_ACCOUNTS, make_officer, viewer_for

    unit = Unit.objects.create(slug="harbour-unit", name="Harbour Unit")
    in_force(unit.id, clock.now())
    viewer = viewer_for(make_officer("Alice", unit, EVERYTHING_BUT_ACCOUNTS))
    row = rankers.keep(viewer, BODY, PASSPORT, clock.now())
    Ranker.objects.filter(id=row.id).update(state="promoted", proposed_by="one", promoted_by="two", promoted_at=clock.now())
    address = database.address(environment.read(), Role.OWNER).url
    with psycopg.connect(address, autocommit=True, cursor_factory=psycopg.ClientCursor) as owner:
        owner.execute(FILL, {"referrals": QUEUE})
        before = _order()
        owner.execute(RANK, {"ranker": row.id})
        owner.execute("VACUUM ANALYZE")
    last = QueueRow.objects.order_by("score", "referral_id")[0]
    heights = [(0, 0), (0, 4_000), (0, 8_000), (90, 0), (0, 9_999)]
    for name, ask in (
        ("where it stands", partial(places.rank_of, viewer, last.referral_id)),
        ("five what-ifs", partial(places.ranks_if, viewer, last.referral_id, 1, heights)),
        ("its neighbour", partial(places.neighbour, viewer, last.referral_id)),
    ):
        times = sorted(_milliseconds(ask) for _ in range(21))
        print(f"  the last of {QUEUE:,}: {name:16} median {times[10]:.0f} ms, 95 % {times[19]:.0f} ms")
    begun = time.monotonic()
    moved = pipeline.switch_off(viewer, "for the benchmark")
    print(f"  switched off in {time.monotonic() - begun:.1f} s: {moved:,} referrals moved, the order is that before: {_order() == before}")
    with closing(connection.cursor()) as cursor:
        cursor.execute("SELECT count(*) FROM casework_queue WHERE why::text LIKE '%learned%'")
        print(f"  lines of the ranker left in the queue: {cursor.fetchone()[0]}")


def _order() -> list[Any]:
    from grace.casework.models import QueueRow

    return list(QueueRow.objects.order_by("-floor", "-score", "-referral_id").values_list("referral_id", "score"))


def _milliseconds(ask: Any) -> float:
    begun = time.perf_counter()
    ask()
    return 1000 * (time.perf_counter() - begun)


def main() -> None:
    warnings.filterwarnings("ignore", category=UserWarning)
    os.environ.setdefault("OMP_NUM_THREADS", "2")
    print(ground.machine())
    with ground.installation():
        print(
            f"bar: at most {BAR} below LightGBM, no step against a direction, reasons within 1e-9, calibration error at most 0.02; {REPEATS} repeats"
        )
        for part, tasks in (("stand-ins", stand_ins), ("outcomes", outcomes)):
            if part in WANTED:
                for task in tasks():
                    measure(task)
        if "world" in WANTED:
            measure(world())
        if "switch" in WANTED:
            switch()


if __name__ == "__main__":
    main()
