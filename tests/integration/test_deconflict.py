"""Who else works on the same: between units at once, between agencies blinded; written down on both sides, and no is never guessed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection

from grace.accounts.models import Unit
from grace.casework.decide import Wish as Decided
from grace.custody import ledger
from grace.exchange import asking, blind, tag_sets
from grace.exchange.http import fetch
from grace.exchange.models import Question, Reply, TagSet
from grace.exchange.request import Asked
from grace.kernel import clock
from grace.kernel.errors import Invalid, Missing, Refused
from grace.links.subjects import spelt, subjects_of
from grace.pipeline import accounts, agencies, deconflict
from grace.pipeline.decide import decide
from grace.pipeline.deconflict import Wish
from tests.support import floods
from tests.support.agencies import Installation, acquaint, administrators
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, Person, make_person, make_unit

SAME = "ab" * 16
"""The MD5 of a file that both units' referrals name."""


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Tests need no access log."""


@pytest.fixture
def mine(harbour_unit: Unit) -> UUID:
    return floods.take_in(harbour_unit, [floods.tip(701, "account-7000001", md5=SAME)], name="mine.zip")[0]


@pytest.fixture
def theirs(hill_unit: Unit) -> UUID:
    return floods.take_in(hill_unit, [floods.tip(702, "account-7000002", md5=SAME)], name="theirs.zip")[0]


def values_of(unit_id: UUID, referral: UUID) -> dict[str, UUID]:
    return {each.kind: each.value for each in subjects_of(unit_id, referral)}


def says(question: Question) -> dict[tuple[str, UUID], str]:
    return {(str(each.agency or each.unit), each.value): each.says for each in question.replies.select_related("agency", "unit")}


@pytest.mark.django_db
class TestBetweenUnits:
    def test_yes_only_where_an_officer_works_on_it(self, alice: Person, charlie: Person, mine: UUID, theirs: UUID) -> None:
        unit, values = charlie.officer.unit, values_of(alice.viewer.unit_id, mine)
        wish = Wish(list(values.values()), because="two houses, one file")
        before = says(deconflict.ask(alice.viewer, mine, wish))
        assert set(before.values()) == {"no"}, "what only waits in a queue is not worked on"
        decide(charlie.viewer, theirs, Decided("take"))
        after = says(deconflict.ask(alice.viewer, mine, wish))
        assert after.pop((unit.name, values["file"])) == "yes"
        assert set(after.values()) <= {"no"}

    def test_it_is_written_down_on_both_sides_without_a_value(self, alice: Person, charlie: Person, mine: UUID, theirs: UUID) -> None:
        decide(charlie.viewer, theirs, Decided("take"))
        values = values_of(alice.viewer.unit_id, mine)
        made = deconflict.ask(alice.viewer, mine, Wish([values["file"]], because="one file"))
        asked = ledger.history(f"referral:{mine}")[0]
        assert (asked.act, asked.actor, asked.kind) == ("deconflict.ask", alice.viewer.actor, "COMBINATION")
        told = ledger.history(f"unit:{charlie.viewer.unit_id}")[0]
        assert (told.act, told.kind, told.recipient, told.detail["yes"]) == (
            "deconflict.answer",
            "DISCLOSURE",
            f"unit:{alice.viewer.unit_id}",
            "1",
        )
        assert f"question:{made.id}" in told.subjects
        assert SAME not in repr([*ledger.history(f"referral:{mine}"), *ledger.history(f"unit:{charlie.viewer.unit_id}")])
        assert not ledger.history(f"referral:{theirs}")[0].act.startswith("deconflict"), "which of theirs it is, is not told"

    def test_the_other_unit_sees_who_was_told(self, alice: Person, charlie: Person, mine: UUID, theirs: UUID) -> None:
        decide(charlie.viewer, theirs, Decided("take"))
        values = values_of(alice.viewer.unit_id, mine)
        deconflict.ask(alice.viewer, mine, Wish(list(values.values()), because="one file"))
        [seen] = deconflict.asked_of(charlie.viewer)
        assert (seen.question.unit_id, seen.values) == (alice.viewer.unit_id, 1)
        assert deconflict.asked_of(alice.viewer) == []

    def test_a_contact_is_written_down_and_shown_with_a_yes(
        self, alice: Person, charlie: Person, dora: Person, mine: UUID, theirs: UUID
    ) -> None:
        decide(charlie.viewer, theirs, Decided("take"))
        accounts.record_contact(dora.viewer, charlie.viewer.unit_id, "  desk@hill.example.org,  ext. 12 ")
        deconflict.ask(alice.viewer, mine, Wish([values_of(alice.viewer.unit_id, mine)["file"]], because="one file"))
        page = alice.client.get(f"/referrals/{mine}/elsewhere/").content.decode()
        assert "desk@hill.example.org, ext. 12" in page
        with pytest.raises(Refused):
            accounts.record_contact(alice.viewer, charlie.viewer.unit_id, "x")

    def test_what_cannot_be_asked_is_refused_and_told(self, alice: Person, charlie: Person, mine: UUID, theirs: UUID) -> None:
        values = list(values_of(alice.viewer.unit_id, mine).values())
        foreign = [each for each in values_of(charlie.viewer.unit_id, theirs).values() if each not in values]
        for wish in (Wish(values), Wish([], because="x"), Wish(foreign, because="x"), Wish(values, units=False, because="x")):
            with pytest.raises(Invalid):
                deconflict.ask(alice.viewer, mine, wish)
        with pytest.raises(Missing):
            deconflict.ask(charlie.viewer, mine, Wish(values, because="x"))
        assert Question.objects.count() == 0

    def test_nobody_browses_by_asking(self, alice: Person, mine: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
        values = list(values_of(alice.viewer.unit_id, mine).values())
        monkeypatch.setattr("grace.exchange.questions.MOST_A_DAY", len(values))
        deconflict.ask(alice.viewer, mine, Wish(values, because="x"))
        with pytest.raises(Refused, match="in a day"):
            deconflict.ask(alice.viewer, mine, Wish(values, because="x"))
        with clock.held(clock.now() + timedelta(days=1, minutes=1)):
            deconflict.ask(alice.viewer, mine, Wish(values, because="x"))

    def test_what_too_many_name_is_not_checked(
        self, alice: Person, charlie: Person, mine: UUID, theirs: UUID, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("grace.casework.in_work.MOST_ROWS", 1)
        found = deconflict.ask(alice.viewer, mine, Wish([values_of(alice.viewer.unit_id, mine)["file"]], because="x"))
        [reply] = found.replies.all()
        assert (reply.says, reply.why) == ("not_checked", "too-common")


@pytest.fixture
def two(committed_db: None, place: object, tmp_path: Path) -> Iterator[tuple[Installation, Installation]]:
    """North asks South over loopback; each stands in settings of its own."""
    north = Installation("Example Police North", "DE", tmp_path / "north", make_unit("Harbour Unit"))
    south = Installation("Example Police South", "FR", tmp_path / "south", make_unit("Hill Unit"))

    def as_south(site: WSGIHandler) -> Callable[..., Any]:
        def answer(environ: dict[str, Any], start: Any) -> Any:
            try:
                with south.at_home():
                    return [b"".join(site(environ, start))]
            finally:
                connection.close()

        return answer

    server = make_server("127.0.0.1", 0, as_south(WSGIHandler()), handler_class=_Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    south.address = f"http://127.0.0.1:{server.server_port}"
    acquaint(north, south)
    yield north, south
    server.shutdown()
    server.server_close()
    thread.join()


def agree(here: Installation, there: Installation) -> None:
    with here.at_home():
        agencies.agree_questions(administrators(here.unit)[0], there.agency, agreed=True, because="working agreement 7/2026")


class TestBetweenAgencies:
    @pytest.fixture
    def asked(self, two: tuple[Installation, Installation]) -> tuple[Question, UUID]:
        """A question of North's about a file on which an officer of South works; North has agreed to ask."""
        north, south = two
        alice, charlie = (make_person(name, each.unit, EVERYTHING_BUT_ACCOUNTS) for name, each in (("Alice", north), ("Charlie", south)))
        [mine] = floods.take_in(north.unit, [floods.tip(701, "account-7000001", md5=SAME)], name="mine.zip")
        [theirs] = floods.take_in(south.unit, [floods.tip(702, "account-7000002", md5=SAME)], name="theirs.zip")
        decide(charlie.viewer, theirs, Decided("take"))
        agree(north, south)
        values = values_of(north.unit.id, mine)
        with north.at_home():
            wish = Wish(list(values.values()), units=False, agencies=[south.agency], because="one file")
            return deconflict.ask(alice.viewer, mine, wish), values["file"]

    def test_only_what_matches_is_learned(self, two: tuple[Installation, Installation], asked: tuple[Question, UUID]) -> None:
        (north, south), (question, file) = two, asked
        assert set(says(question).values()) == {"waiting"}
        agree(south, north)
        with south.at_home():
            assert deconflict.prepare_tags() == 2  # in this one database each is known to the other
        with north.at_home():
            deconflict.ask_agency(question.id, south.agency)
        found = says(question)
        assert found.pop((south.name, file)) == "yes"
        assert set(found.values()) == {"no"}
        evaluated = ledger.history(f"agency:{north.agency}")
        assert {"deconflict.evaluate", "deconflict.tags"} <= {each.act for each in evaluated}
        assert {each.act for each in ledger.history(f"question:{question.id}")} >= {"deconflict.ask_agency", "deconflict.heard"}

    def test_nothing_agreed_or_prepared_is_not_checked(self, two: tuple[Installation, Installation], asked: tuple[Question, UUID]) -> None:
        (north, south), (question, _file) = two, asked
        with north.at_home():
            deconflict.ask_agency(question.id, south.agency)
        [(told, why)] = set(question.replies.values_list("says", "why"))
        assert (told, why) == ("not_checked", "not-agreed")

    def test_an_agency_that_does_not_answer_is_not_checked(
        self, two: tuple[Installation, Installation], asked: tuple[Question, UUID]
    ) -> None:
        (north, south), (question, _file) = two, asked
        agree(south, north)
        with north.at_home():
            deconflict.ask_agency(question.id, south.agency)
        assert set(question.replies.values_list("says", "why")) == {("not_checked", "not-ready")}
        with north.at_home():
            deconflict.ask_agency(question.id, south.agency)  # once more, as after a kill: nothing waits, nothing is asked
        assert {each.act for each in ledger.history(f"question:{question.id}")} == {
            "deconflict.ask",
            "deconflict.ask_agency",
            "deconflict.not_checked",
        }

    def test_more_than_a_days_questions_are_not_answered(
        self, two: tuple[Installation, Installation], asked: tuple[Question, UUID], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (north, south), (question, _file) = two, asked
        agree(south, north)
        with south.at_home():
            deconflict.prepare_tags()
        monkeypatch.setattr("grace.exchange.tag_sets.MOST_A_DAY", 1)
        with north.at_home():
            deconflict.ask_agency(question.id, south.agency)
        assert set(question.replies.values_list("says", "why")) == {("not_checked", "too-many-questions")}

    def test_what_south_sees_tells_nothing_and_what_north_sees_fits_nobody_else(
        self, two: tuple[Installation, Installation], asked: tuple[Question, UUID], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (north, south), (question, _file) = two, asked
        agree(south, north)
        with south.at_home():
            deconflict.prepare_tags()
            tags = {each.agency_id: bytes(each.body) for each in TagSet.objects.all()}
            file = spelt("file", SAME)
            assert file is not None
            for agency, body in tags.items():
                made = blind.tag(blind.value(tag_sets.key_for(agency, tag_sets.epoch_of(clock.now())), file))
                assert made in [body[at : at + 16] for at in range(0, len(body), 16)]
                assert len(body) == 16 * tag_sets.PADDED_TO, "how much is worked on is not told"
        one, other = tags.values()
        shared = {one[at : at + 16] for at in range(0, len(one), 16)} & {other[at : at + 16] for at in range(0, len(other), 16)}
        assert shared == set(), "what one agency was given is of no use to another"
        sent: list[bytes] = []

        def overheard(address: str, told: Asked, *rest: Any) -> bytes:
            sent.append(told.body)
            return fetch(address, told, *rest)

        monkeypatch.setattr(asking, "fetch", overheard)
        with north.at_home():
            deconflict.ask_agency(question.id, south.agency)
        again = {
            each.element
            for each in map(blind.blind, filter(None, (each.asked for each in subjects_of(question.unit_id, question.referral_id))))
        }
        assert len(sent[0]) == 32 * Reply.objects.count()
        assert not again & set(asking.elements_of(sent[0])), "the same, asked twice, looks different"

    def test_hostile_answers_are_no_answers(
        self, two: tuple[Installation, Installation], asked: tuple[Question, UUID], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (north, south), (question, _file) = two, asked
        rows = list(question.replies.values_list("id", flat=True))
        good = '{"evaluated": [], "tags": "%s", "made_at": "2026-11-27T10:00:00+00:00"}' % ("00" * 32)
        for raw in (
            b"",
            b"[]",
            b"{}",
            good.encode(),
            good.replace("[]", '["AAAA"]').encode(),
            good.replace("+00:00", "").encode(),
            b"\xff" * 70_000,
        ):
            monkeypatch.setattr(asking, "fetch", lambda *_, raw=raw: raw)
            Reply.objects.filter(id__in=rows).update(says="waiting", why="")
            with north.at_home():
                deconflict.ask_agency(question.id, south.agency)
            assert set(question.replies.values_list("says", "why")) == {("not_checked", "odd-answer")}, raw[:40]


@pytest.mark.django_db
def test_a_strangers_question_is_refused(south: Installation, north: Installation, client: Any) -> None:
    with south.at_home():
        answer = client.post("/exchange/v1/questions", b"\0" * 32, content_type="application/octet-stream")
        assert (answer.status_code, answer.json()["code"]) == (403, "wrong-signature")
        assert client.get("/exchange/v1/questions/tags/abc").status_code == 403


@pytest.mark.django_db
def test_the_page_keeps_values_covered_and_strangers_out(alice: Person, charlie: Person, mine: UUID) -> None:
    page = alice.client.get(f"/referrals/{mine}/elsewhere/").content.decode()
    assert "Not checked: nobody has asked yet." in page
    assert "account-7000001" not in page
    assert charlie.client.get(f"/referrals/{mine}/elsewhere/").status_code == 404
    assert charlie.client.post(f"/referrals/{mine}/elsewhere/ask/", {"because": "x"}).status_code == 404
    assert alice.client.post(f"/referrals/{mine}/elsewhere/ask/", {"value": "nonsense"}).status_code == 400
    assert alice.client.post(f"/referrals/{mine}/elsewhere/ask/", {"because": "x"}).status_code == 400
    for behind in ("nonsense", "2026-11-27", "2026-11-27T00:00:00"):
        assert alice.client.get("/elsewhere/", {"behind": behind}).status_code == 400
    assert alice.client.get("/elsewhere/", {"behind": "2026-11-27T00:00:00+00:00"}).status_code == 200
    decide(alice.viewer, mine, Decided("take"))
    assert "account-7000001" in alice.client.get(f"/referrals/{mine}/elsewhere/").content.decode()
