"""The NSRL's three forms, and what a hostile file of one would try."""

from __future__ import annotations

import io
import sqlite3
from pathlib import Path

import pytest

from grace.kernel.errors import Invalid
from grace.matching.formats import nsrl_csv, nsrl_sql, nsrl_sqlite
from grace.matching.formats.item import Fault, Gone, Item, Told

MD5, SHA1, SHA256 = "CE041CF5564CEF42E51677209440C7E5", "66248B2F52DAB61CAF06DCB1E3E7670750B6C427", "AB" * 32
HASHES = (("md5", bytes.fromhex(MD5)), ("sha1", bytes.fromhex(SHA1)))
ALL = (*HASHES, ("sha256", bytes.fromhex(SHA256)))
HEADER = b'"SHA-1","MD5","CRC32","FileName","FileSize","ProductCode","OpSystemCode","SpecialCode"\r\n'


def test_version_2_is_read_whatever_the_names_of_its_files() -> None:
    line = f'"{SHA1}","{MD5}","00000000","a ""b"" '.encode() + b"\xe4" + b'.dll",4096,228,"362",""\r\n'
    content = HEADER + line + b'"x","y","z","n",1,2,"3",""\r\n' + line
    assert nsrl_csv.knows(content)
    first, fault, last = nsrl_csv.read(io.BytesIO(content))
    assert first == Item(2, HASHES, key="package:228", facts={"size": 4096})
    assert fault == Fault(3, "no hash, or one that is not of its kind")
    assert isinstance(last, Item)


def test_a_wrong_header_is_refused() -> None:
    with pytest.raises(Invalid, match="not the header"):
        list(nsrl_csv.read(io.BytesIO(b"a,b\n")))


def _database(path: Path, *statements: str) -> Path:
    with sqlite3.connect(path) as made:
        for statement in statements:
            made.execute(statement)
    made.close()
    return path


METADATA = (
    "CREATE TABLE METADATA (object_id INTEGER, sha256 TEXT, sha1 TEXT, md5 TEXT, file_name TEXT, file_size INTEGER, package_id INTEGER)"
)
ROW = f"INSERT INTO METADATA VALUES (1, '{SHA256.lower()}', '{SHA1}', '{MD5}', 'a.dll', 4096, 228)"
VIEW = "CREATE VIEW FILE AS SELECT UPPER(sha256) AS sha256, UPPER(sha1) AS sha1, UPPER(md5) AS md5, file_name, file_size, package_id FROM METADATA"
EXPECTED = Item(1, ALL, key="package:228", facts={"size": 4096})


@pytest.mark.parametrize(
    "statements", [(METADATA, ROW), (METADATA, ROW, VIEW), (METADATA.replace("METADATA", "FILE"), ROW.replace("METADATA", "FILE"))]
)
def test_version_3_is_read_from_a_table_or_a_view(tmp_path: Path, statements: tuple[str, ...]) -> None:
    path = _database(tmp_path / "rds.db", *statements)
    assert nsrl_sqlite.knows(path.read_bytes()[:100])
    assert list(nsrl_sqlite.read(path)) == [EXPECTED]


HOSTILE = {
    "recursion": "CREATE VIEW FILE AS WITH RECURSIVE n(sha1) AS (SELECT 1 UNION ALL SELECT sha1 + 1 FROM n) SELECT sha1 FROM n",
    "function": "CREATE VIEW FILE AS SELECT hex(randomblob(20)) AS sha1, load_extension('x') AS md5",
    "large": "CREATE VIEW FILE AS SELECT hex(zeroblob(500000000)) AS sha1",
    "no hashes": "CREATE TABLE FILE (name TEXT)",
    "nothing": "CREATE TABLE other (sha1 TEXT)",
    "quotes": 'CREATE TABLE FILE ("sha1""; DROP" TEXT)',
}


@pytest.mark.parametrize("statement", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_database_is_refused(tmp_path: Path, statement: str) -> None:
    with pytest.raises(Invalid):
        list(nsrl_sqlite.read(_database(tmp_path / "rds.db", statement)))


def test_a_database_that_is_none_or_broken_is_refused(tmp_path: Path) -> None:
    path = _database(tmp_path / "rds.db", METADATA, ROW)
    whole = path.read_bytes()
    for content in (b"SQLite format 3\x00" + b"\xff" * 5000, whole[: len(whole) // 2], b"", whole[:100] + b"\xff" * (len(whole) - 100)):
        path.write_bytes(content)
        with pytest.raises(Invalid):
            list(nsrl_sqlite.read(path))


def delta(sql: str) -> list[Told]:
    return list(nsrl_sql.read(io.BytesIO(sql.encode())))


NAMES = "(sha256, sha1, md5, crc32, file_name, file_size, package_id)"
VALUES = f"('{SHA256}','{SHA1}','{MD5}','00','it''s; -- a \"name\"',4096,228)"


def test_a_delta_is_followed_and_not_run() -> None:
    sql = f"""-- a comment with ' a quote
    BEGIN TRANSACTION; PRAGMA foreign_keys=OFF;
    INSERT INTO PKG VALUES (228, 'a; package', '1.0', 362, 80, 'English', 'System');
    INSERT INTO FILE {NAMES} VALUES {VALUES}, {VALUES.replace(MD5, "00" * 16)};
    INSERT OR IGNORE INTO "FILE" VALUES {VALUES};
    /* another; */ UPDATE FILE SET file_name = 'new' WHERE sha1 = '{SHA1}';
    UPDATE FILE SET package_id = 229 WHERE sha1 = '{SHA1}' AND package_id = 228;
    DELETE FROM FILE WHERE FILE.sha256 = '{SHA256}' AND package_id = '228';
    DELETE FROM OS WHERE operating_system_id < 5;
    COMMIT;"""
    assert nsrl_sql.knows(sql.encode())
    other = (("md5", b"\0" * 16), *ALL[1:])
    facts = {"size": 4096}
    assert delta(sql) == [
        Item(1, ALL, key="package:228", facts=facts),
        Item(2, other, key="package:228", facts=facts),
        Item(3, ALL, key="package:228", facts=facts),
        Gone(4, "package:228", ALL[1:2]),
        Item(4, ALL[1:2], key="package:229"),
        Gone(5, "package:228", ALL[2:]),
    ]


def test_columns_may_be_declared_by_the_file() -> None:
    sql = f"CREATE TABLE IF NOT EXISTS FILE (md5 CHAR(32), size NUMBER(10, 2) NOT NULL, PRIMARY KEY (md5)); INSERT INTO FILE VALUES ('{MD5}', 5);"
    assert delta(sql) == [Item(1, HASHES[:1])]


def test_blobs_and_computed_names_are_understood() -> None:
    sql = f"INSERT INTO FILE (sha1, file_name, package_id) VALUES (X'{SHA1}', replace('a\\nb', '\\n', char(10)) || 'x', 1);"
    assert delta(sql) == [Item(1, HASHES[1:], key="package:1")]


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("DROP TABLE FILE", "a statement that is not followed: DROP"),
        ("DELETE FROM FILE", "WHERE was expected"),
        ("DELETE FROM FILE WHERE package_id = 5", "it deletes rows by something else than their hash, which is not followed"),
        (f"DELETE FROM FILE WHERE sha1 = '{SHA1}' OR 1 = 1", "a condition that is not followed"),
        (f"DELETE FROM FILE WHERE sha1 IN ('{SHA1}')", "a condition that is not followed"),
        (
            f"UPDATE FILE SET sha1 = '{SHA1}' WHERE package_id = 1",
            "it changes rows by something else than their hash, which is not followed",
        ),
        ("INSERT INTO FILE SELECT * FROM other", "VALUES was expected"),
        ("INSERT INTO FILE (sha1) VALUES ('a', 'b')", "2 columns instead of 1"),
        ("INSERT INTO FILE (sha1) VALUES ('xyz')", "no hash, or one that is not of its kind"),
        (f"INSERT INTO FILE (sha1) VALUES (lower('{SHA1}'))", "no hash, or one that is not of its kind"),
        ("ATTACH DATABASE '/etc/passwd' AS x", "a statement that is not followed: ATTACH"),
    ],
)
def test_what_is_not_followed_is_told_and_spoils_nothing_else(statement: str, why: str) -> None:
    good = f"INSERT INTO FILE (sha1) VALUES ('{SHA1}');"
    first, fault, last = delta(f"{good}{statement};{good}")
    assert isinstance(first, Item)
    assert isinstance(fault, Fault)
    assert fault.why == why
    assert isinstance(last, Item)


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO FILE (sha1) VALUES ('",
        "INSERT INTO FILE (sha1) VALUES (",
        "INSERT INTO FILE (sha1",
        "/* never closed " + "x" * 200_000,
        "INSERT INTO FILE (sha1) VALUES ('" + "x" * 1_000_000 + "')",
        "CREATE TRIGGER t AFTER INSERT ON FILE BEGIN DELETE FROM FILE; END;",
        "\x00\x01",
        "BEGIN; INSERT INTO FILE (sha1) VALUES ('x');",
    ],
    ids=range(8),
)
def test_what_is_no_sql_or_breaks_off_is_refused(sql: str) -> None:
    with pytest.raises(Invalid):
        delta(sql)
    with pytest.raises(Invalid):
        list(nsrl_sql.read(io.BytesIO(b"INSERT INTO FILE VALUES ('\xff\xfe')")))


def test_tokens_are_the_same_wherever_the_chunks_end() -> None:
    class Dribble(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 0, 3))

    sql = f"INSERT INTO FILE {NAMES} VALUES {VALUES};".encode()
    assert list(nsrl_sql.read(Dribble(sql))) == list(nsrl_sql.read(io.BytesIO(sql)))
