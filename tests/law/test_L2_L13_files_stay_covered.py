"""L2 and L13, Articles 20 and 25: a file opens for a stated reason only, and by default for nobody."""

from __future__ import annotations

from itertools import product
from typing import Literal

import pytest

from grace.accounts.capabilities import Capability
from grace.accounts.viewer import Viewer
from grace.custody import ledger
from grace.evidence import access
from grace.evidence.access import Granted
from grace.evidence.profile import in_force
from grace.kernel.errors import GraceError
from grace.kernel.ids import new_id
from grace.pipeline.look import look
from tests.support.people import Person
from tests.support.sealed import held_picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]


def test_law_L13_a_new_account_opens_nothing(eve: Person) -> None:
    file = held_picture(eve.officer.unit)
    assert eve.officer.capabilities == []
    assert not isinstance(access.decide(eve.viewer, file.id), Granted)


def test_law_L13_only_all_conditions_together_open_a_file(alice: Person, charlie: Person) -> None:
    file = held_picture(alice.officer.unit)
    units = (alice.officer.unit_id, charlie.officer.unit_id)
    ways: tuple[Literal["officer", "token", "operator"], ...] = ("officer", "token", "operator")
    capabilities: tuple[frozenset[Capability], ...] = (
        frozenset(),
        frozenset({Capability.OPEN_FILES}),
        frozenset(Capability) - {Capability.OPEN_FILES},
    )
    purposes = ("", "triage", "because", "audit", *in_force().purposes)
    for unit_id, via, held, purpose in product(units, ways, capabilities, purposes):
        viewer = Viewer(new_id(), unit_id, held, purpose, via)
        expected = (
            unit_id == alice.officer.unit_id and via == "officer" and Capability.OPEN_FILES in held and purpose in in_force().purposes
        )
        assert isinstance(access.decide(viewer, file.id), Granted) == expected


@pytest.mark.parametrize("purpose", ["", " ", "because", "TRIAGE", "triage ", "case:2026/1"])
def test_law_L2_no_picture_without_a_reason_of_the_list(alice: Person, purpose: str) -> None:
    file = held_picture(alice.officer.unit)
    with pytest.raises(GraceError):
        look(alice.viewer, file.id, purpose)
    assert ledger.history(f"file:{file.sha256.hex()}")[0].denied


def test_law_L2_nothing_is_shown_that_is_not_written_down(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    file = held_picture(alice.officer.unit)

    def no_ledger(*lines: ledger.Line) -> None:
        raise OSError("the ledger is away")

    monkeypatch.setattr(ledger, "record", no_ledger)
    with pytest.raises(OSError, match="the ledger is away"):
        look(alice.viewer, file.id, "triage")
