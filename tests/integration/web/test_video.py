"""A video that came with a referral: examined in a job of its own, recognised picture by picture, told with its times."""

from __future__ import annotations

import io
import os
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse
from PIL import Image
from procrastinate.contrib.django.models import ProcrastinateJob

from grace.accounts.models import Unit
from grace.accounts.viewer import operator
from grace.analysis import findings
from grace.custody import ledger
from grace.evidence import examine, files
from grace.evidence.files import Keep
from grace.evidence.models import Fingerprint
from grace.matching import due, follow, holdings
from grace.matching.digests import LENGTHS
from grace.matching.load import How, load
from grace.matching.models import Held, Match
from grace.pipeline import lists, rematch
from grace.pipeline.analyse import analyse_now
from grace.pipeline.examine import examine_and_score, examine_video
from grace.priority.assess import signals_of
from grace.referrals.models import Attachment
from grace.sdk.video import Frame, Video, pack, unpack
from grace.web.videos import clock
from tests.integration.web import story
from tests.support import relisting
from tests.support.films import film, scenes
from tests.support.jobs import run_due_jobs
from tests.support.people import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def attachment(harbour_unit: Unit) -> Attachment:
    """A referral of Alice's unit, whose picture is six seconds of video."""
    story.with_files(harbour_unit)
    (file,) = files.keep_many([Keep(harbour_unit.id, film(scenes(7, 6)), "received")])
    found = Attachment.objects.filter(file__media_type__startswith="image/").first()
    assert found is not None
    found.file_id = file.id
    found.save()
    return found


def _seen(attachment: Attachment) -> Video:
    assert attachment.file_id is not None
    (kept,) = examine.fingerprints_of([attachment.file_id])[attachment.file_id]
    return unpack(kept.value)


def test_pages_tell_what_of_it_is_known_and_when(alice: Person, attachment: Attachment) -> None:
    assert attachment.file_id is not None
    examine_video(attachment.file_id)
    page = reverse("file", args=[attachment.file_id])
    assert "pictures in 0:06" in alice.client.get(page).text
    listed = _seen(attachment).frames[2]
    content = f"algorithm,value,category,source,note\npdq,{listed.value.hex()},example,,\n"
    load(io.BytesIO(content.encode()), "Known", source="example-agency")
    for text in (alice.client.get(page).text, alice.client.get(reverse("referral", args=[attachment.referral_id])).text):
        assert "17 % of this video, 100 % of what is listed, at 0:02-0:03" in text
        assert "near-duplicate" in text


def test_a_video_is_left_to_a_job_of_its_own_after_all_others(attachment: Attachment) -> None:
    video = attachment.file_id
    picture = Attachment.objects.filter(file__media_type__startswith="image/").values_list("file_id", flat=True)[0]
    assert video is not None
    assert picture is not None
    examine_and_score([video, picture])
    assert set(examine.fingerprints_of([video, picture])) == {picture}
    examine_and_score([video])
    jobs = ProcrastinateJob.objects.filter(task_name="pipeline.examine_video")
    assert [(job.args, job.priority, job.lock) for job in jobs] == 2 * [({"file": str(video)}, -10, "video:0")]


def test_its_preview_is_a_contact_sheet_of_its_shots_through_the_same_gate(alice: Person, attachment: Attachment) -> None:
    """Covered until it is held, written down, with times as text; where its shots are known, these are shown."""
    assert attachment.file_id is not None
    page = alice.client.get(reverse("file", args=[attachment.file_id])).text
    preview = reverse("file-preview", args=[attachment.file_id])
    assert f'data-preview="{preview}"' in page
    assert "data-moments" in page
    assert alice.client.post(preview, {"purpose": ""}).status_code == 403
    evenly = alice.client.post(preview, {"purpose": "triage"})
    assert (evenly.status_code, evenly.headers["Content-Type"], evenly.content[:3]) == (200, "image/jpeg", b"\xff\xd8\xff")
    assert "no-store" in evenly.headers["Cache-Control"]
    assert evenly.headers["X-Grace-Moments"].startswith("0:00")
    analyse_now([attachment.file_id])
    shots = findings.shots_of(attachment.file_id)
    assert shots[0] == 0
    assert len(shots) > 1
    of_shots = alice.client.post(preview, {"purpose": "triage"})
    assert of_shots.headers["X-Grace-Moments"] == ", ".join(clock(each) for each in shots)
    assert [(each.act, each.denied) for each in ledger.page(actor=alice.viewer.actor) if each.act == "file.look"] == [
        ("file.look", False),
        ("file.look", False),
        ("file.look", True),
    ]


@pytest.mark.parametrize("few", [due.FEW, 0])
def test_a_list_that_changes_speaks_of_videos_that_are_held(
    alice: Person, attachment: Attachment, harbour_unit: Unit, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Entry by entry, and in a sweep that takes few at a time; the match's page names the video, and goes with the entry."""
    monkeypatch.setattr(due, "FEW", few)
    monkeypatch.setattr(rematch, "ASKED", 4)
    assert attachment.file_id is not None
    relisting.load([(kind, os.urandom(width)) for kind, width in LENGTHS.items()], "Others")
    examine_video(attachment.file_id)
    run_due_jobs()
    pages = [reverse("file", args=[attachment.file_id]), reverse("referral", args=[attachment.referral_id])]
    pictures = [frame.value for frame in _seen(attachment).frames]
    assert Held.objects.filter(fingerprint__file=attachment.file_id).count() == len(set(pictures)) == 6
    relisting.load([("pdq", relisting.flipped(pictures[1], 5)), ("pdq", relisting.flipped(pictures[3], 9))])
    run_due_jobs()
    assert sorted((bytes(each.value), each.distance) for each in Match.objects.all()) == sorted([(pictures[1], 5), (pictures[3], 9)])
    assert relisting.differences([harbour_unit]) == []
    for page in pages:
        for number in Match.objects.order_by("distance").values_list("id", flat=True)[:1]:
            assert reverse("match", args=[number]) in alice.client.get(page).text
            assert pages[0] in alice.client.get(reverse("match", args=[number])).text
    assert "videos are not compared with each other" in alice.client.get(pages[0]).text
    relisting.remove()
    run_due_jobs()
    assert not Match.objects.exists()
    assert relisting.differences([harbour_unit]) == []


def test_a_picture_looks_like_the_video_that_shows_it(alice: Person, attachment: Attachment) -> None:
    """Each video is told once, by its nearest picture."""
    assert attachment.file_id is not None
    examine_video(attachment.file_id)
    still = io.BytesIO()
    Image.fromarray(next(scenes(7, 1))).save(still, "PNG")
    (file,) = files.keep_many([Keep(alice.officer.unit_id, still.getvalue(), "received")])
    examine_and_score([file.id])
    follow.tend()
    (found,) = holdings.alike(alice.viewer, file.id).files
    assert (found.file_id, found.media_type) == (attachment.file_id, "video/mp4")


def test_pictures_of_a_video_come_and_go_with_its_fingerprint(attachment: Attachment) -> None:
    """Those of quality 50 and more; looked into anew, a video has its new pictures and none of the old ones."""
    assert attachment.file_id is not None
    examine_video(attachment.file_id)
    kept = Fingerprint.objects.get(file_id=attachment.file_id, algorithm="vpdq")
    frames = tuple(Frame(number, quality, bytes([number]) * 32) for number, quality in enumerate((50, 49, 100)))
    kept.value = pack(Video((*frames, Frame(9, 60, bytes(32))), 10)).value
    kept.save()
    assert {bytes(each.value) for each in Held.objects.filter(fingerprint=kept)} == {bytes(32), bytes([2]) * 32}
    kept.delete()
    assert not Held.objects.filter(fingerprint_id=kept.id).exists()


def test_a_listed_video_is_told_on_the_pages_and_goes_with_its_list(alice: Person, attachment: Attachment, harbour_unit: Unit) -> None:
    """Listed, it makes the held one near, and its pictures that are held alone are kept; half of it gone, it matches no more."""
    assert attachment.file_id is not None
    relisting.load([(kind, os.urandom(width)) for kind, width in LENGTHS.items()], "Others")
    examine_video(attachment.file_id)
    run_due_jobs()
    pictures = [frame.value for frame in _seen(attachment).frames]
    page = reverse("file", args=[attachment.file_id])
    rest = [os.urandom(32) for _ in range(4)]
    _list({"Holiday film": [*pictures[:4], os.urandom(32)], "Too little": [pictures[0], *rest]})
    run_due_jobs()
    assert relisting.differences([harbour_unit]) == []
    text = alice.client.get(page).text
    assert "67 % of this video, 80 % of what is listed, at 0:00-0:04" in text
    assert "listed video “Holiday film”" in text
    assert "Too little" not in text
    assert _near(attachment.referral_id) == 1
    match = Match.objects.order_by("id").filter(value=pictures[0]).get()
    told = alice.client.get(reverse("match", args=[match.id])).text
    for words in (
        "a picture of the listed video “Too little”",
        "listed video “Holiday film”: 67 % of this video",
        "what is listed is the video",
    ):
        assert words in told
    _list({"Holiday film": rest})  # five of nine now
    run_due_jobs()
    assert "on no list" in alice.client.get(page).text
    assert _near(attachment.referral_id) == 0
    _list({"Holiday film": [*pictures[:4], rest[0]]}, mode="full", most_removed=1)
    run_due_jobs()
    assert _near(attachment.referral_id) == 1
    relisting.remove("Films")
    run_due_jobs()
    assert (Match.objects.count(), _near(attachment.referral_id)) == (0, 0)
    assert relisting.differences([harbour_unit]) == []


def _list(videos: dict[str, list[bytes]], **how: Any) -> None:
    rows = [f"pdq,{value.hex()},A,,,{label}" for label, some in videos.items() for value in some]
    content = "\n".join(["algorithm,value,category,source,note,video", *rows]).encode()
    lists.import_list(operator(), io.BytesIO(content), "Films", source="hotline", how=How(**how))


def _near(referral: UUID) -> object:
    return {each.kind: each.value for each in signals_of([referral])[referral]}.get("file.near_count", 0)
