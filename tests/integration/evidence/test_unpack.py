"""Archives become files: each member once, whatever breaks in between, and a member counts as a file of the referral does."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import count
from uuid import UUID

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from grace.accounts.models import Unit
from grace.casework.models import QueueRow
from grace.custody import ledger
from grace.evidence import examine, files, members, unpack
from grace.evidence.decoding.port import Reason, Unpacking
from grace.evidence.decoding.testing import fractal, written
from grace.evidence.files import Keep
from grace.evidence.models import Archive, File, Holding, Member
from grace.intake import passwords
from grace.pipeline import jobs
from grace.pipeline.unpack import begin, unpack_and_score, unpack_stored
from grace.priority.assess import signals_of
from grace.referrals import attachments, naming
from tests.support import relisting
from tests.support.analysers import saying
from tests.support.deliveries import hand_in, sample
from tests.support.jobs import run_due_jobs
from tests.support.locked import aes
from tests.support.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place", "no_analysers")]

PICTURE = written(fractal()).getvalue()


@pytest.fixture
def no_analysers() -> Iterator[None]:
    """What analysers see is others' business."""
    with saying():
        yield


def zipped(contents: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)  # of no moment: the same bytes whenever it is made
    return stream.getvalue()


def keep(unit: Unit, content: bytes) -> UUID:
    return files.keep_many([Keep(unit.id, content, "received")])[0].id


def arrive(unit: Unit, content: bytes, name: str = "cards.zip", document: str = "d1") -> UUID:
    """A report that brings an archive along; the referral."""
    (receipt,) = hand_in(unit, zipped({"report.json": sample(document), name: content}), name="report.zip")
    return receipt.referrals[0]


def unpacked(unit: Unit, content: bytes) -> Archive:
    """An archive that is held, and unpacked with all that is nested in it."""
    file = keep(unit, content)
    begin([file])
    run_due_jobs()
    return Archive.objects.get(archive_id=file)


def told(archive: Archive) -> dict[str, str]:
    """By name what became of each member: the reason, or nothing where it is a file."""
    return dict(archive.members.order_by("place").values_list("name", "reason"))


def digest_of(content: bytes) -> File:
    (found,) = [each for each in File.objects.all() if each.size == len(content) and each.sha256 and _same(each, content)]
    return found


def _same(file: File, content: bytes) -> bool:
    import hashlib

    return bytes(file.sha256) == hashlib.sha256(content).digest()


def test_a_known_picture_in_an_archive_in_an_archive_raises_the_referral(harbour_unit: Unit) -> None:
    inner = zipped({"../picture.png": PICTURE, "words.txt": b"invented words"})
    referral = arrive(harbour_unit, zipped({"inner.zip": inner, "more.txt": b"more words"}))
    run_due_jobs()
    before = {each.kind: each.value for each in signals_of([referral])[referral]}
    assert "file.known_count" not in before
    assert (before["file.named_count"], before["file.present_count"]) == (3, 1)  # two are named only
    relisting.load([("sha256", bytes(digest_of(PICTURE).sha256))], "Others")
    run_due_jobs()
    after = {each.kind: each.value for each in signals_of([referral])[referral]}
    assert (after["file.known_count"], after["file.named_count"]) == (1, 3)
    row = QueueRow.objects.get(referral_id=referral)
    assert (row.summary["files"], row.summary["inside"], row.summary["known"]) == (3, 4, 1)
    picture = digest_of(PICTURE)
    assert examine.fingerprints_of([picture.id])[picture.id][0].algorithm == "pdq"
    assert Holding.objects.get(file=picture).unit == harbour_unit
    place = Member.objects.get(file=picture)
    assert (place.name, place.place, place.archive_id) == ("../picture.png", 0, digest_of(inner).id)
    acts = [each.act for each in ledger.history(f"file:{bytes(picture.sha256).hex()}", 20)]
    assert {"file.unpack", "file.examine"} <= set(acts)


def test_a_known_picture_raises_the_referral_when_it_comes_in_an_archive(harbour_unit: Unit) -> None:
    elsewhere = keep(harbour_unit, PICTURE)
    relisting.load([("sha256", bytes(File.objects.get(id=elsewhere).sha256))], "Others")
    run_due_jobs()
    referral = arrive(harbour_unit, gzip.compress(zipped({"picture.png": PICTURE})), "cards.zip.gz")
    run_due_jobs()
    assert {each.kind: each.value for each in signals_of([referral])[referral]}["file.known_count"] == 1


def test_the_same_bytes_twice_are_one_file_with_two_places(harbour_unit: Unit) -> None:
    archive = unpacked(harbour_unit, zipped({"a.txt": b"words", "b.txt": b"words", "/etc/c.txt": b"no path", "d\\..\\d": b"odd"}))
    assert (archive.taken, archive.left_out, archive.next, archive.reason) == (4, 0, 4, "")
    assert archive.ended_at is not None
    assert File.objects.count() == 4
    twice = digest_of(b"words")
    assert [each.name for each in twice.places.order_by("place")] == ["a.txt", "b.txt"]


def small(**limits: int) -> Callable[[], Unpacking]:
    return partial(Unpacking, **limits)


def test_broken_off_in_the_middle_it_goes_on_without_loss_or_doubles(harbour_unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "Unpacking", small(portion_members=2))
    file = keep(harbour_unit, zipped({f"{number}.txt": f"words {number}".encode() for number in range(9)}))
    begin([file])
    usual, calls = jobs.examine_files, count(1)

    def breaking(some: Sequence[UUID]) -> None:
        if next(calls) in {2, 4}:
            raise RuntimeError("the power is gone")
        usual(some)

    monkeypatch.setattr(jobs, "examine_files", breaking)
    for places in (2, 4):
        with pytest.raises(RuntimeError):
            unpack_and_score(file)
        archive = Archive.objects.get()
        assert (archive.next, archive.taken, archive.ended_at) == (places, places, None)
        assert File.objects.count() == Holding.objects.count() == 1 + places
    unpack_and_score(file)
    unpack_and_score(file)
    archive = Archive.objects.get()
    assert (archive.next, archive.taken) == (9, 9)
    assert archive.ended_at is not None
    assert list(archive.members.order_by("place").values_list("place", "name")) == [(number, f"{number}.txt") for number in range(9)]
    examined = [each for job in ProcrastinateJob.objects.filter(task_name="pipeline.examine") for each in job.args["files"]]
    assert sorted(examined) == sorted(str(each) for each in archive.members.values_list("file_id", flat=True))


def test_one_job_works_for_a_while_and_leaves_the_rest(harbour_unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "Unpacking", small(portion_members=2))
    file = keep(harbour_unit, zipped({f"{number}.txt": f"words {number}".encode() for number in range(5)}))
    begin([file])
    for places in (2, 4):
        unpack_and_score(file, 0)
        assert Archive.objects.get().next == places
    run_due_jobs()
    assert Archive.objects.get().taken == 5


def test_of_two_at_work_on_one_archive_one_stops(harbour_unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "Unpacking", small(portion_members=2))
    file = keep(harbour_unit, zipped({f"{number}.txt": f"words {number}".encode() for number in range(6)}))
    begin([file])
    usual, calls = unpack.keep, count()

    def overtaken(*args: object) -> object:
        if next(calls) == 1:
            unpack_and_score(file)
        return usual(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(unpack, "keep", overtaken)
    unpack_and_score(file)
    assert (Archive.objects.get().taken, Member.objects.count()) == (6, 6)


def test_who_comes_to_hold_the_archive_holds_what_is_in_it(harbour_unit: Unit, hill_unit: Unit, charlie: Person, alice: Person) -> None:
    content = zipped({"inner.zip": zipped({"picture.png": PICTURE})})
    archive = unpacked(harbour_unit, content)
    picture = digest_of(PICTURE)
    assert not Holding.objects.filter(unit=hill_unit).exists()
    assert members.page(charlie.viewer, archive.archive_id, most=9) == members.places(charlie.viewer, picture.id, most=9) == []
    assert keep(hill_unit, content) == archive.archive_id
    assert Holding.objects.filter(unit=hill_unit).count() == 3
    assert [each.name for each in members.page(charlie.viewer, archive.archive_id, most=9)] == ["inner.zip"]
    assert [each.name for each in members.places(alice.viewer, picture.id, most=9)] == ["picture.png"]


def test_what_came_in_an_archive_goes_with_it_and_what_came_by_itself_stays(harbour_unit: Unit, hill_unit: Unit) -> None:
    content = zipped({"inner.zip": zipped({"picture.png": PICTURE}), "a.txt": b"words", "b.txt": b"other words"})
    archive = unpacked(harbour_unit, content)
    keep(hill_unit, content)
    itself = keep(harbour_unit, b"words")
    other = unpacked(harbour_unit, zipped({"c.txt": b"other words"}))
    assert files.release(harbour_unit.id, [archive.archive_id]) == []
    assert set(Holding.objects.filter(unit=harbour_unit).values_list("file_id", flat=True)) == {
        itself,
        other.archive_id,
        digest_of(b"other words").id,
    }
    assert Holding.objects.filter(unit=hill_unit).count() == 5
    assert len(files.release(hill_unit.id, [archive.archive_id])) == 3
    assert File.objects.count() == 3
    assert [each.archive_id for each in Archive.objects.all()] == [other.archive_id]
    files.release(harbour_unit.id, [digest_of(b"other words").id])
    assert told(other) == {"c.txt": members.ERASED}


def nested(levels: int) -> bytes:
    content = PICTURE
    for level in range(levels):
        content = zipped({f"level {level}": content})
    return content


def test_what_is_nested_too_deep_is_a_file_and_says_so_until_it_comes_less_deep(harbour_unit: Unit) -> None:
    unpacked(harbour_unit, nested(5))
    assert [(each.depth, each.reason) for each in Archive.objects.order_by("depth")] == [
        (1, ""),
        (2, ""),
        (3, ""),
        (4, "deeper in other archives than allowed"),
    ]
    assert File.objects.count() == 4
    arrive(harbour_unit, nested(2))
    run_due_jobs()
    assert [(each.depth, each.reason) for each in Archive.objects.order_by("depth", "begun_at")] == [
        (1, ""),
        (1, ""),
        (2, ""),
        (2, ""),
        (3, ""),
    ]
    assert digest_of(PICTURE).places.count() == 1


def test_one_that_holds_itself_is_gone_through_once(harbour_unit: Unit) -> None:
    archive = unpacked(harbour_unit, zipped({"inner.zip": zipped({"picture.png": PICTURE})}))
    inner = Member.objects.get(archive=archive).file_id
    assert inner is not None
    again = Archive.objects.get(archive_id=inner)
    Member.objects.create(archive=again, place=1, name="round", file_id=archive.archive_id)
    Member.objects.create(archive=again, place=2, name="itself", file_id=inner)
    picture = digest_of(PICTURE).id
    assert {each.file_id for each in members.inside([archive.archive_id])[archive.archive_id]} == {inner, picture}
    assert members.around([picture]) == {picture: {inner, archive.archive_id}}
    assert sorted(files.release(harbour_unit.id, [archive.archive_id])) == sorted([archive.archive_id, inner, picture])


def test_all_that_is_in_one_archive_has_a_limit(harbour_unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    content = zipped({f"{number}.zip": zipped({f"{each}.txt": f"{number} {each}".encode() for each in range(4)}) for number in range(3)})
    monkeypatch.setattr(unpack, "MOST_MEMBERS", 9)
    root = unpacked(harbour_unit, content)
    assert (root.taken, sum(each.taken for each in Archive.objects.all())) == (3, 9)
    assert sorted(each.reason for each in Archive.objects.all()) == ["", "", "", Reason.MEMBERS.value]
    monkeypatch.setattr(unpack, "MOST_BYTES", 20)
    more = unpacked(harbour_unit, zipped({"a": b"words " * 3, "b": b"word " * 3}))
    assert told(more) == {"a": "", "b": Reason.BYTES.value}


def test_locked_members_say_so_or_open_by_the_operators_list(harbour_unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(unpacked(harbour_unit, aes({"a.txt": b"words"}, "seven boats"))) == {"a.txt": Reason.LOCKED.value}
    monkeypatch.setattr(passwords, "listed", lambda: ("six boats", "seven boats"))
    assert told(unpacked(harbour_unit, aes({"b.txt": b"words"}, "seven boats"))) == {"b.txt": ""}


def test_what_cannot_be_unpacked_says_why(harbour_unit: Unit) -> None:
    assert unpacked(harbour_unit, b"Rar!\x1a\x07\x01\x00" + bytes(30)).reason == Reason.FORMAT.value
    assert unpacked(harbour_unit, zipped({"a": b"words"})[:-30]).reason == Reason.DAMAGED.value


def test_stored_archives_of_before_are_unpacked_on_demand(harbour_unit: Unit) -> None:
    keep(harbour_unit, zipped({"a.txt": b"words"}))
    keep(harbour_unit, b"words of before")
    assert unpack_stored() == 1
    assert unpack_stored() == 0
    run_due_jobs()
    assert Archive.objects.get().taken == 1


def test_referrals_name_what_came_in_their_archives(harbour_unit: Unit, hill_unit: Unit, alice: Person, charlie: Person) -> None:
    content = zipped({"inner.zip": zipped({"picture.png": PICTURE})})
    referral, other = arrive(harbour_unit, content), arrive(hill_unit, content)
    run_due_jobs()
    picture = digest_of(PICTURE).id
    assert [each.referral_id for each in naming.naming(alice.viewer, [picture], {})] == [referral]
    assert [each.referral_id for each in naming.naming(charlie.viewer, [picture], {})] == [other]
    named = attachments.of([referral])
    assert picture not in {each.file_id for each in named[referral]}
    (inside,) = [each for each in attachments.with_members(named)[referral] if each.file_id == picture]
    assert (inside.state, inside.viewed, set(inside.digests)) == ("inside", None, {"md5", "sha1", "sha256"})
    (archive,) = [each.file_id for each in named[referral] if each.file_id and each.state == "extra"]
    assert attachments.by_referral([picture, archive]) == [[picture, archive]]
