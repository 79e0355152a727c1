"""Files that look alike link the referrals that bring them: as clusters change, as lists change, and never twice with the file itself."""

from __future__ import annotations

import hashlib
import zipfile
from io import BytesIO
from uuid import UUID

import pytest

from grace.accounts.models import Unit
from grace.accounts.viewer import operator
from grace.analysis.models import Clustered
from grace.custody import ledger
from grace.evidence.models import File, Fingerprint, Holding
from grace.links.linked import Why
from grace.links.models import Again, Bearing, Circle
from grace.matching.digests import PDQ
from grace.pipeline import clusters
from grace.pipeline.links import links_page
from grace.pipeline.lists import import_list
from grace.referrals.models import Attachment
from tests.support import floods
from tests.support.jobs import run_due_jobs
from tests.support.looks import see
from tests.support.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]


def bringing(number: int, content: bytes) -> bytes:
    """A report of an account of its own that brings one file."""
    made = BytesIO(floods.tip(number, f"u-{number}", md5=hashlib.md5(content, usedforsecurity=False).hexdigest()))
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("a.jpg", content)
    return made.getvalue()


def bring(unit: Unit, *contents: bytes, first: int = 701) -> list[UUID]:
    """Referrals that bring one file each, which were looked at and put in clusters."""
    found = floods.take_in(unit, [bringing(first + place, each) for place, each in enumerate(contents)], name="report.zip")
    see([file_of(each) for each in found])
    run_due_jobs()
    return found


def file_of(referral: UUID) -> UUID:
    found = Attachment.objects.get(referral_id=referral, state="present").file_id
    assert found is not None
    return found


def whys(person: Person, referral: UUID) -> dict[UUID, list[Why]]:
    return {each.other: list(each.whys) for each in links_page(person.viewer, referral).hop.links}


def circles(unit: Unit) -> list[int]:
    return sorted(Circle.objects.filter(unit=unit, members__gt=0).values_list("members", flat=True))


def test_two_that_bring_near_duplicates_are_linked_and_it_says_by_which_files(alice: Person, harbour_unit: Unit) -> None:
    first, second, third = bring(harbour_unit, b"bridge 1", b"bridge 2", b"boat 1")
    ((other, (why,)),) = whys(alice, first).items()
    assert (other, why.kind, why.shared_by, why.basis) == (second, "look", 2, "observed")
    assert why.alike is not None
    assert (why.alike.file, why.alike.other_file, why.alike.distance) == (file_of(first), file_of(second), None)
    assert whys(alice, third) == {}
    assert circles(harbour_unit) == [2]
    told = [(each.act, each.kind) for each in ledger.history(f"referral:{second}", 50)]
    assert ("circle.join", "COMBINATION") in told
    assert not Again.objects.exists()


def test_the_distance_is_told_where_both_have_a_fingerprint(alice: Person, harbour_unit: Unit) -> None:
    first, second = bring(harbour_unit, b"bridge 1", b"bridge 2")
    for referral, value in ((first, bytes(32)), (second, bytes(31) + b"\7")):
        Fingerprint.objects.create(file_id=file_of(referral), algorithm=PDQ, value=value, quality=100)
    (why,) = whys(alice, first)[second]
    assert why.alike is not None
    assert why.alike.distance == 3
    page = alice.client.get(f"/referrals/{first}/links/").content.decode()
    assert "files that look alike" in page
    assert f'<a href="/files/{file_of(first)}/">' in page
    assert f'<a href="/files/{file_of(second)}/">' in page
    assert "3 bits apart" in page


def test_the_same_file_and_its_look_are_one_thing(alice: Person, harbour_unit: Unit) -> None:
    first, second, _ = bring(harbour_unit, b"bridge 1", b"bridge 1", b"bridge 2")
    (link,) = [each for each in links_page(alice.viewer, first).hop.links if each.other == second]
    by_kind = {each.kind: each.odds for each in link.whys}
    assert set(by_kind) == {"file", "look"}
    assert link.odds == max(by_kind.values())


def test_what_many_bring_says_less(alice: Person, harbour_unit: Unit) -> None:
    few = bring(harbour_unit, b"bridge 1", b"bridge 2")
    before = whys(alice, few[0])[few[1]][0].odds
    bring(harbour_unit, *(b"bridge %d" % place for place in range(3, 7)), first=801)
    assert whys(alice, few[0])[few[1]][0].odds < before
    assert circles(harbour_unit) == [], "six bring it: it joins nobody any more by itself"
    assert "circle.split" in [each.act for each in ledger.history(f"referral:{few[0]}", 50)]


def test_a_file_that_goes_takes_its_links_along(alice: Person, harbour_unit: Unit) -> None:
    first, second = bring(harbour_unit, b"bridge 1", b"bridge 2")
    Holding.objects.filter(unit=harbour_unit, file_id=file_of(second)).delete()
    clusters.defer_due()
    run_due_jobs()
    assert whys(alice, first) == {}
    assert circles(harbour_unit) == []
    assert not Bearing.objects.filter(kind="look").exists(), "a cluster of one file is no look"


def test_clusters_made_anew_are_followed(alice: Person, harbour_unit: Unit) -> None:
    first, second = bring(harbour_unit, b"bridge 1", b"bridge 2")
    Clustered.objects.filter(file_id=file_of(second)).update(centre=file_of(second))
    Clustered.objects.filter(file_id=file_of(first)).update(centre=file_of(first))
    clusters.rebuild(harbour_unit.id)
    run_due_jobs()
    assert list(whys(alice, first)) == [second]
    assert Bearing.objects.filter(kind="look").values("value").distinct().count() == 1


def test_a_file_on_a_list_links_nobody_from_the_hour_that_it_is_there(alice: Person, harbour_unit: Unit) -> None:
    first, second, third = bring(harbour_unit, b"bridge 1", b"bridge 1", b"bridge 2")
    assert set(whys(alice, first)) == {second, third}
    for each in File.objects.filter(id__in=[file_of(first), file_of(third)]):
        line = f"algorithm,value,category,source,note\nsha256,{bytes(each.sha256).hex()},invented,,\n"
        import_list(operator(), BytesIO(line.encode()), f"Example list {each.id}", source="Example")
    run_due_jobs()
    assert whys(alice, first) == {}
    assert circles(harbour_unit) == []


def test_what_another_unit_holds_makes_no_look(alice: Person, charlie: Person, harbour_unit: Unit, hill_unit: Unit) -> None:
    (mine,) = bring(harbour_unit, b"bridge 1")
    (theirs,) = bring(hill_unit, b"bridge 2", first=801)
    assert whys(alice, mine) == {}
    assert whys(charlie, theirs) == {}
    assert not Bearing.objects.filter(kind="look").exists()
