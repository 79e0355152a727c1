from __future__ import annotations

from typing import Any

import pytest

from grace.kernel.errors import Invalid
from grace.priority.shapes import HIGHEST, LIMIT, START, chance, digest, read_ranker, told_as

BODY: dict[str, Any] = {
    "format": "grace-ranker",
    "start": 2_000,
    "shapes": [
        {"feature": "sender.escalated", "edges": [0.5], "points": [0, 900]},
        {"feature": "file.known_count", "edges": [0.5, 2.5], "points": [0, -100, -300]},
        {"feature": "incident.age_days", "edges": [2.0], "points": [400, -50]},
    ],
    "pairs": [
        {
            "features": ["person.victim_count", "incident.age_days"],
            "edges": [[0.5], [2.0]],
            "points": [[0, 0, 0], [0, 0, 0], [20, 20, 5]],
        }
    ],
}


def changed(**parts: Any) -> dict[str, Any]:
    return {**BODY, **parts}


def shape(**parts: Any) -> dict[str, Any]:
    return changed(shapes=[{**BODY["shapes"][0], **parts}])


def test_reasons_sum_to_the_score_and_what_is_not_said_gives_nothing() -> None:
    ranker = read_ranker(BODY)
    assert ranker.score({}) == 2_000
    told = {"sender.escalated": 1.0, "file.known_count": 3.0, "incident.age_days": 0.5, "person.victim_count": 1.0}
    reasons = ranker.reasons(told)
    assert sum(each.points for each in reasons) == ranker.score(told) == 2_000 + 900 - 300 + 400 + 20
    assert [each.name for each in reasons][:2] == [START, "sender.escalated"]
    assert reasons[-1].values == (1.0, 0.5)


def test_a_score_stays_within_its_limits_by_a_line_of_its_own() -> None:
    ranker = read_ranker(changed(start=9_500))
    reasons = ranker.reasons({"sender.escalated": 1.0})
    assert (reasons[-1].name, reasons[-1].points) == (LIMIT, -400)
    assert sum(each.points for each in reasons) == ranker.score({"sender.escalated": 1.0}) == HIGHEST


def test_a_body_comes_back_as_it_was() -> None:
    assert told_as(read_ranker(BODY)) == BODY
    assert digest(told_as(read_ranker(BODY))) == digest(BODY)


def test_chances() -> None:
    assert chance(5_000) == 0.5
    assert chance(5_500) == pytest.approx(0.731, abs=1e-3)


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        changed(format="other"),
        changed(start=2.5),
        changed(start=True),
        changed(shapes=[BODY["shapes"][0]] * 2),
        shape(feature="person.nationality"),
        shape(feature="file.class"),
        shape(feature="file.class=ethnicity"),
        shape(points=[0, -900]),
        shape(points=[10, 900]),
        shape(points=[0]),
        shape(points=[0, 1 << 40]),
        shape(edges=[float("nan")]),
        shape(edges=[0.5, 0.5], points=[0, 1, 2]),
        changed(pairs=[{**BODY["pairs"][0], "features": ["person.victim_count", "contact.phone_count"]}]),
        changed(pairs=[{**BODY["pairs"][0], "features": ["file.known_count", "group.viral"]}]),
        changed(pairs=[{**BODY["pairs"][0], "points": [[0, 0, 0], [0, 0, 5], [20, 20, 5]]}]),
        changed(pairs=[{**BODY["pairs"][0], "points": [[0, 0, 0], [0, 0, 0]]}]),
        changed(pairs=[{**BODY["pairs"][0], "points": [[5, 5, 5], [5, 5, 5], [20, 20, 5]]}]),
    ],
)
def test_what_no_program_of_ours_wrote_is_refused(body: object) -> None:
    with pytest.raises(Invalid, match="no ranker"):
        read_ranker(body)
