"""Hash lists are loaded strictly and again without harm; look-ups answer each question with a state of its own."""

from __future__ import annotations

import hashlib
import io
import os
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from grace.accounts.models import Unit
from grace.accounts.viewer import Viewer
from grace.kernel.errors import Conflict, Invalid, Missing
from grace.matching import follow, lists, load, matches
from grace.matching.digests import Digest
from grace.matching.look_up import Answer, State, Why, look_up
from grace.matching.models import Entry, HashList, Indexed, Match
from grace.sdk.analysis import Fingerprint

pytestmark = pytest.mark.django_db

PICTURE = os.urandom(32)


def _csv(*lines: str) -> io.BytesIO:
    return io.BytesIO("\n".join(["algorithm,value,category,source,note", *lines]).encode())


def _md5(content: bytes) -> bytes:
    return hashlib.md5(content, usedforsecurity=False).digest()


def _load(*lines: str, name: str = "Known", unit_id: UUID | None = None) -> load.Loaded:
    return load.load(_csv(*lines), name, source="hotline", unit_id=unit_id)


def _flip(value: bytes, bits: int) -> bytes:
    return (int.from_bytes(value, "big") ^ (1 << bits) - 1).to_bytes(32, "big")


def _one(asked: Digest | Fingerprint, unit_id: UUID | None = None) -> Answer:
    digests = [asked] if isinstance(asked, Digest) else []
    fingerprints = [asked] if isinstance(asked, Fingerprint) else []
    (answer,) = look_up(digests, fingerprints, unit_id=unit_id)
    return answer


def test_counts_what_it_did_and_repeats_without_harm() -> None:
    lines = [f"md5,{_md5(b'%d' % number).hex()},A,," for number in range(3)]
    loaded = _load(*lines, lines[0], "md5,zz,A,,")
    assert (loaded.added, loaded.changed, loaded.known, loaded.refused, loaded.lines) == (3, 0, 1, 1, 5)
    assert [fault.number for fault in loaded.faults] == [6]
    again = _load(*lines)
    assert (again.added, again.changed, again.known, again.list_id) == (0, 0, 3, loaded.list_id)
    changed = _load(lines[0].replace(",A,", ",B,"))
    assert (changed.added, changed.changed, changed.known) == (0, 1, 0)
    assert Entry.objects.get(value=_md5(b"0")).category == "B"
    assert HashList.objects.get().coverage.get().entries == 3


def test_the_list_lends_category_and_source() -> None:
    line = f"md5,{_md5(b'x').hex()},,,"
    assert _load(line).faults[0].why == "no category, and the list has no default"
    load.load(_csv(line), "Second", source="Hotline Sued", default_category="B")
    entry = Entry.objects.get()
    assert (entry.category, entry.source) == ("B", "Hotline Sued")


def test_tells_progress_in_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "BATCH", 2)
    told: list[int] = []
    load.load(_csv(*(f"md5,{_md5(b'%d' % number).hex()},A,," for number in range(5))), "Known", source="s", progress=told.append)
    assert told == [2, 4, 5]


def test_a_list_needs_name_source_and_its_own_unit() -> None:
    unit = Unit.objects.create(name="North", slug="north")
    with pytest.raises(Invalid, match="a name and a source"):
        load.load(_csv(), "Known", source=" ")
    _load()
    with pytest.raises(Conflict, match="another unit"):
        _load(unit_id=unit.id)


def test_an_exact_hash_is_known() -> None:
    _load(f"md5,{_md5(b'x').hex()},A,hotline,seen twice")
    _load(f"md5,{_md5(b'x').hex()},B,,", name="Second")
    answer = _one(Digest("md5", _md5(b"x")))
    assert answer.state is State.KNOWN
    assert [(known.list_name, known.category, known.note, known.kind, known.distance) for known in answer.known] == [
        ("Known", "A", "seen twice", "exact", 0),
        ("Second", "B", "", "exact", 0),
    ]
    assert _one(Digest("md5", _md5(b"y"))).state is State.NO_MATCH


def test_answers_in_the_order_of_questions() -> None:
    _load(f"md5,{_md5(b'1').hex()},A,,", f"pdq,{PICTURE.hex()},A,,")
    digests = [Digest("md5", _md5(b"%d" % (number % 3))) for number in range(6)]
    fingerprints = [Fingerprint("pdq", PICTURE, 90), Fingerprint("pdq", PICTURE, 10)]
    answers = look_up(digests, fingerprints)
    assert [answer.asked for answer in answers] == [*digests, *fingerprints]
    assert [answer.state.name for answer in answers] == ["NO_MATCH", "KNOWN", "NO_MATCH"] * 2 + ["KNOWN", "NOT_CHECKED"]
    assert look_up([], []) == []


@pytest.mark.parametrize(("bits", "state"), [(0, State.KNOWN), (1, State.KNOWN), (31, State.KNOWN), (32, State.NO_MATCH)])
def test_a_near_picture_is_known_up_to_31_bits(bits: int, state: State) -> None:
    _load(f"pdq,{PICTURE.hex()},A,,")
    for asked in (Fingerprint("pdq", _flip(PICTURE, bits), 50), Digest("pdq", _flip(PICTURE, bits))):
        answer = _one(asked)
        assert answer.state is state
        assert [(known.kind, known.distance) for known in answer.known] == ([("near" if bits else "exact", bits)] if bits < 32 else [])


def test_what_was_not_checked_is_never_no_match() -> None:
    assert _one(Digest("md5", _md5(b"x"))).why is Why.NO_LIST
    _load(f"md5,{_md5(b'x').hex()},A,,", f"pdq,{PICTURE.hex()},A,,")
    for asked, why in (
        (Fingerprint("pdq", PICTURE, 49), Why.QUALITY),
        (Digest("sha1", b"1" * 20), Why.NO_LIST),
        (Digest("photodna", b"1" * 144), Why.ALGORITHM),
        (Digest("md5", b"short"), Why.MALFORMED),
    ):
        answer = _one(asked)
        assert (answer.state, answer.why, answer.known) == (State.NOT_CHECKED, why, ())


def test_a_units_own_list_serves_that_unit_only() -> None:
    north, south = (Unit.objects.create(name=name, slug=name) for name in ("north", "south"))
    _load(f"md5,{_md5(b'x').hex()},A,,", f"pdq,{PICTURE.hex()},A,,", unit_id=north.id)
    for asked in (Digest("md5", _md5(b"x")), Fingerprint("pdq", PICTURE, 90)):
        assert _one(asked, north.id).state is State.KNOWN
        assert _one(asked, south.id).why is Why.NO_LIST
        assert _one(asked).why is Why.NO_LIST
    viewers = [Viewer(uuid4(), unit.id, frozenset(), "") for unit in (north, south)]
    assert [list(lists.shown_to(viewer).values_list("name", flat=True)) for viewer in viewers] == [["Known"], []]


def test_a_removed_list_answers_no_more() -> None:
    loaded = _load(f"pdq,{PICTURE.hex()},A,,")
    assert _one(Fingerprint("pdq", PICTURE, 90)).state is State.KNOWN
    assert lists.remove(loaded.list_id) == 1
    assert _one(Fingerprint("pdq", PICTURE, 90)).why is Why.NO_LIST
    with pytest.raises(Missing):
        lists.remove(loaded.list_id)


def test_what_was_rolled_back_is_forgotten() -> None:
    with transaction.atomic():
        _load(f"pdq,{PICTURE.hex()},A,,")
        assert _one(Fingerprint("pdq", PICTURE, 90)).state is State.KNOWN
        transaction.set_rollback(True)
    _load(f"pdq,{os.urandom(32).hex()},A,,")
    assert _one(Fingerprint("pdq", PICTURE, 90)).state is State.NO_MATCH


def test_an_index_that_is_not_there_is_told() -> None:
    Indexed.objects.create(name="lists")
    _load(f"pdq,{PICTURE.hex()},A,,")
    assert _one(Fingerprint("pdq", PICTURE, 90)).why is Why.INDEX


def test_found_matches_are_kept_once_and_told_again() -> None:
    unit = Unit.objects.create(name="North", slug="north")
    loaded = _load(f"md5,{_md5(b'x').hex()},A,,", f"pdq,{PICTURE.hex()},A,,")
    asked = Digest("md5", _md5(b"x")), Digest("pdq", _flip(PICTURE, 3))
    answers = look_up(asked[:1], [Fingerprint("pdq", asked[1].value, 80)])
    matches.record(answers)
    matches.record(answers)
    assert Match.objects.count() == 2
    viewer = Viewer(uuid4(), unit.id, frozenset(), "triage")
    told = matches.found(viewer, [*asked, Digest("md5", b"?" * 16)])
    assert told == {question: list(answer.known) for question, answer in zip(asked, answers, strict=True)}
    lists.remove(loaded.list_id)
    assert matches.found(viewer, asked) == {}


def test_a_batch_is_answered_as_each_question_alone_and_as_the_table_says() -> None:
    """With other units' lists, what is asked twice, what cannot be asked, and changes that the index knows of or not."""
    unit = Unit.objects.create(name="North", slug="north")
    pictures = [PICTURE, *(_flip(PICTURE, bits) for bits in (3, 31, 32)), os.urandom(32)]
    _load(*(f"md5,{_md5(b'%d' % number).hex()},A,," for number in range(0, 40, 2)), *(f"pdq,{each.hex()},A,," for each in pictures[:2]))
    follow.follow()
    _load(
        *(f"md5,{_md5(b'%d' % number).hex()},B,," for number in range(0, 40, 3)),
        f"pdq,{pictures[2].hex()},B,,",
        name="Theirs",
        unit_id=unit.id,
    )
    digests = [Digest("md5", _md5(b"%d" % number)) for number in [*range(60), 4, 6]]
    digests += [Digest("sha1", bytes(20)), Digest("md5", b"short"), Digest("crc", b"1"), *(Digest("pdq", each) for each in pictures)]
    prints = [Fingerprint("pdq", each, quality) for quality in (90, 10) for each in pictures]
    for unit_id in (None, unit.id):
        answers = look_up(digests, prints, unit_id=unit_id)
        assert answers == [*(_one(each, unit_id) for each in digests), *(_one(each, unit_id) for each in prints)]
        for answer in answers:
            found = [(each.entry_id, each.distance) for each in answer.known]
            assert sorted(found) == (_looked_through(answer, unit_id) if answer.why is None else [])
            assert [distance for _, distance in found] == sorted(distance for _, distance in found)
            assert (answer.state is State.KNOWN) == bool(found)


def _looked_through(answer: Answer, unit_id: UUID | None) -> list[tuple[int, int]]:
    """The entries that answer, and how far they are, by looking at each."""
    entries = Entry.objects.filter(algorithm=answer.asked.algorithm, hash_list__unit_id__in=[unit_id]) if unit_id else Entry.objects.none()
    rows = [*entries, *Entry.objects.filter(algorithm=answer.asked.algorithm, hash_list__unit=None)]
    most = 31 if answer.asked.algorithm == "pdq" else 0
    apart = {each.id: (int.from_bytes(answer.asked.value) ^ int.from_bytes(bytes(each.value))).bit_count() for each in rows}
    return sorted((entry, distance) for entry, distance in apart.items() if distance <= most)
