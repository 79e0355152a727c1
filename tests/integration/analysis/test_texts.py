"""Texts of reports are shown to analysers as passages; what was said stands beside them, covered until the referral is taken."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from django.urls import reverse

from grace.accounts.models import Unit
from grace.analysis import texts, texts_waiting
from grace.analysis.models import TextRun
from grace.analysis.passage import digest
from grace.casework.decide import Wish
from grace.custody import ledger
from grace.evidence.decoding.port import NotDecoded, Reason
from grace.pipeline.analyse import analyse_anew as files_anew
from grace.pipeline.decide import decide
from grace.pipeline.texts import analyse_anew, analyse_waiting
from grace.referrals import texts as referrals
from grace.referrals.models import Referral
from grace.sdk.analysis import Cost, Finding, Seen, Takes
from grace.sdk.signals import Basis
from tests.support.analysers import always, info, saying
from tests.support.deliveries import hand_in
from tests.support.jobs import run_due_jobs
from tests.support.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]

DUTCH = "Ik heb gisteren een nieuwe fiets gekocht en ben ermee naar het strand gereden."
FRENCH = "Nous avons mangé une tarte aux pommes au bord du lac avant de rentrer à la maison."
SEEN = Finding("colour", "invented-green", Basis.MODEL, "text:4,9", 0.5, {"reason": "invented-cause"})


def arrived(unit: Unit, *said: str, number: str = "T-1", **more: object) -> UUID:
    """A referral whose person says the first in a bio, with the others as notes."""
    report = {
        "grace_report": 1,
        "sender": "Example Service",
        "number": number,
        "persons": [{"role": "reported", "passages": [{"about": "bio", "text": said[0]}]}],
        "passages": [{"about": "note", "text": each} for each in said[1:]],
        **more,
    }
    (receipt,) = hand_in(unit, json.dumps(report).encode(), name="report.json")
    return receipt.referrals[0]


def kinds(referral: UUID, text: str) -> dict[str, list[str]]:
    return {said.analyser: [each.value for each in said.seen] for said in texts.of_referral(referral).get(digest(text), ())}


def test_the_language_of_each_text_is_told_by_the_real_program(harbour_unit: Unit) -> None:
    referral = arrived(harbour_unit, DUTCH, FRENCH, DUTCH)
    run_due_jobs()
    languages = {text: kinds(referral, text) for text in (DUTCH, FRENCH)}
    assert languages == {DUTCH: {"language": ["Latn", "nl"]}, FRENCH: {"language": ["Latn", "fr"]}}
    run = TextRun.objects.filter(referral_id=referral).first()
    assert run is not None
    assert (run.version, len(run.model_digest), run.failed) == ("1", 64, "")
    (entry,) = [each for each in ledger.history(f"referral:{referral}", 20) if each.act == "referral.analyse"]
    assert (entry.actor, entry.detail["runs"]) == ("system:analyse", "2")


def test_who_sees_texts(harbour_unit: Unit) -> None:
    """What takes texts and is not dear; identifiers were found when the report came in."""
    referral = arrived(harbour_unit, DUTCH)
    told = [
        (info("cheap", takes=Takes.TEXT, media=("text/",)), always(SEEN)),
        (info("dear", cost=Cost.DEAR, takes=Takes.TEXT), always(SEEN)),
        (info("identifiers", takes=Takes.TEXT), always(SEEN)),
        (info("mails", takes=Takes.TEXT, media=("message/",)), always(SEEN)),
        (info("bytes"), always(SEEN)),
    ]
    with saying(*told):
        analyse_waiting(harbour_unit.id)
    assert set(kinds(referral, DUTCH)) == {"cheap"}


def test_a_text_is_shown_again_only_to_a_newer_version(harbour_unit: Unit) -> None:
    first = arrived(harbour_unit, DUTCH, FRENCH)
    arrived(harbour_unit, "   ", number="T-2")
    with saying((info("old", takes=Takes.TEXT), always(SEEN)), (info("other", takes=Takes.TEXT), always())) as decoder:
        run_due_jobs()
        assert len(decoder.asked) == 4
        texts_waiting.note(harbour_unit.id, [first])
        analyse_waiting(harbour_unit.id)
        assert (analyse_anew(), len(decoder.asked)) == (0, 4)
    with saying((info("old", "2", takes=Takes.TEXT), always()), (info("other", takes=Takes.TEXT), always(SEEN))) as decoder:
        assert (analyse_anew(), files_anew()) == (1, 0)
        run_due_jobs()
        assert sorted(name for name, _ in decoder.asked) == ["old", "old"]
    assert kinds(first, DUTCH) == {"old": [], "other": []}


def test_one_that_fails_hides_nothing_of_the_others(harbour_unit: Unit) -> None:
    """Analysers are asked alone and texts in halves until only what kills the worker is left without an answer."""
    said = [f"{place} {DUTCH}" for place in range(9)]
    referral = arrived(harbour_unit, *said)

    def deadly(content: bytes, _media_type: str) -> Seen | NotDecoded:
        return NotDecoded(Reason.DIED) if content.startswith(b"5") else (SEEN,)

    with saying((info("deadly", takes=Takes.TEXT), deadly), (info("sound", takes=Takes.TEXT), always(SEEN))):
        analyse_waiting(harbour_unit.id)
    runs = TextRun.objects.filter(referral_id=referral)
    assert runs.count() == 18
    (failed,) = runs.exclude(failed="")
    assert (failed.analyser, bytes(failed.sha256), failed.failed) == ("deadly", digest(said[5]), str(Reason.DIED))


def test_what_takes_too_long_is_noted(harbour_unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    referral = arrived(harbour_unit, DUTCH)
    monkeypatch.setattr(texts, "SECONDS", -1.0)
    with saying((info("slow", takes=Takes.TEXT), always(SEEN))) as decoder:
        analyse_waiting(harbour_unit.id)
        assert decoder.asked == []
    assert TextRun.objects.get(referral_id=referral).failed == str(Reason.TIME)


def test_a_flood_of_texts_is_bounded(harbour_unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "MOST_OF_REFERRAL", 5)
    monkeypatch.setattr("grace.analysis.passage.MOST_OF_ONE", 30)
    arrived(harbour_unit, *(f"{place} {DUTCH}" for place in range(9)))
    with saying((info("old", takes=Takes.TEXT), always(SEEN))) as decoder:
        analyse_waiting(harbour_unit.id)
    assert [len(content) for _, content in decoder.asked] == [30] * 5


def test_batches_are_bounded_in_number_and_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "MOST_TEXTS", 3)
    monkeypatch.setattr(texts, "MOST_CHARACTERS", 10)
    said = ["aaaa", "bbbb", "cccc", "d", "e", "f", "g" * 99]
    batches = texts._batches({each.encode(): each for each in said})
    assert list(batches) == [[b"aaaa", b"bbbb"], [b"cccc", b"d", b"e"], [b"f"], [b"g" * 99]]


def test_texts_of_all_standing_documents_are_shown_each_once(harbour_unit: Unit) -> None:
    referral = arrived(harbour_unit, DUTCH, FRENCH, said_at="2026-11-01T00:00:00Z")
    assert sorted(referrals.of(harbour_unit.id, [referral])[referral]) == sorted([DUTCH, FRENCH])


def test_what_was_said_goes_with_the_referral_and_does_not_come_back(harbour_unit: Unit) -> None:
    """Also where it was erased while its texts were looked at."""
    referral, other = arrived(harbour_unit, DUTCH), arrived(harbour_unit, DUTCH, number="T-2")
    with saying((info("old", takes=Takes.TEXT), always(SEEN))):
        heard = texts.look_into(texts.due(referrals.of(harbour_unit.id, [referral, other]), texts.analysers()))
    assert len(texts.record(heard)) == 2
    erase(referral)
    assert list(TextRun.objects.values_list("referral_id", flat=True)) == [other]
    assert {each.referral_id for each in texts.record(heard)} == {other}


def erase(referral: UUID) -> None:
    """As the tables let a referral go: with all that hangs on it."""
    Referral.objects.get(id=referral).delete()


def test_on_the_page_it_stands_beside_the_text_covered_until_taken(alice: Person, harbour_unit: Unit) -> None:
    referral = arrived(harbour_unit, DUTCH)
    with saying((info("painter", takes=Takes.TEXT), always(SEEN))):
        analyse_waiting(harbour_unit.id)
    page = reverse("referral", args=[referral])
    covered = alice.client.get(page).text
    assert "painter 1" in covered
    assert "invented-green" not in covered
    assert "invented-cause" not in covered
    assert "50 %" not in covered
    decide(alice.viewer, referral, Wish("take"))
    told = alice.client.get(page).text
    assert "invented-green" in told
    assert "characters 4\u20139" in told
    assert "50 %" in told
