import time
from pathlib import Path

import pytest

from grace.analysis.analysers.language import ANALYSER, UNKNOWN
from grace.analysis.analysers.language.scripts import LANGUAGES, MOST_MARKUP, MOST_TEXT, readable
from grace.sdk.analysis import Finding, Text
from grace.sdk.signals import Basis
from grace.sdk.testing import AnalyserContract

TEXTS = Path(__file__).parents[5] / "benchmarks" / "languages"


def language_of(text: str) -> Finding | None:
    ANALYSER.warm_up()
    found = {each.kind: each for each in ANALYSER.examine(Text("t", text)) if isinstance(each, Finding)}
    return found.get("text.language")


def script_of(text: str) -> Finding:
    return next(each for each in ANALYSER.examine(Text("t", text)) if isinstance(each, Finding) and each.kind == "text.script")


class TestLanguage(AnalyserContract):
    analyser = ANALYSER
    subjects = (
        Text("de", "Wann fährt der Zug nach Leipzig?"),
        Text("long", "Wann fährt der Zug nach Leipzig? " * 10_000),
        Text("fancy", "\ufdfa" * 20_000),
        Text("lone", "Ein \ud800 Ersatzzeichen im Text"),
        Text("zero", "a\x00b"),
    )


def test_all_24_languages_are_asked_for() -> None:
    assert sorted(path.stem for path in TEXTS.glob("??.txt")) == sorted(frozenset().union(*LANGUAGES.values()))


@pytest.mark.parametrize("path", sorted(TEXTS.glob("??.txt")), ids=lambda path: path.stem)
def test_short_texts_are_recognised(path: Path) -> None:
    said = [found.value if (found := language_of(line)) else None for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(said) >= 20
    assert said.count(path.stem) >= len(said) - 1
    assert set(said) <= {path.stem, UNKNOWN}


@pytest.mark.parametrize("path", sorted((TEXTS / "others").glob("??.txt")), ids=lambda path: path.stem)
def test_other_languages_are_unknown(path: Path) -> None:
    said = [found.value if (found := language_of(line)) else None for line in path.read_text(encoding="utf-8").splitlines()]
    assert said == [UNKNOWN] * len(said)


def test_what_is_in_no_language_is_unknown() -> None:
    for line in (TEXTS / "others" / "none.txt").read_text(encoding="utf-8").splitlines():
        found = language_of(line)
        assert found is None or found.value == UNKNOWN, line


def test_an_answer_is_an_estimate_with_its_sureness() -> None:
    found = language_of("Wann fährt der Zug nach Leipzig?")
    assert found is not None
    assert (found.value, found.basis) == ("de", Basis.MODEL)
    assert found.confidence is not None
    assert found.confidence > 0.9
    assert ANALYSER.info.model_digest is not None


@pytest.mark.parametrize(
    ("text", "reason"),
    [("ok", "short"), ("super", "short"), ("明天又要下雨了", "script"), ("Welaist ti'r gêm ddoe?", "other")],
)
def test_unknown_says_why(text: str, reason: str) -> None:
    found = language_of(text)
    assert found is not None
    assert (found.value, found.confidence, found.facts["reason"]) == (UNKNOWN, None, reason)


def test_text_without_letters_says_nothing() -> None:
    assert language_of("12:30, 👍 https://example.org/ anna@example.com") is None


def test_addresses_do_not_speak() -> None:
    text = "Kommst du morgen auch mit zum Training?"
    plain = language_of(text)
    assert plain == language_of(f"{text} https://example.com/the/weather/is/nice info@weather.example #tomorrow @anna_one 12345")


def test_markup_does_not_speak() -> None:
    head = "<html><head><title></title><style>body { margin: auto; font-family: serif }</style><script>let open = false;</script></head>"
    page = f'{head}<!-- the end of the page --><body class="main page"><p>Kommst du morgen&nbsp;auch mit zum <b>Training</b>?</p></body></html>'
    assert readable(page) == "Kommst du morgen auch mit zum Training ?"
    assert readable("a < b and c > d") == "a < b and c > d"


@pytest.mark.parametrize("piece", ["<", "<a", "<script>", "<!--", "<script><style>", "&a", "<script ", "</script>"])
def test_broken_markup_takes_no_time(piece: str) -> None:
    began = time.process_time()
    readable(piece * (MOST_MARKUP // len(piece)))
    assert time.process_time() - began < 0.5


def test_the_script_of_most_letters() -> None:
    found = script_of("Завтра дождь, see you")
    assert (found.value, found.basis, found.facts) == ("Cyrl", Basis.OBSERVED, {"Cyrl": "0.65", "Latn": "0.35"})


def test_letters_of_fancy_fonts_are_letters() -> None:
    found = language_of("\U0001d5d6\U0001d5ee\U0001d5fb \U0001d606\U0001d5fc\U0001d602 take my shift on Friday afternoon?")
    assert found is not None
    assert found.value == "en"


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    beginning = "Wann fährt der Zug nach Leipzig? " * (MOST_TEXT // 33 + 1)
    assert language_of(beginning) == language_of(beginning + "When does the train to Leeds leave? " * 1_000)
