"""The world that is played: of everything something, so that each section has something to measure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from grace.kernel import clock
from grace.simulate.forms import members
from grace.simulate.plan import Form, WorldPlan
from grace.simulate.world import World

DAYS = 28
"""All reports lie within one window of the definition of groups."""
_FORMS = (
    (Form.LEA_JSON, 0.22),
    (Form.LEA_ZIP, 0.2),
    (Form.TIP_FOLDER, 0.08),
    (Form.TIP_ZIP, 0.2),
    (Form.PDF, 0.08),
    (Form.MAIL, 0.07),
    (Form.MAIL_JSON, 0.06),
    (Form.GRACE_JSON, 0.09),
)
_VIRAL_SHARE = 0.12
_OTHER_NUMBER = 100_000_000
_EVERY = 12
"""Of so many reports one comes again in another form, and one under another number."""


def plan_for(referrals: int, seed: int) -> WorldPlan:
    """A world of the last four weeks, so that nothing in it is old."""
    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return WorldPlan(
        seed=seed,
        referrals=referrals,
        start=today - timedelta(days=DAYS),
        days=DAYS,
        urgent_share=0.05,
        quiet_share=0.2,
        flood_share=0.03,
        false_alarm_share=0.01,
        truncated_share=0.03,
        viral_share=_VIRAL_SHARE,
        incomplete_share=0.08,
        duplicate_share=0.04,
        version_share=0.04,
        linked_share=0.1,
        flaw_share=0.08,
        known_share=0.2,
        near_share=0.15,
        relay_share=0.1,
        hidden_share=0.02,
        moved_share=0.04,
        files_per_referral=0.9,
        listed_pictures=24,
        listed_digests=60,
        forms=_FORMS,
    )


def viral_from(referrals: int) -> int:
    """How many reports make a file viral in this world: fewer than name its viral file, more than name any listed one."""
    return max(8, int(referrals * _VIRAL_SHARE * 0.6))


def other_forms(world: World) -> list[tuple[int, Form]]:
    """Which reports come again in which other form that carries their number: those of the clearing house, each form in turn.

    Of reports that were changed by their sender none does: the old form would rightly contradict the new version.
    """
    forms = (Form.PDF, Form.MAIL, Form.MAIL_JSON, Form.LEA_JSON, Form.GRACE_JSON)
    changed = {again[1] for index in range(world.plan.referrals) if (again := world.oracle.resend(index))}
    chosen = [index for index in range(1, world.plan.referrals, _EVERY) if _is_plain(world, index) and index not in changed]
    pairs = [(index, forms[place % len(forms)]) for place, index in enumerate(chosen)]
    return [(index, form) for index, form in pairs if world.oracle.fate(index).form is not form]


def other_numbers(world: World) -> list[int]:
    """Which reports come again under another number: such that have accounts, by which they can be recognised."""
    chosen = [index for index in range(5, world.plan.referrals, _EVERY) if _is_plain(world, index)]
    return [index for index in chosen if len([use for account in world.referral(index).accounts for use in account.captures]) > 2]


def _is_plain(world: World, index: int) -> bool:
    """An original of the clearing house that is not cut and not one of a flood."""
    if world.oracle.resend(index) is not None:
        return False
    fate = world.oracle.fate(index)
    return fate.form.is_lea and fate.flaw is None and not fate.viral and not fate.incomplete


def in_form(world: World, index: int, form: Form) -> tuple[str, bytes]:
    """The report's document in another form."""
    ((name, content),) = members(world.referral(index), form).items()
    return f"again-{name}", content


def renumbered(world: World, index: int) -> tuple[str, bytes]:
    """The report as its sender would send it by mistake once more: as JSON, under another number."""
    referral = world.referral(index)
    ((name, content),) = members(replace(referral, number=referral.number + _OTHER_NUMBER), Form.LEA_JSON).items()
    return name, content
