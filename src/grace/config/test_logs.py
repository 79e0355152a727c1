from __future__ import annotations

import json
import logging
import sys

from grace.config.logs import JsonLines


def formatted(**facts: object) -> dict[str, object]:
    record = logging.LogRecord("grace.test", logging.WARNING, __file__, 1, "queue %s", ("scored",), None)
    vars(record).update(facts)
    line: dict[str, object] = json.loads(JsonLines().format(record))
    return line


def test_a_line_is_one_object() -> None:
    line = formatted(grace_route="/queue", other="not kept")
    assert line["says"] == "queue scored"
    assert line["level"] == "warning"
    assert line["route"] == "/queue"
    assert "other" not in line
    assert str(line["at"]).endswith("+00:00")


def fail() -> None:
    raise ValueError("alice@example.org cannot be read")


def test_an_error_is_told_by_its_class_and_places_never_by_its_words() -> None:
    try:
        fail()
    except ValueError:
        line = formatted(exc_info=sys.exc_info())
    assert line["error"] == "ValueError"
    assert any("fail" in place for place in line["places"])  # type: ignore[attr-defined]
    assert "alice" not in json.dumps(line)
