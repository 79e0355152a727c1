from grace.analysis.analysers.identifiers import ANALYSER
from grace.identifiers.find import find
from grace.sdk.analysis import MOST_SEEN, Finding, Text
from grace.sdk.signals import Basis
from grace.sdk.testing import AnalyserContract
from tests.support.snippets import snippets

LINE = "Mail Kite@Example.org, call +49 30 23125077, see https://example.com/a, from 192.0.2.7; insta: kite.77; IBAN DE89 3704 0044 0532 0130 00"


def seen(text: str) -> list[Finding]:
    return [each for each in ANALYSER.examine(Text("t", text)) if isinstance(each, Finding)]


class TestIdentifiers(AnalyserContract):
    analyser = ANALYSER
    subjects = (
        Text("line", LINE),
        Text("many", "kite@example.org " * 1_000),
        Text("long", f"https://example.com/{'a' * 3_000}"),
        Text("odd", "kite@example.org\x00 \ud800 https://example.com/\ud800 \udfff@example.org"),
    )


def test_each_kind_is_carried_with_its_place() -> None:
    assert [(each.kind, each.value, LINE[slice(*map(int, each.where.removeprefix("text:").split(",")))]) for each in seen(LINE)] == [
        ("identifier.email", "kite@example.org", "Kite@Example.org"),
        ("identifier.phone", "+493023125077", "+49 30 23125077"),
        ("identifier.url", "https://example.com/a", "https://example.com/a"),
        ("identifier.ip", "192.0.2.7", "192.0.2.7"),
        ("identifier.screen_name", "kite.77", "kite.77"),
        ("identifier.payment", "DE89370400440532013000", "DE89 3704 0044 0532 0130 00"),
    ]
    assert {each.basis for each in seen(LINE)} == {Basis.OBSERVED}
    assert [dict(each.facts) for each in seen(LINE) if each.facts] == [{"service": "instagram"}]


def test_nothing_is_added_or_lost() -> None:
    for snippet in snippets("first"):
        carried = [(each.kind.removeprefix("identifier."), each.value, each.where) for each in seen(snippet.text)]
        assert carried == [(each.kind, each.normal, f"text:{each.start},{each.end}") for each in find(snippet.text)]


def test_no_more_than_the_bound() -> None:
    assert len(seen("kite@example.org " * 1_000)) == MOST_SEEN


def test_what_no_finding_can_hold_is_left_out() -> None:
    assert [each.value for each in seen(f"https://example.com/{'a' * 3_000} then kite@example.org")] == ["kite@example.org"]
