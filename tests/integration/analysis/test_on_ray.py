"""A re-analysis spread over a local Ray of two processes sees what the jobs of the worker saw; one that breaks off is run again."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import pytest

from grace.cli.on_ray import analyse_on
from grace.kernel.errors import Unavailable
from grace.simulate.plan import Form, WorldPlan
from grace.simulate.world import World
from tests.integration.test_kills import assert_all_is_sound, assert_jobs_end, receive, settled_in
from tests.support.house import House
from tests.support.kills import sql
from tests.support.world import as_bytes

REFERRALS = 12
with_ray = pytest.mark.skipif(not find_spec("ray"), reason="Ray is not installed: pip install 'grace[ray]', then this runs.")
SEEN = """
SELECT f.sha256, r.analyser, r.version, r.model_digest, r.failed, s.place, s.kind, s.value, s.basis, s.located, s.confidence, s.facts::text
FROM analysis_run r JOIN evidence_file f ON f.id = r.file_id LEFT JOIN analysis_seen s ON s.run_id = r.id ORDER BY 1, 2, 6
"""
DESCRIBED = """
SELECT f.sha256, r.analyser, d.algorithm, d.value, d.quality
FROM analysis_run r JOIN evidence_file f ON f.id = r.file_id JOIN analysis_descriptor d ON d.run_id = r.id ORDER BY 1, 2, 3
"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    plan = WorldPlan(referrals=REFERRALS, duplicate_share=0.0, version_share=0.0, forms=((Form.LEA_ZIP, 1.0),), files_per_referral=3)
    folder = tmp_path / "documents"
    folder.mkdir()
    for made in map(World(plan).document, range(REFERRALS)):
        (folder / made.name).write_bytes(as_bytes(made))
    with settled_in(tmp_path / "home") as (up, _token):
        taken = receive(up, folder)
        assert taken.returncode == 0, taken.stderr
        assert_jobs_end(up)
        yield up


@with_ray
@pytest.mark.timeout(600)
def test_two_processes_see_what_the_worker_saw(house: House) -> None:
    seen, described = sql(house, SEEN), sql(house, DESCRIBED)
    files = {row[0] for row in seen}
    assert len(files) >= REFERRALS
    assert described
    sql(house, "UPDATE analysis_run SET version = 'of yesterday' RETURNING id")
    sql(house, "UPDATE analysis_seen SET value = 'seen yesterday' RETURNING id")

    done = house.run("evidence", "analyse", "--ray", "here", "--processes", "2")

    assert done.returncode == 0, done.stderr
    assert f"{len(files):,} files were looked at." in done.stdout
    assert sql(house, SEEN) == seen
    assert sql(house, DESCRIBED) == described
    assert house.run("evidence", "analyse").stdout == "0 files will be analysed, and texts of 0 referrals.\n"
    assert_jobs_end(house)
    assert_all_is_sound(house)


@pytest.mark.skipif(bool(find_spec("ray")), reason="Ray is installed.")
def test_without_ray_it_says_what_to_install() -> None:
    with pytest.raises(Unavailable, match="Ray is not installed"):
        analyse_on("here", 2, iter([[uuid4()]]), print)


@with_ray
def test_a_cluster_that_is_not_there_is_told() -> None:
    with pytest.raises(Unavailable, match="does not answer"):
        analyse_on("127.0.0.1:9", 2, iter([[uuid4()]]), print)
