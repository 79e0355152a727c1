"""Officers call findings right or wrong: kept for their unit, shown, written down, and there still when the finding has gone."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.urls import reverse

from grace.accounts.capabilities import Capability
from grace.accounts.models import Unit
from grace.analysis.models import Label, Run, Seen
from grace.custody import ledger
from grace.evidence import files
from grace.evidence.files import Keep
from grace.evidence.models import File
from grace.kernel.errors import Invalid, Missing, Refused
from grace.pipeline.analyse import analyse_now
from grace.pipeline.labels import label
from grace.sdk.analysis import Finding
from grace.sdk.signals import Basis
from tests.support.analysers import always, info, saying
from tests.support.people import Person, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]

GIVES = {"picture.kind": "what kind of picture it is"}


@pytest.fixture
def file(harbour_unit: Unit) -> UUID:
    """A file of which a model said something."""
    (kept,) = files.keep_many([Keep(harbour_unit.id, b"words", "received")])
    with saying((info("kinds", "3", gives=GIVES), always(Finding("picture.kind", "a bridge", Basis.MODEL, confidence=0.7)))):
        analyse_now([kept.id])
    return kept.id


def seen_of(file: UUID) -> Seen:
    return Seen.objects.get(run__file_id=file)


def test_what_an_officer_says_is_kept_shown_and_written_down(alice: Person, file: UUID) -> None:
    page = reverse("file", args=[file])
    assert "right or wrong?" in alice.client.get(page).text
    address = reverse("label-finding", args=[file, seen_of(file).id])
    answer = alice.client.post(address, {"verdict": "wrong", "instead": "a boat"})
    assert answer.headers["Location"] == f"{page}#findings"
    assert "wrong, says your unit: a boat" in alice.client.get(page).text
    kept = Label.objects.get()
    assert (kept.analyser, kept.version, kept.kind, kept.value, kept.verdict, kept.instead, kept.actor) == (
        "kinds",
        "3",
        "picture.kind",
        "a bridge",
        "wrong",
        "a boat",
        alice.viewer.actor,
    )
    digest = bytes(File.objects.get(id=file).sha256).hex()
    assert "finding.label" in [each.act for each in ledger.history(f"file:{digest}", 5)]
    label(alice.viewer, file, seen_of(file).id, "right", "ignored")
    assert [(each.verdict, each.instead) for each in Label.objects.all()] == [("right", "")]
    Run.objects.all().delete()
    assert Label.objects.count() == 1
    files.release(alice.viewer.unit_id, [file])
    assert not Label.objects.exists()


def test_only_the_own_units_files_and_only_who_decides(alice: Person, charlie: Person, harbour_unit: Unit, file: UUID) -> None:
    seen = seen_of(file).id
    reader = make_person("reader", harbour_unit, frozenset({Capability.READ}))
    with pytest.raises(Missing):
        label(charlie.viewer, file, seen, "right")
    with pytest.raises(Refused):
        label(reader.viewer, file, seen, "right")
    (other,) = files.keep_many([Keep(harbour_unit.id, b"other", "received")])
    with pytest.raises(Missing):
        label(alice.viewer, other.id, seen, "right")
    assert "right or wrong?" not in reader.client.get(reverse("file", args=[file])).text
    assert not Label.objects.exists()


@pytest.mark.parametrize(("verdict", "instead"), [("maybe", ""), ("", ""), ("wrong", "x" * 201), ("wrong", "a\nb"), ("wrong", "a\x00b")])
def test_what_cannot_be_said_is_told(alice: Person, file: UUID, verdict: str, instead: str) -> None:
    with pytest.raises(Invalid):
        label(alice.viewer, file, seen_of(file).id, verdict, instead)
    assert not Label.objects.exists()
