"""Two that end one report at the same moment, and kill -9 in the middle of reports: each is taken in exactly once."""

from __future__ import annotations

import base64
import http.client
import random
import re
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.db import connection

from grace.evidence import vault
from grace.intake.models import IncomingReport
from grace.pipeline import reporting
from grace.referrals.models import Referral
from tests.integration.test_kills import assert_all_is_sound, jobs
from tests.support.house import House, living_in
from tests.support.kills import VICTIMS, kill, sql
from tests.support.people import make_unit
from tests.support.reporting import REPORT, Provider, provider

PATIENCE = 120.0


def codes_of(*works: Callable[[], int]) -> list[int]:
    """Do all at the same moment, each with a connection of its own; the codes, sorted."""
    together = threading.Barrier(len(works))

    def run(work: Callable[[], int]) -> int:
        together.wait()
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return sorted(pool.map(run, works))


@pytest.fixture
def chat(committed_db: None, place: vault.Place) -> Provider:
    """A provider, on a database with real commits."""
    return provider(make_unit("Harbour Unit"))


def test_of_many_that_finish_one_report_one_is_told_so(chat: Provider) -> None:
    number = chat.open()
    chat.upload(number, b"x" * 100_000)
    assert codes_of(*[lambda: chat.finish(number).code] * 4) == [0, 5102, 5102, 5102]
    assert Referral.objects.count() == 1


def test_of_finishing_and_retracting_one_wins(chat: Provider) -> None:
    for _ in range(4):
        number = chat.open()
        codes = codes_of(lambda number=number: chat.finish(number).code, lambda number=number: chat.ask("retract", number).code)  # type: ignore[misc]
        assert codes in ([0, 5101], [0, 5102])
        assert Referral.objects.filter(external=str(number)).count() == (5102 in codes)


def test_finishing_while_a_file_comes_in_leaves_no_file_behind(chat: Provider) -> None:
    for _ in range(4):
        number = chat.open()

        def upload(number: int = number) -> int:
            return chat.form("upload", id=number, file=_file()).code

        codes = codes_of(upload, lambda number=number: chat.finish(number).code)  # type: ignore[misc]
        assert codes in ([0, 0], [0, 5102])
        assert IncomingReport.objects.get(number=number).files.count() == 0


def test_two_rounds_of_looking_for_unfinished_reports(chat: Provider) -> None:
    for _ in range(3):
        chat.open()
    IncomingReport.objects.update(opened_at="2026-01-01T00:00:00Z", changed_at="2026-01-01T00:00:00Z")
    assert sum(codes_of(reporting.set_unfinished_aside, reporting.set_unfinished_aside)) == 3
    assert set(IncomingReport.objects.values_list("state", flat=True)) == {"unfinished"}


def _file() -> object:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("a.txt", b"a" * 50_000)


@dataclass
class Reporting:
    """A provider's program that never gives up: each step is sent again until it is answered."""

    house: House
    secret: str
    stop: threading.Event = field(default_factory=threading.Event)
    finished: list[int] = field(default_factory=list)
    retracted: list[int] = field(default_factory=list)
    unanswered: int = 0
    odd: Counter[str] = field(default_factory=Counter)

    def work(self) -> None:
        turn = 0
        while not self.stop.wait(0.1):
            turn += 1
            number = int(self._until("submit", REPORT.encode(), "text/xml", {0})[1])
            form = (
                f'--e\r\nContent-Disposition: form-data; name="id"\r\n\r\n{number}\r\n'
                f'--e\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n{number} says hello\r\n--e--\r\n'
            )
            self._until("upload", form.encode(), "multipart/form-data; boundary=e", {0})
            if turn % 4:
                self._until("finish", f"id={number}".encode(), "application/x-www-form-urlencoded", {0, 5102})
                self.finished.append(number)
            else:
                self._until("retract", f"id={number}".encode(), "application/x-www-form-urlencoded", {0, 5101})
                self.retracted.append(number)

    def _until(self, path: str, body: bytes, kind: str, wanted: set[int]) -> tuple[int, str]:
        while True:
            code, number = self._ask(path, body, kind)
            if code in wanted:
                return code, number
            self.unanswered += 1
            time.sleep(0.2)

    def _ask(self, path: str, body: bytes, kind: str) -> tuple[int, str]:
        """The code and the number; -1 where nobody answered, or the answer was cut off."""
        headers = {"Authorization": "Basic " + base64.b64encode(f"chat:{self.secret}".encode()).decode(), "Content-Type": kind}
        request = urllib.request.Request(f"http://127.0.0.1:{self.house.port}/ispws/{path}", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - our own address
                said = answer.read().decode()
        except urllib.error.HTTPError as refusal:
            with refusal:
                self.odd[str(refusal.code)] += 1
            return -1, ""
        except (OSError, http.client.HTTPException):
            return -1, ""
        code, number = re.search(r"<responseCode>(\d+)<", said), re.search(r"<reportId>(\d+)<", said)
        return (int(code[1]) if code else -1), (number[1] if number else "")


@pytest.mark.parametrize(
    "moments", [pytest.param(5, marks=pytest.mark.timeout(600)), pytest.param(50, marks=[pytest.mark.soak, pytest.mark.timeout(3_600)])]
)
def test_kills_at_random_moments_of_reporting(tmp_path: Path, moments: int) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    dice = random.Random(seed)
    with living_in(tmp_path / "home") as house:
        house.start()
        assert house.run("accounts", "unit", "add", "Harbour Unit").returncode == 0
        secret = house.run("senders", "add", "chat", "--sender", "Chat Example", "--unit", "harbour-unit").stdout.strip()
        programs = [Reporting(house, secret) for _ in range(2)]
        threads = [threading.Thread(target=each.work) for each in programs]
        for thread in threads:
            thread.start()
        victims = list(VICTIMS) * (moments // len(VICTIMS))
        dice.shuffle(victims)
        for victim in victims:
            time.sleep(dice.uniform(0.5, 2.5))
            kill(house, victim)
        for each in programs:
            each.stop.set()
        for thread in threads:
            thread.join(PATIENCE)
            assert not thread.is_alive()
        finished = [number for each in programs for number in each.finished]
        retracted = [number for each in programs for number in each.retracted]
        print(f"{len(finished)} finished, {len(retracted)} retracted, {sum(each.unanswered for each in programs)} sent again")
        assert set().union(*(each.odd for each in programs)) <= {"503"}
        assert_each_is_there_once(house, finished, retracted)


def assert_each_is_there_once(house: House, finished: list[int], retracted: list[int]) -> None:
    """The reports that were finished are referrals, those retracted are nowhere, and what was opened and never heard of again is open."""
    house.wait_for(lambda: jobs(house) == 0, PATIENCE)
    assert len(finished) > len(retracted) > 0
    assert sorted(sql(house, "SELECT external::bigint, versions FROM referrals_referral")) == [(number, 1) for number in sorted(finished)]
    assert sql(house, "SELECT state, count(*) FROM intake_document GROUP BY state") == [("read", len(finished))]
    kept = dict(sql(house, "SELECT number, state FROM intake_incoming_report"))
    assert sorted(number for number, state in kept.items() if state == "finished") == sorted(finished)
    assert {state for number, state in kept.items() if number not in set(finished)} <= {"open"}
    assert not kept.keys() & set(retracted)
    named = sql(house, "SELECT count(*) FROM referrals_attachment a JOIN evidence_file f ON f.id = a.file_id")
    assert named[0][0] >= len(finished)
    for act, numbers in (("report.finish", finished), ("report.retract", retracted)):
        told = sql(house, "SELECT subjects[1] FROM custody_entry WHERE act = %s AND NOT denied", act)
        assert sorted(subject for (subject,) in told) == sorted(f"report:{number}" for number in numbers)
    assert_all_is_sound(house)
