#!/usr/bin/env python3
"""Check an export of a GRACE ledger. Needs Python 3.11 and the package ``cryptography``, nothing else: copy this file alone.

    python verify_ledger.py EXPORT --key PUBLIC.pem [--key OLDER.pem …] [--held CHECKPOINT.txt …]

PUBLIC.pem is the ledger's Ed25519 public key, obtained from the agency by another way than the export. A checkpoint that you
kept from earlier, given by ``--held``, also shows that nothing before it was rewritten by somebody who holds the key.
What is checked, line by line and in constant memory:

- the spelling: each line is canonical JSON with exactly the known keys, each value of its form; nothing is skipped or guessed;
- each entry against its leaf: SHA-256 of salt and entry;
- the leaves, by RFC 6962, against the root in every signed checkpoint, of which the last covers all: nothing edited,
  removed, reordered or added; leaves of pruned entries too, and no entry is missing but those that an entry announces;
- the signature over the whole file.

Exit status 0: all of it holds. 1: it does not; the first fault is printed. 2: it could not be checked.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from base64 import b64decode, b64encode
from binascii import unhexlify
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

LONGEST_LINE = 1 << 20
"""Bytes; the longest line that a ledger can hold is a quarter of it."""
KINDS = frozenset({"COLLECTION", "ALTERATION", "CONSULTATION", "DISCLOSURE", "COMBINATION", "ERASURE"})
PRUNING = b"ledger.prune"

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"), check_circular=False).encode
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")
_HEADER = re.compile(
    r'\{"format":"grace-ledger","made_at":"(?P<made_at>[^"\\]{27})","origin":"(?P<origin>[a-z0-9.-]{1,127})","size":(?P<size>0|[1-9][0-9]{0,17}),"version":1\}\n'
)
_NOTE = re.compile(
    r"(?P<body>(?P<origin>[^\n ]+)\n(?P<size>0|[1-9][0-9]{0,17})\n(?P<digest>[A-Za-z0-9+/]{43}=)\n(?P<time>time (?P<at>[^\n]{27})\n))"
    r"\n— (?P<name>[^\n ]+) (?P<signature>[A-Za-z0-9+/]{91}=)\n"
)
_WORD = rb'"[!#-\[\]-~]*"'  # printable ASCII without blank, quote and backslash: codes, references, digests; so nothing is ever escaped
_PAIR = rb"%b:%b" % (_WORD, _WORD)
_ENTRY = re.compile(
    rb'\{"entry":(?P<entry>\{"act":(?P<act>%(word)b),"actor":%(word)b,"at":"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z",'
    rb'"denied":(?P<denied>true|false),"detail":\{(?P<detail>(?:%(pair)b(?:,%(pair)b)*)?)\},'
    rb'"id":"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}","kind":"(?P<kind>%(kinds)b)","purpose":%(word)b,"recipient":%(word)b,'
    rb'"subjects":\[(?:%(word)b(?:,%(word)b)*)?\]\}),'
    rb'"leaf":"(?P<leaf>[0-9a-f]{64})","salt":"(?P<salt>[0-9a-f]{32})","seq":(?P<seq>0|[1-9][0-9]{0,17})\}\n'
    % {b"word": _WORD, b"pair": _PAIR, b"kinds": "|".join(sorted(KINDS)).encode()}
)
"""An entry's line, whole: the canonical spelling of exactly these fields matches, and nothing else but an unsorted detail."""
_DETAIL = re.compile(rb'"([^"]*)":"([^"]*)"')
_PRUNED = re.compile(rb'\{"leaf":"([0-9a-f]{64})","pruned":true,"seq":(0|[1-9][0-9]{0,17})\}\n')


class Fault(Exception):
    """The export is not what the ledger signed; the text says what and where."""


@dataclass(frozen=True, slots=True)
class Note:
    """A signed statement: of ``origin``, a size, a SHA-256 and when."""

    origin: str
    size: int
    digest: bytes
    at: str


@dataclass(slots=True)
class Report:
    """What was found to hold."""

    origin: str = ""
    entries: int = 0
    pruned: int = 0
    prunings: int = 0
    checkpoints: int = 0
    held: int = 0
    signed_at: str = ""
    kinds: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        counted = ", ".join(f"{count} {kind.lower()}" for kind, count in self.kinds.items() if count)
        return (
            f"The ledger {self.origin} holds: {self.entries} entries ({counted}), of them {self.pruned} pruned in {self.prunings} announced"
            f" prunings; {self.checkpoints} signed checkpoints, {self.held} held ones matched; signed {self.signed_at}."
        )


class _Tree:
    """The root of a growing RFC 6962 tree, as the roots of its complete subtrees."""

    def __init__(self) -> None:
        self.size = 0
        self._roots: list[bytes] = []

    def push(self, leaf: bytes) -> None:
        found, joins = sha256(b"\x00" + leaf).digest(), self.size
        while joins & 1:
            found = sha256(b"\x01" + self._roots.pop() + found).digest()
            joins >>= 1
        self._roots.append(found)
        self.size += 1

    def root(self) -> bytes:
        if not self._roots:
            return sha256(b"").digest()
        found = self._roots[-1]
        for left in self._roots[-2::-1]:
            found = sha256(b"\x01" + left + found).digest()
        return found


class _Check:
    """One pass over an export."""

    def __init__(self, keys: Sequence[Ed25519PublicKey], held: Sequence[str]) -> None:
        self.keys = keys
        self.tree = _Tree()
        self.report = Report(held=len(held))
        self.size = 0
        self.covered = 0
        self.kinds = dict.fromkeys((kind.encode() for kind in KINDS), 0)
        self.announced = (0, 0)  # by prunings: below which leaf, and how many entries in all
        self.last_pruned = -1
        self.held: dict[int, list[bytes]] = {}
        for text in held:
            note = self.read_note(text, "the checkpoint that you hold")
            self.held.setdefault(note.size, []).append(note.digest)
            self.report.origin = note.origin

    def run(self, lines: Iterable[bytes]) -> Report:
        """Check every line; returns what holds, or raises :class:`Fault`."""
        walk = iter(lines)
        seen = sha256()
        header = next(walk, b"")
        seen.update(header)
        self.read_header(header)
        self.match_held()
        for number, line in enumerate(walk, 2):
            if line.startswith(b'{"end":'):
                self.read_end(line, seen.digest(), number)
                if next(walk, None) is not None:
                    raise Fault(f"Line {number + 1}: there is something after the end.")
                return self.report
            seen.update(line)
            self.read_line(line, number)
        raise Fault("The export has no end: it was cut off, or lines were removed.")

    def read_header(self, line: bytes) -> None:
        found = _HEADER.fullmatch(_text(line, 1))
        if not found or not _MOMENT.fullmatch(found["made_at"]):
            raise Fault("Line 1: this is no export of a GRACE ledger, version 1.")
        if self.report.origin not in {"", found["origin"]}:
            raise Fault(f"The export is of the ledger {found['origin']}, the checkpoint that you hold of {self.report.origin}.")
        self.report.origin, self.size = found["origin"], int(found["size"])

    def read_line(self, line: bytes, number: int) -> None:
        if line.startswith(b'{"entry":'):
            leaf, seq = self.read_entry(line, number)
        elif line.startswith(b'{"leaf":'):
            leaf, seq = self.read_pruned(line, number)
        else:
            self.read_checkpoint(line, number)
            return
        if seq != self.tree.size:
            raise Fault(f"Line {number}: entry {seq} stands where entry {self.tree.size} belongs: removed, reordered or added.")
        self.tree.push(leaf)
        self.match_held()

    def read_entry(self, line: bytes, number: int) -> tuple[bytes, int]:
        found = _ENTRY.fullmatch(line)
        if not found:
            raise Fault(f"Line {number}: an entry that is not spelled as the ledger spells it.")
        entry, act, denied, detail, kind, leaf_hex, salt_hex, seq = found.groups()
        leaf = unhexlify(leaf_hex)
        if sha256(unhexlify(salt_hex) + entry).digest() != leaf:
            raise Fault(f"Line {number}: entry {int(seq)} was changed: it does not match its leaf.")
        words = _DETAIL.findall(detail)
        if any(first >= second for (first, _), (second, _) in pairwise(words)):
            raise Fault(f"Line {number}: an entry whose detail is not sorted, or says a word twice.")
        self.kinds[kind] += 1
        if act[1:-1] == PRUNING and kind == b"ERASURE" and denied == b"false":
            self.read_pruning(dict(words))
        return leaf, int(seq)

    def read_pruning(self, detail: dict[bytes, bytes]) -> None:
        below, total = _counted(detail.get(b"below", b"")), _counted(detail.get(b"total", b""))
        self.announced = (max(self.announced[0], below), total)
        self.report.prunings += 1

    def read_pruned(self, line: bytes, number: int) -> tuple[bytes, int]:
        found = _PRUNED.fullmatch(line)
        if not found:
            raise Fault(f"Line {number}: a pruned entry that is not spelled as the ledger spells it.")
        self.report.pruned += 1
        self.last_pruned = int(found[2])
        return unhexlify(found[1]), self.last_pruned

    def read_checkpoint(self, line: bytes, number: int) -> None:
        value = _canonical(line.removesuffix(b"\n"), number)
        if (
            not line.endswith(b"\n")
            or not isinstance(value, dict)
            or value.keys() != {"checkpoint"}
            or type(value["checkpoint"]) is not str
        ):
            raise Fault(f"Line {number}: this is no line of a ledger.")
        note = self.read_note(value["checkpoint"], f"line {number}: the checkpoint")
        if note.origin != self.report.origin or note.size != self.tree.size:
            raise Fault(f"Line {number}: a checkpoint of {note.origin} over {note.size} entries stands after {self.tree.size} entries.")
        if note.digest != self.tree.root():
            raise Fault(
                f"Line {number}: entries {self.covered} to {note.size - 1} are not what was signed: changed, removed, reordered or added."
            )
        self.covered = note.size
        self.report.checkpoints += 1

    def read_end(self, line: bytes, seen: bytes, number: int) -> None:
        value = _canonical(line.removesuffix(b"\n"), number)
        if not line.endswith(b"\n") or not isinstance(value, dict) or value.keys() != {"end"} or type(value["end"]) is not str:
            raise Fault(f"Line {number}: this is no end of a ledger.")
        note = self.read_note(value["end"], f"line {number}: the end")
        report = self.report
        if note.origin != f"{report.origin}/export" or not note.size == self.size == self.tree.size:
            raise Fault(f"The export speaks of {self.size} entries and its end of {note.size}; it holds {self.tree.size}.")
        if not report.checkpoints or self.covered != self.size:
            raise Fault(f"Entries {self.covered} to {self.size - 1} are covered by no signed checkpoint.")
        if note.digest != seen:
            raise Fault("The signature over the whole file does not hold: a line was changed, removed, reordered or added.")
        if self.held:
            raise Fault(f"You hold a checkpoint over {max(self.held)} entries, but the export ends at {self.size}: entries were removed.")
        if self.last_pruned >= self.announced[0] or report.pruned != self.announced[1]:
            raise Fault(f"{report.pruned} entries are missing, but the log announces that {self.announced[1]} were pruned.")
        report.entries, report.signed_at = self.size, note.at
        report.kinds = {kind.decode(): count for kind, count in sorted(self.kinds.items())}

    def match_held(self) -> None:
        if self.held and any(root != self.tree.root() for root in self.held.pop(self.tree.size, ())):
            raise Fault(f"The first {self.tree.size} entries are not those of the checkpoint that you hold: the past was rewritten.")

    def read_note(self, text: str, what: str) -> Note:
        found = _NOTE.fullmatch(text)
        if not found or not _MOMENT.fullmatch(found["at"]):
            raise Fault(f"In {what}: this is no signed note.")
        raw = b64decode(found["signature"])
        if b64encode(raw).decode() != found["signature"] or b64encode(b64decode(found["digest"])).decode() != found["digest"]:
            raise Fault(f"In {what}: base64 that is not spelled as the ledger spells it.")
        if found["name"] != found["origin"] or not any(_has_signed(key, found["origin"], found["body"], raw) for key in self.keys):
            raise Fault(f"In {what}: the signature does not hold with the key given.")
        return Note(found["origin"], int(found["size"]), b64decode(found["digest"]), found["at"])


def _has_signed(key: Ed25519PublicKey, origin: str, body: str, raw: bytes) -> bool:
    if raw[:4] != sha256(origin.encode() + b"\n\x01" + key.public_bytes_raw()).digest()[:4]:
        return False
    try:
        key.verify(raw[4:], body.encode())
    except InvalidSignature:
        return False
    return True


def _text(line: bytes, number: int) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        raise Fault(f"Line {number}: this is no UTF-8.") from None


def _canonical(raw: bytes, number: int) -> object:
    """The JSON value; a second spelling of the same value (blanks, escapes, doubled keys, order) is a fault."""
    try:
        value: object = json.loads(raw)
        if _encode(value).encode() == raw:
            return value
    except (ValueError, RecursionError):  # bad UTF-8, bad JSON, lone surrogates, NaN, numbers of thousands of digits
        pass
    raise Fault(f"Line {number}: JSON that is not spelled as the ledger spells it.")


def _counted(value: bytes) -> int:
    """The number of ``leaf:17`` or ``entries:17``."""
    number = value.partition(b":")[2]
    if not number.isdigit():
        raise Fault("An entry that announces a pruning does not say which entries and how many.")
    return int(number)


def verify(lines: Iterable[bytes], keys: Sequence[Ed25519PublicKey], held: Sequence[str] = ()) -> Report:
    """Check the lines of an export (each with its line feed) against the public keys and the checkpoints that one holds.

    Raises :class:`Fault` at the first line that does not hold.
    """
    return _Check(keys, held).run(lines)


def lines_of(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a file, none longer than the longest that a ledger can hold."""
    while line := stream.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise Fault("A line is longer than any line of a ledger.")
        yield line


def read_key(path: str | Path) -> Ed25519PublicKey:
    """An Ed25519 public key from a PEM file. Raises ``ValueError`` for anything else."""
    key = load_pem_public_key(Path(path).read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError(f"{path} holds no Ed25519 public key")  # noqa: TRY004 - to the caller it is a wrong file
    return key


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; see the text at the top."""
    parser = argparse.ArgumentParser(description="Check an export of a GRACE ledger.")
    parser.add_argument("export", help="the file that `grace custody export` wrote")
    parser.add_argument("--key", action="append", required=True, help="the ledger's public key (PEM); again for keys used earlier")
    parser.add_argument("--held", action="append", default=[], help="a checkpoint that you kept from earlier")
    chosen = parser.parse_args(arguments)
    try:
        keys = [read_key(path) for path in chosen.key]
        held = [Path(path).read_text(encoding="utf-8") for path in chosen.held]
        with Path(chosen.export).open("rb") as stream:
            report = verify(lines_of(stream), keys, held)
    except Fault as fault:
        sys.stdout.write(f"NOT VERIFIED. {fault}\n")
        return 1
    except (OSError, ValueError) as failure:
        sys.stderr.write(f"Could not be checked: {failure}\n")
        return 2
    sys.stdout.write(f"VERIFIED. {report}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
