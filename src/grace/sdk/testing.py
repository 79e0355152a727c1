"""The contracts as tests: inherit one in a class whose name starts with ``Test``, name the plug-in, and run pytest.

    class TestMyFormat(IntakeFormatContract):
        format = FORMAT

Standard library only, so that a plug-in can be tested where GRACE is not installed.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from typing import cast
from xml.etree import ElementTree as ET

from grace.sdk.analysis import (
    MOST_FACTS,
    MOST_FINGERPRINT,
    MOST_SEEN,
    MOST_VALUE,
    Analyser,
    AskingAnalyser,
    Content,
    Finding,
    Fingerprint,
    Frames,
    Hasher,
    Picture,
    Seen,
    Sound,
    Subject,
    Takes,
    Text,
)
from grace.sdk.fields import FIELDS, stated
from grace.sdk.intake import Bytes, IntakeFormat, Package, Reading, Unreadable
from grace.sdk.signals import Basis
from grace.sdk.text import storable

_SEED = 2
_CUTS = 64
_MUTATIONS = 300
GARBAGE: tuple[Mapping[str, bytes], ...] = (
    {"empty": b""},
    {"note.txt": b"Dear colleague, nothing to report today."},
    {"picture.png": b"\x89PNG\r\n\x1a\n" + bytes(64)},
    {"list.json": b"[1, 2, 3]"},
    {"page.xml": b"<html><body><p>Hello</p></body></html>"},
    {"a.txt": b"one", "b.bin": bytes(range(256))},
)
"""Packages that are no report in any format."""


def package(contents: Mapping[str, bytes]) -> Package:
    """A package of bytes in memory."""
    return {name: Bytes(name, content) for name, content in contents.items()}


class IntakeFormatContract:
    """What every intake format must keep. ``values`` may be overridden for documents that are neither JSON nor XML."""

    format: IntakeFormat
    own: frozenset[str] = frozenset()
    """Fields in which the document speaks of itself, not of what others report too: they contradict nobody."""

    def test_it_names_itself(self) -> None:
        """Name and version are texts; there is at least one example."""
        assert isinstance(self.format.name, str)
        assert self.format.name
        assert isinstance(self.format.version, str)
        assert self.format.version
        assert self.format.examples()

    def test_it_recognises_and_reads_its_examples(self) -> None:
        """Each example gives readings of this format, from members of the package."""
        for example in self.format.examples():
            opened = package(example)
            assert 0 < self.format.recognises(opened) <= 1
            for reading in self._read(example):
                assert reading.report.format == self.format.name
                assert reading.documents
                assert set(reading.documents) <= opened.keys()

    def test_files_inside_documents_have_names_of_their_own(self) -> None:
        """What a document carries within itself can be opened, and is told apart from the members of the package."""
        for example in self.format.examples():
            inside = [member for reading in self._read(example) for member in reading.files]
            names = [member.name for member in inside]
            assert len({*names, *example}) == len(names) + len(example)
            for member in inside:
                with member.open() as stream:
                    assert len(stream.read()) == member.size

    def test_it_carries_what_its_examples_state(self) -> None:
        """``carries`` has published names only, and every field in which an example states something, but for its ``own``."""
        assert isinstance(self.format.carries, frozenset)
        assert not self.format.carries - FIELDS.keys()
        for example in self.format.examples():
            for reading in self._read(example):
                assert not stated(reading.report) - self.format.carries - self.own

    def test_it_does_not_recognise_garbage(self) -> None:
        """What is no report is nobody's, and reading it anyhow raises ``Unreadable``."""
        for contents in GARBAGE:
            assert self.format.recognises(package(contents)) == 0, contents
            self._read_or_refuse(contents)

    def test_the_same_bytes_give_the_same_reading(self) -> None:
        """A reading depends on nothing but the bytes."""
        for example in self.format.examples():
            assert self._read(example) == self._read(example)

    def test_every_value_is_a_leaf(self) -> None:
        """Nothing that a sender wrote is lost, and each leaf has a path of its own."""
        for example in self.format.examples():
            readings = self._read(example)
            leaves = [leaf for reading in readings for leaf in reading.report.leaves]
            shown = {leaf.value for leaf in leaves}
            for name in {name for reading in readings for name in reading.documents}:
                assert not set(self.values(example[name])) - shown
            for reading in readings:
                assert len({leaf.path for leaf in reading.report.leaves}) == len(reading.report.leaves)

    def test_only_unreadable_escapes_from_a_cut_document(self) -> None:
        """Wherever a document is cut off, it is read or refused."""
        for name, content in self._documents():
            for cut in sorted({*range(0, len(content), max(1, len(content) // _CUTS)), len(content) - 1}):
                self._read_or_refuse({name: content[:cut]})

    def test_only_unreadable_escapes_from_a_mutated_document(self) -> None:
        """Bytes changed, dropped, doubled or moved: read or refused, never another error."""
        chance = random.Random(_SEED)  # noqa: S311 - the same mutations in each run
        for name, content in self._documents():
            for _ in range(_MUTATIONS):
                self._read_or_refuse({name: mutate(content, chance)})

    def test_every_text_can_be_stored(self) -> None:
        """No text holds NUL or a lone surrogate, whatever the document holds."""
        for name, content in self._documents():
            for reading in self._read_or_refuse({name: content.replace(b"e", b"\\u0000", 3)}):
                assert all(storable(text) == text for text in texts(reading))

    def values(self, document: bytes) -> Iterator[str]:
        """Every value of an example's document, found without the format's own code."""
        text = document.decode("utf-8-sig")
        if text.lstrip().startswith("<"):
            for element in ET.fromstring(text).iter():  # noqa: S314 - the plug-in author's own example
                yield from element.attrib.values()
                if len(element) == 0:
                    yield element.text or ""
        else:
            yield from _scalars(json.loads(text, parse_int=str, parse_float=str))

    def _documents(self) -> Iterator[tuple[str, bytes]]:
        for example in self.format.examples():
            for reading in self._read(example):
                for name in reading.documents:
                    yield name, example[name]

    def _read(self, contents: Mapping[str, bytes]) -> tuple[Reading, ...]:
        return self.format.read(package(contents))

    def _read_or_refuse(self, contents: Mapping[str, bytes]) -> tuple[Reading, ...]:
        try:
            return self._read(contents)
        except Unreadable as refused:
            _check_reason(refused)
            return ()


def _check_reason(refused: Unreadable) -> None:
    assert refused.code
    assert refused.message


def mutate(content: bytes, chance: random.Random) -> bytes:
    """The bytes with one small accident."""
    start = chance.randrange(len(content))
    end = min(len(content), start + chance.choice((1, 1, 2, 8, 64)))
    accidents = (
        bytes(chance.randrange(256) for _ in range(end - start)),
        b"",
        content[start:end] * 3,
        b"\x00",
        b"9" * 5000,
        b'"' if chance.random() < 0.5 else b"<",
        content[chance.randrange(len(content)) :][:64],
    )
    return content[:start] + chance.choice(accidents) + content[end:]


def texts(value: object) -> Iterator[str]:
    """Every text in a tree of dataclasses, tuples and mappings."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from texts(item)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from texts(key)
            yield from texts(item)
    elif is_dataclass(value) and not isinstance(value, type):
        for part in fields(value):
            yield from texts(getattr(value, part.name))


def _scalars(tree: object) -> Iterator[str]:
    if isinstance(tree, dict):
        for item in tree.values():
            yield from _scalars(item)
    elif isinstance(tree, list):
        for item in tree:
            yield from _scalars(item)
    else:
        yield tree if isinstance(tree, str) else json.dumps(tree)


def gradient(width: int = 64, height: int = 48) -> Picture:
    """A benign picture: a gradient in three colours."""
    rows = (bytes((x * 4 % 256, y * 5 % 256, (x + y) * 2 % 256)) for y in range(height) for x in range(width))
    return Picture(width, height, b"".join(rows))


class HasherContract:
    """What every perceptual hasher must keep."""

    hasher: Hasher

    def test_it_names_itself(self) -> None:
        """Algorithm and version are texts."""
        assert self.hasher.algorithm
        assert self.hasher.version

    def test_the_same_picture_gives_the_same_fingerprint(self) -> None:
        """A fingerprint depends on the pixels only."""
        assert self.hasher.fingerprint(gradient()) == self.hasher.fingerprint(gradient())

    def test_a_fingerprint_is_whole(self) -> None:
        """It names its algorithm, has one length whatever the picture, and a quality of 0 to 100."""
        sizes = ((64, 48), (48, 64), (128, 128))
        fingerprints = [self.hasher.fingerprint(gradient(*size)) for size in sizes]
        assert {fingerprint.algorithm for fingerprint in fingerprints} == {self.hasher.algorithm}
        assert len({len(fingerprint.value) for fingerprint in fingerprints}) == 1
        assert all(0 <= fingerprint.quality <= 100 for fingerprint in fingerprints)

    def test_wrong_sizes_are_refused(self) -> None:
        """Pixels that are not width times height times three raise ``ValueError``."""
        for picture in (Picture(2, 2, b"\x00" * 11), Picture(0, 0, b""), Picture(-1, -1, b"\x00" * 3)):
            try:
                self.hasher.fingerprint(picture)
            except ValueError:
                continue
            raise AssertionError(picture)


SUBJECTS: tuple[Subject, ...] = (
    Content("image/png", b"\x89PNG\r\n\x1a\n" + bytes(64)),
    Content("application/octet-stream", b""),
    Content("application/octet-stream", bytes(range(256)) * 5),
    gradient(),
    Picture(1, 1, bytes(3)),
    Frames(((0, gradient()), (2_000, gradient(48, 64))), 4_000),
    Frames((), 0),
    Sound(16_000, bytes(32_000)),
    Sound(16_000, b""),
    Text("passage:1", "A neutral sentence about the weather."),
    Text("passage:2", ""),
)
"""One and more of everything; some hardly anything."""
_CLASSES = {Takes.CONTENT: Content, Takes.PICTURE: Picture, Takes.FRAMES: Frames, Takes.SOUND: Sound, Takes.TEXT: Text}


class AnalyserContract:
    """What every analyser must keep. ``subjects`` are what it is tried on beside the usual ones; add some that it has something to say of."""

    analyser: Analyser | AskingAnalyser
    subjects: tuple[Subject, ...] = ()

    def ask(self, program: str, task: str, content: bytes, /) -> bytes:
        """What an external program would write; for an analyser that names ``programs``, override it with what the tests need."""
        raise AssertionError(f"{program} {task} of {len(content)} bytes")

    def test_it_names_itself(self) -> None:
        """Name, version and licence are texts, it takes something, and says in words what it gives."""
        info = self.analyser.info
        assert info.name
        assert info.version
        assert info.licence
        assert info.takes in Takes
        assert info.gives
        assert all(kind and meaning for kind, meaning in info.gives.items())
        assert info.most_side > 0

    def test_it_has_something_to_say(self) -> None:
        """Of at least one subject."""
        assert any(self._seen(subject) for subject in self._taken())

    def test_the_same_subject_gives_the_same_answer(self) -> None:
        """It keeps no state between subjects."""
        first = [self._seen(subject) for subject in self._taken()]
        assert first == [self._seen(subject) for subject in self._taken()]

    def test_it_says_what_it_told_and_no_more(self) -> None:
        """Kinds that it named, within the bounds; nobody speaks for a sender or an officer; sureness lies between 0 and 1."""
        for subject in self._taken():
            seen = self._seen(subject)
            assert len(seen) <= MOST_SEEN
            for each in seen:
                if isinstance(each, Fingerprint):
                    assert each.algorithm in self.analyser.info.gives
                    assert 0 < len(each.value) <= MOST_FINGERPRINT
                    assert 0 <= each.quality <= 100
                    continue
                assert each.kind in self.analyser.info.gives
                assert each.basis in {Basis.OBSERVED, Basis.MODEL}
                assert each.confidence is None or 0 <= each.confidence <= 1
                assert len(each.facts) <= MOST_FACTS
                assert all(storable(text) == text for text in _texts(each))
                assert all(len(text) <= MOST_VALUE for text in _texts(each))

    def test_what_it_does_not_take_is_refused(self) -> None:
        """A subject of another kind raises ``TypeError``."""
        taken = self._taken()
        for subject in (*SUBJECTS, *self.subjects):
            if subject in taken:
                continue
            try:
                self._examined(subject)
            except TypeError:
                continue
            raise AssertionError(subject)

    def test_damaged_content_is_borne(self) -> None:
        """Content that was cut short or changed anywhere gives an answer or ``ValueError``, nothing else."""
        changes = random.Random(_SEED)  # noqa: S311 - places to break, no secret
        for subject in self._taken():
            if not isinstance(subject, Content) or not subject.content:
                continue
            for _ in range(_CUTS):
                broken = bytearray(subject.content[: changes.randrange(len(subject.content)) + 1])
                broken[changes.randrange(len(broken))] = changes.randrange(256)
                with suppress(ValueError):
                    self._examined(Content(subject.media_type, bytes(broken)))

    def _taken(self) -> tuple[Subject, ...]:
        self.analyser.warm_up()
        wanted = _CLASSES[self.analyser.info.takes]
        return tuple(subject for subject in (*SUBJECTS, *self.subjects) if isinstance(subject, wanted))

    def _examined(self, subject: Subject) -> Seen:
        if self.analyser.info.programs:
            return cast("AskingAnalyser", self.analyser).examine(subject, self.ask)
        return cast("Analyser", self.analyser).examine(subject)

    def _seen(self, subject: Subject) -> Seen:
        try:
            seen = self._examined(subject)
        except ValueError:
            return ()
        assert isinstance(seen, tuple)
        return seen


def _texts(finding: Finding) -> tuple[str, ...]:
    return (finding.value, finding.where, *finding.facts.keys(), *finding.facts.values())
