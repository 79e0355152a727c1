import json
import zipfile
from pathlib import Path

from click.testing import CliRunner

from grace.cli.parse import command
from grace.intake.formats.lea_json import FORMAT


def printed(path: Path, *options: str) -> list[str]:
    result = CliRunner().invoke(command, [str(path), *options])
    assert result.exit_code == 0, result.output
    return result.output.splitlines()


def test_a_zip_is_printed_with_what_became_of_its_files(tmp_path: Path) -> None:
    path = tmp_path / "report.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in FORMAT.examples()[1].items():
            archive.writestr(name, content)
        archive.writestr("more.txt", b"more")
    (line,) = printed(path, "--compact")
    spoken = json.loads(line)
    assert spoken["canonical"] == 1
    assert [(entry["state"], entry["member"]) for entry in spoken["files_received"]] == [("present", "card.txt"), ("extra", "more.txt")]
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["report.zip"]


def test_a_document_that_cannot_be_read_ends_with_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "broken.json"
    path.write_bytes(b'{"reportedInformation": {')
    result = CliRunner().invoke(command, [str(path)])
    assert result.exit_code == 1
    assert "truncated" in result.output


def test_several_reports_are_printed_one_after_another(tmp_path: Path) -> None:
    for number, example in enumerate(FORMAT.examples()):
        (tmp_path / f"{number}.json").write_bytes(example["report.json"])
    assert [json.loads(line)["referral"]["number"] for line in printed(tmp_path, "--compact")] == ["210000901", "210000902"]
