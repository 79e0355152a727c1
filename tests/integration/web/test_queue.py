from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from grace.accounts.capabilities import Capability
from grace.accounts.models import Unit
from grace.casework.decide import Act, Wish
from grace.casework.models import QueueRow
from grace.custody import ledger
from grace.intake.models import Sender, SenderDay
from grace.kernel import clock
from grace.pipeline.decide import decide
from grace.referrals.models import Sighting
from tests.integration.web import story
from tests.support.people import EVERYTHING_BUT_ACCOUNTS, Person, make_person

pytestmark = pytest.mark.django_db

QUEUE = "/queue/"


def rows(text: str) -> list[str]:
    """The referrals of a queue page, in their order."""
    return re.findall(r'<a href="/referrals/([0-9a-f-]+)/" data-open', text)


def test_the_start_is_the_queue_but_for_whoever_heads_the_unit(alice: Person, harbour_unit: Unit) -> None:
    head = make_person("Carol", harbour_unit, EVERYTHING_BUT_ACCOUNTS - {Capability.DECIDE})
    assert head.client.get("/").headers["Location"] == reverse("unit")
    assert alice.client.get("/").headers["Location"] == QUEUE, "whoever decides has something urgent to read first"


def test_colleagues_see_the_units_referrals_and_a_stranger_none(alice: Person, bob: Person, charlie: Person, harbour_unit: Unit) -> None:
    referrals = {str(each) for each in [*story.samples(harbour_unit, "d1", "d2", "d5"), story.urgent(harbour_unit)]}
    assert set(rows(alice.client.get(QUEUE).text)) == referrals
    assert set(rows(bob.client.get(QUEUE).text)) == referrals
    strange = charlie.client.get(QUEUE)
    assert rows(strange.text) == []
    assert {count for _, _, count in story.lanes(strange.text)} == {0}
    value = Sighting.objects.filter(identifier__kind="email").first()
    assert value is not None
    assert story.total(alice.client, f"{QUEUE}?q={value.identifier.value}") >= 1
    assert story.total(charlie.client, f"{QUEUE}?q={value.identifier.value}") == 0
    assert story.total(charlie.client, f"{QUEUE}?like={value.id}") == 0


def test_who_was_given_nothing_is_refused_and_the_attempt_is_written_down(eve: Person) -> None:
    assert eve.client.get(QUEUE).status_code == 403
    assert [(each.act, each.denied) for each in ledger.page(actor=eve.viewer.actor)] == [("queue.list", True)]


def test_a_page_is_one_consultation_that_names_what_it_showed(alice: Person, harbour_unit: Unit) -> None:
    referrals = story.samples(harbour_unit, "d1", "d2")
    alice.client.get(QUEUE)
    (entry,) = ledger.page(actor=alice.viewer.actor)
    assert (entry.act, entry.purpose) == ("queue.list", "triage")
    assert set(entry.subjects) == {f"referral:{each}" for each in referrals}


def test_the_urgent_one_stands_first_and_says_why(alice: Person, harbour_unit: Unit) -> None:
    story.samples(harbour_unit, "d1", "d2")
    referral = story.urgent(harbour_unit)
    text = alice.client.get(QUEUE).text
    assert rows(text)[0] == str(referral)
    assert "urgent now" in text
    assert "sender escalated" in text


def test_what_others_wrote_stays_text_in_every_column(alice: Person, harbour_unit: Unit) -> None:
    (open_, taken) = story.samples(harbour_unit, "d1", "d2")
    hostile = "<b>{0}&\"'%s"
    for number, sender in enumerate(Sender.objects.all()):
        Sender.objects.filter(id=sender.id).update(name=f"{hostile}{number}")
    alice.officer.display_name = hostile
    alice.officer.save(update_fields=["display_name"])
    decide(alice.viewer, taken, Wish(Act.TAKE))
    why = [["rule", 5, hostile, "novelty"], ["rule", 5, hostile, "floor"]]
    QueueRow.objects.update(why=why, format=hostile, outcome=hostile, recipients=[hostile], incident_kind=hostile)
    for query, referral in ((QUEUE, open_), (f"{QUEUE}?status=taken", taken)):
        page = alice.client.get(query).text
        assert rows(page) == [str(referral)]
        row = page[page.index("<tr data-row") : page.index("</tbody>")]
        assert "<b>{0}" not in row.replace("<b>&lt;b&gt;{0}", "")  # the reasons are bold by themselves
        assert row.count("&lt;b&gt;{0}&amp;&quot;&#x27;%s") >= 5


def test_every_lane_counts_what_it_leads_to(alice: Person, bob: Person, harbour_unit: Unit) -> None:
    referrals = [*story.samples(harbour_unit, "d1", "d2", "d3", "d4", "d5"), story.urgent(harbour_unit)]
    decide(alice.viewer, referrals[0], Wish("take"))
    decide(bob.viewer, referrals[1], Wish("take"))
    decide(bob.viewer, referrals[2], Wish("known", "seen before"))
    waiting_for_europol = QueueRow.objects.filter(status="open", recipients__contains=["europol"]).count()
    assert waiting_for_europol
    found = list(story.lanes(alice.client.get(QUEUE).text))
    assert {name: count for _, name, count in found} == {
        "waiting": 3, "urgent": 1, "europol": waiting_for_europol, "new": 3, "mine": 1, "taken": 2, "closed": 1, "quarantine": 0
    }  # fmt: skip
    for address, name, count in found:
        if name != "quarantine":
            assert story.total(alice.client, address) == count, name


def test_filters_count_what_they_show(alice: Person, harbour_unit: Unit) -> None:
    story.samples(harbour_unit, "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8")
    text = alice.client.get(QUEUE).text
    senders = re.findall(r'href="(/queue/\?sender=[^"]+)">', text)
    assert sum(story.total(alice.client, each) for each in set(senders)) == 8
    kinds = QueueRow.objects.values_list("incident_kind", flat=True)
    assert sum(story.total(alice.client, f"{QUEUE}?kind={each}") for each in set(kinds)) == 8


def test_paging_forward_and_back_shows_every_referral_once(alice: Person, harbour_unit: Unit) -> None:
    story.many(harbour_unit, 120)
    pages, address = [], QUEUE
    while address:
        text = alice.client.get(address.replace("&amp;", "&")).text
        pages.append((rows(text), text))
        address = _neighbour(text, "next")
    seen = [each for shown, _ in pages for each in shown]
    assert len(seen) == len(set(seen)) == 120
    assert [len(shown) for shown, _ in pages] == [50, 50, 20]
    back = alice.client.get(_neighbour(pages[2][1], "prev").replace("&amp;", "&")).text
    assert rows(back) == pages[1][0]
    assert "51 to 100 of" in back
    first = alice.client.get(_neighbour(back, "prev").replace("&amp;", "&")).text
    assert rows(first) == pages[0][0]
    assert _neighbour(first, "prev") == ""


def _neighbour(text: str, which: str) -> str:
    found = re.search(rf'href="([^"]+)" rel="{which}"', text)
    return found[1] if found else ""


@pytest.mark.parametrize("query", ["after=x", "before=%00", "sender=nobody", "like=x", "status=gone", "q=%00"])
def test_a_bad_address_is_told_calmly(alice: Person, query: str) -> None:
    assert alice.client.get(f"{QUEUE}?{query}").status_code == 400


def test_the_search_takes_any_spelling_a_number_and_a_digest_in_any_status(alice: Person, harbour_unit: Unit) -> None:
    (referral,) = story.samples(harbour_unit, "d1")
    row = QueueRow.objects.get(referral_id=referral)
    mail = Sighting.objects.filter(referral_id=referral, identifier__kind="email").first()
    assert mail is not None
    decide(alice.viewer, referral, Wish("known", "seen before"))
    for text in (mail.identifier.value.upper(), str(row.number), f"R-26-{row.number}"):
        assert rows(alice.client.get(QUEUE, {"q": text}).text) == [str(referral)], text
    nothing = alice.client.get(QUEUE, {"q": "nobody@example.org"})
    assert "No referral of your unit names this." in nothing.text


def test_what_came_since_the_last_visit_has_a_dot(alice: Person, harbour_unit: Unit) -> None:
    now = clock.now()
    with clock.held(now - timedelta(days=3)):
        story.samples(harbour_unit, "d1")
    with clock.held(now - timedelta(days=2)):
        alice.client.get(QUEUE)
    story.samples(harbour_unit, "d2")
    text = alice.client.get(QUEUE).text
    assert text.count('<span class="dot">') == 1
    assert story.total(alice.client, f"{QUEUE}?new=1") == 1


def test_take_next_takes_the_first_free_one_and_opens_it(alice: Person, bob: Person, harbour_unit: Unit) -> None:
    story.samples(harbour_unit, "d1")
    first = story.urgent(harbour_unit)
    answer = alice.client.post(reverse("take-next"))
    assert answer.headers["Location"] == reverse("referral", args=[first])
    assert QueueRow.objects.get(referral_id=first).officer_id == alice.officer.id
    second = bob.client.post(reverse("take-next")).headers["Location"]
    assert str(first) not in second
    assert alice.client.post(reverse("take-next")).headers["Location"] == QUEUE
    assert "Nothing is free to take" in alice.client.get(QUEUE).text


def test_who_may_not_decide_takes_nothing(dora: Person, harbour_unit: Unit) -> None:
    story.samples(harbour_unit, "d1")
    assert dora.client.post(reverse("take-next")).status_code == 403
    assert QueueRow.objects.get().status == "open"


def test_a_sender_over_its_share_is_shown_for_review(alice: Person, charlie: Person, harbour_unit: Unit) -> None:
    story.urgent(harbour_unit)
    SenderDay.objects.update(over_share=37)
    text = alice.client.get(QUEUE).text
    assert "Review this sender" in text
    assert re.search(r"over_share=1\">37</a>", text)
    assert "Review this sender" not in charlie.client.get(QUEUE).text


@pytest.mark.parametrize(
    ("query", "says"),
    [("", "Nothing has come in yet."), ("?status=taken", "No referral is taken."), ("?kind=travel", "No referral fits these filters.")],
)
def test_an_empty_list_says_what_to_do(alice: Person, query: str, says: str) -> None:
    assert says in alice.client.get(QUEUE + query).text


def test_the_number_of_the_pill_is_the_urgent_lane(alice: Person, charlie: Person, harbour_unit: Unit) -> None:
    story.urgent(harbour_unit)
    assert alice.client.get(reverse("urgent-now")).json()["urgent"]["count"] == 1
    assert charlie.client.get(reverse("urgent-now")).json()["urgent"]["count"] == 0
