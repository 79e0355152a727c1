"""Any single change to an export is found; even by somebody who could sign the file anew, any change to its entries is."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grace.custody import ledger, merkle, notes, verify_ledger
from grace.custody.canonical import EntryRow, digest, entry_bytes
from grace.custody.ledger import Kind, Line
from grace.custody.verify_ledger import Fault, verify
from grace.kernel.clock import held
from tests.support.ledgers import SIGNER, as_owner, exported, looked_at, received, write

KEYS = [SIGNER.key.public_key()]
Draw = st.DataObject
many = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture
def export(committed_db: None) -> list[bytes]:
    """An export with several checkpoints, pruned entries, and entries after them."""
    with held(datetime.now(UTC) - timedelta(days=1000)):
        write(*(received(number) for number in range(9)))
    ledger.sequence()
    with transaction.atomic():
        ledger.sign_checkpoint(SIGNER)
    write(*(looked_at(number) for number in range(7)))
    with as_owner(), transaction.atomic():
        ledger.prune(datetime.now(UTC) - timedelta(days=366), actor="operator:0", reason="legal-period-ended")
    with transaction.atomic():
        ledger.sign_checkpoint(SIGNER)
    write(*(received(number) for number in range(20, 31)))
    lines = exported()
    assert verify(lines, KEYS).pruned == 9
    return lines


def assert_found(lines: list[bytes]) -> None:
    with pytest.raises(Fault):
        verify(lines, KEYS)


def signed_anew(lines: list[bytes]) -> list[bytes]:
    """The same lines with the signature over the file made to fit, as an insider could."""
    size = json.loads(lines[0])["size"]
    said = notes.Statement(f"{SIGNER.origin}/export", size, sha256(b"".join(lines[:-1])).digest(), datetime.now(UTC))
    end = {"end": notes.signed(said, SIGNER.key)}
    return [*lines[:-1], json.dumps(end, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"]


def flipped(raw: bytes, data: Draw) -> bytes:
    at = data.draw(st.integers(0, len(raw) - 1), label="byte")
    bit = data.draw(st.integers(0, 7), label="bit")
    return raw[:at] + bytes([raw[at] ^ 1 << bit]) + raw[at + 1 :]


def relined(raw: bytes) -> list[bytes]:
    return raw.splitlines(keepends=True) if b"\r" not in raw else [part + b"\n" for part in raw.split(b"\n") if part]


def test_any_flipped_bit_is_found(export: list[bytes]) -> None:
    whole = b"".join(export)

    @many
    @given(data=st.data())
    def check(data: Draw) -> None:
        raw = flipped(whole, data)
        assert_found([part + b"\n" for part in raw.split(b"\n")[:-1]] if raw.endswith(b"\n") else [*raw.splitlines(keepends=True)])

    check()


def test_any_removed_line_is_found(export: list[bytes]) -> None:
    for at in range(len(export)):
        assert_found(export[:at] + export[at + 1 :])


def test_any_cut_is_found(export: list[bytes]) -> None:
    for at in range(len(export)):
        assert_found(export[:at])


def test_any_two_lines_that_change_places_are_found(export: list[bytes]) -> None:
    @many
    @given(first=st.integers(0, len(export) - 1), second=st.integers(0, len(export) - 1))
    def check(first: int, second: int) -> None:
        lines = list(export)
        lines[first], lines[second] = lines[second], lines[first]
        if lines != export:
            assert_found(lines)

    check()


def test_any_added_line_is_found(export: list[bytes]) -> None:
    @many
    @given(line=st.sampled_from(export), at=st.integers(0, len(export)))
    def check(line: bytes, at: int) -> None:
        assert_found([*export[:at], line, *export[at:]])

    check()


def test_whoever_signs_the_file_anew_still_cannot_touch_an_entry(export: list[bytes]) -> None:
    leaves = [at for at, line in enumerate(export) if line.startswith((b'{"entry"', b'{"leaf"'))]

    @many
    @given(data=st.data())
    def check(data: Draw) -> None:
        at = data.draw(st.sampled_from(leaves))
        other = data.draw(st.sampled_from([leaf for leaf in leaves if leaf != at]))
        lines = list(export)
        match data.draw(st.sampled_from(["flip", "remove", "swap", "add"])):
            case "flip":
                lines[at] = flipped(lines[at], data)
            case "remove":
                del lines[at]
            case "swap":
                lines[at], lines[other] = renumbered(lines[other], lines[at]), renumbered(lines[at], lines[other])
            case _:
                lines.insert(at, export[other])
        assert_found(signed_anew(lines))

    check()


def renumbered(line: bytes, like: bytes) -> bytes:
    """A line that takes the number of another, so that only the tree can tell."""
    number = like.rpartition(b'"seq":')[2]
    return line.rpartition(b'"seq":')[0] + b'"seq":' + number


def test_an_entry_made_anew_with_a_fitting_leaf_is_found_by_the_tree(export: list[bytes]) -> None:
    at = next(at for at, line in enumerate(export) if line.startswith(b'{"entry"'))
    seq = json.loads(export[at])["seq"]
    row = EntryRow(UUID(int=7), datetime.now(UTC), "officer:nobody", "ERASURE", "ledger.prune", "because", [], {}, "", True, bytes(16))
    raw = entry_bytes(row)
    leaf = digest(row.salt, raw).hex().encode()
    forged = b'{"entry":%b,"leaf":"%b","salt":"%b","seq":%d}\n' % (raw, leaf, bytes(16).hex().encode(), seq)
    with pytest.raises(Fault, match="are not what was signed"):
        verify(signed_anew([*export[:at], forged, *export[at + 1 :]]), KEYS)


@given(leaves=st.lists(st.binary(max_size=40), max_size=70))
def test_the_verifiers_own_tree_equals_the_librarys(leaves: list[bytes]) -> None:
    own = verify_ledger._Tree()
    for leaf in leaves:
        own.push(leaf)
    assert own.root() == merkle.root_of(map(merkle.leaf_hash, leaves))


CODES = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,4}){0,2}", fullmatch=True)
REFERENCES = st.builds(
    lambda noun, value: f"{noun}:{value}", CODES, st.one_of(st.uuids(), CODES, st.binary(min_size=32, max_size=32).map(bytes.hex))
)
LINES = st.builds(
    Line,
    kind=st.sampled_from(Kind),
    act=st.builds(lambda room, verb: f"{room}.{verb}", CODES, CODES),
    actor=REFERENCES,
    purpose=CODES,
    subjects=st.lists(REFERENCES, max_size=5).map(tuple),
    detail=st.dictionaries(CODES, st.one_of(CODES, REFERENCES), max_size=4),
    denied=st.booleans(),
    recipient=REFERENCES,
)


@given(line=LINES, at=st.datetimes(min_value=datetime(1000, 1, 1), timezones=st.just(UTC)), entry=st.uuids())
def test_whatever_a_line_may_hold_the_verifier_reads_in_the_same_spelling(line: Line, at: datetime, entry: UUID) -> None:
    subjects, detail = list(line.subjects), dict(line.detail)
    row = EntryRow(entry, at, line.actor, line.kind, line.act, line.purpose, subjects, detail, line.recipient, line.denied, bytes(16))
    raw = entry_bytes(row)
    whole = b'{"entry":%b,"leaf":"%b","salt":"%b","seq":0}\n' % (raw, b"0" * 64, b"0" * 32)
    found = verify_ledger._ENTRY.fullmatch(whole)
    assert found is not None
    assert found["entry"] == raw
    assert json.loads(raw)["detail"] == detail
