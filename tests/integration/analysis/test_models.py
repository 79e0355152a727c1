"""The register of models: signed folders taken in, run in shadow, promoted, rolled back, stopped at once, and made again to the same numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from grace.accounts.models import Unit
from grace.analysis import analyse, findings, roll
from grace.analysis.models import Inference, Model, ModelState, Run, Seen
from grace.analysis.register import keep
from grace.analysis.register.folder import PASSPORT, SIGNATURES, read_folder
from grace.custody import ledger
from grace.evidence import files, vault
from grace.evidence.files import Keep
from grace.kernel.errors import Conflict, Invalid, Missing, Refused
from grace.pipeline import models
from grace.pipeline.analyse import analyse_now
from grace.sdk.signals import Basis
from tests.support.agencies import Installation, enrol
from tests.support.analysers import saying
from tests.support.models import changed, graph, picture, write_folder
from tests.support.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
RED, GREEN, GREY = (250, 20, 20), (10, 240, 30), (120, 120, 120)


@pytest.fixture
def at_home(north: Installation) -> Iterator[Installation]:
    with north.at_home():
        yield north


@pytest.fixture
def steward(alice: Person) -> Person:
    return alice


def keep_files(unit: Unit, *contents: bytes) -> list[UUID]:
    return [each.id for each in files.keep_many([Keep(unit.id, content, "received") for content in contents])]


def imported(steward: Person, path: Path, **about: Any) -> Model:
    return models.import_model(steward.viewer, write_folder(path, **about))[0]


def shadowed(steward: Person, unit: Unit, model: Model) -> None:
    """Let it run in shadow on as many files as are asked for."""
    models.begin_shadow(steward.viewer, model.id)
    analyse_now(keep_files(unit, *(picture((5 * number, 100, 100), number) for number in range(keep.LEAST_SHADOW))))


def promoted(steward: Person, unit: Unit, path: Path, **about: Any) -> Model:
    made = imported(steward, path, **about)
    shadowed(steward, unit, made)
    return models.promote(steward.viewer, made.id)


def said(file: UUID) -> list[tuple[str, str]]:
    return [(seen.kind, seen.value) for each in findings.of_file(file) for seen in each.seen if each.analyser.startswith("model.")]


def acts(model: Model) -> list[str]:
    return [each.act for each in reversed(ledger.history(f"model:{model.digest}", 20))]


def test_a_model_goes_its_way_and_each_step_is_written_down(
    at_home: Installation, steward: Person, harbour_unit: Unit, tmp_path: Path
) -> None:
    made = imported(steward, tmp_path / "one")
    assert (made.state, made.name, made.version, made.signer) == (ModelState.IMPORTED, "colours", "1", at_home.agency)
    assert vault.read(made.graph_id) == graph()
    again, is_new = models.import_model(steward.viewer, tmp_path / "one")
    assert (again.id, is_new) == (made.id, False)
    with pytest.raises(Conflict, match="out of a shadow run"):
        models.promote(steward.viewer, made.id)
    models.begin_shadow(steward.viewer, made.id)
    with pytest.raises(Conflict, match="has seen 0 files"):
        models.promote(steward.viewer, made.id)
    analyse_now(keep_files(harbour_unit, *(picture((5 * number, 9, 9), number) for number in range(keep.LEAST_SHADOW))))
    models.promote(steward.viewer, made.id)
    models.verify(steward.viewer, made.id)
    models.stop(steward.viewer, "colours")
    assert acts(made) == ["model.import", "model.import", "model.shadow", "model.promote", "model.verify", "model.stop"]


def test_a_shadow_is_recorded_and_seen_by_nobody(at_home: Installation, steward: Person, harbour_unit: Unit, tmp_path: Path) -> None:
    made = imported(steward, tmp_path / "one")
    models.begin_shadow(steward.viewer, made.id)
    (red,) = keep_files(harbour_unit, picture(RED))
    analyse_now([red])
    (row,) = Inference.objects.all()
    assert (row.model_id, row.file_id, row.shadow) == (made.id, red, True)
    assert row.scores[0] > 0.99
    assert row.thresholds == [0.8, 0.8, 0.8]
    assert len(row.outputs) == 3
    assert len(bytes(row.tensor)) == 32
    assert "onnxruntime" in row.rule
    assert said(red) == []
    assert not Seen.objects.filter(kind__startswith="class.").exists()
    assert "class.colour.red" not in findings.kinds_of([red]).get(red, {})
    assert not [name for name in roll.to_choose(roll.analysers()) if "colours" in name]
    before = Inference.objects.count()
    analyse_now([red])
    assert Inference.objects.count() == before


def test_what_a_promoted_one_says_is_an_estimate_above_its_threshold(
    at_home: Installation, steward: Person, harbour_unit: Unit, tmp_path: Path
) -> None:
    made = promoted(steward, harbour_unit, tmp_path / "one")
    red, grey = keep_files(harbour_unit, picture(RED), picture(GREY))
    analyse_now([red, grey])
    assert said(red) == [("class.colour.red", "red")]
    assert said(grey) == []
    seen = Seen.objects.get(run__file_id=red, kind="class.colour.red")
    assert (seen.basis, seen.facts) == (str(Basis.MODEL), {"threshold": "0.8", "scheme": "test-colours"})
    assert seen.confidence is not None
    assert seen.confidence > 0.99
    run = Run.objects.get(id=seen.run_id)
    assert (run.analyser, run.version, run.model_digest) == ("model.colours", "1", made.digest)
    kept = Inference.objects.get(file_id=grey, model=made, shadow=False)
    assert max(kept.scores) < 0.8
    assert sum(kept.scores) == pytest.approx(1, abs=1e-4)


def test_stopping_takes_effect_at_once_even_in_a_batch_that_runs(
    at_home: Installation, steward: Person, harbour_unit: Unit, tmp_path: Path
) -> None:
    promoted(steward, harbour_unit, tmp_path / "one")
    red, other = keep_files(harbour_unit, picture(RED), picture(RED, 5))
    analyse_now([red])
    assert said(red)
    seen = analyse.look_into({other: ["model.colours"]})
    models.stop(steward.viewer, "colours")
    analyse.record(seen)
    assert said(red) == said(other) == []
    assert "class.colour.red" not in findings.kinds_of([red]).get(red, {})
    assert not Inference.objects.filter(file_id=other).exists()
    assert "model.colours" not in roll.analysers()
    with pytest.raises(Missing):
        models.stop(steward.viewer, "colours")


def test_where_nothing_computes_models_that_is_said(at_home: Installation, steward: Person, tmp_path: Path) -> None:
    made = imported(steward, tmp_path / "one")
    models.begin_shadow(steward.viewer, made.id)
    with saying():
        assert not any("colours" in name for name in roll.analysers())
        assert "shadow.colours@1 (the extra grace-platform[models] is missing)" in roll.left_out()


def test_a_new_version_takes_over_and_rolling_back_returns(
    at_home: Installation, steward: Person, harbour_unit: Unit, tmp_path: Path
) -> None:
    first = promoted(steward, harbour_unit, tmp_path / "one")
    (red,) = keep_files(harbour_unit, picture(RED))
    analyse_now([red])
    second = imported(steward, tmp_path / "two", content=graph(turned=True), version="2")
    models.begin_shadow(steward.viewer, second.id)
    analyse_now(list(Inference.objects.values_list("file_id", flat=True).distinct()))
    assert said(red) == [("class.colour.red", "red")]
    models.promote(steward.viewer, second.id)
    assert keep.one(first.id).row.state == ModelState.RETIRED
    assert said(red) == [("class.colour.red", "red")]
    analyse_now([red])
    assert said(red) == [("class.colour.blue", "blue")]
    assert models.roll_back(steward.viewer, "colours").id == first.id
    assert said(red) == []
    assert keep.one(second.id).row.state == ModelState.STOPPED
    analyse_now([red])
    assert said(red) == [("class.colour.red", "red")]
    with pytest.raises(Missing, match="no earlier model"):
        models.roll_back(steward.viewer, "colours")


def test_a_replay_gives_the_same_numbers_and_finds_others(
    at_home: Installation, steward: Person, harbour_unit: Unit, tmp_path: Path
) -> None:
    made = promoted(steward, harbour_unit, tmp_path / "one")
    told = models.replay_some(steward.viewer, made.id, 100)
    assert len(told) == keep.LEAST_SHADOW
    assert all(each.is_same for each in told)
    Inference.objects.filter(id=told[0].inference.id).update(scores=[0.1, 0.2, 0.7])
    Inference.objects.filter(id=told[1].inference.id).update(tensor=bytes(32))
    again = {each.inference.id: each for each in models.replay_some(steward.viewer, made.id, 100)}
    assert sum(not each.is_same for each in again.values()) == 2
    assert again[told[0].inference.id].farthest > 0.1
    assert not again[told[1].inference.id].same_tensor


def test_folders_that_nobody_trusted_signed_are_refused(
    at_home: Installation, south: Installation, steward: Person, tmp_path: Path
) -> None:
    unsigned = write_folder(tmp_path / "unsigned", sign=False)
    with pytest.raises(Refused, match="Nobody has signed"):
        models.import_model(steward.viewer, unsigned)
    altered = write_folder(tmp_path / "altered")
    changed(altered, licence="another")
    with pytest.raises(Refused, match="is false"):
        models.import_model(steward.viewer, altered)
    stranger = Installation("Example Police Elsewhere", "FR", tmp_path / "stranger", at_home.unit)
    with stranger.at_home():
        foreign = write_folder(tmp_path / "foreign")
    with pytest.raises(Refused, match="trusted here"):
        models.import_model(steward.viewer, foreign)
    enrol(stranger, at_home.unit)
    made, _ = models.import_model(steward.viewer, foreign)
    assert made.signer == stranger.agency
    assert not Model.objects.exclude(id=made.id).exists()
    denied = [each for each in ledger.page(limit=50) if each.act == "model.import" and each.denied]
    assert len(denied) == 3


def test_what_is_kept_is_looked_through_again(at_home: Installation, steward: Person, tmp_path: Path) -> None:
    made = imported(steward, tmp_path / "one")
    models.verify(steward.viewer, made.id)
    Model.objects.filter(id=made.id).update(passport=bytes(made.passport).replace(b"Apache-2.0", b"Apache-3.0"))
    with pytest.raises((Refused, Invalid)):
        models.verify(steward.viewer, made.id)


@pytest.mark.parametrize("harm", ["graph", "missing", "more", "link", "huge"])
def test_hostile_folders(at_home: Installation, tmp_path: Path, harm: str) -> None:
    folder = write_folder(tmp_path / "one")
    if harm == "graph":
        (folder / "model.onnx").write_bytes(graph(3.0))
    elif harm == "missing":
        (folder / PASSPORT).unlink()
    elif harm == "more":
        (folder / "run.sh").write_text("true")
    elif harm == "link":
        (folder / SIGNATURES).unlink()
        (folder / SIGNATURES).symlink_to(folder / PASSPORT)
    else:
        (folder / PASSPORT).write_bytes(b" " * (300 << 10))
    with pytest.raises(Invalid):
        read_folder(folder)


def test_only_stewards_move_models(at_home: Installation, eve: Person, steward: Person, tmp_path: Path) -> None:
    made = imported(steward, tmp_path / "one")
    for act in (
        lambda: models.import_model(eve.viewer, tmp_path / "one"),
        lambda: models.begin_shadow(eve.viewer, made.id),
        lambda: models.promote(eve.viewer, made.id),
        lambda: models.roll_back(eve.viewer, "colours"),
        lambda: models.stop(eve.viewer, "colours"),
        lambda: models.replay_some(eve.viewer, made.id, 1),
        lambda: models.sign(steward.viewer, tmp_path / "one"),
    ):
        with pytest.raises(Refused):
            act()
