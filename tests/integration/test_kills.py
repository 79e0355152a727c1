"""Kill -9 at random moments of an intake of 500 documents: nothing lost, nothing doubled, and the ledger verifies."""

from __future__ import annotations

import hashlib
import http.client
import json
import queue
import random
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from grace.simulate.plan import Form, WorldPlan, load_plan
from grace.simulate.world import World
from tests.support.house import House, living_in
from tests.support.kills import SERVING_AGAIN, VICTIMS, kill, sql
from tests.support.world import as_bytes

DOCUMENTS, WITH_FILES = 500, 40
UNIT = "harbour-unit"
PATIENCE = 120.0
"""Seconds for the end of an intake and of its jobs on a busy machine."""


@dataclass(frozen=True)
class Original:
    """A document of the invented world, and the number of its report."""

    name: str
    content: bytes
    number: str


def originals() -> list[Original]:
    """460 small reports, some of them twice or changed, and 40 packages with files; shuffled, so that both ways get of all."""
    bare = World(replace(load_plan(DOCUMENTS - WITH_FILES), duplicate_share=0.03, version_share=0.05))
    plan = WorldPlan(
        referrals=DOCUMENTS,
        duplicate_share=0.0,
        version_share=0.0,
        truncated_share=0.0,
        flaw_share=0.0,
        forms=((Form.LEA_ZIP, 1.0),),
        files_per_referral=2,
        listed_pictures=4,
    )
    filed = World(plan)
    documents = [bare.document(place) for place in range(DOCUMENTS - WITH_FILES)]
    documents += [filed.document(place) for place in range(DOCUMENTS - WITH_FILES, DOCUMENTS)]
    made = [Original(each.name, as_bytes(each), str(each.truth.number)) for each in documents]
    random.Random(1).shuffle(made)
    return made


@dataclass
class Sender:
    """Hands documents in through the API: each again and again, until it is answered."""

    house: House
    token: str
    waiting: queue.SimpleQueue[Original | None] = field(default_factory=queue.SimpleQueue)
    outcomes: Counter[str] = field(default_factory=Counter)
    refusals: Counter[int] = field(default_factory=Counter)
    unanswered: int = 0
    handed: int = 0

    def put(self, document: Original) -> None:
        self.handed += 1
        self.waiting.put(document)

    def work(self) -> None:
        while (document := self.waiting.get()) is not None:
            while not self._is_answered(document):
                self.unanswered += 1
                time.sleep(0.2)

    def _is_answered(self, document: Original) -> bool:
        address = f"http://127.0.0.1:{self.house.port}/api/v1/referrals?name={urllib.parse.quote(document.name)}"
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/octet-stream"}
        request = urllib.request.Request(address, document.content, headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - our own address
                self.outcomes[json.load(answer)["outcome"]] += 1
                return True
        except urllib.error.HTTPError as refusal:
            with refusal:
                self.refusals[refusal.code] += 1
                return False
        except (OSError, ValueError, http.client.HTTPException):  # no answer, or half of one: it is sent again
            return False


@dataclass
class Operator:
    """Runs ``grace receive`` on a folder, over and over, whatever becomes of it."""

    house: House
    folder: Path
    stop: threading.Event = field(default_factory=threading.Event)
    failures: int = 0

    def work(self) -> None:
        while not self.stop.is_set():
            self.failures += receive(self.house, self.folder).returncode != 0
            self.stop.wait(0.5)

    def put(self, document: Original) -> None:
        (self.folder / f".{document.name}").write_bytes(document.content)
        (self.folder / f".{document.name}").rename(self.folder / document.name)


def receive(house: House, *words: str | Path) -> subprocess.CompletedProcess[str]:
    return house.run("receive", "--unit", UNIT, *map(str, words))


@contextmanager
def settled_in(home: Path) -> Iterator[tuple[House, str]]:
    """A house with a unit, and a token of it."""
    with living_in(home) as house:
        house.start()
        assert house.run("accounts", "unit", "add", "Harbour Unit").stdout.strip() == UNIT
        yield house, house.run("accounts", "token", "add", "sender", "--unit", UNIT, "--can", "receive").stdout.strip()


@pytest.mark.parametrize(
    "moments", [pytest.param(10, marks=pytest.mark.timeout(600)), pytest.param(100, marks=[pytest.mark.soak, pytest.mark.timeout(3_600)])]
)
def test_kills_at_random_moments_of_an_intake(tmp_path: Path, moments: int) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    dice = random.Random(seed)
    documents = originals()
    with settled_in(tmp_path / "home") as (house, token):
        victims = list(VICTIMS) * (moments // len(VICTIMS))
        dice.shuffle(victims)
        with at_work(house, token, tmp_path / "folder") as (sender, operator):
            away = [
                kill_one(house, victim, dice.uniform(0, 1.5), some, sender, operator)
                for victim, some in zip(victims, slices(documents, moments), strict=True)
            ]
        last = receive(house, operator.folder)
        assert last.returncode == 0, last.stderr
        print(
            f"away, seconds: {sorted(round(each, 1) for each in away)}; sent again {sender.unanswered}, refused {sender.refusals}, runs that failed {operator.failures}"
        )
        assert set(sender.refusals) <= {503}
        assert sender.outcomes.total() == sender.handed
        assert_all_is_there(house, documents)
        if moments == 100:  # the soak has the machine to itself; in `make test` a busy one would be measured
            assert max(away) < SERVING_AGAIN


@contextmanager
def at_work(house: House, token: str, folder: Path) -> Iterator[tuple[Sender, Operator]]:
    """Two threads that send and one that reads a folder; at the end they finish what they have, whatever happened."""
    folder.mkdir()
    sender, operator = Sender(house, token), Operator(house, folder)
    threads = [threading.Thread(target=each.work, daemon=True) for each in (sender, sender, operator)]
    for thread in threads:
        thread.start()
    try:
        yield sender, operator
    finally:
        sender.waiting.put(None)
        sender.waiting.put(None)
        operator.stop.set()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()


def slices(documents: Sequence[Original], number: int) -> Iterator[Sequence[Original]]:
    """The documents in so many parts, one after the other."""
    for part in range(number):
        yield documents[len(documents) * part // number : len(documents) * (part + 1) // number]


def kill_one(house: House, victim: str, after: float, documents: Sequence[Original], sender: Sender, operator: Operator) -> float:
    """Let some documents come, half by each way, and kill the victim meanwhile; the seconds until all serves again."""
    for place, document in enumerate(documents):
        if place % 2:
            operator.put(document)
        else:
            sender.put(document)
    time.sleep(after)
    away = kill(house, victim)
    print(f"{victim} after {after:.2f} s: away for {away:.1f} s")
    return away


def assert_all_is_there(house: House, documents: Sequence[Original]) -> None:
    """The truth of the documents beside what the database holds, once the jobs are done."""
    contents: dict[str, set[bytes]] = {}
    for each in documents:
        contents.setdefault(each.number, set()).add(hashlib.sha256(each.content).digest())
    distinct = sum(map(len, contents.values()))
    assert_jobs_end(house)
    versions = sql(house, "SELECT external, versions FROM referrals_referral")
    assert len(versions) == len(contents)
    assert dict(versions) == {number: len(each) for number, each in contents.items()}
    assert sql(house, ODD_VERSIONS) == []
    assert sql(house, "SELECT state, count(*) FROM intake_document GROUP BY state") == [("read", distinct)]
    assert sql(house, "SELECT count(*), count(DISTINCT referral_id) FROM casework_queue") == [(len(contents), len(contents))]
    assert sql(house, "SELECT count(*) FROM referrals_version") == [(distinct,)]
    assert sql(
        house, "SELECT count(*) FROM evidence_file f WHERE NOT EXISTS (SELECT FROM evidence_examination e WHERE e.file_id = f.id)"
    ) == [(0,)]
    (files,) = sql(house, "SELECT count(*) FROM evidence_file")
    assert int(files[0]) >= WITH_FILES
    assert sql(house, UNHEARD_TEXTS) == [(0, 0)]
    assert sql(house, LOST_ENTRIES) == [(0, 0)]
    assert_all_is_sound(house)


ODD_VERSIONS = """
SELECT r.id FROM referrals_referral r JOIN referrals_version v ON v.referral_id = r.id
GROUP BY r.id HAVING array_agg(v.ordinal ORDER BY v.ordinal) <> array(SELECT generate_series(1, r.versions))
"""
UNHEARD_TEXTS = """
SELECT
  (SELECT count(*) FROM analysis_texts_waiting),
  (SELECT count(*) FROM referrals_referral r WHERE NOT EXISTS (SELECT FROM analysis_text_run t WHERE t.referral_id = r.id AND t.failed = ''))
"""
LOST_ENTRIES = """
SELECT
  (SELECT count(*) FROM intake_document d WHERE 1 <> (
    SELECT count(*) FROM custody_entry e WHERE e.act = 'document.receive' AND e.subjects[1] = 'document:' || d.id)),
  (SELECT count(*) FROM referrals_referral r WHERE NOT EXISTS (
    SELECT FROM custody_entry e WHERE e.act = 'referral.score' AND 'referral:' || r.id = ANY(e.subjects)))
"""


def jobs(house: House) -> int:
    """Jobs that wait, run or have failed."""
    (row,) = sql(house, "SELECT count(*) FROM procrastinate_jobs WHERE status <> 'succeeded'")
    return int(row[0])


def assert_jobs_end(house: House) -> None:
    try:
        house.wait_for(lambda: jobs(house) == 0, PATIENCE)
    except AssertionError as failure:
        left = sql(
            house,
            "SELECT id, task_name, status, attempts, args, scheduled_at, worker_id FROM procrastinate_jobs WHERE status <> 'succeeded'",
        )
        raise AssertionError(f"jobs that did not end: {left}") from failure


def assert_all_is_sound(house: House) -> None:
    """The database agrees with itself, an export verifies with the one-file verifier alone, and the vault holds what it should."""
    house.wait_for(lambda: sql(house, "SELECT count(*) FROM custody_pending") == [(0,)], 30)
    export, key = house.home.parent / "ledger.jsonl", house.home.parent / "key.pem"
    told = ("--recipient", "authority:data-protection", "--purpose", "lawfulness-check")
    commands = ("custody", "status"), ("custody", "key"), ("custody", "export", str(export), *told), ("evidence", "scrub")
    key.write_text(house.run_all(*commands)[1])
    checked = house.run("custody", "verify", str(export), "--key", str(key))
    assert checked.stdout.startswith("VERIFIED."), checked.stdout
