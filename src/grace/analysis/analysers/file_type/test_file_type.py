from __future__ import annotations

import io
import time
import zipfile
from importlib.metadata import entry_points

import pytest

from grace.analysis.analysers.file_type.analyser import ANALYSER, findings
from grace.analysis.analysers.file_type.endings import ENDINGS, claims_another
from grace.analysis.analysers.file_type.identify import FORMS
from grace.analysis.analysers.walks.reading import Steps
from grace.sdk.analysis import Content, Finding
from grace.sdk.testing import AnalyserContract
from tests.support.file_kinds.archives import TEXT, locked_zip, rar_4, tarred, zipped
from tests.support.file_kinds.pictures import gradient, written
from tests.support.file_kinds.texts import PROSE, mail, pdf, rewritten

JPEG = written(gradient(), "JPEG")
MOST_SECONDS = 3


def seen(content: bytes) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in findings(content, Steps()):
        found.setdefault(finding.kind, []).append(finding)
    return found


def values(content: bytes, kind: str) -> list[str]:
    return [finding.value for finding in seen(content).get(kind, [])]


class TestFileType(AnalyserContract):
    analyser = ANALYSER
    subjects = tuple(
        Content("", content)
        for content in (
            JPEG,
            JPEG + zipped({"a.txt": TEXT}),
            written(gradient(), "TIFF"),
            written(gradient(), "GIF"),
            pdf(),
            mail(),
            rar_4(),
        )
    )


def test_it_is_found_by_its_entry_point() -> None:
    (found,) = entry_points(group="grace.analysers", name="file_type")
    assert found.load() is ANALYSER


def test_a_picture_says_its_type_and_why() -> None:
    (finding,) = seen(JPEG)["file.type"]
    assert (finding.value, dict(finding.facts)) == ("image/jpeg", {"name": "JPEG", "why": "begins with ff d8 ff"})


def test_nothing_is_said_of_a_file_that_is_whole() -> None:
    assert set(seen(JPEG)) == {"file.type"}


def test_bytes_behind_a_picture_are_counted_where_they_stand() -> None:
    """The end of a picture within what is appended does not count: it is looked for from the beginning."""
    behind = zipped({"a.jpg": JPEG}, stored=True)
    (finding,) = seen(JPEG + behind)["file.appended"]
    assert finding.value == str(len(behind))
    assert finding.where == f"bytes:{len(JPEG)},{len(JPEG) + len(behind)}"
    assert finding.facts["looks_like"] == "application/zip"
    assert values(JPEG + behind, "file.polyglot") == ["application/zip"]


def test_the_same_type_appended_is_no_second_type() -> None:
    assert values(JPEG + JPEG, "file.appended") == [str(len(JPEG))]
    assert values(JPEG + JPEG, "file.polyglot") == []


@pytest.mark.parametrize(("behind", "looks"), [(b"a word", "text/plain"), (b"\0\1\2\xff", "unknown bytes"), (JPEG, "image/jpeg")])
def test_what_is_appended_looks_like_something(behind: bytes, looks: str) -> None:
    assert seen(JPEG + behind)["file.appended"][0].facts["looks_like"] == looks


@pytest.mark.parametrize("behind", [bytes(9), b"\n \r\n\0"])
def test_zeros_and_blanks_fill_up_and_hide_nothing(behind: bytes) -> None:
    """Cameras and discs leave them; who looks for something hidden is not to be called for them."""
    assert values(JPEG + behind, "file.filled") == [str(len(behind))]
    assert "file.appended" not in seen(JPEG + behind)


def test_pictures_that_a_jpeg_says_to_follow_belong_to_it() -> None:
    several = written(gradient(), "MPO", save_all=True, append_images=[gradient(turn=30), gradient(turn=60)])
    found = seen(several + JPEG)
    assert found["file.type"][0].facts["name"] == "JPEG with 2 further"
    assert [finding.value for finding in found["file.appended"]] == [str(len(JPEG))]


def test_a_pdf_ends_where_its_last_table_is_reached() -> None:
    """A later version belongs to it; a second PDF behind it does not."""
    later = rewritten(pdf(), incremental=True)
    assert "file.appended" not in seen(later)
    assert values(later + pdf(3), "file.appended") == [str(len(pdf(3)))]
    assert values(pdf() + pdf(), "file.appended") == [str(len(pdf()))]
    assert values(later[:-30], "file.cut_short") == ["a later version of it has no end"]


def test_what_is_encrypted_is_told_where_it_is_visible() -> None:
    assert values(locked_zip(), "file.encrypted") == ["1 of 1 members"]
    assert values(rewritten(pdf(), password="an invented word"), "file.encrypted") == ["content"]
    assert values(rar_4(locked=True), "file.encrypted") == ["content"]
    assert values(zipped({"a": b"b"}), "file.encrypted") == []


def test_a_script_that_unpacks_itself_is_a_script_with_something_behind_it() -> None:
    script, archive = b"#!/bin/sh\nexec tail -n +3 $0\n", zipped({"a.txt": TEXT})
    found = seen(script + archive)
    assert found["file.type"][0].value == "application/x-sh"
    assert [finding.value for finding in found["file.polyglot"]] == ["application/zip"]


def test_members_are_no_second_type() -> None:
    assert "file.polyglot" not in seen(tarred(1, {"a.zip": zipped({"a": TEXT}), "b.pdf": pdf()}))


def test_words_are_no_magic() -> None:
    for words in (
        b"MZ is how it starts",
        b"BM too",
        b"MAC addresses",
        b"FORM 7",
        b"This free text",
        b"ustar",
        b"FWS and CWS",
        PROSE.encode(),
    ):
        assert values(words, "file.type") == ["text/plain"], words


def test_a_directory_that_points_outside_is_borne() -> None:
    stream = io.BytesIO(zipped({"a": TEXT}))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.comment = b"PK\5\6" + bytes(18)
    assert values(stream.getvalue(), "file.type") == ["application/zip"]


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xd8" + b"\xff\xfe\0\2" * 500_000,
        b"\x89PNG\r\n\x1a\n" + (b"\0\0\0\0tEXt" + bytes(4)) * 500_000,
        b"GIF89a" + bytes(7) + b"\x21\xfe" + b"\1a" * 1_000_000,
        b"\0\0\0\x08ftyp" + b"\0\0\0\x08free" * 700_000,
        b"ID3\4\0\0\0\0\0\0" + bytes(3_000_000),
        b"OggS" + bytes(23) + b"OggS\0" * 800_000,
        b"PK\3\4" + b"PK\5\6" * 800_000,
        b"%PDF-1.4\n" + b"%%EOF" * 800_000,
        b"<" * 3_000_000,
        b"[" * 3_000_000,
        b"<!--" * 800_000,
        b"\xff" * 3_000_000,
        b"G" + b"\xff" * 3_000_000,
        b"\x1aE\xdf\xa3\x80" + b"\xec\x80" * 1_000_000,
    ],
    ids=lambda content: content[:8].hex(" "),
)
def test_a_structure_without_end_is_left_in_time(content: bytes) -> None:
    steps, start = Steps(), time.process_time()
    assert list(findings(content, steps))
    assert time.process_time() - start < MOST_SECONDS
    assert steps.left >= -64  # each of the looks after the last step may take one more


def test_a_gzip_that_unpacks_to_much_is_not_unpacked_to_its_end() -> None:
    import gzip

    bomb = gzip.compress(bytes(200 << 20), 9)
    assert set(seen(bomb)) == {"file.type"}


def test_names_that_claim_another_type() -> None:
    assert claims_another("image/jpeg", "holiday.png")
    assert claims_another("application/zip", "letter.DOCX")
    assert not claims_another("image/jpeg", "holiday.JPG")
    assert not claims_another("image/jpeg", "holiday")
    assert not claims_another("image/jpeg", "holiday.unknown")
    assert not claims_another("application/x-of-tomorrow", "a.jpg")


def test_every_ending_is_of_a_type_that_can_be_told() -> None:
    text_types = {kind for kind in ENDINGS if kind.startswith("text/") or kind.endswith(("xml", "rtf", "json"))} | {
        "message/rfc822",
        "video/mp2t",
    }
    told = {form.media_type for form in FORMS} | text_types
    finer = {kind for kind in ENDINGS if kind not in told}
    assert all(kind.startswith(("image/", "video/", "audio/", "application/")) for kind in finer)
