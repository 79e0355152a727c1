"""Kept searches: what the search would find is said once, to whom it concerns, and to nobody else."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grace.accounts import officers
from grace.accounts.models import Officer, Unit
from grace.casework.kept import keep as verbs
from grace.casework.kept.keep import Wish
from grace.casework.kept_models import KeptHit, KeptPending, KeptSearch
from grace.casework.models import Alert
from grace.casework.search_narrow import Narrow
from grace.custody import ledger
from grace.evidence.models import File, Fingerprint
from grace.kernel import clock
from grace.kernel.errors import Conflict, Invalid, Missing, Refused
from grace.pipeline import alert, kept
from grace.pipeline.examine import examine_and_score
from grace.pipeline.search import search
from grace.referrals.models import Attachment, Referral, Sighting
from tests.integration.web import story
from tests.support.deliveries import hand_in, sample
from tests.support.hooks import listening
from tests.support.jobs import run_due_jobs
from tests.support.people import Person

pytestmark = pytest.mark.django_db

NOTHING = Narrow()
MAIL = "ilse.fictitia@example.com"


def keep(person: Person, text: str, narrow: Narrow = NOTHING, *, name: str = "", for_unit: bool = False) -> KeptSearch:
    return kept.keep(person.viewer, Wish(name or f"search {KeptSearch.objects.count()}", text, narrow, for_unit))


def long_ago() -> None:
    """As if all had been kept before anything came: the invented world came in on days of its own."""
    KeptSearch.objects.update(since_at=clock.now() - timedelta(days=3_650))


def everything_is_news(unit: Unit) -> None:
    KeptPending.objects.all().delete()
    for referral in Referral.objects.all():
        KeptPending.objects.create(referral=referral, unit=unit, files_only=False)
    kept.match_waiting(unit.id)


def hits(search_: KeptSearch) -> set[UUID]:
    return set(KeptHit.objects.filter(search=search_).values_list("referral_id", flat=True))


def by_hand(person: Person, text: str, narrow: Narrow = NOTHING) -> dict[UUID, set[str]]:
    return {hit.row.referral_id: set(hit.ways) for hit in search(person.viewer, text, narrow, most=200).hits}


def test_a_new_referral_hits_what_is_kept_and_is_said_once(alice: Person, harbour_unit: Unit) -> None:
    found, other = keep(alice, MAIL.upper(), name="Ilse"), keep(alice, "nobody@example.org")
    (referral,) = story.samples(harbour_unit, "d1")
    run_due_jobs()
    assert (hits(found), hits(other)) == ({referral}, set())
    assert [(each.kept_id, each.hits) for each in Alert.objects.exclude(kept=None)] == [(found.id, 1)]
    assert verbs.with_news(alice.viewer)[0] == 1
    hand_in(harbour_unit, sample("d1").replace(b"Ilse", b"Else"))
    run_due_jobs()
    assert Referral.objects.get().versions == 2
    assert KeptHit.objects.count() == Alert.objects.exclude(kept=None).count() == 1
    assert not KeptPending.objects.exists()


def test_a_new_version_hits_what_the_first_did_not(alice: Person, harbour_unit: Unit) -> None:
    found = keep(alice, "else")
    story.samples(harbour_unit, "d1")
    run_due_jobs()
    assert not hits(found)
    hand_in(harbour_unit, sample("d1").replace(b"Ilse", b"Else"))
    run_due_jobs()
    assert len(hits(found)) == 1


def questions() -> list[str]:
    """Everything by which what is stored can be asked for, and what it has nothing of."""
    some = [*Sighting.objects.order_by("id").values_list("identifier__value", flat=True)[:40:4]]
    words = [
        "fictitia",
        "fictitia or harbour",
        "-lighthouse",
        "fictitia -ilse",
        '"ilse fictitia"',
        "ilse fictitia",
        "ILSE",
        "a -b or c",
        "it's",
        "@",
        "%",
        "\\",
    ]
    named = Attachment.objects.exclude(md5=None)[0]
    numbers = [str(each) for each in Referral.objects.order_by("number").values_list("number", flat=True)[:2]]
    external = Referral.objects.order_by("number")[0].external
    files = [bytes(each.sha256).hex() for each in File.objects.order_by("id")[:2]] + [bytes(named.md5 or b"").hex(), "0" * 64]
    prints = [f"pdq:{bytes(each.value).hex()}" for each in Fingerprint.objects.filter(algorithm="pdq").order_by("id")[:3]]
    return [
        *some,
        *(each[:4] for each in some),
        *(each.upper() for each in some),
        *words,
        *numbers,
        external,
        external[:3],
        *files,
        *prints,
    ]


def narrowings() -> list[Narrow]:
    day = clock.now().date()
    sender = Referral.objects.order_by("number")[0].sender_id
    return [
        NOTHING, Narrow(status="open"), Narrow(status="closed"), Narrow(sender=sender), Narrow(kind="material"), Narrow(state="DE"), Narrow(files="none"),
        Narrow(files="new"), Narrow(files="unchecked"), Narrow(since=day, until=day), Narrow(since=day + timedelta(days=1)), Narrow(until=day - timedelta(days=1)),
    ]  # fmt: skip


def test_what_hits_is_exactly_what_the_search_finds(alice: Person, harbour_unit: Unit) -> None:
    """Every way and every filter: the comparison of a batch with all searches, and each search run by itself."""
    story.samples(harbour_unit, "d1", "d2", "d3", "d5")
    story.with_files(harbour_unit)
    examine_and_score(list(File.objects.filter(media_type__startswith="image/").values_list("id", flat=True)))
    asked = [(text, NOTHING) for text in questions()] + [("-lighthouse", narrow) for narrow in narrowings()]
    made = [(text, narrow, keep(alice, text, narrow)) for text, narrow in asked]
    long_ago()
    everything_is_news(harbour_unit)
    for text, narrow, each in made:
        told = {hit.referral_id: set(hit.ways.split()) for hit in KeptHit.objects.filter(search=each)}
        assert told == by_hand(alice, text, narrow), (text, narrow)
    assert sum(1 for *_rest, each in made if hits(each)) > len(made) / 2


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.sampled_from(["fictitia", "ilse", "harbour", "-", " or ", '"', " ", "example", "192.0.2.", "@", "'", "\\", "é", "IO", "|", "!"]),
        min_size=1,
        max_size=7,
    )
)
def test_any_text_hits_what_it_finds(alice: Person, harbour_unit: Unit, pieces: list[str]) -> None:
    text = "".join(pieces)
    if not Referral.objects.exists():
        story.samples(harbour_unit, "d1", "d2", "d3")
    KeptSearch.objects.all().delete()
    if not text.strip():
        return
    made = keep(alice, text)
    everything_is_news(harbour_unit)
    assert hits(made) == set(by_hand(alice, text))


def test_a_picture_is_met_once_it_was_looked_into(alice: Person, harbour_unit: Unit) -> None:
    story.with_files(harbour_unit)
    run_due_jobs()
    value = bytes(Fingerprint.objects.filter(algorithm="pdq", quality__gte=50)[0].value)
    near = bytes([value[0] ^ 0b111, *value[1:]])
    found = keep(alice, f"pdq:{near.hex()}")
    long_ago()
    assert by_hand(alice, found.text)
    Fingerprint.objects.all().delete()
    files = list(File.objects.filter(media_type__startswith="image/").values_list("id", flat=True))
    everything_is_news(harbour_unit)
    assert not hits(found), "nothing is known of the files yet"
    examine_and_score(files)
    run_due_jobs()
    assert hits(found) == set(by_hand(alice, found.text)) != set()


def test_another_units_referrals_never_hit(alice: Person, charlie: Person, harbour_unit: Unit, hill_unit: Unit) -> None:
    mine, theirs = keep(alice, MAIL, for_unit=True), keep(charlie, MAIL)
    (referral,) = story.samples(hill_unit, "d1")
    run_due_jobs()
    assert (hits(mine), hits(theirs)) == (set(), {referral})
    assert not [each for each in ledger.history(f"kept-search:{mine.id}") if each.act == "search.hit"]
    with pytest.raises(Missing):
        kept.read(charlie.viewer, mine.id)
    assert [each.it.id for each in kept.kept(charlie.viewer)[0]] == [theirs.id]


@pytest.mark.parametrize("what", ["locked", "moved", "gone", "no longer reading"])
def test_whoever_may_not_read_here_is_told_nothing(
    alice: Person, bob: Person, dora: Person, harbour_unit: Unit, hill_unit: Unit, what: str
) -> None:
    own, shared = keep(alice, MAIL), keep(alice, "fictitia", for_unit=True)
    if what == "locked":
        officers.lock(dora.viewer, alice.officer.id)
    elif what == "gone":
        officers.deactivate(dora.viewer, alice.officer.id)
    else:
        Officer.objects.filter(id=alice.officer.id).update(**({"unit": hill_unit} if what == "moved" else {"capabilities": ["decide"]}))
    story.samples(harbour_unit, "d1")
    run_due_jobs()
    assert hits(own) == hits(shared) == set()
    assert not Alert.objects.exclude(kept=None).exists()
    (told,) = kept.kept(bob.viewer)[0]
    assert (told.it, told.rests) == (shared, True)
    kept.change(bob.viewer, shared.id, Wish("ours", "fictitia", NOTHING, True))
    hand_in(harbour_unit, sample("d1").replace(b"Ilse", b"Else"))
    run_due_jobs()
    assert len(hits(shared)) == 1, "whoever changes what another kept keeps it from now on"


def test_one_s_own_are_nobody_else_s(alice: Person, bob: Person, harbour_unit: Unit) -> None:
    own, shared = keep(alice, MAIL, name="own"), keep(alice, MAIL, name="shared", for_unit=True)
    story.samples(harbour_unit, "d1")
    run_due_jobs()
    assert [each.it for each in kept.kept(bob.viewer)[0]] == [shared]
    assert verbs.with_news(bob.viewer)[0] == 1
    assert verbs.with_news(alice.viewer)[0] == 2
    for verb in (kept.read, kept.forget):
        with pytest.raises(Missing):
            verb(bob.viewer, own.id)
    with pytest.raises(Missing):
        kept.change(bob.viewer, own.id, Wish("mine", MAIL, NOTHING, False))
    told, found, _more = kept.read(bob.viewer, shared.id)
    assert (told.new, [each.new for each in found]) == ((1, False), [True])
    assert verbs.with_news(bob.viewer)[0] == 0
    assert verbs.with_news(alice.viewer)[0] == 2, "each has seen what each has seen"
    assert [each.new for each in kept.read(bob.viewer, shared.id)[1]] == [False]


def test_all_of_it_stands_in_the_ledger_and_no_text_does(alice: Person, harbour_unit: Unit) -> None:
    made = keep(alice, MAIL, name="Ilse")
    (referral,) = story.samples(harbour_unit, "d1")
    run_due_jobs()
    kept.read(alice.viewer, made.id)
    kept.change(alice.viewer, made.id, Wish("Ilse", MAIL, Narrow(status="open"), False))
    kept.forget(alice.viewer, made.id)
    entries = ledger.history(f"kept-search:{made.id}", 50)
    assert [each.act for each in entries] == ["search.forget", "search.change", "search.read-kept", "search.hit", "search.keep"]
    assert {each.act: each.kind for each in entries} == {
        "search.keep": "ALTERATION", "search.hit": "CONSULTATION", "search.read-kept": "CONSULTATION", "search.change": "ALTERATION", "search.forget": "ALTERATION",
    }  # fmt: skip
    (said,) = [each for each in entries if each.act == "search.hit"]
    assert (said.actor, said.recipient, said.purpose) == (kept.ACTOR, alice.viewer.actor, alice.viewer.purpose)
    assert f"referral:{referral}" in said.subjects
    (round_,) = [each for each in ledger.history(f"unit:{harbour_unit.id}", 50) if each.act == "search.watch"]
    assert round_.detail == {"searches": "1", "referrals": "1"}
    assert not KeptHit.objects.exists()
    assert not [each for each in entries if "ilse" in json.dumps([each.subjects, each.detail]).lower()]


def test_an_alert_goes_out_by_its_reference_only(alice: Person, harbour_unit: Unit, settings: Any) -> None:
    made = keep(alice, MAIL, name="Ilse")
    story.samples(harbour_unit, "d1")
    with listening() as hook:
        settings.GRACE_ALERT_EMAIL, settings.GRACE_ALERT_WEBHOOK = "duty@agency.example", hook.address
        kept.match_waiting(harbour_unit.id)
        Alert.objects.filter(kept=None).delete()
        assert alert.send_due().sent == 1
        assert alert.send_due().sent == 0
        (told,) = hook.told
    assert (told["kind"], told["search"], told["hits"]) == ("kept-search", str(made.id), 1)
    assert [each.subject for each in mail.outbox] == ["GRACE: a kept search has 1 new hit"]
    assert "ilse" not in (json.dumps(told) + mail.outbox[0].body).lower()
    sent = [each for each in ledger.history(f"kept-search:{made.id}") if each.act == "alert.send"]
    assert sorted(each.recipient for each in sent) == ["channel:email", "channel:webhook"]


@pytest.mark.parametrize(
    ("name", "text", "narrow"),
    [
        ("", MAIL, NOTHING),
        ("x" * 101, MAIL, NOTHING),
        ("a", "  ", NOTHING),
        ("a", MAIL, Narrow(status="odd")),
        ("a", MAIL, Narrow(state="XX")),
    ],
)
def test_what_cannot_be_kept_is_refused(alice: Person, name: str, text: str, narrow: Narrow) -> None:
    with pytest.raises(Invalid):
        kept.keep(alice.viewer, Wish(name, text, narrow, False))
    assert not KeptSearch.objects.exists()


def test_a_name_is_given_once_and_there_is_a_bound(alice: Person, bob: Person, eve: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(alice, MAIL, name="Ilse")
    keep(bob, MAIL, name="Ilse")
    with pytest.raises(Conflict):
        keep(alice, "other", name=" Ilse ")
    with pytest.raises(Refused):
        keep(eve, MAIL)
    monkeypatch.setattr(verbs, "MOST_KEPT", 2)
    with pytest.raises(Conflict):
        keep(alice, "other", name="other")


def test_what_came_long_before_is_no_news(alice: Person, harbour_unit: Unit) -> None:
    """Whoever keeps a search has seen what it finds; a file that is looked into again brings none of that back."""
    with clock.held(clock.now() - timedelta(days=3)):
        story.with_files(harbour_unit)
    run_due_jobs()
    value = bytes(Fingerprint.objects.filter(algorithm="pdq", quality__gte=50)[0].value)
    found = keep(alice, f"pdq:{value.hex()}")
    assert by_hand(alice, found.text)
    examine_and_score(list(File.objects.filter(media_type__startswith="image/").values_list("id", flat=True)))
    run_due_jobs()
    assert not hits(found)


def test_the_list_and_the_hits_page(alice: Person, harbour_unit: Unit) -> None:
    everything = keep(alice, "-lighthouse")
    for number in range(6):
        keep(alice, f"nothing {number}")
    story.samples(harbour_unit, "d1", "d2", "d3")
    run_due_jobs()
    seen: list[UUID] = []
    after = ""
    while True:
        page, after = kept.kept(alice.viewer, after=after, most=3)
        seen += [each.it.id for each in page]
        if not after:
            break
    assert seen[0] == everything.id
    assert len(seen) == len(set(seen)) == 7
    _told, first, last = kept.read(alice.viewer, everything.id, most=2)
    _told, rest, end = kept.read(alice.viewer, everything.id, behind=last, most=2)
    assert {each.hit.row.referral_id for each in [*first, *rest]} == hits(everything)
    assert (len(first), len(rest), end) == (2, 1, 0)
    with pytest.raises(Invalid):
        kept.kept(alice.viewer, after="x")
