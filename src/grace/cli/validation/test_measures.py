from __future__ import annotations

from grace.cli.validation.measures import MOST_EXAMPLES, Measure, Section, none_of, share, verdict_of


def test_a_share_names_what_went_wrong_and_rounding_hides_no_fault() -> None:
    found = share("right", [(f"document {n}", n > 0) for n in range(100_000)], at_least=1)
    assert (found.value, found.verdict, found.examples) == (0.9999, "failed", ("document 0",))
    assert share("right", [("document 1", True)], at_least=1).verdict == "met"


def test_nothing_to_measure_is_neither_met_nor_failed() -> None:
    assert share("right", [], at_least=1).verdict == "not measured"
    assert Measure("lines", 7).verdict == "no bar"


def test_one_fault_is_one_too_many() -> None:
    assert none_of("lost", ["document 3"], 10).verdict == "failed"
    assert none_of("lost", [], 10).verdict == "met"


def test_examples_are_few() -> None:
    assert len(none_of("lost", map(str, range(99)), 99).told()["examples"]) == MOST_EXAMPLES


def test_a_section_fails_with_any_of_its_bars() -> None:
    assert Section("x", "X", [none_of("a", [], 1), none_of("b", ["c"], 1)]).told()["verdict"] == "failed"
    assert verdict_of(["met", "no bar", "not measured"]) == "met"
    assert verdict_of(["no bar", "not measured"]) == "no bar"
    assert verdict_of([]) == "not measured"
