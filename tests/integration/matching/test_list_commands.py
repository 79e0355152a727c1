"""`grace lists …`: every command on an open house, and what it says."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.conf import LazySettings

from grace.accounts.models import Unit
from grace.accounts.viewer import operator
from grace.cli import lists as cli
from grace.matching.models import Entry, HashList
from grace.pipeline import senders
from tests.support.hash_lists import Stand, image, needs_client, page, say

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_house")]

MD5 = "d41d8cd98f00b204e9800998ecf8427e"


def run(*words: str) -> Result:
    return CliRunner().invoke(cli.command, list(words))


def said(*words: str) -> str:
    done = run(*words)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def vics(tmp_path: Path) -> Path:
    path = tmp_path / "any.name"
    path.write_text(json.dumps({"value": [{"MD5": MD5, "Category": 1}, {"MD5": "0" * 32, "Category": 0}, {"MD5": "x"}]}))
    return path


def load(path: Path, *more: str) -> str:
    return said("import", str(path), "--name", "Known", "--source", "hotline", *more)


def test_a_file_of_any_form_is_loaded(vics: Path) -> None:
    told = load(vics)
    assert "Line 3: the md5 is not a hash of its kind." in told
    assert "1 left out: category 0, whose meaning was not said." in told
    assert "1 added, 0 changed, 0 known already, 1 refused. Form: vics." in told
    assert "2 added" not in load(vics, "--zero", "uncategorised", "--scale", "UK")
    assert HashList.objects.get().meaning == "alert"


def test_a_full_file_takes_out_what_it_does_not_name(tmp_path: Path, vics: Path) -> None:
    load(vics, "--zero", "uncategorised")
    path = tmp_path / "full.csv"
    path.write_text(f"algorithm,value,category,source,note\nmd5,{MD5},A,,\n")
    refused = run("import", str(path), "--name", "Known", "--source", "x", "--full")
    assert "would be taken out" in str(refused.exception)
    assert "1 taken out" in load(path, "--full", "--most-removed", "1")
    assert "nothing" not in said("show")


def test_a_list_is_described_and_written_out(tmp_path: Path, vics: Path) -> None:
    load(vics)
    path = tmp_path / "out.json"
    wish = ("export", "Known", str(path), "--format", "vics-2.0", "--recipient", "agency:north")
    assert "may not be passed on" in str(run(*wish).exception)
    assert "may be passed on, noisy above 9 referrals in 3 days" in said(
        "describe", "Known", "--pass-on", "--noisy-referrals", "9", "--noisy-days", "3", "--licence", "for police"
    )
    assert "bytes written" in said(*wish)
    assert json.loads(path.read_text())["value"][0]["MD5"] == MD5.upper()
    assert "never noisy" in said("describe", "Known", "--noisy-referrals", "0")
    assert run(*wish).exit_code != 0, "a file that exists is never written over"


def test_an_own_list_is_made_served_and_read(harbour_unit: Unit) -> None:
    assert "Ours: negative." in said("make", "Blanks", "--source", "us", "--meaning", "negative", "--unit", "harbour-unit").replace(
        "Blanks", "Ours"
    )
    said("make", "Ours", "--source", "us", "--category", "A")
    assert "…/hash-sharing/ours" in said("serve", "Ours", "--as", "ours")
    assert "Nobody yet" in said("reader", "show", "Ours")
    row = senders.add_login(operator(), "north", "Agency North", harbour_unit, "agency")
    senders.add_secret(operator(), row, timedelta(days=1))
    assert "Agency North may fetch Ours" in said("reader", "add", "Ours", "north")
    assert "north: Agency North" in said("reader", "show", "Ours")
    assert "no longer" in said("reader", "remove", "Ours", "north")
    assert "no longer" in said("serve", "Ours")
    assert "grace lists show" in run("serve", "Nothing").output


@needs_client
def test_a_list_is_fetched_in_the_window(tmp_path: Path, vics: Path, settings: LazySettings) -> None:
    settings.GRACE_LIST_SECRETS = str(tmp_path)
    (tmp_path / "north.secret").write_text("a:b")
    load(vics)
    stand = Stand()
    try:
        assert "No feed yet" in said("feed", "show")
        assert "every 5 minutes" in said("feed", "add", "Known", stand.address, "--secret", "north", "--every", "5")
        stand.answers = [say(200, page(image("a", 1), following="/v2/entries?x=1")), say(200, page(image("b", 2)))]
        told = said("feed", "now", "Known")
        assert told.splitlines() == ["Page 1: 1 added, 0 taken out.", "Page 2: 1 added, 0 taken out."]
        assert "2 entries in the last round, well" in said("feed", "show")
        stand.answers = [say(401)]
        assert "does not let us in" in run("feed", "now", "Known").output
        assert "failed 1 times" in said("feed", "show")
        said("feed", "end", "Known")
        assert "fetched no longer" in run("feed", "now", "Known").output
    finally:
        stand.close()
    assert Entry.objects.count() == 3


def test_a_video_is_loaded_counted_and_taken_off(tmp_path: Path) -> None:
    path = tmp_path / "holiday.txt"
    path.write_text(f"0,100,{'ab' * 32},0.000\n1,40,{'cd' * 32},0.033\n")
    told = load(path, "--category", "A")
    assert "1 left out: a picture of too little detail." in told
    assert "1 added, 0 changed, 0 known already, 1 videos touched, 0 refused. Form: vpdq." in told
    assert "1 pdq, 1 videos" in said("show")
    assert run("remove-video", "Known", "other").exit_code
    assert "1 entries removed." in said("remove-video", "Known", "holiday.txt")
