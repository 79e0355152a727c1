"""A person can stop a model at once, and what rests on rules goes on without it (AI Act, Article 14(4))."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from grace.accounts.models import Unit
from grace.analysis import roll, texts
from grace.pipeline import models
from grace.pipeline.analyse import analyse_now
from grace.pipeline.score import news_of
from grace.priority.assess import signals_of
from grace.referrals.models import Attachment
from tests.integration.analysis import test_models_of_texts
from tests.integration.analysis.test_models import promoted
from tests.integration.analysis.test_texts import arrived
from tests.integration.web import story
from tests.support.agencies import Installation
from tests.support.jobs import run_due_jobs
from tests.support.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]


@pytest.fixture
def at_home(north: Installation) -> Iterator[Installation]:
    with north.at_home():
        yield north


def classes(referral: UUID) -> list[str]:
    return [str(each.value) for each in signals_of([referral])[referral] if each.kind == "file.class"]


def test_a_stopped_model_is_asked_no_more_and_counts_no_more(
    at_home: Installation, alice: Person, harbour_unit: Unit, tmp_path: Path
) -> None:
    """The signals of its findings go with it; all other signals of the referral stay what they were."""
    promoted(alice, harbour_unit, tmp_path / "one", threshold=0.0)
    referral, *_ = story.with_files(harbour_unit)
    run_due_jobs()
    files = [each for each in Attachment.objects.filter(referral_id=referral).values_list("file_id", flat=True) if each]
    analyse_now(files)
    assert classes(referral) == ["colour.blue", "colour.green", "colour.red"]
    others = [each for each in signals_of([referral])[referral] if each.kind != "file.class"]
    models.stop(alice.viewer, "colours")
    assert "model.colours" not in roll.analysers()
    assert not any(kind.startswith("class.") for each in news_of(harbour_unit.id, [referral])[referral] for kind in each.found)
    run_due_jobs()
    assert classes(referral) == []
    assert [each for each in signals_of([referral])[referral] if each.kind != "file.class"] == others


def test_what_it_said_of_texts_counts_no_more_either(at_home: Installation, alice: Person, harbour_unit: Unit, tmp_path: Path) -> None:
    test_models_of_texts.promoted(alice, harbour_unit, tmp_path / "one")
    referral = arrived(harbour_unit, test_models_of_texts.RED)
    run_due_jobs()
    before = signals_of([referral])[referral]
    assert [str(each.value) for each in before if each.kind == "text.class"] == ["colour.red"]
    models.stop(alice.viewer, "words")
    assert "model.words" not in texts.analysers()
    assert not texts.classes_of([referral])
    run_due_jobs()
    assert signals_of([referral])[referral] == [each for each in before if each.kind != "text.class"]
