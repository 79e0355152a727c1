"""Scenario 7: launch analyses on demand: choose what a search finds, see the cost, watch it, and find the results where they belong."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from grace.accounts.models import Unit
from grace.analysis import findings
from grace.analysis.models import Order, Run, State
from grace.custody import ledger
from grace.evidence.models import File
from tests.integration.web import story
from tests.support.jobs import run_due_jobs
from tests.support.people import Person

pytestmark = pytest.mark.django_db


def test_from_a_search_to_the_findings(alice: Person, charlie: Person, harbour_unit: Unit) -> None:
    story.with_files(harbour_unit)
    run_due_jobs()
    Run.objects.all().delete()
    pictures = File.objects.filter(media_type__startswith="image/").count()

    queue = alice.client.get(f"{reverse('queue')}?status=open").text
    (address,) = re.findall(r'href="([^"]*/analyses/new/[^"]*)"', queue)
    choice = alice.client.get(address.replace("&amp;", "&")).text
    assert 'value="file_type"' in choice
    assert "of one processor" in choice
    placed = alice.client.post(address.replace("&amp;", "&"), {"analyser": ["file_type", "metadata"]})
    order = Order.objects.get()
    assert placed.headers["Location"] == reverse("analysis", args=[order.id])
    assert order.files >= pictures > 0

    run_due_jobs()
    order.refresh_from_db()
    assert (order.state, order.done) == (State.DONE, order.files)
    for file in File.objects.filter(media_type__startswith="image/"):
        said = {each.analyser: {seen.kind: seen.value for seen in each.seen} for each in findings.of_file(file.id)}
        assert said["file_type"]["file.type"] == file.media_type
        assert set(said) == {"file_type", "metadata"}
    page = alice.client.get(reverse("analysis", args=[order.id])).text
    assert "done" in page
    assert [each.act for each in ledger.history(f"order:{order.id}", 10)].count("analysis.order") == 1
    assert charlie.client.get(reverse("analysis", args=[order.id])).status_code == 404
