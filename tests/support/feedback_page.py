"""``docs/reference/feedback.md``: what a sender is told that its report lacks, from the published list itself."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import translation

from grace.casework.usual import sender_rules
from grace.intake import registry
from grace.intake.feedback import CODES, FORMAT, MOST_PATHS
from tests.support.source import ROOT

PAGE = ROOT / "docs" / "reference" / "feedback.md"

_HEAD = f"""# Feedback

Generated from `src/grace/intake/feedback.py` (`make docs`). Each report that comes in is looked at once for what it lacks to be worked; what was
found is kept beside the version, told to whoever brought the report, and counted for each sender. Version {FORMAT} of the list: it counts up when a
code changes its meaning or goes; new codes may come within a version.

A remark is `code`, `field` (of [fields](fields.md)), `severity`, `says` (a sentence for people), `count` and `paths`: the first {MOST_PATHS} places in
the document where the field would stand. It holds no value of the report. A code holds only for reports in a format that carries one of its
fields: what a format has no place for is never missing.

- `missing`: without it a lead may end here. `weak`: it is there and cannot be used as it stands. `note`: it would help.
- Where it is told: the receipt of `POST /api/v1/referrals`, `GET /api/v1/referrals/{{id}}/feedback`, `GET /ispws/feedback/{{reportId}}` for the sender's own
  finished reports, and `grace senders feedback` for a period.
- Of a referral with several documents a code counts where all of them together lack it.
"""


def feedback_page() -> str:
    """The table of codes, and the rules by which senders are counted."""
    rules = sender_rules()
    foot = f"""
## How senders are counted

From `src/grace/casework/sender_rules.json`. A referral counts as *actionable* from an actionability of {rules.actionable_at_least} on. A day is a *flood* where it
brings more than {rules.at_least} referrals of a sender and more than its usual level and {rules.spread} spreads above it. The level is the median of the
{rules.days} days before (at least {rules.known_days}), the spread the largest of 1.4826 times the median absolute deviation, the square root of the level, and one.
"""
    with translation.override("en"):
        return "\n".join([_HEAD, *_table()]) + "\n" + foot


def _table() -> Iterator[str]:
    names = [each.name for each in registry.formats()]
    yield f"| code | severity | fields | says | {' | '.join(f'`{name}`' for name in names)} |"
    yield f"|---|---|---|---|{'---|' * len(names)}"
    for code, known in CODES.items():
        fields = ", ".join(f"`{field}`" for field in known.fields) or "the document"
        held = ("yes" if not known.fields or not each.carries.isdisjoint(known.fields) else "" for each in registry.formats())
        yield f"| `{code}` | {known.weight} | {fields} | {known.says} | {' | '.join(held)} |"
