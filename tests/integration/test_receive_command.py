"""``grace receive`` as an operator types it, and the watched folder at work."""

from __future__ import annotations

import os
import time
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from grace.accounts.models import Unit
from grace.cli import taking
from grace.cli.receive import command
from grace.cli.taking import TOGETHER, spread, take_in
from grace.cli.watching import look_once
from grace.evidence import vault
from grace.intake.models import Document
from grace.intake.watch import UNFINISHED, Watch
from grace.pipeline.receive import Delivery, Intake, Receipt, receive
from grace.referrals.models import Attachment, Referral
from tests.support.deliveries import SAMPLES, sample, unreadable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_house")]
TIPS = SAMPLES.parent / "cybertipline"


def grace(*words: str | Path, unit: str = "harbour-unit") -> Result:
    return CliRunner().invoke(command, ["--unit", unit, *map(str, words)])


def totals(done: Result) -> str:
    return done.stdout.strip().splitlines()[-1]


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def test_files_folders_and_zips(harbour_unit: Unit, inbox: Path) -> None:
    (inbox / "a.json").write_bytes(sample("d1"))
    (inbox / "sub").mkdir()
    (inbox / "sub" / "b.json").write_bytes(sample("d2"))
    (inbox / "sub" / "torn.json").write_bytes(unreadable())
    with zipfile.ZipFile(inbox / "c.zip", "w") as archive:
        archive.writestr("report.json", sample("d3"))
    done = grace(inbox, TIPS / "02_web_typical")
    assert done.exit_code == 0, done.output
    assert "Taking in" in done.stdout
    assert totals(done) == "4 new, 0 new versions, 0 here already, 1 in quarantine"
    assert totals(grace(inbox)) == "0 new, 0 new versions, 4 here already, 0 in quarantine"
    assert Referral.objects.count() == 4
    assert set(Document.objects.values_list("way", flat=True)) == {"cli"}


def test_an_unknown_unit_is_named_with_those_that_there_are(harbour_unit: Unit, inbox: Path) -> None:
    done = grace(inbox, unit="no-such-unit")
    assert done.exit_code == 2
    assert "'no-such-unit'" in done.stderr
    assert "harbour-unit" in done.stderr


def test_it_needs_something_to_take_in(harbour_unit: Unit, tmp_path: Path) -> None:
    assert grace().exit_code == 2
    assert grace("--watch", tmp_path / "missing").exit_code == 2
    assert grace(tmp_path / "missing").exit_code == 2


def test_a_folder_of_one_report_stays_whole(harbour_unit: Unit, inbox: Path) -> None:
    report = inbox / "report"
    report.mkdir()
    (report / "210000001.json").write_bytes(sample("d1"))
    (report / "a.pdf").write_bytes(b"%PDF-1.4 invented")
    assert list(spread([inbox])) == [report]
    assert totals(grace(inbox)).startswith("1 new")
    assert Document.objects.get().name == "report.zip"
    assert "a.pdf" in Attachment.objects.values_list("name", flat=True)


def test_links_hidden_files_and_pipes_are_not_followed(harbour_unit: Unit, inbox: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.json").write_bytes(sample("d1"))
    (inbox / "link.json").symlink_to(tmp_path / "outside.json")
    (inbox / "linked").symlink_to(tmp_path)
    (inbox / ".hidden.json").write_bytes(sample("d2"))
    os.mkfifo(inbox / "pipe.json")
    done = grace(inbox)
    assert totals(done) == "0 new, 0 new versions, 0 here already, 0 in quarantine, 1 could not be opened"
    assert "pipe.json: This is no plain file." in done.stderr
    assert done.exit_code == 1
    assert Document.objects.count() == 0


def test_a_link_that_the_operator_names_is_followed(harbour_unit: Unit, tmp_path: Path) -> None:
    (tmp_path / "outside.json").write_bytes(sample("d1"))
    (tmp_path / "link.json").symlink_to(tmp_path / "outside.json")
    assert totals(grace(tmp_path / "link.json")).startswith("1 new")


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> Path:
    """A name whose file nobody may read; root may read everything, so the system's answer is played here."""
    really = os.open

    def refusing(path: str | Path, *rest: int, **more: int) -> int:
        if str(path).endswith("locked.json"):
            raise PermissionError(13, "Permission denied")
        return really(path, *rest, **more)

    monkeypatch.setattr(os, "open", refusing)
    return Path("locked.json")


def test_what_cannot_be_opened_is_told_and_stops_nothing(harbour_unit: Unit, inbox: Path, locked: Path) -> None:
    (inbox / "a.json").write_bytes(sample("d1"))
    (inbox / locked).write_bytes(sample("d2"))
    (inbox / "z.json").write_bytes(sample("d3"))
    done = grace(inbox)
    assert totals(done) == "2 new, 0 new versions, 0 here already, 0 in quarantine, 1 could not be opened"
    assert "locked.json: A file cannot be read (Permission denied)." in done.stderr
    assert done.exit_code == 1


def intake(unit: Unit) -> Intake:
    return Intake(unit.id, "test", "system:test")


def test_a_file_that_disappears_meanwhile_is_told_and_stops_nothing(harbour_unit: Unit, inbox: Path) -> None:
    for name, word in (("a", "d1"), ("b", "d2"), ("c", "d3")):
        (inbox / f"{name}.json").write_bytes(sample(word))
    paths = list(spread([inbox]))
    (inbox / "b.json").unlink()
    told = [each for some in take_in(intake(harbour_unit), paths) for each in some]
    assert Counter(each.outcome for each in told) == {"new": 2, "unreachable": 1}


def test_a_large_file_that_disappears_or_changes_before_it_is_sealed(
    harbour_unit: Unit, inbox: Path, monkeypatch: pytest.MonkeyPatch, place: vault.Place
) -> None:
    monkeypatch.setattr(taking, "SMALL", 100)
    large = inbox / "large.json"
    large.write_bytes(sample("d1"))
    seal = vault.seal

    def change_and_seal(stream: object) -> vault.Sealed:
        large.write_bytes(sample("d2"))
        with large.open("rb") as changed:
            return seal(changed)

    monkeypatch.setattr(vault, "seal", change_and_seal)
    (told,) = [each for some in take_in(intake(harbour_unit), [large]) for each in some]
    assert told.outcome == "new"
    assert vault.read(Document.objects.get().object_id) == sample("d2")
    large.unlink()
    (told,) = [each for some in take_in(intake(harbour_unit), [large]) for each in some]
    assert told.outcome == "unreachable"


def test_batches_are_bounded_in_number_and_bytes(harbour_unit: Unit, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for count in range(7):
        (inbox / f"{count}.json").write_bytes(unreadable(count).ljust(1_000))
    monkeypatch.setattr(taking, "BATCH", 3)
    sizes = [len(some) for some in take_in(intake(harbour_unit), spread([inbox]))]
    assert sizes == [3, 3, 1]
    monkeypatch.setattr(taking, "TOGETHER", 2_500)
    sizes = [len(some) for some in take_in(intake(harbour_unit), spread([inbox]))]
    assert sizes == [2, 2, 2, 1]
    assert TOGETHER > taking.SMALL


class Inbox:
    """A watched folder, looked at when the test says so, by a clock that the test moves."""

    def __init__(self, folder: Path, unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.kept: Path | None = None
        self._intake = intake(unit)
        self._watch = Watch(folder)
        self._now = 100.0
        monkeypatch.setattr(time, "monotonic", lambda: self._now)

    def look(self, after: float = 0.0) -> list[str]:
        self._now += after
        return [each.outcome for each in look_once(self._intake, self._watch, self.kept)]

    def names(self) -> list[str]:
        return sorted(each.name for each in self.folder.iterdir())


@pytest.fixture
def watched(inbox: Path, harbour_unit: Unit, monkeypatch: pytest.MonkeyPatch) -> Inbox:
    return Inbox(inbox, harbour_unit, monkeypatch)


def test_what_is_whole_is_taken_in_and_removed(watched: Inbox) -> None:
    (watched.folder / "a.json").write_bytes(sample("d1"))
    (watched.folder / "torn.json").write_bytes(unreadable())
    assert watched.look() == []
    assert sorted(watched.look(after=3)) == ["new", "quarantined"]
    assert watched.names() == []
    (watched.folder / "again.json").write_bytes(sample("d1"))
    watched.look()
    assert watched.look(after=3) == ["double"]
    assert watched.names() == []


def test_what_was_taken_in_is_kept_aside_where_the_operator_wants_it(watched: Inbox) -> None:
    watched.kept = watched.folder / ".received"
    (watched.folder / "a.json").write_bytes(sample("d1"))
    watched.look()
    assert watched.look(after=3) == ["new"]
    assert watched.names() == [".received"]
    (kept,) = watched.kept.iterdir()
    assert kept.read_bytes() == sample("d1")
    assert watched.kept.stat().st_mode & 0o777 == 0o700
    assert watched.look(after=3) == []


def test_a_file_that_grows_waits(watched: Inbox) -> None:
    growing = watched.folder / "a.json"
    content = sample("d1")
    for end in range(1_000, len(content), 1_000):
        growing.write_bytes(content[:end])
        assert watched.look(after=1.9) == []
    growing.write_bytes(content)
    assert watched.look() == []
    assert watched.look(after=3) == ["new"]


def test_a_file_that_somebody_has_open_to_write_waits_however_quiet(watched: Inbox) -> None:
    """As a copy whose network stands still."""
    with (watched.folder / "a.json").open("wb") as stream:
        stream.write(sample("d1")[:500])
        stream.flush()
        watched.look()
        assert watched.look(after=60) == []
        stream.write(sample("d1")[500:])
    watched.look()
    assert watched.look(after=3) == ["new"]


def test_an_empty_file_waits_longer(watched: Inbox) -> None:
    (watched.folder / "a.json").touch()
    watched.look()
    assert watched.look(after=30) == []
    (watched.folder / "a.json").write_bytes(sample("d1"))
    watched.look()
    assert watched.look(after=3) == ["new"]
    (watched.folder / "b.json").touch()
    watched.look()
    assert watched.look(after=61) == ["quarantined"]


def test_unfinished_hidden_and_linked_entries_are_passed_over(watched: Inbox, tmp_path: Path) -> None:
    (tmp_path / "outside.json").write_bytes(sample("d1"))
    (watched.folder / "link.json").symlink_to(tmp_path / "outside.json")
    (watched.folder / "linked").symlink_to(tmp_path)
    for ending in UNFINISHED:
        (watched.folder / f"a.json{ending}").write_bytes(sample("d1"))
    (watched.folder / ".a.json.Xy12").write_bytes(sample("d1"))
    (watched.folder / "empty").mkdir()
    before = watched.names()
    watched.look()
    assert watched.look(after=61) == []
    assert watched.names() == before
    (watched.folder / "a.json.part").rename(watched.folder / "a.json")
    watched.look()
    assert watched.look(after=3) == ["new"]


def test_a_folder_of_one_report_waits_until_all_of_it_is_there(watched: Inbox) -> None:
    report = watched.folder / "report"
    report.mkdir()
    (report / "210000001.json").write_bytes(sample("d1"))
    watched.look()
    (report / "a.pdf.part").write_bytes(b"%PDF-1.4")
    assert watched.look(after=3) == []
    (report / "a.pdf.part").rename(report / "a.pdf")
    watched.look()
    assert watched.look(after=3) == ["new"]
    assert "a.pdf" in Attachment.objects.values_list("name", flat=True)
    assert watched.names() == []


def test_a_folder_of_many_documents_is_taken_in_and_cleared(watched: Inbox) -> None:
    (watched.folder / "many" / "sub").mkdir(parents=True)
    for word in ("d1", "d2"):
        (watched.folder / "many" / f"{word}.json").write_bytes(sample(word))
    (watched.folder / "many" / "sub" / "d3.json").write_bytes(sample("d3"))
    watched.look()
    assert watched.look(after=3) == ["new", "new", "new"]
    assert watched.names() == []


def test_what_changes_while_it_is_taken_in_stays_and_is_taken_in_again(watched: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    path = watched.folder / "a.json"
    path.write_bytes(sample("d1"))
    watched.look()

    def change_and_receive(some: Intake, deliveries: Sequence[Delivery]) -> list[Receipt]:
        path.write_bytes(sample("d2"))
        monkeypatch.setattr(taking, "receive", receive)
        return receive(some, deliveries)

    monkeypatch.setattr(taking, "receive", change_and_receive)
    assert watched.look(after=3) == ["new"]
    assert path.read_bytes() == sample("d2")
    watched.look()
    assert watched.look(after=3) == ["new"]
    assert watched.names() == []


def test_what_cannot_be_opened_stays_and_is_told_once(watched: Inbox, locked: Path) -> None:
    path = watched.folder / locked
    path.write_bytes(sample("d1"))
    watched.look()
    assert watched.look(after=3) == ["unreachable"]
    assert watched.look(after=3) == []
    path.write_bytes(sample("d2"))
    watched.look()
    assert watched.look(after=3) == ["unreachable"]
    assert watched.names() == [locked.name]


def test_what_cannot_be_removed_is_not_taken_in_over_and_over(watched: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    (watched.folder / "a.json").write_bytes(sample("d1"))
    watched.look()

    unlink = Path.unlink

    def refuse(path: Path, *, missing_ok: bool = False) -> None:
        if path.is_relative_to(watched.folder):
            raise PermissionError(13, "Permission denied", str(path))
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(PermissionError):
        watched.look(after=3)
    assert Document.objects.count() == 1
    assert watched.look(after=3) == []


def test_what_vanishes_meanwhile_is_no_fault(watched: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    path = watched.folder / "a.json"
    path.write_bytes(sample("d1"))
    watched.look()
    monkeypatch.setattr(Path, "iterdir", lambda folder: iter([path]))
    path.unlink()
    assert watched.look(after=3) == []
