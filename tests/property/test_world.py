"""Whatever the plan, the world keeps its promises."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grace.simulate.plan import Form, WorldPlan
from grace.simulate.truth import Flaw, Resend, Standing
from grace.simulate.world import World

QUARTER = st.floats(0, 0.25)
FORMS = st.lists(st.tuples(st.sampled_from(Form), st.floats(0.1, 5)), min_size=1, max_size=4).map(tuple)
SHARES = (
    "urgent_share",
    "flood_share",
    "false_alarm_share",
    "truncated_share",
    "viral_share",
    "incomplete_share",
    "duplicate_share",
    "version_share",
    "known_share",
    "near_share",
    "quiet_share",
    "linked_share",
    "flaw_share",
)


@st.composite
def plans(draw: st.DrawFn, *, bare: bool) -> WorldPlan:
    """A plan of few documents, whose pictures are few so that an example costs little."""
    shares: dict[str, Any] = {name: draw(QUARTER) for name in SHARES}
    return WorldPlan(
        seed=draw(st.integers(0, 2**40)),
        referrals=draw(st.integers(1, 2_000 if bare else 6)),
        days=draw(st.integers(1, 800)),
        growth=draw(st.floats(-0.9, 3)),
        files_per_referral=draw(st.floats(0, 1.5)),
        listed_pictures=1,
        listed_digests=draw(st.integers(1, 50)),
        forms=((Form.LEA_JSON, 1.0),) if bare else draw(FORMS),
        bare=bare,
        **shares,
    )


@given(plans(bare=True), st.data())
@settings(max_examples=60, deadline=None)
def test_any_document_of_any_load_is_the_same_however_it_is_reached(plan: WorldPlan, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, plan.referrals - 1))
    fresh, used = World(plan), World(plan)
    used.document(plan.referrals // 2)
    assert fresh.document(index) == used.document(index)


@given(plans(bare=False))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_truth_and_documents_agree_in_any_world(plan: WorldPlan) -> None:
    world = World(plan)
    listed = {row.value for _, row in world.catalogue.rows() if row.algorithm == "md5"}
    made = [world.document(index) for index in range(plan.referrals)]
    for document in made:
        truth = document.truth
        assert truth.incident_at < truth.received_at
        assert set(truth.states_stated) <= set(truth.states)
        assert truth.urgent == (truth.why is not None)
        assert not truth.stated or truth.urgent
        assert not truth.escalated or not truth.form.is_lea
        assert all((file.md5 in listed) == (file.standing is Standing.KNOWN) for file in truth.files)
        assert all(not file.present for file in truth.files) or truth.form.carries_files
        if truth.resend is not None:
            first = made[truth.resend_of or 0]
            assert first.truth.resend is None
            assert (document.content == first.content) == (truth.resend is Resend.DUPLICATE)
        assert truth.readable == (Flaw.TRUNCATED not in truth.flaws)


@given(plans(bare=True))
@settings(max_examples=40, deadline=None)
def test_shares_of_originals_are_exact(plan: WorldPlan) -> None:
    oracle = World(plan).oracle
    fates = [oracle.fate(index) for index in range(plan.referrals) if oracle.resend(index) is None]
    assert len(fates) == oracle.originals
    assert sum(fate.why is not None for fate in fates) == round(oracle.originals * plan.urgent_share)
