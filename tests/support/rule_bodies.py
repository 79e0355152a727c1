"""Bodies of rules, for tests."""

from __future__ import annotations

from typing import Any

from grace.priority.rules import base_rules


def lifted() -> dict[str, Any]:
    """The base rules with a floor of 50 for every referral that is not one of a bundle."""
    body = base_rules()
    body["floors"].append(
        {"id": "f-all", "floor": 50, "text": "every one, for the test", "when": [{"signal": "sender.bundled", "absent": True}]}
    )
    return body
