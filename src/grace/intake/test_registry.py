import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint
from typing import Any

import pytest

from grace.intake import registry
from grace.intake.formats.cybertipline import FORMAT as XML
from grace.intake.formats.lea_json import FORMAT as LEA
from grace.intake.packages import package_of
from grace.sdk.intake import Claim, Kind, Leaf, Note, Package, Passage, Person, Reading, Report, Role, Unreadable
from grace.sdk.testing import texts


@dataclass
class Fake:
    """A format that does what the test says."""

    answer: Any = ()
    sureness: Any = 0.5
    name: str = "fake"
    version: str = "1"
    carries: Any = frozenset({"report.number"})

    def recognises(self, package: Package) -> float:
        if isinstance(self.sureness, Exception):
            raise self.sureness
        return self.sureness  # type: ignore[no-any-return]

    def read(self, package: Package) -> tuple[Reading, ...]:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer  # type: ignore[no-any-return]

    def examples(self) -> tuple[Mapping[str, bytes], ...]:
        return ()


REPORT = Report("fake", "ISSUER", "1", "Sender")
READING = Reading(REPORT, ("a",))
PACKAGE = package_of({"a": b"one"})


def test_the_formats_that_come_with_grace_are_found() -> None:
    assert {plug_in.name for plug_in in registry.formats()} >= {"lea-json", "cybertipline-xml"}


@pytest.mark.parametrize("plug_in", [LEA, XML], ids=lambda plug_in: plug_in.name)
def test_each_example_is_given_to_its_own_format(plug_in: Any) -> None:
    for example in plug_in.examples():
        assert registry.choose(package_of(example), (LEA, XML)) is plug_in


def test_the_surest_is_chosen() -> None:
    sure, unsure = Fake(sureness=0.9), Fake(sureness=0.1)
    assert registry.choose(PACKAGE, (unsure, sure, Fake(sureness=0.0))) is sure


@pytest.mark.parametrize("sureness", [0.0, -1.0, 2.0, float("nan"), "much", None, ValueError("broken"), RecursionError()])
def test_a_format_that_cannot_answer_is_not_chosen(sureness: Any) -> None:
    with pytest.raises(Unreadable) as refused:
        registry.choose(PACKAGE, (Fake(sureness=sureness),))
    assert refused.value.code == "unrecognised"


def test_zips_in_a_zip_get_a_reason_of_their_own() -> None:
    with pytest.raises(Unreadable) as refused:
        registry.choose(package_of({"inner.zip": b"PK"}), ())
    assert refused.value.code == "nested"


def test_a_package_that_cannot_be_opened_gets_the_reason_of_the_bytes() -> None:
    with pytest.raises(Unreadable) as refused:
        registry.choose(PACKAGE, (Fake(sureness=Unreadable("damaged-zip", "broken")),))
    assert refused.value.code == "damaged-zip"


@pytest.mark.parametrize("error", [ValueError("of the document: secret"), KeyError("x"), RecursionError(), MemoryError(), AssertionError()])
def test_every_failure_of_a_format_is_unreadable_and_tells_nothing(error: Exception) -> None:
    with pytest.raises(Unreadable) as refused:
        registry.read(PACKAGE, (Fake(answer=error),))
    assert refused.value.code == "format-failed"
    assert "secret" not in refused.value.message


@pytest.mark.parametrize("answer", [None, (), [READING], (REPORT,), "text"])
def test_an_answer_that_is_no_reading_is_a_failure(answer: Any) -> None:
    with pytest.raises(Unreadable) as refused:
        registry.read(PACKAGE, (Fake(answer=answer),))
    assert refused.value.code == "format-failed"


def test_a_refusal_of_the_format_keeps_its_reason() -> None:
    with pytest.raises(Unreadable) as refused:
        registry.read(PACKAGE, (Fake(answer=Unreadable("truncated", "cut off")),))
    assert refused.value.code == "truncated"


def test_a_clean_reading_is_handed_on_as_it_is() -> None:
    (reading,) = registry.read(PACKAGE, (Fake(answer=(READING,)),))
    assert reading is READING


BAD = "a\x00b\ud800"
CLAIM = Claim(Kind.OTHER, BAD, "$", BAD, BAD, BAD, None, BAD, BAD, {BAD: BAD})


@pytest.mark.parametrize(
    "report",
    [
        replace(REPORT, number=BAD),
        replace(REPORT, escalated=BAD),
        replace(REPORT, annotations=(BAD,)),
        replace(REPORT, facts={"key": BAD}),
        replace(REPORT, facts={BAD: "value"}),
        replace(REPORT, claims=(CLAIM,)),
        replace(REPORT, passages=(Passage(BAD, "$", "note"),)),
        replace(REPORT, notes=(Note("code", BAD, "text"),)),
        replace(REPORT, leaves=(Leaf(BAD, "value"),)),
        replace(REPORT, leaves=(Leaf("$", BAD),)),
        replace(REPORT, persons=(Person(Role.VICTIM, "$", {"first_name": BAD}, (CLAIM,)),)),
    ],
)
def test_no_text_that_cannot_be_stored_gets_through(report: Report) -> None:
    (reading,) = registry.read(PACKAGE, (Fake(answer=(Reading(report, ("a",)),)),))
    found = "".join(texts(reading))
    found.encode()
    assert "\x00" not in found
    assert "\N{SYMBOL FOR NULL}" in found


def test_a_bad_plug_in_hurts_only_itself(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    points = (
        EntryPoint("lea-json", "grace.intake.formats.lea_json:FORMAT", registry.GROUP),
        EntryPoint("gone", "grace.no_such_module:FORMAT", registry.GROUP),
        EntryPoint("hollow", "grace.intake.formats.lea_json:FORMAT.name", registry.GROUP),
    )
    monkeypatch.setattr(registry, "entry_points", lambda group: points)
    registry.formats.cache_clear()
    try:
        with caplog.at_level(logging.INFO, "grace.intake.registry"):
            assert registry.formats() == (LEA,)
    finally:
        registry.formats.cache_clear()
    assert "gone" in caplog.text
    assert "hollow" in caplog.text
    assert "lea-json 1 loaded" in caplog.text
