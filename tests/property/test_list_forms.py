"""Whatever a file of hash lists holds: it is read, its faults are told, or it is refused as a whole; nothing else ever happens."""

from __future__ import annotations

import io
import json
import sqlite3
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grace.kernel.errors import Invalid
from grace.matching.digests import LENGTHS
from grace.matching.formats.item import FACTS, MOST_CATEGORY, MOST_KEY, MOST_NOTE, MOST_SOURCE, MOST_VIDEO, Gone, Item, video_key
from grace.matching.formats.ncmec import NAMESPACE
from grace.matching.formats.registry import FORMATS, Source, format_of
from grace.matching.formats.vics import Reading
from grace.matching.formats.vics_categories import scales

MD5, SHA1, SHA256 = "ce041cf5564cef42e51677209440c7e5", "66248b2f52dab61caf06dcb1e3e7670750b6c427", "ab" * 32


PRINTS = f"<fingerprints><md5>{MD5}</md5></fingerprints>"
ENTRY = f'<image><member id="1">M</member><id>a</id><classification>A1</classification>{PRINTS}</image>'
GONE = '<deletedImage><member id="1">M</member><id>a</id></deletedImage>'
RECORD = {
    "MD5": MD5,
    "SHA1": SHA1,
    "Category": 1,
    "Tags": ["a", {"Name": "b"}],
    "AlternativeHashes": [{"HashName": "PDQ", "HashValue": SHA256}],
}
CASE = {"@odata.context": "x/2.0.xml/US/$metadata#Cases", "value": [{"Media": [RECORD, RECORD]}]}
ROW = f"('{SHA256}','{SHA1}','{MD5}','it''s',1,2)"
DELTA = f"INSERT INTO FILE VALUES {ROW},{ROW};UPDATE FILE SET package_id=3 WHERE sha1='{SHA1}';DELETE FROM FILE WHERE sha1='{SHA1}';"


def database() -> bytes:
    """An RDS 3 of twenty rows."""
    with tempfile.TemporaryDirectory() as folder:
        with sqlite3.connect(f"{folder}/a") as made:
            made.execute("CREATE TABLE METADATA (sha256 TEXT, sha1 TEXT, md5 TEXT, file_size INTEGER, package_id INTEGER)")
            made.execute("CREATE VIEW FILE AS SELECT UPPER(sha256) AS sha256, sha1, md5, file_size, package_id FROM METADATA")
            made.executemany("INSERT INTO METADATA VALUES (?, ?, ?, 1, 2)", [(SHA256, SHA1, MD5)] * 20)
        made.close()
        return Path(f"{folder}/a").read_bytes()


SOUND = {
    "csv": f'algorithm,value,category,source,note\nmd5,{MD5},"A, b",s,n\nsha1,{SHA1},A,,\n'.encode(),
    "vpdq": f"0,100,{SHA256},0.000\n1,49,{SHA256},0.033\n\n2,50,{'cd' * 32},1".encode(),
    "vics": b"\xef\xbb\xbf" + json.dumps(CASE).encode(),
    "icse": f"MD5;SHA1;Image ID;Victim identified;Number of submissions\n{MD5};{SHA1};7;true;3\n".encode(),
    "ncmec": f'<queryResult xmlns="{NAMESPACE}"><images>{ENTRY}{GONE}</images></queryResult>'.encode(),
    "nsrl2": (
        '"SHA-1","MD5","CRC32","FileName","FileSize","ProductCode","OpSystemCode","SpecialCode"\n'
        f'"{SHA1}","{MD5}","0","a ""b""",1,2,"3",""\n'
    ).encode(),
    "nsrl3": database(),
    "nsrl3-delta": f"BEGIN;/* a */{DELTA}COMMIT;".encode(),
}
"""A small file of each form."""


def read(form: str, content: bytes) -> None:
    """Read it by force as this form, and check what is told."""
    source = Source(io.BytesIO(content))
    for told in format_of(form, source.head()).read(source, Reading(scales(), video="holiday.txt")):
        if isinstance(told, Item | Gone):
            assert all(len(value) == LENGTHS[algorithm] for algorithm, value in told.digests)
            assert len(told.key) <= MOST_KEY
        if isinstance(told, Item):
            assert told.digests
            texts = ((told.category, MOST_CATEGORY), (told.source, MOST_SOURCE), (told.note, MOST_NOTE), (told.video, MOST_VIDEO))
            for text, most in texts:
                assert len(text) <= most
                assert text.isprintable()
            assert not told.video or (told.key == video_key(told.video) and {name for name, _ in told.digests} == {"pdq"})
            assert all(type(value) is FACTS[name] for name, value in told.facts.items())


@pytest.mark.parametrize("form", [each.name for each in FORMATS])
def test_a_sound_file_is_known_by_its_content(form: str) -> None:
    assert format_of("auto", SOUND[form]).name == form
    read(form, SOUND[form])


@pytest.mark.parametrize("form", [each.name for each in FORMATS])
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(form: str, data: st.DataObject) -> None:
    content = bytearray(SOUND[form])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        upto = min(len(content), at + data.draw(st.integers(0, 40)))
        content[at:upto] = data.draw(
            st.one_of(
                st.binary(max_size=20),
                st.just(bytes(content[at:upto]) * 3),
                st.sampled_from([b'"', b"'", b"\x00", b"<", b"{", b"]", b"9" * 30, b";", b"\n"]),
            )
        )
    with suppress(Invalid):
        read(form, bytes(content))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=9), st.text(max_size=210)), max_size=5))
def test_any_video_column_is_read_or_told(lines: list[tuple[str, str]]) -> None:
    rows = [f"pdq,{SHA256},A,,{note},{video}" for note, video in lines]
    read("csv", "\n".join(["algorithm,value,category,source,note,video", *rows]).encode("utf-8", errors="replace"))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([each.name for each in FORMATS]))
def test_nonsense_is_refused_or_holds_nothing(content: bytes, form: str) -> None:
    with suppress(Invalid):
        read(form, content)
