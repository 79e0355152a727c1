"""What the program writes can be checked elsewhere, and what somebody did to its tables is found."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import LiteralString

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from grace.custody import checkpoints, export, ledger, merkle, notes, tree, verify_ledger
from grace.custody.kinds import Kind
from grace.custody.models import Checkpoint, Entry, Leaf
from grace.custody.verify_ledger import Fault, verify
from grace.kernel.clock import held
from grace.kernel.errors import Conflict, Invalid, Missing, Refused
from tests.support.ledgers import ALICE, BOB, SIGNER, as_owner, exported, looked_at, received, referral, tamper, write

pytestmark = pytest.mark.usefixtures("committed_db")
PUBLIC = [SIGNER.key.public_key()]
THREE_YEARS_AGO = datetime.now(UTC) - timedelta(days=3 * 365)


def sign() -> str:
    ledger.sequence(wait=True)
    with transaction.atomic():
        return ledger.sign_checkpoint(SIGNER).note


def test_an_export_verifies_and_says_what_it_holds() -> None:
    write(*(received(number) for number in range(10)))
    sign()
    write(looked_at(1), looked_at(2, BOB))
    report = verify(exported(), PUBLIC)
    assert (report.entries, report.checkpoints, report.pruned) == (12, 2, 0)
    assert (report.kinds["COLLECTION"], report.kinds["CONSULTATION"]) == (10, 2)


def test_the_empty_ledger_verifies() -> None:
    assert verify(exported(), PUBLIC).entries == 0


def test_the_verifier_runs_alone_on_a_copied_file(tmp_path: Path) -> None:
    write(*(received(number) for number in range(5)))
    copy, key, file, kept = tmp_path / "verify_ledger.py", tmp_path / "key.pem", tmp_path / "export.jsonl", tmp_path / "kept.txt"
    copy.write_bytes(Path(verify_ledger.__file__).read_bytes())
    key.write_bytes(ledger.public_pem(SIGNER))
    kept.write_text(sign(), encoding="utf-8")
    file.write_bytes(b"".join(exported()))
    command = [sys.executable, "-I", str(copy), str(file), "--key", str(key), "--held", str(kept)]
    good = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (good.returncode, good.stdout[:9]) == (0, "VERIFIED.")
    file.write_bytes(file.read_bytes().replace(b"referral.receive", b"referral.deceive", 1))
    bad = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (bad.returncode, bad.stdout) == (1, "NOT VERIFIED. Line 2: entry 0 was changed: it does not match its leaf.\n")
    lost = subprocess.run([*command[:3], "nowhere", *command[4:]], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert lost.returncode == 2


TAMPERINGS: dict[str, LiteralString] = {
    "an edited entry": "UPDATE custody_entry SET actor = 'officer:other' WHERE id = (SELECT entry_id FROM custody_leaf WHERE seq = 3)",
    "a changed moment": "UPDATE custody_entry SET at = at + interval '1 microsecond' WHERE id = (SELECT entry_id FROM custody_leaf WHERE seq = 3)",
    "a removed entry": "DELETE FROM custody_entry WHERE id = (SELECT entry_id FROM custody_leaf WHERE seq = 3)",
    "a removed leaf": "DELETE FROM custody_leaf WHERE seq = 3",
    "a changed leaf": "UPDATE custody_leaf SET digest = sha256(digest) WHERE seq = 3",
    "swapped leaves": (
        "UPDATE custody_leaf l SET digest = o.digest, entry_id = gen_random_uuid() FROM custody_leaf o"
        " WHERE (l.seq, o.seq) IN ((3, 4), (4, 3))"
    ),
    "a forged checkpoint": "UPDATE custody_checkpoint SET note = translate(note, 'ABCDEFGHIJKLMNOP', 'PABCDEFGHIJKLMNO')",
}


@pytest.mark.parametrize("how", TAMPERINGS)
def test_what_the_owner_does_to_the_tables_is_found(how: str) -> None:
    write(*(received(number) for number in range(8)))
    sign()
    write(received(9))
    tamper(TAMPERINGS[how])
    with pytest.raises(Fault):
        verify(exported(), PUBLIC)


def test_leaves_that_vanish_at_the_end_are_never_signed_away() -> None:
    write(*(received(number) for number in range(8)))
    sign()
    tamper("DELETE FROM custody_leaf WHERE seq >= 6")
    with pytest.raises(Conflict, match="leaves were removed"):
        exported()


def test_a_past_rewritten_by_whoever_holds_the_key_is_found_by_a_held_checkpoint() -> None:
    write(*(received(number) for number in range(8)))
    kept = sign()
    tamper("DELETE FROM custody_checkpoint")
    tamper("UPDATE custody_leaf SET digest = sha256(digest) WHERE seq = 3")
    tamper("DELETE FROM custody_entry WHERE id = (SELECT entry_id FROM custody_leaf WHERE seq = 3)")
    forged = exported()
    with pytest.raises(Fault, match="past was rewritten"):
        verify(forged, PUBLIC, [kept])


def test_an_export_that_ends_before_a_held_checkpoint_is_found() -> None:
    write(received(1))
    early = exported()
    write(received(2))
    with pytest.raises(Fault, match="entries were removed"):
        verify(early, PUBLIC, [sign()])


def test_a_wrong_key_or_another_ledger_is_found() -> None:
    write(received(1))
    lines = exported()
    stranger = Ed25519PrivateKey.generate()
    with pytest.raises(Fault, match="signature does not hold"):
        verify(lines, [stranger.public_key()])
    other = notes.signed(notes.Statement("ledger.example.net", 1, bytes(32), datetime.now(UTC)), SIGNER.key)
    with pytest.raises(Fault, match=r"ledger\.example\.net"):
        verify(lines, PUBLIC, [other])


def test_a_new_key_signs_on_and_both_keys_verify() -> None:
    write(received(1))
    sign()
    newer = replace(SIGNER, key=Ed25519PrivateKey.generate())
    write(received(2))
    lines = exported(newer)
    assert verify(lines, [*PUBLIC, newer.key.public_key()]).checkpoints == 2
    with pytest.raises(Fault, match="signature does not hold"):
        verify(lines, [newer.key.public_key()])


def test_a_forged_checkpoint_is_never_gone_on_from() -> None:
    write(received(1), received(2))
    ledger.sequence()
    Checkpoint.objects.create(id=Leaf.objects.get(seq=0).entry_id, size=2, note="ledger.example.org\n2\n", frontier=bytes(32))
    with transaction.atomic():
        signed = ledger.sign_checkpoint(SIGNER)
    said = notes.read(signed.note, SIGNER.key.public_key())
    assert said is not None
    assert said.digest == merkle.root_of(tree.leaf_hashes(0, 2))


def test_an_export_needs_a_snapshot() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match=r"export\.snapshot"):
        next(export.lines(SIGNER))


def test_an_export_is_of_one_moment() -> None:
    write(received(1))
    ledger.sequence()
    with export.snapshot():
        lines = export.lines(SIGNER)
        first = next(lines)
        tamper("DELETE FROM custody_entry")
        assert verify([first, *lines], PUBLIC).entries == 1


def test_entries_go_when_their_period_ends_and_the_ledger_still_verifies() -> None:
    with held(THREE_YEARS_AGO):
        write(*(received(number) for number in range(300)))
    write(looked_at(1))
    kept = sign()
    before = verify(exported(), PUBLIC)
    with as_owner(), transaction.atomic():
        pruned = ledger.prune(datetime.now(UTC) - timedelta(days=366), actor="operator:0", reason="legal-period-ended")
    assert (pruned.now, pruned.total) == (300, 300)
    assert Entry.objects.count() == 2
    assert ledger.history(referral(2)) == []
    after = verify(exported(), PUBLIC, [kept])
    assert (after.pruned, after.prunings, after.entries) == (300, 1, before.entries + 1)
    assert ledger.reconcile().is_sound
    [announced] = ledger.page(kind=Kind.ERASURE)
    assert (announced.act, announced.actor, announced.purpose) == ("ledger.prune", "operator:0", "legal-period-ended")
    assert announced.detail["total"] == "entries:300"


def test_pruning_in_parts_and_again_carries_the_total() -> None:
    with held(THREE_YEARS_AGO):
        write(*(received(number) for number in range(5)))
    old = datetime.now(UTC) - timedelta(days=366)
    with as_owner():
        totals = []
        for _ in range(4):
            with transaction.atomic():
                pruned = ledger.prune(old, actor="operator:0", reason="legal-period-ended", limit=2)
            totals.append((pruned.now, pruned.total))
    assert totals == [(2, 2), (2, 4), (1, 5), (0, 5)]
    assert verify(exported(), PUBLIC).pruned == 5


def pruned_ledger() -> None:
    with held(THREE_YEARS_AGO):
        write(*(received(number) for number in range(8)))
    write(*(looked_at(number) for number in range(4)))
    sign()
    with as_owner(), transaction.atomic():
        ledger.prune(datetime.now(UTC) - timedelta(days=366), actor="operator:0", reason="legal-period-ended")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE custody_leaf SET digest = sha256(digest) WHERE seq = 3",
        "DELETE FROM custody_leaf WHERE seq = 3",
        "UPDATE custody_leaf SET seq = -seq - 1 WHERE false; DELETE FROM custody_entry WHERE id = (SELECT entry_id FROM custody_leaf WHERE seq = 9)",
        "DELETE FROM custody_entry WHERE act = 'ledger.prune'",
    ],
)
def test_inside_and_beside_a_pruned_range_tampering_is_found(statement: LiteralString) -> None:
    pruned_ledger()
    assert verify(exported(), PUBLIC).pruned == 8
    tamper(statement)
    with pytest.raises(Fault):
        verify(exported(), PUBLIC)


def test_an_entry_removed_without_announcement_stays_found_after_the_next_pruning() -> None:
    with held(THREE_YEARS_AGO):
        write(*(received(number) for number in range(8)))
    ledger.sequence()
    tamper("DELETE FROM custody_entry WHERE id = (SELECT entry_id FROM custody_leaf WHERE seq = 3)")
    assert ledger.reconcile().entries_missing_unannounced == 1
    with as_owner(), transaction.atomic():
        ledger.prune(datetime.now(UTC) - timedelta(days=366), actor="operator:0", reason="legal-period-ended")
    assert ledger.reconcile().entries_missing_unannounced == 1
    with pytest.raises(Fault, match="8 entries are missing, but the log announces that 7"):
        verify(exported(), PUBLIC)


def test_no_entry_goes_before_six_months() -> None:
    with as_owner(), transaction.atomic(), pytest.raises(Invalid, match="six months"):
        ledger.prune(datetime.now(UTC) - timedelta(days=100), actor="operator:0", reason="legal-period-ended")


def test_the_role_that_runs_cannot_prune() -> None:
    with held(THREE_YEARS_AGO):
        write(received(1))
    with pytest.raises(Refused, match="may not prune"), transaction.atomic():
        ledger.prune(datetime.now(UTC) - timedelta(days=366), actor="operator:0", reason="legal-period-ended")
    assert Entry.objects.count() == 1


def test_proofs_lead_from_any_entry_and_any_size_to_the_signed_root() -> None:
    ids = write(*(received(number) for number in range(700)))
    said = notes.read(sign(), SIGNER.key.public_key())
    assert said is not None
    leaf = Leaf.objects.get(entry_id=ids[321])
    proof = ledger.prove_inclusion(ids[321])
    assert merkle.is_included(merkle.leaf_hash(proof.digest), leaf.seq, 700, proof.path, said.digest)
    for old, new in pairwise((1, 255, 256, 257, 512, 700)):
        roots = [merkle.root_of(tree.leaf_hashes(0, size)) for size in (old, new)]
        assert merkle.is_consistent(old, new, roots[0], roots[1], ledger.prove_consistency(old, new))
    with pytest.raises(Missing):
        ledger.prove_inclusion(ids[321], size=10)
    with pytest.raises(Invalid, match="from 1 to 700"):
        ledger.prove_consistency(3, 701)


def test_nodes_are_only_a_cache() -> None:
    write(*(received(number) for number in range(600)))
    ledger.sequence()
    with_nodes = ledger.prove_consistency(300, 600)
    tamper("DELETE FROM custody_node")
    assert ledger.prove_consistency(300, 600) == with_nodes


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("DELETE FROM custody_pending", "entries_without_leaf_or_pending"),
        ("DELETE FROM custody_entry", "pending_without_entry"),
        ("DELETE FROM custody_subject", "entries_wrongly_indexed"),
        ("INSERT INTO custody_leaf SELECT 2, entry_id, sha256('') FROM custody_pending", "pending_with_leaf"),
        ("INSERT INTO custody_leaf SELECT 3, gen_random_uuid(), sha256('')", "missing_numbers"),
    ],
)
def test_reconciling_finds_what_disagrees(statement: LiteralString, fault: str) -> None:
    write(received(1), looked_at(1))
    ledger.sequence()
    write(received(2))
    assert ledger.reconcile().is_sound
    tamper(statement)
    found = ledger.reconcile()
    assert not found.is_sound
    assert getattr(found, fault) > 0


def test_an_export_holds_exactly_the_published_keys() -> None:
    write(received(1))
    header, entry, checkpoint, end = map(json.loads, exported())
    assert header.keys() == {"format", "made_at", "origin", "size", "version"}
    assert entry.keys() == {"entry", "leaf", "salt", "seq"}
    assert list(entry["entry"]) == ["act", "actor", "at", "denied", "detail", "id", "kind", "purpose", "recipient", "subjects"]
    assert (checkpoint.keys(), end.keys()) == ({"checkpoint"}, {"end"})


Change = Callable[[list[bytes]], list[bytes]]
SPELLINGS: dict[str, Change] = {
    "a blank": lambda lines: [lines[0], lines[1].replace(b'"at":', b'"at": '), *lines[2:]],
    "an escape": lambda lines: [lines[0], lines[1].replace(b"referral.receive", b"referral.r\\u0065ceive"), *lines[2:]],
    "a doubled key": lambda lines: [lines[0], lines[1].replace(b'"denied":false', b'"denied":true,"denied":false'), *lines[2:]],
    "a key more": lambda lines: [lines[0], lines[1].replace(b'"denied":false', b'"denied":false,"deniee":0'), *lines[2:]],
    "not a number": lambda lines: [lines[0], lines[1].replace(b"false", b"NaN"), *lines[2:]],
    "a carriage return": lambda lines: [lines[0], lines[1].replace(b"\n", b"\r\n"), *lines[2:]],
    "an empty line": lambda lines: [*lines[:2], b"\n", *lines[2:]],
    "deep nesting": lambda lines: [*lines[:2], b'{"checkpoint":' + b"[" * 100_000 + b"\n", *lines[2:]],
    "bytes that are no text": lambda lines: [*lines[:2], b'{"checkpoint":"\xff"}\n', *lines[2:]],
    "a lone surrogate": lambda lines: [*lines[:2], b'{"checkpoint":"\\ud800"}\n', *lines[2:]],
    "something after the end": lambda lines: [*lines, b"\n"],
    "no end": lambda lines: lines[:-1],
    "no line feed at the end": lambda lines: [*lines[:-1], lines[-1][:-1]],
    "nothing": lambda _: [],
}


@pytest.mark.parametrize("how", SPELLINGS)
def test_a_second_spelling_of_the_same_is_refused(how: str) -> None:
    write(received(1), received(2))
    with pytest.raises(Fault):
        verify(SPELLINGS[how](exported()), PUBLIC)


def test_a_line_without_end_is_not_read_into_memory(tmp_path: Path) -> None:
    file = tmp_path / "endless"
    file.write_bytes(b"{" * (verify_ledger.LONGEST_LINE + 2))
    with file.open("rb") as stream, pytest.raises(Fault, match="longer than any line"):
        verify(verify_ledger.lines_of(stream), PUBLIC)


def test_our_own_key_and_name_are_used_unless_others_are_given() -> None:
    assert checkpoints.signer().origin == "ledger.localhost"
    assert ledger.public_pem().startswith(b"-----BEGIN PUBLIC KEY-----")
    assert ALICE != BOB
