"""Every inference is logged with model, input, output, threshold and time, and a replay gives the same (AI Act, Articles 12, 19 and 26(6))."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grace.accounts.models import Unit
from grace.analysis.models import Inference
from grace.analysis.passage import digest
from grace.custody import ledger
from grace.evidence.models import File
from grace.pipeline import models
from grace.pipeline.analyse import analyse_now
from grace.pipeline.texts import analyse_waiting
from tests.integration.analysis import test_models_of_texts
from tests.integration.analysis.test_models import RED, keep_files, promoted
from tests.integration.analysis.test_texts import arrived
from tests.support.agencies import Installation
from tests.support.models import picture
from tests.support.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]


@pytest.fixture
def at_home(north: Installation) -> Iterator[Installation]:
    with north.at_home():
        yield north


def test_an_inference_names_model_input_output_threshold_and_time_and_is_made_again(
    at_home: Installation, alice: Person, harbour_unit: Unit, tmp_path: Path
) -> None:
    made = promoted(alice, harbour_unit, tmp_path / "one")
    (red,) = keep_files(harbour_unit, picture(RED))
    analyse_now([red])
    kept = Inference.objects.select_related("model", "file").get(file_id=red)
    assert kept.model.digest == made.digest
    assert kept.file is not None
    assert all((kept.file.sha256, kept.tensor, kept.outputs, kept.scores, kept.thresholds, kept.at, kept.rule))
    told = models.replay_some(alice.viewer, made.id, 1)
    assert [(each.inference.id, each.is_same) for each in told] == [(kept.id, True)]


def test_that_files_were_shown_to_it_stands_in_the_ledger(at_home: Installation, alice: Person, harbour_unit: Unit, tmp_path: Path) -> None:
    promoted(alice, harbour_unit, tmp_path / "one")
    (red,) = keep_files(harbour_unit, picture(RED))
    analyse_now([red])
    digest = bytes(File.objects.get(id=red).sha256).hex()
    assert [each.act for each in ledger.history(f"file:{digest}", 10)] == ["file.analyse"]


def test_an_inference_on_a_text_of_a_report_too(at_home: Installation, alice: Person, harbour_unit: Unit, tmp_path: Path) -> None:
    made = test_models_of_texts.promoted(alice, harbour_unit, tmp_path / "one")
    referral = arrived(harbour_unit, test_models_of_texts.RED)
    analyse_waiting(harbour_unit.id)
    kept = Inference.objects.select_related("model").get(referral_id=referral)
    assert (kept.model.digest, bytes(kept.sha256)) == (made.digest, digest(test_models_of_texts.RED))
    assert all((kept.tensor, kept.outputs, kept.scores, kept.thresholds, kept.at, kept.rule))
    told = models.replay_some(alice.viewer, made.id, 1)
    assert [(each.inference.id, each.is_same) for each in told] == [(kept.id, True)]
    assert "referral.analyse" in [each.act for each in ledger.history(f"referral:{referral}", 10)]
