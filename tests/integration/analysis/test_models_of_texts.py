"""Models of texts over the texts of reports: run behind the walls, kept, made again, counted, called right or wrong, and silenced at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from grace.accounts.models import Unit
from grace.analysis import texts
from grace.analysis.models import Inference, Label, Model, ModelState, Order, State, TextRun
from grace.analysis.passage import digest
from grace.analysis.register import keep
from grace.analysis.register.compare import Told, compare
from grace.casework.decide import Wish
from grace.custody import ledger
from grace.kernel.errors import Conflict, Missing
from grace.pipeline import analyses, models
from grace.pipeline.analyses import Things
from grace.pipeline.decide import decide
from grace.pipeline.labels import label_text
from grace.pipeline.text_signals import OF_MODELS
from grace.pipeline.texts import analyse_anew, analyse_waiting
from grace.priority.assess import signals_of
from grace.referrals import texts as referrals
from grace.sdk.signals import Basis
from tests.integration.analysis.test_models import imported
from tests.integration.analysis.test_texts import arrived, erase
from tests.support.agencies import Installation
from tests.support.jobs import run_due_jobs
from tests.support.models import OF_TEXTS, graph_of_texts
from tests.support.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
RED, GREEN, GREY = "red red red", "green green", "a quiet hall at noon"


@pytest.fixture
def at_home(north: Installation) -> Iterator[Installation]:
    with north.at_home():
        yield north


def taken_in(steward: Person, path: Path, *, turned: bool = False, **about: Any) -> Model:
    return imported(steward, path, content=graph_of_texts(turned=turned), name="words", made=OF_TEXTS, **about)


def shadowed(steward: Person, unit: Unit, model: Model) -> UUID:
    """Let it run in shadow on as many texts as are asked for, all of one referral."""
    models.begin_shadow(steward.viewer, model.id)
    referral = arrived(unit, *(f"{GREY} {place}" for place in range(keep.LEAST_SHADOW)), number=f"S-{model.version}")
    analyse_waiting(unit.id)
    return referral


def promoted(steward: Person, unit: Unit, path: Path, **about: Any) -> Model:
    made = taken_in(steward, path, **about)
    shadowed(steward, unit, made)
    return models.promote(steward.viewer, made.id)


def said(referral: UUID, text: str) -> list[tuple[str, str]]:
    found = texts.of_referral(referral).get(digest(text), ())
    return [(seen.kind, seen.value) for each in found for seen in each.seen if each.analyser.startswith("model.")]


def classes(referral: UUID) -> list[tuple[str, str]]:
    return [(str(each.value), str(each.basis)) for each in signals_of([referral])[referral] if each.kind == OF_MODELS]


def test_a_shadow_is_recorded_and_moves_nothing(at_home: Installation, alice: Person, harbour_unit: Unit, tmp_path: Path) -> None:
    made = taken_in(alice, tmp_path / "one")
    models.begin_shadow(alice.viewer, made.id)
    referral = arrived(harbour_unit, RED, GREEN)
    run_due_jobs()
    with pytest.raises(Conflict, match="has seen 2 files or texts"):
        models.promote(alice.viewer, made.id)
    row = Inference.objects.get(sha256=digest(RED))
    assert (row.model_id, row.file_id, row.referral_id, row.shadow) == (made.id, None, referral, True)
    assert row.scores[0] > 0.99
    assert (len(row.outputs), row.thresholds, len(bytes(row.tensor))) == (3, [0.8, 0.8, 0.8], 32)
    assert "onnxruntime" in row.rule
    assert TextRun.objects.get(sha256=digest(RED), analyser="shadow.words@1").seen == []
    assert (said(referral, RED), classes(referral)) == ([], [])
    assert "shadow.words" not in alice.client.get(reverse("referral", args=[referral])).text


def test_a_promoted_one_tells_estimates_that_count_and_stands_in_the_ledger(
    at_home: Installation, alice: Person, harbour_unit: Unit, tmp_path: Path
) -> None:
    made = promoted(alice, harbour_unit, tmp_path / "one")
    referral = arrived(harbour_unit, RED, GREEN, GREY)
    run_due_jobs()
    assert [said(referral, each) for each in (RED, GREEN, GREY)] == [[("class.colour.red", "red")], [("class.colour.green", "green")], []]
    run = TextRun.objects.get(referral_id=referral, sha256=digest(RED), analyser="model.words")
    assert (run.version, run.model_digest, run.seen[0]["basis"]) == ("1", made.digest, str(Basis.MODEL))
    assert classes(referral) == [("colour.green", "model"), ("colour.red", "model")]
    assert Inference.objects.filter(referral_id=referral, shadow=False).count() == 3
    acts = [each.act for each in ledger.history(f"referral:{referral}", 20)]
    assert (acts.count("referral.analyse"), acts.count("referral.score")) == (1, 2)
    analyse_waiting(harbour_unit.id)
    assert Inference.objects.filter(referral_id=referral).count() == 3


def test_a_text_that_a_correction_replaced_counts_no_more(at_home: Installation, alice: Person, harbour_unit: Unit, tmp_path: Path) -> None:
    promoted(alice, harbour_unit, tmp_path / "one")
    referral = arrived(harbour_unit, RED)
    run_due_jobs()
    assert classes(referral) == [("colour.red", "model")]
    kept = Inference.objects.get(referral_id=referral)
    arrived(harbour_unit, GREEN)
    run_due_jobs()
    assert RED not in referrals.of(harbour_unit.id, [referral])[referral]
    assert classes(referral) == [("colour.green", "model")]
    told = {each.inference.id: each for each in models.replay_some(alice.viewer, kept.model_id, 100)}
    assert told[kept.id].is_same


def test_stopping_takes_effect_at_once_and_scores_follow(at_home: Installation, alice: Person, harbour_unit: Unit, tmp_path: Path) -> None:
    promoted(alice, harbour_unit, tmp_path / "one")
    referral, other = arrived(harbour_unit, RED), arrived(harbour_unit, GREEN, number="T-2")
    analyse_waiting(harbour_unit.id)
    run_due_jobs()
    later = arrived(harbour_unit, RED, number="T-3")
    heard = texts.look_into(texts.due(referrals.of(harbour_unit.id, [later]), texts.analysers()))
    assert any(each.inference for each in heard)
    before = signals_of([referral])[referral]
    models.stop(alice.viewer, "words")
    assert all(each.info.name != "model.words" for each in texts.record(heard))
    assert said(referral, RED) == said(later, RED) == []
    assert not Inference.objects.filter(referral_id=later).exists()
    assert "model.words" not in texts.analysers()
    run_due_jobs()
    assert classes(referral) == classes(other) == []
    assert signals_of([referral])[referral] == [each for each in before if each.kind != OF_MODELS]


def test_a_new_version_is_shown_what_it_has_not_seen_and_rolling_back_returns(
    at_home: Installation, alice: Person, harbour_unit: Unit, tmp_path: Path
) -> None:
    first = promoted(alice, harbour_unit, tmp_path / "one")
    referral = arrived(harbour_unit, RED)
    run_due_jobs()
    assert analyse_anew() == 1  # the referral of the shadow run: promoted it has not seen its texts yet
    run_due_jobs()
    assert analyse_anew() == 0
    second = taken_in(alice, tmp_path / "two", turned=True, version="2")
    models.begin_shadow(alice.viewer, second.id)
    assert analyse_anew() == 2
    run_due_jobs()
    models.promote(alice.viewer, second.id)
    assert keep.one(first.id).row.state == ModelState.RETIRED
    assert said(referral, RED) == [("class.colour.red", "red")]
    assert analyse_anew() == 2
    run_due_jobs()
    assert (said(referral, RED), classes(referral)) == ([("class.colour.blue", "blue")], [("colour.blue", "model")])
    both = compare(keep.one(first.id), keep.one(second.id))
    assert (both.files, list(both.differ)) == (keep.LEAST_SHADOW + 1, [referral])
    assert (
        reverse("referral", args=[referral]) in alice.client.get(reverse("compare-models", args=[first.id]), {"with": str(second.id)}).text
    )
    models.roll_back(alice.viewer, "words")
    assert said(referral, RED) == []
    analyse_anew()
    run_due_jobs()
    assert (said(referral, RED), classes(referral)) == ([("class.colour.red", "red")], [("colour.red", "model")])


def test_an_order_counts_texts_and_shows_them(at_home: Installation, alice: Person, harbour_unit: Unit, tmp_path: Path) -> None:
    promoted(alice, harbour_unit, tmp_path / "one")
    referral = arrived(harbour_unit, RED, GREEN)
    TextRun.objects.filter(analyser="model.words").update(milliseconds=7)
    choice = analyses.choose(alice.viewer, analyses.things_of_referrals(alice.viewer, [referral]))
    (offer,) = [each for each in choice.offers if each.info.name == "model.words"]
    assert (choice.files, choice.texts, offer.files, offer.texts) == ([], 2, 0, 2)
    address = f"{reverse('analyse')}?referral={referral}"
    assert "and 2 texts" in alice.client.get(address).text
    alice.client.post(address, {"analyser": ["model.words"]})
    order = Order.objects.get()
    assert (order.files, order.referrals, order.milliseconds) == (0, 1, offer.milliseconds)
    run_due_jobs()
    order.refresh_from_db()
    assert (order.done, order.found, order.state) == (1, 2, State.DONE)
    assert classes(referral) == [("colour.green", "model"), ("colour.red", "model")]
    page = alice.client.get(reverse("analysis", args=[order.id])).text
    assert reverse("referral", args=[referral]) in page
    assert "1 of 1 files and referrals" in page
    assert alice.viewer.actor in [each.actor for each in ledger.history(f"referral:{referral}", 20) if each.act == "referral.analyse"]


def test_who_has_taken_it_calls_findings_right_or_wrong(
    at_home: Installation, alice: Person, bob: Person, charlie: Person, harbour_unit: Unit, tmp_path: Path
) -> None:
    made = promoted(alice, harbour_unit, tmp_path / "one")
    referral = arrived(harbour_unit, RED)
    run_due_jobs()
    page, key = reverse("referral", args=[referral]), ("model.words", "class.colour.red", "red")
    assert "right or wrong?" not in alice.client.get(page).text
    with pytest.raises(Conflict):
        label_text(alice.viewer, referral, digest(RED), key, "right")
    decide(alice.viewer, referral, Wish("take"))
    told = alice.client.get(page).text
    assert "right or wrong?" in told
    assert "class.colour.red" in told
    address = reverse("label-text", args=[referral, digest(RED).hex()])
    sent = {"analyser": key[0], "kind": key[1], "value": key[2], "verdict": "wrong", "instead": "an invented word"}
    assert alice.client.post(address, sent).headers["Location"] == f"{page}#text-{digest(RED).hex()[:12]}"
    assert "wrong, says your unit: an invented word" in alice.client.get(page).text
    label_text(alice.viewer, referral, digest(RED), key, "right")
    (kept,) = Label.objects.all()
    assert (kept.referral_id, bytes(kept.sha256), kept.verdict, kept.model_digest) == (referral, digest(RED), "right", made.digest)
    assert "finding.label" in [each.act for each in ledger.history(f"referral:{referral}", 5)]
    itself = compare(keep.one(made.id), keep.one(made.id))
    assert [each.right for each in itself.terms if each.term == "colour.red"] == [Told(1, 1, 1)]
    with pytest.raises(Missing):
        label_text(charlie.viewer, referral, digest(RED), key, "right")
    with pytest.raises(Conflict):
        label_text(bob.viewer, referral, digest(RED), key, "right")
    for other in (("model.words", "class.colour.red", "x"), ("x\0", "class.colour.red", "red")):
        with pytest.raises(Missing):
            label_text(alice.viewer, referral, digest(RED), other, "right")
    assert alice.client.post(reverse("label-text", args=[referral, "xyz"]), sent).status_code == 404


def test_what_it_computed_is_shown_to_the_unit_of_the_referral(
    at_home: Installation, alice: Person, charlie: Person, harbour_unit: Unit, tmp_path: Path
) -> None:
    made = taken_in(alice, tmp_path / "one")
    referral = shadowed(alice, harbour_unit, made)
    address = reverse("model-inferences", args=[made.id])
    assert reverse("referral", args=[referral]) in alice.client.get(address).text
    assert "None on files or referrals of your unit." in charlie.client.get(address).text
    told = models.replay_some(alice.viewer, made.id, 100)
    assert len(told) == keep.LEAST_SHADOW
    assert all(each.is_same for each in told)
    assert "model.replay" in [each.act for each in ledger.history(f"referral:{referral}", 5)]
    erase(referral)
    assert not Inference.objects.exists()


def test_things_of_nobody_are_ordered_by_nobody(at_home: Installation, charlie: Person, harbour_unit: Unit) -> None:
    referral = arrived(harbour_unit, RED)
    choice = analyses.choose(charlie.viewer, Things([], [referral]))
    assert (choice.referrals, choice.texts) == ([], 0)
