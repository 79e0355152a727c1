"""Near-duplicates in tables: each unit's own clusters, the same whether they came at once or one by one, and whatever was killed in between."""

from __future__ import annotations

from uuid import UUID

import pytest
from click.testing import CliRunner

from grace.accounts.models import Unit
from grace.analysis import cluster, duplicates
from grace.analysis.clusters.rule import VERSION
from grace.analysis.models import Clustered
from grace.cli.main import main
from grace.custody import ledger
from grace.evidence.models import File, Fingerprint, Holding
from grace.pipeline import clusters
from tests.support.jobs import run_due_jobs
from tests.support.looks import keep, kept, see
from tests.support.people import Person, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]


def groups(unit: Unit) -> set[frozenset[UUID]]:
    found: dict[UUID, set[UUID]] = {}
    for file, centre in Clustered.objects.filter(unit=unit).values_list("file_id", "centre"):
        found.setdefault(centre, set()).add(file)
    return {frozenset(each) for each in found.values()}


def test_what_is_analysed_joins_its_cluster_and_the_ledger_says_so(harbour_unit: Unit) -> None:
    bridge = kept(harbour_unit, b"bridge 1", b"bridge 2", b"bridge 3")
    boat = kept(harbour_unit, b"boat 1")
    assert groups(harbour_unit) == set()
    run_due_jobs()
    assert groups(harbour_unit) == {frozenset(bridge), frozenset(boat)}
    centres = set(Clustered.objects.values_list("centre", flat=True))
    told = {
        file: [each.act for each in ledger.history(f"file:{File.objects.get(id=file)}", 10) if each.act == "file.cluster"]
        for file in (*bridge, *boat)
    }
    assert {file for file, acts in told.items() if acts} == {*bridge} - centres
    assert not cluster.is_due(harbour_unit.id)
    assert clusters.cluster_waiting(harbour_unit.id) == 0


def test_one_job_waits_for_many_files(harbour_unit: Unit) -> None:
    for number in range(5):
        kept(harbour_unit, b"bridge %d" % number)
    assert run_due_jobs() == 1
    assert len(groups(harbour_unit)) == 1


def test_steps_give_what_all_at_once_gives(harbour_unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    some = [b"%s %d" % (scene, copy) for copy in range(4) for scene in (b"bridge", b"boat", b"tide", b"tower")]
    kept(harbour_unit, *some)
    monkeypatch.setattr(clusters, "BATCH", 3)
    assert clusters.cluster_waiting(harbour_unit.id) == len(some)
    in_steps = dict(Clustered.objects.values_list("file_id", "centre"))
    assert clusters.differing(harbour_unit.id) == []
    Clustered.objects.all().delete()
    assert len(clusters.differing(harbour_unit.id)) == len(some)
    assert clusters.rebuild(harbour_unit.id).came == len(some)
    assert dict(Clustered.objects.values_list("file_id", "centre")) == in_steps


def test_a_step_that_dies_leaves_nothing_and_is_done_again(harbour_unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(harbour_unit, b"bridge 1", b"bridge 2")

    def dies(*_lines: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ledger, "record", dies)
        with pytest.raises(KeyboardInterrupt):
            clusters.cluster_waiting(harbour_unit.id)
    assert groups(harbour_unit) == set()
    assert clusters.defer_due() == 1
    run_due_jobs()
    assert {len(each) for each in groups(harbour_unit)} == {2}


def test_no_unit_learns_of_what_another_holds(alice: Person, charlie: Person, harbour_unit: Unit) -> None:
    """The centre of the cluster is Charlie's; for Alice, another file stands for it."""
    theirs = charlie.officer.unit
    kept(theirs, *(b"bridge %d" % number for number in range(8)))
    run_due_jobs()
    alone = kept(harbour_unit, b"bridge 9")
    kept(harbour_unit, b"boat 1")
    run_due_jobs()
    assert groups(harbour_unit) == {frozenset(alone), frozenset(keep(harbour_unit, b"boat 1"))}
    assert duplicates.sizes(alice.viewer, alone) == {alone[0]: 1}
    assert duplicates.sizes(charlie.viewer, alone) == {}
    assert duplicates.members(charlie.viewer, alone[0], 10) == []
    held = set(Holding.objects.filter(unit=harbour_unit).values_list("file_id", flat=True))
    assert set(Clustered.objects.filter(unit=harbour_unit).values_list("centre", flat=True)) <= held


def test_a_file_that_another_unit_held_before_is_put_in_clusters_of_the_second_too(harbour_unit: Unit) -> None:
    kept(make_unit("Quay Unit"), b"bridge 1", b"bridge 2")
    run_due_jobs()
    both = keep(harbour_unit, b"bridge 1", b"bridge 2")
    assert clusters.defer_due() == 1
    run_due_jobs()
    assert groups(harbour_unit) == {frozenset(both)}


def test_what_is_held_no_more_leaves_and_its_cluster_finds_another_centre(harbour_unit: Unit) -> None:
    some = kept(harbour_unit, *(b"bridge %d" % number for number in range(5)))
    run_due_jobs()
    centre = Clustered.objects.values_list("centre", flat=True)[0]
    Holding.objects.filter(file_id=centre).delete()
    assert clusters.defer_due() == 1
    run_due_jobs()
    assert groups(harbour_unit) == {frozenset(some) - {centre}}
    assert clusters.differing(harbour_unit.id) == []
    (gone,) = list(Clustered.objects.values_list("centre", flat=True).distinct())
    Holding.objects.filter(file_id=gone).delete()
    File.objects.filter(id=gone).delete()
    run_due_jobs()
    clusters.cluster_waiting(harbour_unit.id)
    assert groups(harbour_unit) == {frozenset(some) - {centre, gone}}


def test_other_looks_of_a_file_move_it(harbour_unit: Unit) -> None:
    first, second = kept(harbour_unit, b"bridge 1", b"bridge 2")
    run_due_jobs()
    Fingerprint.objects.create(file_id=first, algorithm="pdq", value=b"\1" * 32, quality=100)
    assert cluster.is_due(harbour_unit.id)
    assert clusters.cluster_waiting(harbour_unit.id) == 1
    assert groups(harbour_unit) == {frozenset({first, second})}
    see([first])
    assert not cluster.is_due(harbour_unit.id)


def test_another_rule_puts_all_in_clusters_anew(harbour_unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(harbour_unit, b"bridge 1", b"bridge 2")
    run_due_jobs()
    monkeypatch.setattr(cluster, "VERSION", VERSION + 1)
    assert clusters.cluster_waiting(harbour_unit.id) == 2
    assert clusters.cluster_waiting(harbour_unit.id) == 0


@pytest.mark.usefixtures("open_house")
def test_the_command_compares_and_rebuilds(harbour_unit: Unit) -> None:
    kept(harbour_unit, b"bridge 1", b"bridge 2")
    compared = CliRunner().invoke(main, ["evidence", "clusters"])
    assert (compared.exit_code, "2 files differ, or wait" in compared.output) == (1, True)
    rebuilt = CliRunner().invoke(main, ["evidence", "clusters", "--rebuild"])
    assert (rebuilt.exit_code, "2 files moved" in rebuilt.output) == (0, True)
    assert len(groups(harbour_unit)) == 1
    assert CliRunner().invoke(main, ["evidence", "clusters"]).exit_code == 0
