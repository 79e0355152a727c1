"""docs/reference/rules.md: the format of rules, and every signal there is."""

from __future__ import annotations

from grace.priority.axes import Axis
from grace.priority.rule_faults import MOST_POINTS, MOST_QUEUES, MOST_RULES
from grace.priority.rules import base_rules
from grace.sdk.signals import DENIED, KINDS
from tests.support.source import ROOT

PAGE = ROOT / "docs" / "reference" / "rules.md"
_TYPES = {bool: "true or false", int: "whole number", float: "number", str: "text"}


def rules_page() -> str:
    """The page as it should be."""
    signals = "\n".join(f"| `{kind.name}` | {_TYPES[kind.type]} | {kind.meaning} |" for kind in KINDS.values())
    base = base_rules()
    return _PAGE.format(
        axes=", ".join(f"`{axis}`" for axis in Axis),
        points=MOST_POINTS,
        most=MOST_RULES,
        most_queues=MOST_QUEUES,
        signals=signals,
        denied=", ".join(f"`{word}`" for word in sorted(DENIED)),
        base=f"{len(base['rules'])} rules and {len(base['floors'])} floors",
    )


_PAGE = """# Rules

Generated from `src/grace/priority/rules.py` and `src/grace/sdk/signals.py` (`make docs`). How to change the rules of a unit:
[change-the-rules](../how-to/change-the-rules.md).

A unit's rules are one JSON object. They turn *signals*, what is known of a referral, into points on four axes that are
never mixed, each 0 to 100: {axes}. The points of each line are shown with the referral, and sum to the axis.
The base rules that every unit starts with are `src/grace/priority/base_rules.json`: {base}.

```json
{{
  "format": 1,
  "weights": {{"completeness": 10, "actionability": 25, "urgency": 45, "novelty": 20}},
  "escalation": {{"minimum": 3, "share": 0.02, "maximum": 50}},
  "rules": [
    {{"id": "u-access", "axis": "urgency", "points": 25, "text": "access to a child stated",
      "when": [{{"signal": "person.access_to_child", "is": true}}]}},
    {{"id": "a-earlier", "axis": "actionability", "points": 5, "each": "link.earlier_reports", "up_to": 15,
      "text": "earlier reports named", "when": [{{"signal": "link.earlier_reports", "at_least": 1}}]}}
  ],
  "floors": [
    {{"id": "f-access-now", "floor": 95, "text": "access to a child stated, within a week",
      "when": [{{"signal": "person.access_to_child", "is": true}}, {{"signal": "incident.age_days", "at_most": 7}}]}}
  ]
}}
```

| part | meaning |
|---|---|
| `weights` | per cent of each axis in the score (0 to 10,000); they sum to 100 |
| `escalation` | how many of a sender's own escalations of a day count: `share` of its reports of the day, at least `minimum`, at most `maximum`; the others give `sender.escalated_over_share`; none of the three counts below the base rules |
| `rules` | at most {most}; `points` from -{points} to {points}, once, or for `each` of a counting signal up to `up_to` points |
| `floors` | a height from 1 to 100 below which nothing can push the referral; the queue is ordered by floor, then by score; the base rules' floors hold also where a body lacks them |
| `queues` | may be left out; at most {most_queues} queues of the unit's own, which show what their conditions say and move nothing |
| `id` | a text of its own; versions are compared by it |
| `text` | what the officer reads, at most 200 characters |
| `when` | 1 to 10 conditions, all of which must hold |

A condition names a signal and one of:

| operator | holds where |
|---|---|
| `is` | a value that was given equals this one |
| `at_least`, `at_most` | a number that was given reaches it, or stays within it |
| `one_of` | a text that was given is in this list |
| `absent` | `true`: the signal was not given; `false`: it was |

A signal that nobody gave makes a condition false, unless it asks for absence.

Between units and agencies a body travels in a file with a head: [rules.schema.json](rules.schema.json).

## Signals

| signal | value | meaning |
|---|---|---|
{signals}

## What no rule can use

No signal speaks of what a reported person *is*. A kind whose name holds one of these words can be neither published nor
used in a rule, nor taken in by scoring (AI Act, Article 5): {denied}. The age of an event or of an address in days is
not the age of a person.
"""
