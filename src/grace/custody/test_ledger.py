from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from grace.custody import ledger
from grace.custody.canonical import digest, entry_bytes
from grace.custody.ledger import Kind, Line
from grace.custody.models import Checkpoint, Entry, Leaf, Pending
from grace.kernel.clock import held
from tests.support.ledgers import ALICE, BOB, looked_at, received, referral

pytestmark = pytest.mark.django_db


def test_lines_come_back_as_they_were_written() -> None:
    noon = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)
    line = Line(Kind.DISCLOSURE, "referral.export", ALICE, "case:2026/AB-117", (referral(1),), {"format": "case"}, recipient="agency:two")
    with held(noon):
        [entry] = ledger.record(line)
    [row] = ledger.history(referral(1))
    assert (row.id, row.at, row.actor, row.kind, row.act) == (entry, noon, ALICE, "DISCLOSURE", "referral.export")
    assert (row.purpose, row.recipient, row.denied, row.seq) == ("case:2026/AB-117", "agency:two", False, None)
    assert (row.subjects, row.detail) == ([referral(1)], {"format": "case"})


def test_many_lines_keep_their_order() -> None:
    ids = ledger.record(*(received(number) for number in range(500)))
    assert ids == sorted(ids)
    assert [row.subjects[0] for row in reversed(ledger.page(limit=500))] == [referral(number) for number in range(500)]


def test_no_lines_are_no_entries() -> None:
    assert ledger.record() == []
    assert not Entry.objects.exists()


def test_a_subject_named_twice_is_kept_once() -> None:
    ledger.record(Line(Kind.COMBINATION, "links.join", ALICE, subjects=(referral(1), referral(2), referral(1))))
    [row] = ledger.history(referral(1))
    assert row.subjects == [referral(1), referral(2)]
    assert ledger.reconcile().is_sound


def test_the_sequencer_numbers_from_zero_and_hashes_what_is_stored() -> None:
    ledger.record(received(1), received(2))
    ledger.record(received(3))
    assert ledger.oldest_unsequenced_age() > 0
    assert ledger.sequence() == 3
    assert ledger.sequence() == 0
    assert (ledger.size(), Pending.objects.count(), ledger.oldest_unsequenced_age()) == (3, 0, 0.0)
    for row in ledger.page():
        leaf = Leaf.objects.get(entry_id=row.id)
        assert (leaf.seq, bytes(leaf.digest)) == (row.seq, digest(bytes(row.salt), entry_bytes(row)))


def test_history_tells_subjects_apart() -> None:
    ledger.record(received(1), looked_at(1), received(2))
    assert [row.act for row in ledger.history(referral(1))] == ["referral.read", "referral.receive"]
    assert [row.act for row in ledger.history(referral(1), limit=1)] == ["referral.read"]
    assert ledger.history(referral(3)) == []


def test_equal_index_keys_do_not_mix_subjects() -> None:
    [entry] = ledger.record(received(1))
    with connection.cursor() as cursor:
        from grace.custody.canonical import subject_key

        cursor.execute("INSERT INTO custody_subject (subject, entry_id) VALUES (%s, %s)", [subject_key(referral(2)), entry])
    assert ledger.history(referral(2)) == []


def test_pages_are_filtered_and_follow_each_other() -> None:
    ledger.record(*(looked_at(number % 3, who=ALICE if number % 2 else BOB) for number in range(30)), received(1))
    seen: list[UUID] = []
    while page := ledger.page(kind=Kind.CONSULTATION, actor=ALICE, subject=referral(1), before=seen[-1] if seen else None, limit=2):
        seen += [row.id for row in page]
        assert all((row.actor, row.kind, row.subjects) == (ALICE, "CONSULTATION", [referral(1)]) for row in page)
    assert len(set(seen)) == len(seen) == 5
    assert [row.kind for row in ledger.page(kind=Kind.COLLECTION)] == ["COLLECTION"]
    assert len(ledger.page(actor=BOB)) == 15


def test_a_checkpoint_goes_on_from_the_last() -> None:
    ledger.record(received(1), received(2), received(3))
    ledger.sequence()
    first = ledger.sign_checkpoint()
    assert ledger.sign_checkpoint().id == first.id
    ledger.record(received(4))
    ledger.sequence()
    second = ledger.sign_checkpoint()
    assert (first.size, second.size, Checkpoint.objects.count()) == (3, 4, 2)
    assert second.note.splitlines()[1] == "4"


def test_the_database_itself_refuses_what_no_line_could_be() -> None:
    ledger.record(received(1))
    ledger.sequence()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO custody_leaf SELECT 0, gen_random_uuid(), digest FROM custody_leaf")  # a fork
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO custody_leaf VALUES (1, gen_random_uuid(), 'short')")
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.create(
            id=UUID(int=1),
            at=datetime.now(UTC),
            actor=ALICE,
            kind="READING",
            act="a.b",
            subjects=[],
            detail={},
            denied=False,
            salt=bytes(16),
        )
