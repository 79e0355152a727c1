import io

import pytest

from grace.intake.formats import json_document as limits
from grace.intake.formats import room
from grace.intake.formats.json_document import parse
from grace.intake.formats.lea_json import FORMAT
from grace.sdk.intake import Report, Unreadable
from grace.sdk.testing import package


def refusal(content: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        parse(io.BytesIO(content))
    return refused.value.code


def report(content: str | bytes) -> Report:
    raw = content.encode() if isinstance(content, str) else content
    return FORMAT.read(package({"report.json": raw}))[0].report


def refused_when_read(content: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        report(content)
    return refused.value.code


def leaves(found: Report) -> dict[str, tuple[str, bool]]:
    return {leaf.path: (leaf.value, leaf.known) for leaf in found.leaves}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf  ", "empty"),
        (b"[]", "not-an-object"),
        (b'"text"', "not-an-object"),
        (b'{"a": ', "truncated"),
        (b'{"a": "b', "truncated"),
        (b'{"a": 1}}', "malformed"),
        (b"{'a': 1}", "malformed"),
        (b'{"a": "\xff"}', "not-unicode"),
        (b'{"a":' * 100_000, "too-deep"),
        (b"[" * 100_000, "too-deep"),
    ],
)
def test_what_is_no_document_is_refused_with_a_stable_code(content: bytes, code: str) -> None:
    assert refusal(content) == code


def test_reasons_hold_nothing_that_the_document_says() -> None:
    with pytest.raises(Unreadable) as refused:
        parse(io.BytesIO(b'{"secret": secret}'))
    assert "secret" not in refused.value.message


def test_size_and_number_of_values_have_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MAX_BYTES", 10)
    assert refusal(b'{"a": "0123456789"}') == "too-large"
    monkeypatch.setattr(room, "MAX_BYTES", 1000)
    monkeypatch.setattr(room, "MAX_VALUES", 7)
    assert refused_when_read(b'{"reportedInformation": {}, "a": [1,2,3,4,5,6]}') == "too-many-values"
    monkeypatch.setattr(limits, "MAX_COMMAS", 3)
    assert refusal(b'{"a": [1,2,3,4,5]}') == "too-many-values"


def test_what_a_package_holds_has_the_limits_of_one_document(monkeypatch: pytest.MonkeyPatch) -> None:
    document = b'{"reportedInformation": {"other": [1,2,3]}}'
    members = {f"{number}.json": document for number in range(4)}
    assert len(FORMAT.read(package(members))) == 4
    for name, most, code in (("MAX_BYTES", 4 * len(document) - 1, "too-large"), ("MAX_VALUES", 19, "too-many-values")):
        with monkeypatch.context() as changed:
            changed.setattr(room, name, most)
            with pytest.raises(Unreadable) as refused:
                FORMAT.read(package(members))
            assert refused.value.code == code


@pytest.mark.parametrize("depth", [1, 90])
def test_keys_that_would_make_paths_endless_are_refused(depth: int) -> None:
    key = "k" * 1_001
    assert refused_when_read(b'{"reportedInformation": ' + f'{{"{key}":'.encode() * depth + b"1" + b"}" * (depth + 1)) == "too-large"


def test_long_keys_around_many_values_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MAX_CHARACTERS", 100_000)
    values = b"1" + b",1" * 200
    assert refused_when_read(b'{"reportedInformation": {"' + b"k" * 900 + b'": [' + values + b"]}}") == "too-many-values"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings(encoding: str) -> None:
    found = report('{"reportId": 7, "reportedInformation": {"reportingEsp": {"espName": "Prövider"}}}'.encode(encoding))
    assert (found.number, found.sender) == ("7", "Prövider")


def test_numbers_are_kept_as_written() -> None:
    text = '{"reportId": 1.10, "reportedInformation": {}, "a": %s, "b": NaN, "c": -Infinity, "d": 1e999}' % ("9" * 10_000)
    shown = {path: value for path, (value, _) in leaves(report(text)).items()}
    assert (shown["$.reportId"], shown["$.b"], shown["$.c"], shown["$.d"]) == ("1.10", "NaN", "-Infinity", "1e999")
    assert shown["$.a"] == "9" * 10_000
    assert all(type(leaf.value) is str for leaf in report(text).leaves)


def test_a_key_twice_keeps_both_values_and_is_noted() -> None:
    found = report('{"reportId": 1, "reportId": 2, "reportId": 3, "reportedInformation": {}}')
    assert found.number == "1"
    assert leaves(found)["$['reportId (repeated 2)']"] == ("2", False)
    assert leaves(found)["$['reportId (repeated 3)']"] == ("3", False)
    assert "duplicate-key" in {note.code for note in found.notes}


def test_odd_keys_have_paths_that_tell_them_apart() -> None:
    found = report('{"reportedInformation": {}, "a.b": 1, "it\'s": 2, "": 3, "a": {"b": 4}}')
    assert {path for path in leaves(found) if path != "$.reportedInformation"} == {"$['a.b']", "$['it\\'s']", "$['']", "$.a.b"}


def test_nul_and_lone_surrogates_are_shown() -> None:
    found = report(b'{"reportId": "a\\u0000b\\ud83d", "reportedInformation": {"k\\u0000": "x\x00"}}')
    assert found.number == "a\u2400b\ufffd"
    assert leaves(found)["$.reportedInformation['k\u2400']"] == ("x\u2400", False)


def test_surrogate_pairs_are_one_character() -> None:
    assert report('{"reportId": "\\ud83e\\ude81", "reportedInformation": {}}').number == "\U0001fa81"


@pytest.mark.parametrize("stated", ["null", '"N/A"', '" n/a "', '""', "[]", "{}", "[null]"])
def test_not_stated_has_many_spellings(stated: str) -> None:
    found = report(f'{{"reportId": {stated}, "reportedInformation": {{"reportingEsp": {stated}}}}}')
    assert (found.number, found.sender) == (None, "")
    assert {note.code for note in found.notes} == {"number-missing", "sender-missing"}


def test_known_and_unknown_places_of_the_document() -> None:
    found = report(
        '{"reportedInformation": {"reportedPeople": {"reportedPersons": [{"firstName": "A", "shoeSize": {"eu": [44]}, "languages": ["nl"],'
        ' "screenName": "plain", "emails": "N/A"}]}}}'
    )
    at = "$.reportedInformation.reportedPeople.reportedPersons[0]"
    known = {path.removeprefix(at): known for path, (_, known) in leaves(found).items()}
    assert known == {".firstName": True, ".shoeSize.eu[0]": False, ".languages[0]": True, ".screenName": True, ".emails": True}
