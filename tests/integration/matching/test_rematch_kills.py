"""Kill -9 at any moment of changing lists and asking again: once all has followed, matches and scores are what the lists say."""

from __future__ import annotations

import json
import multiprocessing
import random
import time
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from grace.accounts.models import Unit
from grace.matching import due
from grace.matching.models import HashList, Match
from grace.pipeline import jobs, rematch
from tests.integration.web import story
from tests.support import relisting
from tests.support.deliveries import hand_in, sample
from tests.support.people import make_unit
from tests.support.relisting import Value

SMALL = ((due, "FEW", 12), (rematch, "ENTRIES", 3), (rematch, "FILES", 2), (rematch, "NAMED", 4), (rematch, "REFERRALS", 3))


def next_job() -> tuple[int, str, dict[str, Any]] | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id LIMIT 1")
        row = cursor.fetchone()
    return None if row is None else (row[0], row[1], json.loads(row[2]) if isinstance(row[2], str) else row[2])


def work_off() -> None:
    """Run what is due, each job struck out once it has ended, as workers do: what is killed with one runs again."""
    while job := next_job():
        app.tasks[job[1]].func(**job[2])
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job[0]])


def change_one(dice: random.Random, place: int, units: list[UUID], values: list[Value]) -> None:
    """Load a list of stored values, of some near them and of others, or take one out."""
    names = list(HashList.objects.values_list("name", flat=True))
    if names and dice.random() < 0.4:
        relisting.remove(dice.choice(names))
        return
    some = dice.sample(values, dice.choice([1, 2, 6, 20]))
    told = [(kind, relisting.flipped(value, dice.randrange(0, 40)) if kind == "pdq" else value) for kind, value in some]
    others = [(kind, dice.randbytes(len(value))) for kind, value in some]
    unit = Unit.objects.get(id=dice.choice(units)) if dice.random() < 0.3 else None
    relisting.load([*told, *others], f"List {place}", unit)


def changing(seed: int, first: int, units: list[UUID], values: list[Value]) -> None:
    """A process that changes lists, and follows, until it is killed."""
    connection.close()
    dice, place = random.Random(seed), first
    while True:
        place += 1
        change_one(dice, place, units, values)
        work_off()


@pytest.mark.parametrize("moments", [5, pytest.param(50, marks=pytest.mark.soak)])
def test_killed_at_any_moment_all_is_what_the_lists_say(committed_db: None, moments: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, size in SMALL:
        monkeypatch.setattr(module, name, size)
    monkeypatch.setattr(jobs, "SCORED", 2)
    monkeypatch.setattr(rematch, "SECONDS", 0.2)
    units = [make_unit("Harbour Unit"), make_unit("Hill Unit")]
    story.with_files(units[0])
    hand_in(units[0], *(sample(f"d{number}") for number in (1, 2, 5)))
    hand_in(units[1], sample("d1"))
    work_off()
    values = sorted(relisting.stored())
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    dice, matched = random.Random(seed), 0
    for moment in range(moments):
        connection.close()
        arguments = (dice.randrange(1 << 32), 1_000 * moment, [each.id for each in units], values)
        process = multiprocessing.get_context("fork").Process(target=changing, args=arguments)
        process.start()
        time.sleep(dice.uniform(0.2, 2.0))
        assert process.is_alive()
        process.kill()
        process.join()
        work_off()
        matched += Match.objects.count()
        assert relisting.differences(units) == [], f"after kill {moment}"
        for name in list(HashList.objects.order_by("created_at").values_list("name", flat=True))[:-4]:
            relisting.remove(name)  # few lists: a value answers with its fifty nearest entries only
    assert matched > 0
