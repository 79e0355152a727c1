from __future__ import annotations

import pytest

from grace.accounts import officers
from grace.accounts.capabilities import Capability, read_capabilities
from grace.accounts.models import Unit
from grace.accounts.viewer import operator, usable_capabilities
from grace.kernel.errors import Conflict, Invalid, Refused
from tests.support.people import Person, make_officer, make_person

pytestmark = pytest.mark.django_db


def test_a_new_officer_can_do_nothing_and_has_no_password(harbour_unit: Unit) -> None:
    made = officers.create_officer(operator(), harbour_unit, " Finn ", "Finn Example")
    assert made.username == "finn"
    assert made.capabilities == []
    assert not made.has_usable_password()


def test_only_who_administers_changes_accounts(alice: Person, harbour_unit: Unit) -> None:
    with pytest.raises(Refused, match="Administer"):
        officers.create_unit(alice.viewer, "Third Unit")
    with pytest.raises(Refused):
        officers.grant(alice.viewer, alice.officer.id, [Capability.ADMINISTER])
    with pytest.raises(Refused):
        officers.officers(alice.viewer)


def test_grants_and_revokes_tell_what_changed(dora: Person, eve: Person) -> None:
    assert officers.grant(dora.viewer, eve.officer.id, [Capability.READ, Capability.AUDIT]).granted == {Capability.READ, Capability.AUDIT}
    change = officers.revoke(dora.viewer, eve.officer.id, [Capability.READ, Capability.DECIDE])
    assert (set(change.granted), set(change.revoked)) == (set(), {Capability.READ})


@pytest.mark.parametrize("act", [officers.lock, officers.deactivate])
def test_the_last_administrator_stays(dora: Person, act: object) -> None:
    with pytest.raises(Conflict, match="last administrator"):
        act(dora.viewer, dora.officer.id)  # type: ignore[operator]
    with pytest.raises(Conflict):
        officers.revoke(dora.viewer, dora.officer.id, [Capability.ADMINISTER])


def test_one_of_two_administrators_can_go(dora: Person, hill_unit: Unit) -> None:
    other = make_person("Greta", hill_unit, frozenset({Capability.ADMINISTER}))
    gone = officers.deactivate(dora.viewer, other.officer.id)
    assert gone.capabilities == []


def test_names_and_units_are_taken_once(harbour_unit: Unit, alice: Person) -> None:
    with pytest.raises(Conflict):
        officers.create_officer(operator(), harbour_unit, "ALICE", "Another Alice")
    with pytest.raises(Conflict):
        officers.create_unit(operator(), "harbour  unit")
    with pytest.raises(Invalid):
        officers.create_unit(operator(), " … ")


def test_an_unknown_capability_is_named() -> None:
    with pytest.raises(Invalid, match="“fly”"):
        read_capabilities(["read", "fly"])


def test_what_needs_a_second_factor_rests_without_one(harbour_unit: Unit) -> None:
    given = frozenset({Capability.READ, Capability.OPEN_FILES})
    new, enrolled = make_officer("Finn", harbour_unit, given, enrolled=False), make_officer("Greta", harbour_unit, given)
    assert usable_capabilities(new, second_factor=False) == {Capability.READ}
    assert usable_capabilities(enrolled, second_factor=False) == frozenset()
    assert usable_capabilities(enrolled, second_factor=True) == given


def test_colleagues_are_those_of_the_own_unit(alice: Person, bob: Person, charlie: Person) -> None:
    assert [each.username for each in officers.colleagues(alice.viewer)] == ["alice", "bob"]
