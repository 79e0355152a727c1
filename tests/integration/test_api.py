"""The API as programs use it: a program of Alice's unit, one of Charlie's, and officers with their own session."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client, override_settings

from grace.accounts.capabilities import Capability
from grace.accounts.models import ApiToken, Unit
from grace.api import idempotency
from grace.api.models import Answered
from grace.api.urls import v1
from grace.custody import ledger
from grace.evidence.files import Keep, keep_many
from grace.evidence.models import Holding
from grace.intake.models import Document
from grace.kernel import clock
from grace.pipeline.unpack import begin
from grace.referrals.models import Referral
from grace.simulate.world import zipped
from tests.support.deliveries import hand_in, sample, unreadable
from tests.support.jobs import run_due_jobs
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, Person, make_person, sign_in
from tests.support.programs import Program, program

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours(harbour_unit: Unit) -> Program:
    """A program of Alice's unit."""
    return program(harbour_unit)


@pytest.fixture
def theirs(hill_unit: Unit) -> Program:
    """A program of Charlie's unit, with the same capabilities."""
    return program(hill_unit)


@pytest.fixture
def referral(harbour_unit: Unit) -> Any:
    """A referral of Alice's unit."""
    return hand_in(harbour_unit, sample("d1"))[0].referrals[0]


def assert_problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.content[:300]
    assert answer["Content-Type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["status"] == status
    assert told["title"]
    assert told["detail"]
    return told


def test_handing_in_new_again_and_unreadable(ours: Program) -> None:
    first = ours.post("/referrals", sample("d1"), name="report.json")
    assert (first.status_code, first.json()["outcome"]) == (201, "new")
    assert Referral.objects.get(id=first.json()["referrals"][0]).number == first.json()["numbers"][0]
    again = ours.post("/referrals", sample("d1"))
    assert (again.status_code, again.json()["outcome"], again.json()["document"]) == (200, "double", first.json()["document"])
    unread = ours.post("/referrals", unreadable())
    assert (unread.status_code, unread.json()["reason_code"]) == (202, "truncated")
    told = sorted(each.act for each in ledger.page(actor=ours.actor))
    assert told == ["document.receive", "document.receive", "document.receive_again", "referral.route", "referral.score"]


def test_the_queue_page_by_page_holds_no_identifier(ours: Program, harbour_unit: Unit) -> None:
    hand_in(harbour_unit, *(sample(f"d{number}") for number in range(1, 6)))
    seen: list[str] = []
    after = ""
    while True:
        page = ours.get("/referrals", after=after, limit=2).json()
        seen += [row["id"] for row in page["items"]]
        after = page["after"]
        if not after:
            break
    assert len(seen) == len(set(seen)) == 5
    assert "@" not in ours.get("/referrals").text


def test_one_referral_says_what_persons_it_names_only_to_who_took_it(ours: Program, alice: Person, bob: Person, referral: Any) -> None:
    assert ours.get(f"/referrals/{referral}").json()["says"] is None
    address = f"/api/v1/referrals/{referral}"
    assert alice.client.get(address).json()["says"] is None
    taken = alice.client.post(f"{address}/decisions", {"act": "take"}, content_type="application/json")
    assert taken.status_code == 201
    assert alice.client.get(address).json()["says"]["persons"]
    assert bob.client.get(address).json()["says"] is None
    assert [each["act"] for each in bob.client.get(f"{address}/decisions").json()] == ["take"]


def test_no_program_decides(ours: Program, referral: Any) -> None:
    assert_problem(ours.post(f"/referrals/{referral}/decisions", {"act": "take"}), 403)
    assert ledger.page(actor=ours.actor)[0].denied


def test_another_unit_reaches_nothing(theirs: Program, charlie: Person, referral: Any) -> None:
    file = Holding.objects.values_list("file_id", flat=True).first() or uuid4()
    for path in (f"/referrals/{referral}", f"/referrals/{referral}/decisions", f"/files/{file}"):
        told = assert_problem(theirs.get(path), 404)
        assert str(referral) not in told["detail"]
        assert_problem(charlie.client.get(f"/api/v1{path}"), 404)
    assert theirs.get("/referrals").json()["items"] == []
    number = Referral.objects.get(id=referral).number
    assert theirs.get("/referrals", text=str(number)).json()["items"] == []
    answer = charlie.client.post(f"/api/v1/referrals/{referral}/decisions", {"act": "take"}, content_type="application/json")
    assert_problem(answer, 404)
    assert {each.denied for each in ledger.page(actor=charlie.viewer.actor)} == {True}


OPERATIONS = (
    ("get", "/referrals"), ("post", "/referrals"), ("get", "/referrals/{id}"), ("get", "/referrals/{id}/feedback"),
    ("get", "/referrals/{id}/versions"), ("get", "/referrals/{id}/versions/1"), ("get", "/referrals/{id}/contradictions"),
    ("get", "/referrals/{id}/decisions"), ("post", "/referrals/{id}/decisions"),
    ("post", "/referrals/{id}/states"),
    ("get", "/groups"), ("get", "/groups/{id}"), ("get", "/search?q=harbour"), ("get", "/pace"),
    ("get", "/files/{id}"), ("get", "/files/{id}/members"), ("get", "/lists"), ("post", "/lists/import?name=a&source=b"), ("post", "/match"), ("get", "/index"),
    ("get", "/lists/{id}/export?format=csv&recipient=agency:north"),
    ("get", "/custody/entries"), ("get", "/custody/checkpoint"), ("get", "/custody/entries/{id}/proof"),
    ("get", "/hand-overs"), ("get", "/hand-overs/received"), ("get", "/models"), ("get", "/models/{id}"),
    ("get", "/referrals/{id}/links"), ("get", "/referrals/{id}/links/way?to=1"), ("post", "/referrals/{id}/links/{id}"),
    ("get", "/search/kept"), ("post", "/search/kept"), ("put", "/search/kept/{id}"), ("delete", "/search/kept/{id}"),
    ("get", "/search/kept/{id}/hits"), ("get", "/rules"), ("get", "/rules/1"), ("put", "/rules/draft"),
)  # fmt: skip
BODIES = {
    "/referrals/{id}/links/{id}": {"says": "cut", "reason": "for the test"},
    "/search/kept": {"name": "harbour", "q": "harbour"},
    "/search/kept/{id}": {"name": "harbour", "q": "harbour"},
}
"""What is sent where an act alone would not do."""


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_nobody_gets_nothing(db: None, method: str, path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    for headers in ({}, {"Authorization": "Bearer grace_invented"}):
        answer = getattr(client, method)(f"/api/v1{path.format(id=uuid4())}", headers=headers)
        assert_problem(answer, 401)
        assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_who_was_given_nothing_is_refused_and_it_is_written_down(eve: Person, method: str, path: str) -> None:
    told = BODIES.get(path, {"act": "take"})
    body = {"data": json.dumps(told), "content_type": "application/json"} if method in {"post", "put"} else {}
    assert_problem(getattr(eve.client, method)(f"/api/v1{path.format(id=uuid4())}", **body), 403)
    assert [each.denied for each in ledger.page(actor=eve.viewer.actor)] == [True]


def test_every_operation_is_in_that_table() -> None:
    described = {
        (method, path.removeprefix("/api/v1").replace("{ordinal}", "1"))
        for path, methods in v1.get_openapi_schema()["paths"].items()
        for method in methods
    }
    spelled = {(method, path.split("?")[0].replace("{id}", "{}")) for method, path in OPERATIONS}
    assert {
        (
            method,
            path.replace("{referral}", "{}")
            .replace("{file}", "{}")
            .replace("{entry}", "{}")
            .replace("{group}", "{}")
            .replace("{hash_list}", "{}")
            .replace("{model_id}", "{}")
            .replace("{other}", "{}")
            .replace("{search}", "{}")
            .replace("{number}", "1"),
        )
        for method, path in described
    } == spelled


def test_a_session_needs_the_csrf_token_and_a_bearer_does_not(alice: Person, ours: Program, referral: Any) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies.update(alice.client.cookies)
    address = f"/api/v1/referrals/{referral}/decisions"
    assert_problem(strict.post(address, {"act": "take"}, content_type="application/json"), 403)
    strict.get("/settings/")
    word = strict.cookies["csrftoken"].value
    assert strict.post(address, {"act": "take"}, content_type="application/json", headers={"X-CSRFToken": word}).status_code == 201
    assert ours.post("/referrals", sample("d2")).status_code == 201  # its client enforces CSRF too


def test_a_token_that_ended_is_worth_nothing(ours: Program) -> None:
    assert ours.get("/referrals").status_code == 200
    ApiToken.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert_problem(ours.get("/referrals"), 401)


def test_a_token_does_only_what_it_was_given(harbour_unit: Unit) -> None:
    sender = program(harbour_unit, frozenset({Capability.RECEIVE}))
    assert sender.post("/referrals", sample("d1")).status_code == 201
    assert_problem(sender.get("/referrals"), 403)


def test_purposes_come_from_the_list(ours: Program, harbour_unit: Unit) -> None:
    assert ours.post("/referrals", sample("d1"), purpose="audit").status_code == 201
    assert_problem(ours.post("/referrals", sample("d1"), purpose="curiosity"), 422)
    assert_problem(program(harbour_unit, frozenset({Capability.RECEIVE})).post("/referrals", sample("d1"), purpose="audit"), 403)


def test_one_key_is_answered_twice_and_done_once(ours: Program, theirs: Program) -> None:
    first = ours.post("/referrals", sample("d1"), key="one")
    again = ours.post("/referrals", sample("d1"), key="one")
    assert (first.status_code, first.json()) == (again.status_code, again.json()) == (201, first.json())
    assert Document.objects.count() == 1
    assert_problem(ours.post("/referrals", sample("d2"), key="one"), 409)
    assert theirs.post("/referrals", sample("d2"), key="one").status_code == 201
    assert_problem(ours.post("/referrals", sample("d2"), key="x" * 201), 422)


def test_a_refused_attempt_under_a_key_stays_in_the_ledger(charlie: Person, referral: Any) -> None:
    address = f"/api/v1/referrals/{referral}/decisions"
    for _ in range(2):
        answer = charlie.client.post(address, {"act": "take"}, content_type="application/json", headers={"Idempotency-Key": "one"})
        assert_problem(answer, 404)
    assert len(ledger.page(actor=charlie.viewer.actor)) == 2
    assert Answered.objects.count() == 0


def test_old_answers_are_forgotten(ours: Program) -> None:
    ours.post("/referrals", sample("d1"), key="one")
    assert idempotency.prune() == 0
    with clock.held(clock.now() + idempotency.KEPT):
        assert idempotency.prune() == 1


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing/here", 404),
        ("/referrals/not-an-id", 404),
        ("/referrals?limit=0", 422),
        ("/referrals?after=nonsense", 422),
        ("/referrals?status=lost", 422),
        ("/referrals?since=2026-01-01T00:00:00", 422),
        ("/referrals?text=%00", 400),
        ("/custody/entries?kind=READING", 422),
        ("/custody/entries?after=x", 422),
    ],
)
def test_every_fault_of_a_reader_is_a_problem_document(ours: Program, path: str, status: int) -> None:
    assert_problem(ours.get(path), status)


def test_every_fault_of_a_writer_is_a_problem_document(ours: Program, alice: Person, referral: Any) -> None:
    address = f"/api/v1/referrals/{referral}/decisions"
    assert_problem(alice.client.post(address, "{", content_type="application/json"), 400)
    assert_problem(alice.client.post(address, '{"act": 7}', content_type="application/json"), 422)
    assert_problem(alice.client.post(address, '{"act": "take", "reason": "\\u0000"}', content_type="application/json"), 422)
    assert_problem(alice.client.post(address, '{"act": "fly"}', content_type="application/json"), 422)
    answer = ours.client.put("/api/v1/referrals", headers={"Authorization": f"Bearer {ours.word}"})
    assert_problem(answer, 405)
    assert set(answer["Allow"].split(", ")) == {"GET", "POST"}


def test_a_validation_fault_never_repeats_the_value(ours: Program) -> None:
    assert "someone@example.org" not in ours.get("/referrals?limit=someone@example.org").text


def test_too_large_a_body_is_refused_unread(ours: Program) -> None:
    with override_settings(GRACE_LARGEST_UPLOAD=1000):
        assert_problem(ours.post("/referrals", b"x" * 1001), 413)
    assert Document.objects.count() == 0


def test_a_body_of_unknown_length_or_none_at_all_is_refused(ours: Program) -> None:
    headers = {"Authorization": f"Bearer {ours.word}", "Transfer-Encoding": "chunked"}
    assert_problem(ours.client.post("/api/v1/referrals", b"x", content_type="application/json", headers=headers), 411)
    assert_problem(ours.post("/referrals"), 422)
    assert Document.objects.count() == 0


def test_an_unexpected_error_is_told_without_what_it_says(ours: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise LookupError("someone@example.org")

    monkeypatch.setattr("grace.pipeline.consult.queue_page", fails)
    ours.client.raise_request_exception = False
    answer = ours.get("/referrals")
    assert assert_problem(answer, 500)["try_again"]
    assert "someone" not in answer.text


def test_a_large_document_goes_by_way_of_a_private_file(ours: Program) -> None:
    large = sample("d1") + b" " * (5 << 20)
    assert ours.post("/referrals", large).status_code == 201
    assert Document.objects.get().size == len(large)


def test_lists_are_loaded_and_told(ours: Program, theirs: Program) -> None:
    lines = b"algorithm,value,category,source,note\nmd5,%s,known,,\nmd5,short,known,,\n" % (b"0" * 32)
    loaded = ours.post("/lists/import", lines, name="invented", source="a test").json()
    assert (loaded["added"], loaded["refused"], loaded["faults"][0][0]) == (1, 1, 3)
    assert [each["entries"] for each in ours.get("/lists").json()] == [{"md5": 1}]
    assert theirs.get("/lists").json() == []
    assert_problem(theirs.post("/lists/import", lines, name="invented", source="a test"), 409)
    assert_problem(ours.post("/lists/import", b"no,header\n", name="x", source="y"), 422)


def test_a_file_is_told_to_the_unit_that_holds_it(ours: Program, theirs: Program, harbour_unit: Unit) -> None:
    held = keep_many([Keep(harbour_unit.id, b"an invented file", "a test", "a.txt")])[0]
    told = ours.get(f"/files/{held.id}").json()
    assert (told["sha256"], told["size"], told["decoded"]) == (held.sha256.hex(), 16, None)
    assert ledger.history(f"file:{held.sha256.hex()}")[0].act == "file.read"
    assert_problem(theirs.get(f"/files/{held.id}"), 404)


def test_an_archive_tells_its_members_page_by_page_without_their_names(ours: Program, theirs: Program, harbour_unit: Unit) -> None:
    archive = keep_many([Keep(harbour_unit.id, zipped({"one.txt": b"one", "two.txt": b"two", "link": b""}), "a test", "a.zip")])[0]
    assert_problem(ours.get(f"/files/{archive.id}/members"), 404)
    begin([archive.id])
    run_due_jobs()
    told = ours.get(f"/files/{archive.id}").json()
    assert (told["archive"], told["came_in"]) == ({"taken": 3, "left_out": 0, "ended": True, "reason": ""}, [])
    first = ours.get(f"/files/{archive.id}/members", limit="2").json()
    rest = ours.get(f"/files/{archive.id}/members", limit="2", start=str(first["after"])).json()
    assert [each["place"] for each in first["items"] + rest["items"]] == [0, 1, 2]
    assert rest["after"] is None
    assert "one.txt" not in str(first)
    member = first["items"][0]["file"]
    assert ours.get(f"/files/{member}").json()["came_in"] == [str(archive.id)]
    assert_problem(theirs.get(f"/files/{archive.id}/members"), 404)
    assert_problem(theirs.get(f"/files/{member}"), 404)


def test_auditors_page_prove_and_take_a_checkpoint(ours: Program, harbour_unit: Unit) -> None:
    hand_in(harbour_unit, sample("d1"))
    ledger.sequence()
    ledger.sign_checkpoint()
    page = ours.get("/custody/entries", limit=2).json()
    older = ours.get("/custody/entries", limit=2, after=page["after"]).json()
    assert not {each["id"] for each in page["items"]} & {each["id"] for each in older["items"]}
    sequenced = next(each for each in older["items"] if each["seq"] is not None)
    proof = ours.get(f"/custody/entries/{sequenced['id']}/proof").json()
    assert (proof["seq"], proof["entry"]) == (sequenced["seq"], sequenced["id"])
    assert ours.get("/custody/checkpoint").json()["signed"] == proof["size"]
    assert_problem(ours.get(f"/custody/entries/{uuid4()}/proof"), 404)
    assert {each.act for each in ledger.page(actor=ours.actor)} == {"ledger.read", "ledger.prove", "ledger.state"}


def test_the_description_needs_no_sign_in_and_shows_nothing_personal(db: None) -> None:
    answer = Client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["info"]["title"] == "GRACE"


def test_an_officer_without_the_second_factor_holds_nothing_here(harbour_unit: Unit) -> None:
    officer = make_person("Finn", harbour_unit, EVERYTHING_BUT_ACCOUNTS).officer
    assert_problem(sign_in(officer, second_factor=False).get("/api/v1/referrals"), 403)
