from __future__ import annotations

import csv
import hashlib
import io
import ipaddress
import json
import re
import tracemalloc
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from grace.kernel.errors import Conflict
from grace.simulate.pictures import distance, fingerprint
from grace.simulate.plan import Form, WorldPlan, demo_plan, load_plan
from grace.simulate.truth import FileTruth, Flaw, Reason, Resend, SimulatedDocument, Standing
from grace.simulate.world import World, documents, write_world

DEMO = demo_plan(end=datetime(2026, 7, 14, 9, tzinfo=UTC))
REAL_FIRMS = re.compile(
    r"google|facebook|instagram|meta\b|whatsapp|snap|discord|tiktok|twitter|x corp|microsoft|dropbox|imgur|reddit|yahoo|amazon|apple|kik\b|telegram",
    re.IGNORECASE,
)
DOCUMENTATION = [ipaddress.ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")]


@pytest.fixture(scope="module")
def demo() -> list[SimulatedDocument]:
    return list(documents(DEMO))


def members(document: SimulatedDocument) -> Mapping[str, bytes]:
    if document.truth.form in {Form.LEA_ZIP, Form.TIP_ZIP}:
        assert isinstance(document.content, bytes)
        with zipfile.ZipFile(io.BytesIO(document.content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    return document.members()


def readable(made: list[SimulatedDocument]) -> Iterator[tuple[SimulatedDocument, Mapping[str, bytes]]]:
    return ((document, members(document)) for document in made if document.truth.readable)


def present_files(made: list[SimulatedDocument]) -> Iterator[tuple[FileTruth, bytes, SimulatedDocument]]:
    for document, inside in readable(made):
        yield from ((file, inside[file.name], document) for file in document.truth.files if file.present)


def test_the_demo_has_something_of_everything(demo: list[SimulatedDocument]) -> None:
    truths = [document.truth for document in demo]
    stated = {truth.why for truth in truths if truth.urgent and truth.stated and truth.resend is None}
    assert stated == set(Reason)
    assert 7 <= sum(truth.urgent and truth.resend is None for truth in truths) <= 9
    assert 100 <= sum(any(file.present for file in truth.files) for truth in truths) <= 200
    assert {truth.form for truth in truths} == dict(demo_plan().forms).keys()
    assert {flaw for truth in truths for flaw in truth.flaws} == set(Flaw)
    assert {file.standing for truth in truths for file in truth.files} == set(Standing)
    assert {truth.resend for truth in truths} == {None, *Resend}
    assert any(truth.bundled for truth in truths)
    assert sum(truth.viral for truth in truths) >= 15
    assert len({truth.sender for truth in truths}) >= 8


def test_a_document_depends_on_seed_and_index_alone(demo: list[SimulatedDocument]) -> None:
    world = World(DEMO)
    for index in (399, 7, 120, 7):
        assert world.document(index) == demo[index]


def test_another_seed_is_another_world(demo: list[SimulatedDocument]) -> None:
    other = World(replace(DEMO, seed=28))
    assert all(other.document(index).content != demo[index].content for index in (0, 50, 300))


def test_a_stretch_of_the_stream_can_be_had_alone() -> None:
    plan = load_plan(50)
    assert list(documents(plan, 20, 30)) == list(documents(plan))[20:30]


def test_documents_outside_the_world_do_not_exist() -> None:
    with pytest.raises(IndexError):
        World(load_plan(5)).document(5)


def test_only_reserved_addresses_and_no_real_firm(demo: list[SimulatedDocument]) -> None:
    for document, inside in readable(demo):
        for name, content in inside.items():
            if name.endswith((".json", ".xml")):
                text = content.decode("utf-8-sig")
                assert not REAL_FIRMS.search(text), document.name
                _check_reserved(
                    text.replace("https://report.cybertip.org/ispws/xsd", "").replace("http://www.w3.org/2001/XMLSchema-instance", "")
                )


def _check_reserved(text: str) -> None:
    for domain in re.findall(r"[@/]([\w.-]+\.[a-z]{2,})\b", text):
        assert domain.split(".")[-2] == "example", domain
    for written in re.findall(r"\b\d{1,3}(?:\.\d{1,3}){3}\b|\b[0-9A-Fa-f]{4}(?::[0-9A-Fa-f]{1,4}){7}\b", text):
        assert any(ipaddress.ip_address(written) in net for net in DOCUMENTATION), written


def test_bytes_have_the_digest_that_the_truth_tells(demo: list[SimulatedDocument]) -> None:
    for file, content, document in present_files(demo):
        changed = Flaw.FILE_CHANGED in document.truth.flaws and file.standing is Standing.NEW
        assert (hashlib.md5(content, usedforsecurity=False).hexdigest() == file.md5) or changed


def test_flaws_are_in_the_packages(demo: list[SimulatedDocument]) -> None:
    for document in demo:
        flaws = document.truth.flaws
        if Flaw.TRUNCATED in flaws:
            continue
        inside = members(document)
        named = {file.name for file in document.truth.files}
        if Flaw.FILE_EXTRA in flaws:
            assert "unnamed-note.txt" in inside
        if Flaw.FILE_MISSING in flaws:
            assert any(not file.present and file.name not in inside for file in document.truth.files)
        if Flaw.FILE_CHANGED in flaws:
            digests = {hashlib.md5(inside[name], usedforsecurity=False).hexdigest() for name in named & set(inside)}
            assert any(file.md5 not in digests for file in document.truth.files)


def test_truncated_documents_cannot_be_read(demo: list[SimulatedDocument]) -> None:
    cut = [document for document in demo if not document.truth.readable]
    assert cut
    for document in cut:
        with pytest.raises((zipfile.BadZipFile, ValueError, SyntaxError)):
            _read(document)


def _read(document: SimulatedDocument) -> None:
    inside = members(document)
    if document.truth.form is Form.LEA_JSON:
        json.loads(inside[document.name].decode("utf-8-sig"))
    fromstring(inside["report.xml"])


def test_lists_hold_the_known_files_and_no_others(demo: list[SimulatedDocument]) -> None:
    rows = [row for _, row in World(DEMO).catalogue.rows()]
    digests = {row.value for row in rows if row.algorithm in {"md5", "sha1", "sha256"}}
    assert len(digests) == 3 * (DEMO.listed_pictures + DEMO.listed_digests)
    for document in demo:
        for file in document.truth.files:
            assert (file.md5 in digests) == (file.standing is Standing.KNOWN)
    for file, content, _ in present_files(demo):
        assert (hashlib.sha256(content).hexdigest() in digests) == (file.standing is Standing.KNOWN)


def test_near_files_are_near_and_new_ones_are_not(demo: list[SimulatedDocument]) -> None:
    listed = {row.note: bytes.fromhex(row.value) for _, row in World(DEMO).catalogue.rows() if row.algorithm == "pdq"}
    assert len(listed) >= 0.9 * DEMO.listed_pictures
    pictures = {content: file for file, content, _ in present_files(demo) if file.name.endswith(".jpg")}
    for content, file in pictures.items():
        value, quality = fingerprint(content)
        if file.standing is Standing.NEAR and file.key in listed:
            assert distance(value, listed[file.key]) == file.distance
            assert (file.distance or 0) <= 31
        elif file.standing in {Standing.NEW, Standing.VIRAL, Standing.LINKED} and quality >= 50:
            assert min(distance(value, other) for other in listed.values()) > 31


def test_duplicates_are_the_same_bytes_and_versions_are_changed(demo: list[SimulatedDocument]) -> None:
    for document in demo:
        if document.truth.resend is None:
            continue
        first = demo[document.truth.resend_of or 0]
        assert (document.content == first.content) == (document.truth.resend is Resend.DUPLICATE)
        assert document.truth.number == first.truth.number


def test_linked_referrals_share_what_they_say_they_share(demo: list[SimulatedDocument]) -> None:
    for link in ("account", "device", "file"):
        groups: dict[str, list[set[object]]] = {}
        for document in demo:
            truth = document.truth
            if truth.group and link in truth.linked_by and not {Flaw.INCOMPLETE} & set(truth.flaws) and not truth.bundled:
                groups.setdefault(truth.group, []).append({file.key for file in truth.files} if link == "file" else set(truth.identifiers))
        shared = [set.intersection(*told) for told in groups.values() if len(told) > 1]
        assert shared
        assert all(shared)


def test_a_million_referrals_need_little_memory() -> None:
    world = World(load_plan(1_000_000))
    world.document(0)
    tracemalloc.start()
    for index in range(0, 1_000_000, 1_000):
        world.document(index)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 4 * 2**20


def test_a_world_is_written_with_lists_networks_and_truth(tmp_path: Path) -> None:
    plan = replace(DEMO, referrals=30, listed_pictures=3, listed_digests=2)
    ticks: list[int] = []
    write_world(plan, tmp_path, ticks.append)
    assert sum(ticks) == 30
    assert len(list((tmp_path / "documents").iterdir())) == 30
    truths = [json.loads(line) for line in (tmp_path / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [truth["index"] for truth in truths] == list(range(30))
    for document in documents(plan):
        place = tmp_path / "documents" / document.name
        written = place.read_bytes() if place.is_file() else {each.name: each.read_bytes() for each in place.iterdir()}
        assert written == document.content
    for path in (tmp_path / "lists").iterdir():
        with path.open(encoding="utf-8", newline="") as file:
            assert next(csv.reader(file)) == ["algorithm", "value", "category", "source", "note"]
    assert (tmp_path / "networks.csv").read_text(encoding="utf-8").count("\n") == 61


def test_a_world_is_not_written_over_another(tmp_path: Path) -> None:
    write_world(load_plan(2), tmp_path)
    with pytest.raises(Conflict):
        write_world(load_plan(2), tmp_path)


def test_the_seasons_of_a_year_and_its_states_come_out_of_the_stream() -> None:
    plan = WorldPlan(referrals=2_000, forms=((Form.LEA_JSON, 1.0),), listed_pictures=1, files_per_referral=0.2)
    truths = [document.truth for document in documents(plan)]
    assert len({state for truth in truths for state in truth.states}) == 27
    assert all(truth.arrives_at >= truth.received_at > truth.incident_at for truth in truths if truth.resend is None)
    assert sum(truth.urgent for truth in truths if truth.resend is None) == round(1_940 * 0.0018)
