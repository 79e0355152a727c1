"""The pages of listed videos: found by their number, set aside and back with all that follows, taken out, and never another unit's."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Mapping
from uuid import UUID

import pytest
from django.urls import reverse

from grace.accounts.capabilities import Capability
from grace.accounts.models import Unit
from grace.accounts.viewer import operator
from grace.casework import entry_rows
from grace.custody import ledger
from grace.evidence.models import File, Fingerprint
from grace.kernel.errors import Missing, Refused
from grace.matching import listed, one_video
from grace.matching.digests import LENGTHS
from grace.matching.listed import Which
from grace.matching.load import How
from grace.matching.look_up import look_up
from grace.matching.models import Entry, HashList, ListedVideo, Match, Removed
from grace.matching.recognise import recognise
from grace.matching.weigh import Standing, settle, standing_of, weigh
from grace.pipeline import list_entries, listed_videos, lists
from grace.pipeline.examine import examine_and_score
from grace.priority.assess import signals_of
from grace.referrals.models import Attachment
from grace.sdk import analysis
from grace.sdk.video import Frame, Video, pack
from grace.web.lists import views
from tests.integration.web import story
from tests.support import relisting
from tests.support.jobs import run_due_jobs
from tests.support.people import Person, make_person

pytestmark = pytest.mark.django_db

CLIP = [os.urandom(32) for _ in range(5)]
OTHER = [os.urandom(32) for _ in range(5)]


def put(videos: Mapping[str, list[bytes]], name: str = "Films", unit: UUID | None = None, mode: str = "add") -> HashList:
    """A list in our form; under no label what is listed for itself."""
    rows = [f"pdq,{value.hex()},A,,,{label}" for label, some in videos.items() for value in some]
    content = "\n".join(["algorithm,value,category,source,note,video", *rows]).encode()
    loaded = lists.import_list(operator(), io.BytesIO(content), name, source="hotline", unit_id=unit, how=How(mode=mode, most_removed=1))
    return HashList.objects.get(id=loaded.list_id)


def at(route: str, *args: object) -> str:
    return reverse(route, args=args)


def text(person: Person, address: str) -> str:
    answer = person.client.get(address)
    assert answer.status_code == 200, address
    return answer.text.replace("&amp;", "&")


def act(person: Person, video: ListedVideo, **typed: str) -> str:
    return person.client.post(at("video-act", video.id), typed, follow=True).text


def standing(*values: bytes) -> Standing:
    """What the lists say of a video of these pictures, a second each; of a still where there is but one."""
    frames = tuple(Frame(1000 * number, 90, value) for number, value in enumerate(values))
    asked = pack(Video(frames, 1000 * len(values))) if len(values) > 1 else analysis.Fingerprint("pdq", values[0], 90)
    return standing_of(settle(weigh(recognise([], [asked]), None)))


def test_the_number_of_videos_leads_to_them_page_by_page(alice: Person) -> None:
    films = put({f"film {number}": [os.urandom(32)] for number in range(60)})
    address = f"{at('list-entries', films.id)}?only=videos"
    for page in (text(alice, at("lists")), text(alice, at("hash-list", films.id))):
        assert re.search(rf'href="{re.escape(address)}">60 videos<', page)
    found: list[str] = []
    while address:
        page = text(alice, address)
        found += re.findall(r'data-open href="/lists/videos/(\d+)/"', page)
        onward = re.search(r'href="([^"]+)" rel="next"', page)
        address = onward[1] if onward else ""
    assert list(map(int, found)) == list(ListedVideo.objects.order_by("-id").values_list("id", flat=True))
    entry = ledger.page(actor=alice.viewer.actor)[0]
    assert (entry.act, f"videos:{found[-1]}" in entry.subjects) == ("list.entries", True)


def test_a_page_of_videos_tells_what_is_known_and_each_number_leads_to_what_it_counts(alice: Person, bob: Person) -> None:
    films = put({"clip": CLIP, "other": [*OTHER, CLIP[0]]})
    clip, other = ListedVideo.objects.order_by("id")
    first, second = (Entry.objects.get(value=value) for value in CLIP[:2])
    list_entries.set_aside(alice.viewer, first.id, "a logo")
    for person in (alice, bob):
        list_entries.say(person.viewer, second.id, "dispute", "a blank picture")
    page = text(alice, f"{at('list-entries', films.id)}?only=videos")
    for said in ("clip", "alert list", "1 picture set aside", "1 picture disputed"):
        assert said in page
    numbers = one_video.numbers(alice.viewer, [clip, other])
    assert [(each.pictures, each.aside, each.disputed, each.confirmed) for each in numbers.values()] == [(5, 1, 1, 0), (6, 1, 0, 0)]
    wanted = {"": 5, "aside": 1, "disputed": 1, "confirmed": 0, "shared": 1}
    for only, number in wanted.items():
        shown = text(alice, f"{at('listed-video', clip.id)}?only={only}")
        assert len(re.findall(r'data-open href="/lists/entries/', shown)) == number
        assert bool(re.search(rf">[^<]*<b>{number}</b></a>", shown)) == bool(number)
    assert "its form does not say" in shown
    entry = text(alice, at("list-entry", first.id))
    assert all(at("listed-video", each.id) in entry for each in (clip, other))
    assert alice.client.get(f"{at('listed-video', clip.id)}?only=strange").status_code == 400
    assert alice.client.get(f"{at('listed-video', clip.id)}?after=x").status_code == 400


def test_a_vpdq_file_says_how_long_its_video_is(alice: Person) -> None:
    lines = "".join(f"{number},90,{value.hex()},{20 * number}.5\n" for number, value in enumerate(CLIP)).encode()
    lists.import_list(operator(), io.BytesIO(lines), "Films", source="s", default_category="A", how=How(video="long"))
    video = ListedVideo.objects.get()
    assert video.milliseconds == 80_500
    assert "the last picture stands at 1:20" in text(alice, at("listed-video", video.id))
    lists.import_list(operator(), io.BytesIO(lines + f"9,90,{CLIP[0].hex()},99.0\n".encode()), "Films", source="s", how=How(video="long"))
    assert ListedVideo.objects.get().milliseconds == 99_000


def test_a_video_that_is_set_aside_counts_for_nothing_and_its_pictures_are_what_else_they_are(alice: Person) -> None:
    put({"clip": CLIP, "other": [*OTHER, CLIP[1]], "": [CLIP[0]]})
    clip = ListedVideo.objects.get(label="clip")
    near = [standing(*CLIP), standing(CLIP[2]), standing(CLIP[1]), standing(CLIP[0]), standing(*OTHER)]
    assert near == [Standing.NEAR, Standing.NEAR, Standing.NEAR, Standing.KNOWN, Standing.NEAR]
    listed_videos.set_aside(alice.viewer, clip.id, "a film of the agency's own")
    assert [standing(*CLIP[1:]), standing(CLIP[2]), standing(CLIP[1]), standing(CLIP[0]), standing(*OTHER)] == [
        Standing.ASIDE,
        Standing.ASIDE,
        Standing.NEAR,
        Standing.KNOWN,
        Standing.NEAR,
    ]
    (answer,) = weigh(look_up([], [analysis.Fingerprint("pdq", CLIP[2], 90)]), None)
    assert [each.aside for each in answer.known] == ["video"]
    page = text(alice, at("list-entry", Entry.objects.get(value=CLIP[2]).id))
    assert "set aside" in page
    listed_videos.restore(alice.viewer, clip.id, "right after all")
    assert [standing(*CLIP), standing(CLIP[2])] == [Standing.NEAR, Standing.NEAR]


def test_what_is_stored_follows_when_a_video_is_set_aside_and_back(alice: Person, charlie: Person, harbour_unit: Unit) -> None:
    story.with_files(harbour_unit)
    examine_and_score(list(File.objects.values_list("id", flat=True)))
    picture = Fingerprint.objects.filter(algorithm="pdq", quality__gte=50).order_by("id")[0]
    referral: UUID = Attachment.objects.filter(file_id=picture.file_id)[0].referral_id
    relisting.load([(kind, os.urandom(width)) for kind, width in LENGTHS.items()], "Others")
    put({"clip": [relisting.flipped(bytes(picture.value), 5), *CLIP]})
    run_due_jobs()
    clip = ListedVideo.objects.get()

    def near() -> object:
        return {each.kind: each.value for each in signals_of([referral])[referral]}.get("file.near_count", 0)

    assert (near(), relisting.differences([harbour_unit])) == (1, [])
    matched = Match.objects.get(value=picture.value)
    page = text(alice, f"{at('list-entries', clip.hash_list_id)}?only=videos")
    files = at("video-files", clip.id)
    assert re.search(rf'href="{files}">1</a>', page)
    for address in (at("file", picture.file_id), at("match", matched.id)):
        assert address in text(alice, files)
    assert "distance 5" in text(alice, files)
    assert ledger.page(actor=alice.viewer.actor)[0].act == "list.video-files"
    assert "Nothing." in text(charlie, files), "what another unit holds is not told"
    assert f'href="{files}"' not in text(charlie, at("listed-video", clip.id))
    assert "counts for nothing" in act(alice, clip, act="set-aside", reason="to be looked at")
    run_due_jobs()
    assert (near(), relisting.differences([harbour_unit])) == (0, [])
    assert Match.objects.filter(id=matched.id).exists(), "a match is kept, and told with the reason"
    assert "set aside with its listed video" in text(alice, at("match", matched.id))
    assert "counts again" in act(alice, clip, act="restore", reason="right after all")
    run_due_jobs()
    assert (near(), relisting.differences([harbour_unit])) == (1, [])
    acts = [(each.act, each.actor) for each in ledger.history(f"videos:{clip.id}", 50) if each.kind == "ALTERATION"]
    assert acts == [("list.restore-video", alice.viewer.actor), ("list.set-video-aside", alice.viewer.actor)]


def test_a_video_is_taken_out_by_its_page_with_a_reason(alice: Person) -> None:
    films = put({"clip": CLIP, "other": [*OTHER, CLIP[0]]})
    clip = ListedVideo.objects.get(label="clip")
    page = text(alice, at("listed-video", clip.id))
    assert "their matches: 4." in page
    assert "names them too: 1." in page
    assert "A reason is needed" in act(alice, clip, act="remove", reason="")
    assert "4 pictures" in act(alice, clip, act="remove", reason="not what it says")
    assert not ListedVideo.objects.filter(id=clip.id).exists()
    assert Entry.objects.count() == 6
    assert set(Removed.objects.values_list("why", flat=True)) == {"not what it says"}
    assert alice.client.get(at("listed-video", clip.id)).status_code == 404
    (line,) = [each for each in ledger.history(f"list:{films.id}") if each.act == "list.remove-video"]
    assert line.detail == {"removed": "4", "videos": "1"}


def test_acts_are_refused_with_their_reason(alice: Person) -> None:
    put({"clip": CLIP})
    clip = ListedVideo.objects.get()
    assert "not set aside" in act(alice, clip, act="restore", reason="x")
    assert "A reason is needed" in act(alice, clip, act="set-aside", reason=" ")
    act(alice, clip, act="set-aside", reason="x")
    assert "set aside already" in act(alice, clip, act="set-aside", reason="x")
    assert alice.client.post(at("video-act", clip.id), {"act": "strange"}).status_code == 400
    assert re.search(r'only=videos-aside">1 video<', text(alice, at("lists")))
    for change in (listed_videos.set_aside, listed_videos.remove):
        with pytest.raises(Refused):
            change(operator(), clip.id, "no program decides")


def test_another_units_video_is_not_there(alice: Person, charlie: Person, eve: Person, harbour_unit: Unit) -> None:
    put({"clip": CLIP}, unit=harbour_unit.id)
    clip = ListedVideo.objects.get()
    reader = make_person("Finn", harbour_unit, frozenset({Capability.READ}))
    for route in ("listed-video", "video-files"):
        assert [each.client.get(at(route, clip.id)).status_code for each in (alice, reader, charlie, eve)] == [200, 200, 404, 403]
    assert 'value="remove"' not in text(reader, at("listed-video", clip.id))
    asked = {"act": "set-aside", "reason": "x"}
    assert [each.client.post(at("video-act", clip.id), asked).status_code for each in (reader, charlie, eve)] == [403, 404, 403]
    assert ledger.page(actor=charlie.viewer.actor)[0].denied
    with pytest.raises(Missing):
        listed_videos.set_aside(charlie.viewer, clip.id, "x")
    assert not ListedVideo.objects.get().is_aside
    assert listed.page(charlie.viewer, None, Which("videos")).rows == []


def test_a_video_that_goes_with_its_list_while_its_page_is_open_is_missing(alice: Person) -> None:
    films = put({"clip": CLIP})
    clip = ListedVideo.objects.get()
    listed_videos.set_aside(alice.viewer, clip.id, "x")
    put({"other": OTHER, "clip": CLIP[:1]}, mode="full")
    assert ListedVideo.objects.get(label="clip").is_aside, "what an officer did stays when a list is loaded anew"
    lists.remove(operator(), films.id)
    assert alice.client.post(at("video-act", clip.id), {"act": "restore", "reason": "x"}).status_code == 404


def test_the_table_of_lists_is_paged(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST_LISTS", 2)
    for name in ("a & b", "c", "d", "e", "f"):
        put({"": [os.urandom(32)]}, name)
    found: list[str] = []
    address = at("lists")
    while address:
        page = text(alice, address)
        found += re.findall(r'data-open href="/lists/[0-9a-f-]{36}/">([^<]+)<', page)
        assert "5 entries on these lists" in page
        assert ("Load a list" in page) == (address == at("lists"))
        onward = re.search(r'href="([^"]+)" rel="next"', page)
        address = onward[1] if onward else ""
    assert found == ["a & b", "c", "d", "e", "f"]


def test_a_page_of_videos_asks_as_much_for_many_as_for_few(alice: Person, django_assert_max_num_queries: object) -> None:
    put({f"film {number}": [os.urandom(32)] for number in range(40)})
    with django_assert_max_num_queries(20):  # type: ignore[operator]  # a fixture without a type
        page = listed.page(alice.viewer, None, Which("videos"))
        one_video.numbers(alice.viewer, [each for each in page.rows if isinstance(each, ListedVideo)])
    assert entry_rows.MOST_COUNTED == listed.MOST_COUNTED
