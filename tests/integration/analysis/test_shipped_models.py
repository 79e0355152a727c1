"""The classifier that comes with GRACE, from the command line to findings on drawings that it has never seen."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result

from grace.accounts.models import Unit
from grace.analysis import findings
from grace.analysis.models import Inference, Model
from grace.analysis.register import keep, shipped
from grace.analysis.register.folder import GRAPH, PASSPORT, SIGNATURES, read_folder, read_signatures
from grace.cli import house
from grace.cli.main import main
from grace.evidence import files
from grace.evidence.files import Keep
from grace.pipeline.analyse import analyse_now
from grace.simulate.stand_ins import StandIn, draw
from tests.support.agencies import Installation
from tests.support.models import write_folder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
THINGS = (StandIn.BOAT, StandIn.BRIDGE, StandIn.STAIRS)


@pytest.fixture
def at_home(north: Installation, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    monkeypatch.setattr(house, "open_house", nullcontext)
    with north.at_home():
        yield north


def grace(*words: str, status: int = 0) -> str:
    told: Result = CliRunner().invoke(main, ["models", *words], catch_exceptions=False)
    assert told.exit_code == status, told.output
    return told.output


def drawn(unit: Unit, what: StandIn, number: int) -> UUID:
    stream = io.BytesIO()
    draw(what, "a test", number).save(stream, "JPEG", quality=92)
    (kept,) = files.keep_many([Keep(unit.id, stream.getvalue(), "received")])
    return kept.id


@pytest.mark.parametrize("name", shipped.NAMES)
def test_what_comes_with_grace_is_small_sound_and_signed_by_a_key_of_its_own(name: str) -> None:
    folder = read_folder(shipped.folder(name))
    assert len(folder.graph) < 300_000
    assert {each.key for each in read_signatures(folder.raw_signatures)} == shipped.keys()
    assert {each.name for each in shipped.folder(name).iterdir()} == {GRAPH, PASSPORT, SIGNATURES}


def test_from_the_command_line_to_findings(at_home: Installation, harbour_unit: Unit) -> None:
    assert "No model yet" in grace("list")
    assert "stand-ins@1 taken in" in grace("import", "--shipped", "stand-ins")
    assert "was here already" in grace("import", "--shipped", "stand-ins")
    assert "signed by the GRACE project" in grace("list")
    assert "Sound: 40," in grace("verify", "stand-ins@1")
    assert "is shadow" in grace("shadow", "stand-ins")
    analyse_now([drawn(harbour_unit, what, number) for what in StandIn for number in range(keep.LEAST_SHADOW // 4)])
    assert "is promoted" in grace("promote", "stand-ins@1", "--yes")
    things = {drawn(harbour_unit, what, number): what for what in THINGS for number in range(100, 108)}
    analyse_now(list(things))
    told = {
        file: [seen.value for each in findings.of_file(file) for seen in each.seen if seen.kind.startswith("class.")] for file in things
    }
    right = sum(told[file] == [str(what)] for file, what in things.items())
    wrong = sum(bool(each) and each != [str(things[file])] for file, each in told.items())
    assert right >= 14
    assert wrong <= 2
    number = Inference.objects.count()
    assert f"{number} made again, 0 differ." in grace("replay", "stand-ins@1")
    Inference.objects.filter(file_id=next(iter(things))).update(outputs=[0, 0, 0, 0], scores=[0.25, 0.25, 0.25, 0.25])
    assert f"{number} made again, 1 differ." in grace("replay", "stand-ins@1", status=1)
    assert "is stopped" in grace("stop", "stand-ins")
    assert Model.objects.get().state == "stopped"


def test_an_agency_vouches_for_a_folder(at_home: Installation, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "one", sign=False)
    assert "Nobody has signed this model." in grace("import", str(folder), status=1)
    assert "Signed: colours@1" in grace("sign", str(folder), "--yes")
    assert "colours@1 taken in" in grace("import", str(folder))
    assert "signed by this installation" in grace("list")
