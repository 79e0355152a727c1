"""The pages of the register: what a model is and how good, the acts of a steward, what it computed, two side by side."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.urls import reverse

from grace.accounts.capabilities import Capability
from grace.accounts.models import Unit
from grace.analysis import labels
from grace.analysis.models import Inference, Model, ModelState, Seen
from grace.analysis.register import keep
from grace.analysis.register.compare import Told, compare
from grace.cli import house
from grace.cli.main import main
from grace.custody import ledger
from grace.pipeline import models
from grace.pipeline.analyse import analyse_now
from tests.integration.analysis.test_models import RED, imported, keep_files, promoted, shadowed
from tests.support.agencies import Installation
from tests.support.models import graph, picture
from tests.support.people import Person, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]


@pytest.fixture
def at_home(north: Installation) -> Iterator[Installation]:
    with north.at_home():
        yield north


def test_a_steward_sees_the_card_and_moves_the_model(at_home: Installation, alice: Person, harbour_unit: Unit, tmp_path: Path) -> None:
    steward = make_person("Fred", harbour_unit, frozenset({Capability.MANAGE_MODELS}))
    made = imported(alice, tmp_path / "one")
    assert steward.client.get("/").headers["Location"] == reverse("models")
    listed = steward.client.get(reverse("models")).text
    assert "colours 1" in listed
    assert "taken in, does not run" in listed
    page = reverse("model", args=[made.id])
    told = steward.client.get(page).text
    for words in (
        "To test.",
        "Knows three colours.",
        "96.8 % (90.9 to 98.9), of 93",
        "colour.red",
        "as the test likes it",
        made.digest,
        "this installation",
    ):
        assert words in told, words
    act = reverse("act-model", args=[made.id])
    assert steward.client.post(act, {"act": "shadow"}).headers["Location"] == page
    assert "20 are needed to promote it" in steward.client.get(page).text
    assert steward.client.post(act, {"act": "promote"}).status_code == 409
    assert steward.client.post(act, {"act": "sing"}).status_code == 400
    shadow_of(harbour_unit)
    steward.client.post(act, {"act": "promote"})
    assert "promoted, officers see what it says" in steward.client.get(page).text
    steward.client.post(act, {"act": "verify"})
    steward.client.post(act, {"act": "stop"})
    told = steward.client.get(page).text
    assert "stopped, nothing that it said counts" in told
    for said in ("shadow run begun", "looked through again"):
        assert said in told


def shadow_of(unit: Unit) -> None:
    analyse_now(keep_files(unit, *(picture((5 * number, 80, 80), number) for number in range(keep.LEAST_SHADOW))))


def test_who_is_no_steward_reads_and_moves_nothing(
    at_home: Installation, alice: Person, eve: Person, harbour_unit: Unit, tmp_path: Path
) -> None:
    made = imported(alice, tmp_path / "one")
    reader = make_person("Gina", harbour_unit, frozenset({Capability.READ}))
    page = reader.client.get(reverse("model", args=[made.id]))
    assert page.status_code == 200
    assert "do-shadow" not in page.text
    assert reader.client.post(reverse("act-model", args=[made.id]), {"act": "shadow"}).status_code == 403
    assert Model.objects.get().state == ModelState.IMPORTED
    assert eve.client.get(reverse("models")).status_code == 403


def test_inferences_are_those_on_files_of_the_unit(
    at_home: Installation, alice: Person, charlie: Person, harbour_unit: Unit, tmp_path: Path
) -> None:
    made = promoted(alice, harbour_unit, tmp_path / "one")
    (red,) = keep_files(harbour_unit, picture(RED))
    analyse_now([red])
    address = reverse("model-inferences", args=[made.id])
    told = alice.client.get(address).text
    assert reverse("file", args=[red]) in told
    assert "red 1.000" in told or "red 0.99" in told
    assert "None on files or referrals of your unit." in charlie.client.get(address).text
    (entry, *_) = [each for each in ledger.history(f"model:{made.digest}", 20) if each.act == "model.inferences" and len(each.subjects) > 1]
    assert entry.actor == alice.viewer.actor


def test_two_side_by_side(
    at_home: Installation, alice: Person, harbour_unit: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = promoted(alice, harbour_unit, tmp_path / "one")
    second = imported(alice, tmp_path / "two", content=graph(turned=True), version="2")
    (red,) = keep_files(harbour_unit, picture(RED))
    analyse_now([red])
    models.begin_shadow(alice.viewer, second.id)
    analyse_now(list(Inference.objects.values_list("file_id", flat=True).distinct()))
    (seen,) = Seen.objects.filter(run__file_id=red, kind="class.colour.red")
    labels.say(harbour_unit.id, alice.viewer.actor, red, seen.id, verdict="right")
    (term,) = [each for each in compare(keep.one(first.id), keep.one(second.id)).terms if each.term == "colour.red"]
    assert (term.right, term.wrong) == (Told(1, 1, 0), Told(0, 0, 0))
    told = alice.client.get(reverse("compare-models", args=[first.id]), {"with": str(second.id)})
    assert told.status_code == 200
    assert "21 files or texts that both have seen" in told.text
    assert reverse("file", args=[red]) in told.text
    assert alice.client.get(reverse("compare-models", args=[first.id]), {"with": "x"}).status_code == 400
    monkeypatch.setattr(house, "open_house", nullcontext)
    by_command = CliRunner().invoke(main, ["models", "compare", "colours@1", "colours@2"])
    assert "21 files or texts seen by both; on 1 they do not tell the same." in by_command.output
    assert "  1 that officers called right: colours@1 tells 1, colours@2 0" in by_command.output
    assert alice.client.get(reverse("model", args=[first.id])).text.count("colours 2") == 1


def test_programs_read_the_register(at_home: Installation, alice: Person, harbour_unit: Unit, tmp_path: Path) -> None:
    made = imported(alice, tmp_path / "one")
    (row,) = alice.client.get("/api/v1/models").json()
    assert (row["digest"], row["state"]) == (made.digest, "imported")
    told = alice.client.get(f"/api/v1/models/{made.id}").json()
    assert told["passport"]["card"]["purpose"] == "To test."
    assert told["signatures"][0]["agency"] == str(at_home.agency)


def test_a_stopped_model_no_longer_speaks_on_the_page_of_the_file(
    at_home: Installation, alice: Person, harbour_unit: Unit, tmp_path: Path
) -> None:
    """Within one request: the next page that is asked for is without it (AI Act, Article 14)."""
    shadowed_one = imported(alice, tmp_path / "one")
    shadowed(alice, harbour_unit, shadowed_one)
    models.promote(alice.viewer, shadowed_one.id)
    (red,) = keep_files(harbour_unit, picture(RED))
    analyse_now([red])
    page = reverse("file", args=[red])
    assert "class.colour.red" in alice.client.get(page).text
    alice.client.post(reverse("act-model", args=[shadowed_one.id]), {"act": "stop"})
    assert "class.colour.red" not in alice.client.get(page).text
