from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.utils import translation

import grace
from grace.evidence.decoding.port import Reason
from grace.intake.formats.lea_json.schema import PERSON_FIELDS, PERSON_LISTS
from grace.sdk.signals import KINDS
from grace.web import elsewhere, words


def remarks() -> Iterator[str]:
    """The texts of all notes that readers make."""
    for file in (Path(grace.__file__).parent / "intake").rglob("*.py"):
        if file.name.startswith("test_"):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Note":
                yield from (str(each.value) for each in node.args[2:3] if isinstance(each, ast.Constant))


def test_what_other_rooms_say_is_gathered_word_for_word() -> None:
    assert set(elsewhere.SIGNALS) == {kind.meaning for kind in KINDS.values()}
    assert set(elsewhere.NOT_DECODED) == {reason.value for reason in Reason}
    assert set(elsewhere.NOTES) == set(remarks())
    assert set(elsewhere.FIELDS) >= {name.replace("_", " ") for name in (*PERSON_FIELDS.values(), *PERSON_LISTS.values())}


def test_it_is_shown_in_the_language_of_the_reader() -> None:
    with translation.override("de"):
        assert words.said("The schema does not list this value.") == "Das Schema führt diesen Wert nicht auf."
        assert words.not_decoded("not decoded: no decoder for this format") == "nicht dekodiert: kein Decoder für dieses Format"
        assert words.said("") == ""
