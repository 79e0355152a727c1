"""Kill -9 on either side of a hand-over: exactly once, both ledgers verify, and the wire says nothing to whoever listens in."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from grace.simulate.plan import Form, WorldPlan, load_plan
from grace.simulate.world import World
from tests.integration.test_kills import assert_all_is_sound, jobs
from tests.support.house import House
from tests.support.kills import VICTIMS, kill, sql
from tests.support.two_houses import UNIT, Pair, desk, two_houses
from tests.support.world import as_bytes

PATIENCE = 240.0


@dataclass
class Desk:
    """An officer who does one thing again and again, whatever breaks off."""

    house: House
    words: tuple[str, ...]
    stop: threading.Event = field(default_factory=threading.Event)
    failures: int = 0

    def work(self) -> None:
        while not self.stop.is_set():
            self.failures += desk(self.house, *self.words).returncode != 0
            self.stop.wait(1.5)


def documents(folder: Path, bare: int, filed: int) -> None:
    """Small reports, and packages with pictures, as files to take in."""
    folder.mkdir()
    plain = World(replace(load_plan(bare), duplicate_share=0.0, version_share=0.0))
    packed = World(
        WorldPlan(
            referrals=bare + filed,
            duplicate_share=0.0,
            version_share=0.0,
            truncated_share=0.0,
            flaw_share=0.0,
            forms=((Form.LEA_ZIP, 1.0),),
            files_per_referral=2,
            listed_pictures=4,
        )
    )
    for place in range(bare + filed):
        made = (plain if place < bare else packed).document(place)
        (folder / f"{place:04d}-{made.name}").write_bytes(as_bytes(made))


@pytest.mark.parametrize(
    ("moments", "bare", "filed"),
    [
        pytest.param(3, 5, 3, marks=pytest.mark.timeout(900)),
        pytest.param(50, 30, 15, marks=[pytest.mark.soak, pytest.mark.timeout(3_600)]),
    ],
)
def test_kills_at_random_moments_of_a_hand_over(short_folder: Path, tmp_path: Path, moments: int, bare: int, filed: int) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    dice = random.Random(seed)
    documents(tmp_path / "documents", bare, filed)
    with two_houses(short_folder) as pair:
        taken = pair.north.run("receive", "--unit", UNIT, str(tmp_path / "documents"))
        assert taken.returncode == 0, taken.stderr
        number = bare + filed
        assert sql(pair.north, "SELECT count(*) FROM referrals_referral") == [(number,)]
        desks = [Desk(pair.north, ("hand-over", pair.south_agency, "2")), Desk(pair.south, ("accept", "4"))]
        threads = [threading.Thread(target=each.work) for each in desks]
        for thread in threads:
            thread.start()
        away = []
        for place in range(moments):
            house, victim = dice.choice([pair.north, pair.south]), dice.choice(list(VICTIMS))
            time.sleep(dice.uniform(0, 1))
            away.append(kill(house, victim))
            print(f"{place}: {'north' if house is pair.north else 'south'} {victim}: away for {away[-1]:.1f} s")
        for each, thread in zip(desks, threads, strict=True):
            each.stop.set()
            thread.join(PATIENCE)
        finish(pair, number)
        print(f"runs that failed {[each.failures for each in desks]}; connections {[each.connections for each in pair.wires]}")
        assert_exactly_once(pair, number)
        assert_nothing_is_readable(pair)


def finish(pair: Pair, number: int) -> None:
    """What the officers had not come to yet."""
    handed = desk(pair.north, "hand-over", pair.south_agency)
    assert handed.returncode == 0, handed.stderr
    came = "SELECT count(*) FROM exchange_arrival WHERE kind = 'handover'"
    pair.south.wait_for(lambda: sql(pair.south, came) == [(number,)], PATIENCE)
    taken = desk(pair.south, "accept")
    assert taken.returncode == 0, taken.stderr
    pair.north.wait_for(lambda: accepted(pair) == number, PATIENCE)


def accepted(pair: Pair) -> int:
    """Hand-overs whose answer has come back."""
    (row,) = sql(pair.north, "SELECT count(*) FROM exchange_dispatch WHERE kind = 'handover' AND state = 'accepted'")
    return int(row[0])


def assert_exactly_once(pair: Pair, number: int) -> None:
    sent = sql(pair.north, "SELECT id::text FROM exchange_dispatch WHERE kind = 'handover' ORDER BY 1")
    came = sql(pair.south, "SELECT package::text FROM exchange_arrival WHERE kind = 'handover' AND state = 'accepted' ORDER BY 1")
    assert len(sent) == number
    assert sent == came
    names = "SELECT external, versions FROM referrals_referral ORDER BY 1"
    assert sql(pair.north, names) == sql(pair.south, names)
    files = "SELECT encode(sha256, 'hex') FROM evidence_file ORDER BY 1"
    assert sql(pair.north, files) == sql(pair.south, files)
    assert sql(pair.south, TAKEN_TWICE) == []
    for house, act in ((pair.north, "exchange.hand_over"), (pair.south, "exchange.accept")):
        assert sql(house, ENTRIES_A_PACKAGE, act) == [(1, number)]
        assert sql(house, "SELECT count(*) FROM custody_entry WHERE denied AND act LIKE 'exchange.%%' AND act <> 'exchange.accept'") == [
            (0,)
        ]
    for house in (pair.north, pair.south):
        house.wait_for(lambda house=house: jobs(house) == 0, PATIENCE)  # type: ignore[misc]  # bound now
        assert_all_is_sound(house)


TAKEN_TWICE = "SELECT referral_id FROM exchange_arrival WHERE referral_id IS NOT NULL GROUP BY 1 HAVING count(*) > 1"
ENTRIES_A_PACKAGE = """
SELECT n, count(*) FROM (
  SELECT package, count(*) AS n FROM custody_entry e, UNNEST(e.subjects) AS package
  WHERE e.act = %s AND NOT denied AND package LIKE 'package:%%' GROUP BY package
) told GROUP BY n
"""


def assert_nothing_is_readable(pair: Pair) -> None:
    """No identifier, name, number or picture of the referrals stands on the wire."""
    heard = pair.heard
    assert len(heard) > 100_000
    values = {row[0] for row in sql(pair.south, "SELECT value FROM referrals_identifier WHERE length(value) > 7")}
    values |= {row[0] for row in sql(pair.south, "SELECT external FROM referrals_referral WHERE length(external) > 5")}
    values |= {
        row[0]
        for row in sql(pair.south, "SELECT DISTINCT f.value FROM referrals_person p, jsonb_each_text(p.fields) f WHERE length(f.value) > 7")
    }
    assert len(values) > 20, values
    readable = [value for value in values if value.encode() in heard]
    assert readable == []
    for picture in (b"\x89PNG\r\n", b"\xff\xd8\xff\xe0", b"JFIF\0", b"PK\x03\x04", b"referral.json", b"reportedInformation"):
        assert picture not in heard
    assert b"GRACE-PACKAGE 1" in heard  # the label is meant to be read
