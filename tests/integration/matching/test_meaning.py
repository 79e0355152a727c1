"""What a list means: alerts make known, known files are no good files, negative lists set aside, and nothing of it ever raises."""

from __future__ import annotations

import io
import itertools
import os
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grace.kernel import clock
from grace.matching.digests import Digest
from grace.matching.load import How, load
from grace.matching.look_up import Answer, Known, State, Why, look_up
from grace.matching.meaning import Meaning
from grace.matching.models import Entry, SetAside
from grace.matching.weigh import Standing, settle, standing_of, weigh
from grace.pipeline.file_signals import FileNews, signals
from grace.priority.rule_faults import faults
from grace.priority.rules import base_rules, read_rules
from grace.priority.score import assess
from grace.referrals.attachments import Named
from grace.sdk.analysis import Fingerprint
from grace.sdk.signals import Signal

MD5, SHA256, PICTURE = os.urandom(16), os.urandom(32), os.urandom(32)
NEAR = (int.from_bytes(PICTURE, "big") ^ 7).to_bytes(32, "big")
ASKED = ([Digest("md5", MD5), Digest("sha256", SHA256)], [Fingerprint("pdq", PICTURE, 90)])


def put(name: str, meaning: Meaning, *entries: tuple[str, bytes]) -> None:
    lines = [f"{algorithm},{value.hex()},A,,because" for algorithm, value in entries]
    content = "\n".join(["algorithm,value,category,source,note", *lines]).encode()
    load(io.BytesIO(content), name, source="hotline", how=How(meaning=meaning))


def answers() -> list[Answer]:
    return settle(weigh(look_up(*ASKED), None))


OTHER = ("md5", b"?" * 16), ("sha256", b"?" * 32), ("pdq", b"?" * 32)
EXACT, ALIKE, SAME = ("md5", MD5), ("pdq", NEAR), ("pdq", PICTURE)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("alert", "known", "negative", "standing"),
    [
        ([], [], [], Standing.NEW),
        ([EXACT], [], [], Standing.KNOWN),
        ([ALIKE], [], [], Standing.NEAR),
        ([], [("sha256", SHA256)], [], Standing.COMMON),
        ([], [ALIKE], [], Standing.NEW),  # a known file is known by its digest alone
        ([EXACT], [("sha256", SHA256)], [], Standing.KNOWN),
        ([ALIKE], [("sha256", SHA256)], [], Standing.NEAR),
        ([], [], [("sha256", SHA256)], Standing.NEGATIVE),
        ([EXACT], [], [("sha256", SHA256)], Standing.NEGATIVE),
        ([ALIKE], [], [("sha256", SHA256)], Standing.NEGATIVE),
        ([ALIKE], [], [SAME], Standing.NEGATIVE),
        ([EXACT], [], [SAME], Standing.KNOWN),  # an equal picture says nothing against a digest
        ([ALIKE], [], [ALIKE], Standing.NEAR),  # one that is only near sets nothing aside
        ([], [], [ALIKE], Standing.NEW),
        ([], [("sha256", SHA256)], [SAME], Standing.NEGATIVE),
    ],
)
def test_the_standing_of_a_file(
    alert: list[tuple[str, bytes]], known: list[tuple[str, bytes]], negative: list[tuple[str, bytes]], standing: Standing
) -> None:
    put("Alerts", Meaning.ALERT, *alert, *OTHER)
    put("Software", Meaning.KNOWN, *known, ("md5", b"!" * 16))
    put("Not of interest", Meaning.NEGATIVE, *negative, ("md5", b"!" * 16))
    assert standing_of(answers()) is standing


@pytest.mark.django_db
def test_what_is_set_aside_is_told_with_its_reason() -> None:
    put("Alerts", Meaning.ALERT, EXACT, ALIKE)
    put("Not of interest", Meaning.NEGATIVE, ("sha256", SHA256))
    told = {(known.list_name, known.algorithm): (known.meaning, known.aside, known.note) for answer in answers() for known in answer.known}
    assert told == {
        ("Alerts", "md5"): (Meaning.ALERT, "negative", "because"),
        ("Alerts", "pdq"): (Meaning.ALERT, "negative", "because"),
        ("Not of interest", "sha256"): (Meaning.NEGATIVE, "", "because"),
    }


@pytest.mark.django_db
def test_a_noisy_entry_does_not_count_and_is_still_told() -> None:
    put("Alerts", Meaning.ALERT, EXACT, *OTHER)
    entry = Entry.objects.get(value=MD5)
    SetAside.objects.create(entry=entry, hash_list_id=entry.hash_list_id, why="noisy", set_by="system:lists")
    assert standing_of(answers()) is Standing.ASIDE
    assert [known.aside for answer in answers() for known in answer.known] == ["noisy"]
    SetAside.objects.update(restored_at=clock.now())
    assert standing_of(answers()) is Standing.KNOWN


@pytest.mark.django_db
def test_without_an_alert_list_nothing_is_new() -> None:
    put("Software", Meaning.KNOWN, ("md5", b"!" * 16), ("sha256", SHA256))
    told = {answer.asked.algorithm: (answer.state, answer.why) for answer in answers()}
    assert told["md5"] == (State.NOT_CHECKED, Why.NO_LIST)
    assert told["sha256"] == (State.KNOWN, None)
    assert standing_of(answers()) is Standing.COMMON
    assert standing_of([each for each in answers() if each.asked.algorithm != "sha256"]) is Standing.UNCHECKED
    put("Alerts", Meaning.ALERT, ("md5", b"?" * 16))
    assert {answer.asked.algorithm: answer.state for answer in answers()}["md5"] is State.NO_MATCH


@pytest.mark.django_db
def test_a_file_that_software_lists_know_only_nearly_is_not_new_where_no_alert_list_was_asked() -> None:
    put("Software", Meaning.KNOWN, ALIKE)
    assert standing_of(answers()) is Standing.UNCHECKED


def news(standings: list[Standing]) -> list[Signal]:
    now = clock.now()
    files = [FileNews(Named(each.value, None, "present", None, now - timedelta(hours=1), {}), each, 1) for each in standings]  # type: ignore[arg-type]  # an id is an id
    return signals(files, [now])


@given(
    st.lists(st.sampled_from(list(Standing)), max_size=8),
    st.sampled_from([Standing.COMMON, Standing.NEGATIVE]),
    st.sampled_from(list(Standing)),
)
@settings(deadline=None)
def test_known_files_and_negative_lists_never_raise_an_axis(others: list[Standing], becomes: Standing, was: Standing) -> None:
    """Whatever a file was before: that a list of known files or a negative one knows it raises nothing."""
    if becomes is Standing.COMMON and was in {Standing.KNOWN, Standing.NEAR, Standing.NEGATIVE}:
        return  # those lists come first: a known file takes no standing from them
    if was is Standing.ASIDE:
        return  # what is set aside counts for nothing, so that it neither raises nor lowers
    rules = read_rules(base_rules())
    before, after = assess(news([*others, was]), rules), assess(news([*others, becomes]), rules)
    assert all(after.axes[axis] <= before.axes[axis] for axis in before.axes)
    assert after.floor <= before.floor


@pytest.mark.parametrize(
    ("signal", "axis"), list(itertools.product(["file.negative_count", "file.common_count"], ["urgency", "novelty", "actionability"]))
)
def test_no_rule_can_be_written_by_which_they_would_raise_something(signal: str, axis: str) -> None:
    body = base_rules()
    body["rules"].append({"id": "x", "axis": axis, "points": 5, "text": "x", "when": [{"signal": signal, "at_least": 1}]})
    assert any("lists of known files" in each.what for each in faults(body))


def test_a_floor_cannot_rest_on_them() -> None:
    body = base_rules()
    body["floors"].append({"id": "x", "floor": 90, "text": "x", "when": [{"signal": "file.negative_count", "at_least": 1}]})
    assert any("novelty axis only" in each.what for each in faults(body))


def known(**changes: object) -> Known:
    from dataclasses import replace
    from uuid import uuid4

    plain = Known(1, uuid4(), "L", "md5", MD5, "A", "s", "", "exact", 0)
    return replace(plain, **changes)  # type: ignore[arg-type]  # the changes are named in the tests


def test_what_an_officer_set_aside_stays_so_whatever_a_negative_list_says() -> None:
    aside, negative = known(aside="officer"), known(entry_id=2, meaning=Meaning.NEGATIVE)
    (answer,) = settle([Answer(Digest("md5", MD5), State.KNOWN, (aside, negative))])
    assert [each.aside for each in answer.known] == ["officer", ""]
