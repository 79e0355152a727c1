"""Lists are loaded from the forms of the field, taken back by them, and written out again."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grace.kernel.errors import Conflict, Invalid
from grace.matching.export import FORMATS, Export, items_of, write
from grace.matching.formats.item import FACTS, Item
from grace.matching.load import How, Loaded, load
from grace.matching.models import Entry, HashList, Naming, Removed

pytestmark = pytest.mark.django_db

CONTEXT = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/US/$metadata#Media"
NAMES = "(sha256, sha1, md5, file_size, package_id)"


def md5(number: int) -> str:
    return f"{number:032x}"


def sha1(number: int) -> str:
    return f"{number:040x}"


def csv(*numbers: int, category: str = "A") -> bytes:
    return "\n".join(["algorithm,value,category,source,note", *(f"md5,{md5(each)},{category},," for each in numbers)]).encode()


def vics(*records: dict[str, Any]) -> bytes:
    return json.dumps({"@odata.context": CONTEXT, "value": list(records)}).encode()


def put(content: bytes, name: str = "Known", **how: Any) -> Loaded:
    return load(io.BytesIO(content), name, source="hotline", how=How(**how))


def held(name: str = "Known") -> set[tuple[str, str]]:
    return {
        (algorithm, bytes(value).hex()) for algorithm, value in Entry.objects.filter(hash_list__name=name).values_list("algorithm", "value")
    }


def coverage(name: str = "Known") -> dict[str, int]:
    return dict(HashList.objects.get(name=name).coverage.values_list("algorithm", "entries"))


def written(name: str, form: str, **how: Any) -> bytes:
    return b"".join(write(HashList.objects.get(name=name), Export(form, **how)))


def test_the_form_is_told_by_the_content() -> None:
    loaded = put(vics({"MD5": md5(1), "SHA1": sha1(1), "Category": 1}))
    assert (loaded.format, loaded.added, coverage()) == ("vics", 2, {"md5": 1, "sha1": 1})
    again = put(vics({"MD5": md5(1), "SHA1": sha1(1), "Category": 1}))
    assert (again.added, again.changed, again.known) == (0, 0, 2)
    changed = put(vics({"MD5": md5(1), "SHA1": sha1(1), "Category": 2, "Series": "S"}))
    assert (changed.added, changed.changed) == (0, 2)
    entry = Entry.objects.get(algorithm="sha1")
    assert (entry.category, entry.facts["series"], entry.item) == ("US 2", "S", f"md5:{md5(1)}")


@pytest.mark.parametrize(
    ("content", "why"), [(b"PK\x03\x04zip", "unpack it first"), (b"\x1f\x8bgzip", "unpack it first"), (b"hello", "Known are")]
)
def test_a_form_that_is_not_known_is_refused_with_what_to_do(content: bytes, why: str) -> None:
    with pytest.raises(Invalid) as fault:
        put(content)
    assert why in fault.value.remedy
    assert not HashList.objects.exists()


def test_what_is_left_out_is_counted_by_reason() -> None:
    loaded = put(vics({"MD5": md5(1), "Category": 0}, {"MD5": md5(2), "Category": 0}, {"Category": 1}))
    assert loaded.added == 0
    assert loaded.left_out == {"category 0, whose meaning was not said": 2, "it names nothing that can be looked up": 1}


def test_a_file_of_one_meaning_does_not_get_onto_a_list_of_another() -> None:
    put(csv(1), meaning="negative")
    put(csv(1), "Other", meaning="known")
    with pytest.raises(Conflict, match="does not belong"):
        put(vics({"MD5": md5(1)}), "Other")
    with pytest.raises(Conflict, match="means something else"):
        put(csv(2), meaning="alert")
    with pytest.raises(Conflict, match="does not belong"):
        put(f"INSERT INTO FILE {NAMES} VALUES ('','{sha1(1)}','',1,1);".encode())
    with pytest.raises(Invalid, match="none of"):
        put(csv(1), "Third", meaning="good")


def test_only_some_algorithms_are_loaded_where_that_is_asked() -> None:
    loaded = put(vics({"MD5": md5(1), "SHA1": sha1(1)}, {"MD5": md5(2)}), only=frozenset({"sha1"}))
    assert (loaded.added, coverage()) == (1, {"sha1": 1})
    assert loaded.left_out == {"no hash of the algorithms that were asked for": 1}


def test_a_full_file_takes_out_what_it_does_not_name() -> None:
    put(csv(*range(1, 11)))
    loaded = put(csv(*range(2, 12)), mode="full")
    assert (loaded.added, loaded.removed, loaded.kept) == (1, 1, False)
    assert held() == {("md5", md5(each)) for each in range(2, 12)}
    assert coverage() == {"md5": 10}
    gone = Removed.objects.get()
    assert (bytes(gone.value).hex(), gone.why, gone.removed_by, gone.category) == (md5(1), "full-load", "system:lists", "A")


def test_a_full_file_that_names_almost_nothing_changes_nothing() -> None:
    put(csv(*range(1, 11)))
    with pytest.raises(Conflict, match="9 would be taken out"):
        put(csv(1, 11), mode="full")


def test_a_full_file_may_be_said_to_name_little() -> None:
    put(csv(*range(1, 11)))
    assert put(csv(1), mode="full", most_removed=1.0).removed == 9


def test_a_full_file_of_which_not_all_was_read_takes_nothing_out() -> None:
    put(csv(1, 2))
    loaded = put(csv(1) + b"\nmd5,nonsense,A,,", mode="full", most_removed=1.0)
    assert (loaded.removed, loaded.refused, loaded.kept) == (0, 1, True)
    assert len(held()) == 2


def delta(*statements: str) -> bytes:
    return ("BEGIN;" + ";".join(statements) + ";COMMIT;").encode()


def row(number: int, package: int) -> str:
    return f"INSERT INTO FILE {NAMES} VALUES ('', '{sha1(number)}', '{md5(number)}', 4096, {package})"


def test_a_known_file_stays_known_until_its_last_package_is_gone() -> None:
    loaded = put(delta(row(1, 10), row(1, 11), row(2, 10)), "NSRL")
    assert (loaded.format, loaded.added) == ("nsrl3-delta", 4)
    assert HashList.objects.get().meaning == "known"
    assert Naming.objects.count() == 2
    put(delta(f"DELETE FROM FILE WHERE sha1 = '{sha1(1)}' AND md5 = '{md5(1)}' AND package_id = 10"), "NSRL")
    assert ("sha1", sha1(1)) in held("NSRL")
    assert (Naming.objects.count(), set(Entry.objects.filter(value=bytes.fromhex(sha1(1))).values_list("item", flat=True))) == (
        0,
        {"package:11"},
    )
    put(delta(f"DELETE FROM FILE WHERE sha1 = '{sha1(1)}' AND md5 = '{md5(1)}' AND package_id = 11"), "NSRL")
    assert held("NSRL") == {("sha1", sha1(2)), ("md5", md5(2))}
    assert coverage("NSRL") == {"sha1": 1, "md5": 1}


def test_a_delta_that_moves_a_file_to_another_package_keeps_it_known() -> None:
    put(delta(row(1, 10)), "NSRL")
    entry = Entry.objects.get(algorithm="sha1").id
    put(delta(f"UPDATE FILE SET package_id = 11 WHERE sha1 = '{sha1(1)}' AND package_id = 10"), "NSRL")
    assert ("sha1", sha1(1)) in held("NSRL")
    assert Entry.objects.get(algorithm="sha1").id != entry  # removed and added: an id is never given again


def test_a_full_set_in_sqlite_and_then_another(tmp_path: Path) -> None:
    def database(name: str, rows: Iterable[tuple[int, int]]) -> Path:
        path = tmp_path / name
        with sqlite3.connect(path) as made:
            made.execute(
                "CREATE TABLE FILE (sha256 TEXT, sha1 TEXT, md5 TEXT, crc32 TEXT, file_name TEXT, file_size INTEGER, package_id INTEGER)"
            )
            made.executemany(
                "INSERT INTO FILE VALUES (NULL, ?, ?, '', 'a', 1, ?)", [(sha1(each), md5(each), package) for each, package in rows]
            )
        made.close()
        return path

    with database("first.db", [(1, 10), (1, 11), (2, 10), (3, 10)]).open("rb") as stream:
        first = load(stream, "NSRL", source="NIST", how=How())
    assert (first.format, first.added) == ("nsrl3", 6)
    with database("second.db", [(1, 11), (2, 12), (4, 10)]).open("rb") as stream:
        second = load(stream, "NSRL", source="NIST", how=How(mode="full", most_removed=0.5))
    assert (second.added, second.removed) == (2, 2)
    assert held("NSRL") == {(name, of(each)) for each in (1, 2, 4) for name, of in (("md5", md5), ("sha1", sha1))}
    assert Naming.objects.count() == 0
    assert set(Entry.objects.values_list("item", flat=True)) == {"package:10", "package:11", "package:12"}


XML = '<queryResult xmlns="https://hashsharing.ncmec.org/hashsharing/v2"><images>{}</images></queryResult>'


def image(member: int, name: str, *prints: str) -> str:
    told = "".join(f"<md5>{each}</md5>" if len(each) == 32 else f"<sha1>{each}</sha1>" for each in prints)
    return f'<image><member id="{member}">M</member><id>{name}</id><classification>A1</classification><fingerprints>{told}</fingerprints></image>'


def gone(member: int, name: str) -> str:
    return f'<deletedImage><member id="{member}">M</member><id>{name}</id></deletedImage>'


def test_a_tombstone_takes_back_what_that_member_said_and_no_more() -> None:
    put(XML.format(image(1, "a", md5(1), sha1(1)) + image(2, "b", md5(1))).encode())
    put(XML.format(gone(1, "a")).encode())
    assert held() == {("md5", md5(1))}
    assert Entry.objects.get().item == "2:b"
    put(XML.format(gone(2, "b")).encode())
    assert held() == set()
    assert set(Removed.objects.values_list("why", flat=True)) == {"taken-back"}


def test_an_entry_told_anew_loses_the_hashes_that_it_no_longer_has() -> None:
    put(XML.format(image(1, "a", md5(1), sha1(1))).encode())
    put(XML.format(image(1, "a", md5(2))).encode())
    assert held() == {("md5", md5(2))}


def test_what_is_told_and_taken_back_in_one_file_ends_as_the_file_ends() -> None:
    put(XML.format(image(1, "a", md5(1)) + gone(1, "a") + image(1, "a", md5(2)) + image(2, "b", md5(3)) + gone(2, "b")).encode())
    assert held() == {("md5", md5(2))}


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=20)
HASHES = {"md5": 16, "sha1": 20, "sha256": 32, "pdq": 32}
BY_TYPE: dict[type, st.SearchStrategy[Any]] = {str: TEXT.filter(bool), int: st.integers(0, 1 << 30), bool: st.booleans()}
IN_FORM = {
    "vics-2.0": ("md5", "sha1", "sha256", "pdq"),
    "vics-1.3": ("md5", "sha1", "sha256", "pdq"),
    "icse": ("md5", "sha1"),
    "ncmec": ("md5", "sha1", "sha256", "pdq"),
    "csv": ("md5", "sha1", "sha256", "pdq"),
}
FACTS_OF = {
    "vics": ("media_type", "size", "series", "tags", "victim_identified", "offender_identified", "distributed", "suspected",
             "self_generated", "precategorized", "precategorized_by", "updated"),
    "icse": ("distributed", "victim_identified", "offender_identified", "series", "submissions", "file_available", "media_type"),
}  # fmt: skip


@st.composite
def items(draw: st.DrawFn, form: str) -> list[Item]:
    """Items that the form has a place for, no two of which share a hash."""
    told = []
    for number in range(draw(st.integers(1, 6))):
        algorithms = draw(st.lists(st.sampled_from(IN_FORM[form]), min_size=1, max_size=4, unique=True))
        digests = tuple(
            (each, bytes([number]) + draw(st.binary(min_size=HASHES[each] - 1, max_size=HASHES[each] - 1)))
            for each in sorted(algorithms, key=list(HASHES).index)
        )
        names = FACTS_OF.get(form.partition("-")[0], ())
        facts = {name: draw(BY_TYPE[FACTS[name]]) for name in draw(st.lists(st.sampled_from(names), unique=True))} if names else {}
        told.append(
            Item(
                number,
                digests,
                "US 2" if form.startswith("vics") else draw(TEXT.filter(bool)),
                "hotline",
                "" if form in {"icse", "ncmec"} else draw(TEXT),
                f"k{number}",
                facts,
            )
        )
    return told


def everything(name: str) -> list[Any]:
    """What a list says, but for how its items are named."""
    return sorted(
        (sorted(each.digests), each.category, each.source, each.note, sorted(each.facts.items()))
        for each in items_of(HashList.objects.get(name=name))
    )


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_written_and_loaded_again_says_the_same(form: str, data: st.DataObject) -> None:
    from grace.matching.change import Change
    from grace.matching.load import list_to_fill

    HashList.objects.all().delete()
    change = Change(list_to_fill("First", "hotline", "", None), "system:test", "test")
    for item in data.draw(items(form)):
        change.add(item)
    change.finish()
    how = {"scale": "US"} if form.startswith("vics") else {}
    put(written("First", form, **how), "Second", **how)
    put(written("Second", form, **how), "Third", **how)
    assert held("First") == held("Second") == held("Third")
    assert everything("Second") == everything("Third")
    assert put(written("Second", form, **how), "Second", **how).changed == 0


def test_entries_of_one_item_are_one_record_again() -> None:
    put(vics({"MD5": md5(1), "SHA1": sha1(1), "Category": 1}, {"MD5": md5(2)}))
    records = json.loads(written("Known", "vics-2.0", scale="US"))["value"]
    assert [(each["Category"], each["MD5"], each.get("SHA1")) for each in records] == [(1, md5(1), sha1(1)), (None, md5(2), None)]


def test_a_long_list_is_written_in_pieces() -> None:
    put(csv(*range(12_000)))
    pieces = 0
    for _ in write(HashList.objects.get(), Export("csv")):
        pieces += 1
    assert pieces == 12_001
