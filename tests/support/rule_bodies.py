"""Bodies of rules, for tests."""

from __future__ import annotations

from typing import Any

from grace.pipeline import rules as pipeline
from grace.priority.models import RuleSet
from grace.priority.rules import base_rules
from tests.support.people import Person


def lifted() -> dict[str, Any]:
    """The base rules with a floor of 50 for every referral that is not one of a bundle."""
    body = base_rules()
    body["floors"].append(
        {"id": "f-all", "floor": 50, "text": "every one, for the test", "when": [{"signal": "sender.bundled", "absent": True}]}
    )
    return body


def publish_by_two(author: Person, publisher: Person, body: dict[str, Any], note: str = "") -> RuleSet:
    """One drafts, the other puts it in force."""
    return pipeline.publish_rules(publisher.viewer, pipeline.edit_rules(author.viewer, body, note).number)
