"""The page of an archive lists its members, and that of a member says where it came from; both keep names covered until the referral is taken."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from uuid import UUID

import pytest
from django.urls import reverse

from grace.accounts.models import Unit
from grace.casework.decide import Wish
from grace.custody import ledger
from grace.evidence.decoding.testing import fractal, written
from grace.evidence.models import Archive, File, Member
from grace.pipeline import inside
from grace.pipeline.decide import decide
from tests.support import relisting
from tests.support.analysers import saying
from tests.support.deliveries import hand_in, sample
from tests.support.jobs import run_due_jobs
from tests.support.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_analysers")]

_MEMBER = re.compile(r'<ol class="rows">.*?</ol>', re.DOTALL)


@pytest.fixture
def no_analysers() -> Iterator[None]:
    """What analysers see is others' business."""
    with saying():
        yield


def zipped(contents: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
        link = zipfile.ZipInfo("shortcut")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/hostname")
    return stream.getvalue()


def arrive(unit: Unit, contents: Mapping[str, bytes]) -> UUID:
    (receipt,) = hand_in(unit, zipped({"report.json": sample("d1"), "holiday.zip": zipped(contents)}), name="report.zip")
    run_due_jobs()
    return receipt.referrals[0]


def page(person: Person, file: UUID | None, **asked: str | UUID) -> str:
    answer = person.client.get(reverse("file", args=[file]), {name: str(value) for name, value in asked.items()})
    assert answer.status_code == 200
    text: str = answer.text
    return text


@pytest.fixture
def referral(harbour_unit: Unit) -> UUID:
    """A referral with a picture in an archive in an archive."""
    inner = zipped({"boat.png": written(fractal()).getvalue()})
    return arrive(harbour_unit, {"pier.txt": b"invented words", "inner.zip": inner})


def test_an_archive_lists_its_members_and_says_why_one_is_not_there(alice: Person, referral: UUID) -> None:
    archive = Archive.objects.get(depth=1)
    covered = page(alice, archive.archive_id, referral=referral)
    assert "In this archive" in covered
    assert "2 files came out of it; 1 place without a file" in covered
    assert "a link, which holds no bytes" in covered
    assert not any(name in covered for name in ("pier.txt", "shortcut", "inner.zip"))
    decide(alice.viewer, referral, Wish("take"))
    uncovered = page(alice, archive.archive_id, referral=referral)
    assert all(name in uncovered for name in ("pier.txt", "shortcut", "inner.zip"))
    for member in archive.members.exclude(file=None):
        assert member.file is not None
        assert f'href="{reverse("file", args=[member.file_id])}?referral={referral}"' in uncovered
        assert ledger.history(f"file:{bytes(member.file.sha256).hex()}", 1)[0].act == "file.read"


def test_a_member_says_in_what_it_came(alice: Person, referral: UUID) -> None:
    picture = Member.objects.get(name="boat.png").file_id
    covered = page(alice, picture, referral=referral)
    assert "Came in" in covered
    assert "it came in an archive" in covered
    assert not any(name in covered for name in ("boat.png", "inner.zip", "holiday.zip"))
    decide(alice.viewer, referral, Wish("take"))
    uncovered = " ".join(re.sub(r"<[^>]+>", "", page(alice, picture, referral=referral)).split())
    assert "Came ininner.zip, which came in holiday.zip, as boat.png" in uncovered.replace("Came in ", "Came in")
    for archive in Archive.objects.all():
        assert reverse("file", args=[archive.archive_id]) in page(alice, picture, referral=referral)


def test_the_wall_of_a_referral_shows_what_came_in_its_archives_known_ones_first(alice: Person, referral: UUID) -> None:
    picture = File.objects.get(media_type="image/png")
    relisting.load([("sha256", bytes(picture.sha256))], "Others")
    run_due_jobs()
    address = reverse("referral", args=[referral])
    covered = alice.client.get(address).text
    assert "4 in archives" not in covered
    assert "3 in archives" in covered
    tiles = re.findall(r'<a class="cover" href="/files/([0-9a-f-]+)/\?referral=[^"]+" aria-label="([^"]+)"', covered)
    inside = [(file, says) for file, says in tiles if " in f03: " in says]
    assert inside[0][0] == str(picture.id)
    assert len(inside) == 3
    assert "holiday.zip" not in covered
    decide(alice.viewer, referral, Wish("take"))
    assert "in holiday.zip" in alice.client.get(address).text


def test_a_known_one_stands_first_among_more_than_the_lists_are_asked_about(
    alice: Person, harbour_unit: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = {f"{number:03}.txt": f"words {number}".encode() for number in range(30)}
    referral = arrive(harbour_unit, words | {"boat.png": written(fractal()).getvalue()})
    known = Member.objects.select_related("file").get(name="029.txt").file
    assert known is not None
    relisting.load([("sha256", bytes(known.sha256))], "Others")
    run_due_jobs()
    monkeypatch.setattr(inside, "MOST_ASKED", 2)
    covered = alice.client.get(reverse("referral", args=[referral])).text
    tiles = re.findall(r'<a class="cover" href="/files/([0-9a-f-]+)/', covered)
    assert tiles[-2:] == [str(known.id), str(Member.objects.get(name="boat.png").file_id)]


def test_members_are_paged_by_place(alice: Person, harbour_unit: Unit) -> None:
    referral = arrive(harbour_unit, {f"{number:03}.txt": f"words {number}".encode() for number in range(120)})
    archive = Archive.objects.get(depth=1).archive_id
    seen: list[str] = []
    start: str | None = "0"
    while start is not None:
        text = page(alice, archive, referral=referral, start=start)
        (rows,) = _MEMBER.findall(text)
        seen += re.findall(r'href="/files/([0-9a-f-]+)/', rows)
        following = re.search(r'rel="next"[^>]*start=(\d+)#members', text)
        start = following[1] if following else None
    assert len(seen) == len(set(seen)) == 120
    assert alice.client.get(reverse("file", args=[archive]), {"start": "x"}).status_code == 400


def test_another_unit_reaches_neither_archive_nor_member(alice: Person, charlie: Person, referral: UUID) -> None:
    for file in File.objects.values_list("id", flat=True):
        assert charlie.client.get(reverse("file", args=[file])).status_code == 404
    picture = Member.objects.get(name="boat.png").file_id
    assert alice.client.post(reverse("file-preview", args=[picture]), {"purpose": "triage"}).status_code == 200
    assert charlie.client.post(reverse("file-preview", args=[picture]), {"purpose": "triage"}).status_code == 404


def test_what_was_not_unpacked_says_why(alice: Person, harbour_unit: Unit) -> None:
    (receipt,) = hand_in(
        harbour_unit, zipped({"report.json": sample("d1"), "old.rar": b"Rar!\x1a\x07\x01\x00" + bytes(40)}), name="report.zip"
    )
    run_due_jobs()
    assert "not unpacked: no decoder for this format" in page(alice, Archive.objects.get().archive_id, referral=receipt.referrals[0])
    Archive.objects.update(ended_at=None, reason="", taken=3)
    assert "it is being unpacked, so far: 3 files came out of it" in page(alice, Archive.objects.get().archive_id)
