"""L2, Article 25(1): a question to another unit is a disclosure by the unit that answers, with who, when, why and to whom; no value is in the log."""

from __future__ import annotations

import pytest

from grace.accounts.models import Unit
from grace.casework.decide import Wish as Decided
from grace.custody import ledger
from grace.links.subjects import subjects_of
from grace.pipeline import deconflict
from grace.pipeline.decide import decide
from grace.pipeline.deconflict import Wish
from tests.support import floods
from tests.support.people import Person


@pytest.mark.django_db
def test_law_L2_a_question_has_its_asker_and_an_answer_its_recipient(
    alice: Person, charlie: Person, harbour_unit: Unit, hill_unit: Unit
) -> None:
    [mine] = floods.take_in(harbour_unit, [floods.tip(701, "account-7000001", md5="ab" * 16)], name="mine.zip")
    [theirs] = floods.take_in(hill_unit, [floods.tip(702, "account-7000002", md5="ab" * 16)], name="theirs.zip")
    decide(charlie.viewer, theirs, Decided("take"))
    subjects = subjects_of(harbour_unit.id, mine)
    question = deconflict.ask(alice.viewer, mine, Wish([each.value for each in subjects], because="one file"))
    entries = ledger.history(f"question:{question.id}")
    asked, answered = (next(each for each in entries if each.act == act) for act in ("deconflict.ask", "deconflict.answer"))
    assert (asked.kind, asked.actor, asked.purpose) == ("COMBINATION", alice.viewer.actor, alice.viewer.purpose)
    assert (answered.kind, answered.recipient) == ("DISCLOSURE", f"unit:{harbour_unit.id}")
    assert f"unit:{hill_unit.id}" in answered.subjects
    assert not any(each.text in repr(entries) for each in subjects)
