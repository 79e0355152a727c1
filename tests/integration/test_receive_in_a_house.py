"""``grace receive`` beside a real ``grace up``: killed and run again, with several processes, as a watched folder, with large packages."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.deliveries import sample
from tests.support.house import PATIENCE, ROOT, House, living_in
from tests.support.kills import sql

UNIT = "harbour-unit"
MIB = 1 << 20
FEW = 100
"""Documents of an intake that is to be killed: it takes seconds."""


ONCE = """
SELECT count(*), max(r.versions), count(q.referral_id) FROM referrals_referral r LEFT JOIN casework_queue q ON q.referral_id = r.id
WHERE r.external LIKE %s
"""


@dataclass(frozen=True)
class Settled:
    """A running house with a unit, a watched folder, and a folder for temporary files of its own."""

    house: House
    watched: Path
    temporary: Path

    def receive(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        return self.house.run("receive", "--unit", UNIT, *map(str, words))

    def documents(self) -> int:
        ((number,),) = sql(self.house, "SELECT count(*) FROM intake_document")
        return int(number)


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settled]:
    folder = tmp_path_factory.mktemp("receive")
    watched, temporary = folder / "watched", folder / "temporary"
    temporary.mkdir()
    with living_in(folder / "home", GRACE_WATCH=str(watched), GRACE_WATCH_UNIT=UNIT, TMPDIR=str(temporary)) as house:
        house.start()
        assert house.run("accounts", "unit", "add", "Harbour Unit").stdout.strip() == UNIT
        watched.mkdir()  # only now: a folder that is away, such as a share not mounted yet, is waited for
        yield Settled(house, watched, temporary)
        house.stop()


def numbered(number: int) -> bytes:
    return sample("d1").replace(b"210000001", str(number).encode())


def fill(folder: Path, first: int, number: int) -> Path:
    """Documents, each tenth of them a package with a file."""
    folder.mkdir()
    for count in range(first, first + number):
        if count % 10:
            (folder / f"{count}.json").write_bytes(numbered(count))
        else:
            with zipfile.ZipFile(folder / f"{count}.zip", "w") as archive:
                archive.writestr("report.json", numbered(count))
                archive.writestr("note.txt", f"{PLAIN} {count}")
    return folder


PLAIN = "an invented note that nobody may find in the open"


def plain_bytes(folder: Path, but: Path) -> list[Path]:
    """Files that hold plain bytes of documents or of their files."""
    words = (b"reportedInformation", PLAIN.encode())
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_relative_to(but)]
    return [path for path in files if any(word in path.read_bytes() for word in words)]


@pytest.mark.parametrize("processes", [1, 2])
def test_an_intake_that_is_killed_and_run_again(settled: Settled, tmp_path: Path, processes: int) -> None:
    folder = fill(tmp_path / "inbox", 310_000_000 + 1_000 * processes, FEW)
    before, house = settled.documents(), settled.house
    command = house.command("receive", "--unit", UNIT, "--processes", str(processes), str(folder))
    for wanted in (1, FEW // 2):
        with subprocess.Popen(command, env=house.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
            until = time.monotonic() + 30
            while settled.documents() - before < wanted and running.poll() is None and time.monotonic() < until:
                time.sleep(0.005)
            running.kill()
    house.wait_for(lambda: not house.pids(str(folder)), 10)
    left = FEW - (settled.documents() - before)
    assert plain_bytes(house.home, but=house.home / "postgres") == []
    assert list(settled.temporary.iterdir()) == []
    done = settled.receive("--processes", str(processes), folder)
    assert done.returncode == 0, done.stderr
    told = re.fullmatch(r"(\d+) new, 0 new versions, (\d+) here already, 0 in quarantine", done.stdout.splitlines()[-1])
    assert told, done.stdout
    new, known = map(int, told.groups())
    assert (new + known, new <= left) == (FEW, True), (
        "what was on its way to the database when we were killed may have arrived after we counted"
    )
    assert sql(house, ONCE, f"31000{processes}%") == [(FEW, 1, FEW)]
    assert house.run("custody", "status").returncode == 0


def test_several_processes_take_everything_in_once(settled: Settled, tmp_path: Path) -> None:
    folder = fill(tmp_path / "inbox", 320_000_001, 120)
    (folder / "twin.json").write_bytes(numbered(320_000_001))
    os.mkfifo(folder / "pipe.json")
    done = settled.receive("--processes", "2", folder)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "120 new, 0 new versions, 1 here already, 0 in quarantine, 1 could not be opened"
    assert "pipe.json: This is no plain file." in done.stderr


def test_a_process_that_is_ended_from_outside_is_told(settled: Settled, tmp_path: Path) -> None:
    folder = fill(tmp_path / "inbox", 330_000_001, 200)
    command = settled.house.command("receive", "--unit", UNIT, "--processes", "2", str(folder))
    with subprocess.Popen(command, env=settled.house.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        settled.house.wait_for(lambda: sql(settled.house, ONCE, "33%")[0][0] > 0, 60)
        os.kill(children(running.pid)[-1], signal.SIGKILL)
        _, said = running.communicate(timeout=60)
    assert running.returncode == 1
    assert "run the same command again" in said
    assert settled.receive(folder).returncode == 0
    assert sql(settled.house, ONCE, "33%") == [(200, 1, 200)]


def children(parent: int) -> list[int]:
    """Processes that a pool has started, oldest first."""
    found = [int(word) for word in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    return [pid for pid in found if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def test_the_watched_folder_is_part_of_the_house(settled: Settled) -> None:
    house = settled.house

    def taken(number: int) -> bool:
        return sql(house, ONCE, str(number)) == [(1, 1, 1)]

    (settled.watched / "a.json").write_bytes(numbered(340_000_001))
    house.wait_for(lambda: taken(340_000_001) and not any(settled.watched.iterdir()), 30)
    (watching,) = house.pids("grace.cli.main receive --watch")
    os.kill(watching, signal.SIGKILL)
    (settled.watched / "b.json").write_bytes(numbered(340_000_002))
    house.wait_for(lambda: taken(340_000_002) and not any(settled.watched.iterdir()), PATIENCE)
    assert house.pids("grace.cli.main receive --watch") != [watching]
    assert sql(house, "SELECT DISTINCT way FROM intake_document WHERE way = 'folder'") == [("folder",)]
    log = (house.home / "log" / "receive.log").read_text()
    assert "new: document" in log
    assert "a.json" not in log


def test_a_watched_folder_without_its_unit_stops_the_start(tmp_path: Path) -> None:
    refused = House(tmp_path / "home", settings={"GRACE_WATCH": str(tmp_path)}).run("up")
    assert refused.returncode == 1
    assert "GRACE_WATCH and GRACE_WATCH_UNIT belong together" in refused.stderr


@pytest.mark.parametrize("form", ["zip", "folder"])
def test_memory_does_not_grow_with_the_size_of_a_package(settled: Settled, tmp_path: Path, form: str) -> None:
    small, large = tmp_path / "small.json", tmp_path / f"large.{form}"
    number = 350_000_001 if form == "zip" else 350_000_002
    small.write_bytes(numbered(number))
    sizes = [120, 80, *[1] * 100] if form == "zip" else [40, *[1] * 40]
    members = {f"{count}.bin": size * MIB for count, size in enumerate(sizes)}
    if form == "zip":
        with zipfile.ZipFile(large, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr("report.json", numbered(number))
            for count, (name, size) in enumerate(members.items()):
                archive.writestr(name, bytes([count]) * size)
    else:
        large.mkdir()
        (large / "report.json").write_bytes(numbered(number))
        for name, size in members.items():
            with (large / name).open("wb") as sparse:
                sparse.write(name.encode())
                sparse.truncate(size)
    command = [sys.executable, "-m", "tests.support.peak", UNIT, str(small), str(large)]
    environment = settled.house.environment | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    outcome, peak = done.stdout.split()
    assert outcome == "version"
    assert int(peak) < (100 if form == "zip" else 50) * MIB
    print(f"{form}: peak {int(peak) // MIB} MiB above a small document")
