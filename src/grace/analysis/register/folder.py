"""A model's folder, or the same as a ZIP: ``model.onnx``, ``passport.json`` and ``signatures.json``, and nothing else.

Signatures stand beside the passport and sign the bytes of the passport as they are; the passport names the digest of the graph.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Annotated
from uuid import UUID

from django.utils.translation import gettext as _

from grace.agencies.keys import SIGNATURE_BYTES, SIGNING_BYTES, PrivateKeys, bytes_of, text_of
from grace.analysis.register.graph import Looked, look_through
from grace.analysis.register.passport import MOST_BYTES, MOST_GRAPH, Passport, read_passport
from grace.kernel.errors import Invalid
from grace.kernel.strict import Malformed, tree_of
from grace.sdk.shape import Many, Misshapen, Text, read, told

GRAPH, PASSPORT, SIGNATURES = "model.onnx", "passport.json", "signatures.json"
_LIMITS = {GRAPH: MOST_GRAPH, PASSPORT: MOST_BYTES, SIGNATURES: 64 << 10}
_SIGNED = b"grace-model-1\0"
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who vouches for a passport: the agency, its Ed25519 key and the signature, both in base64."""

    agency: Annotated[str, Text(36, pattern=_UUID)]
    key: Annotated[str, Text(60)]
    value: Annotated[str, Text(100)]

    @property
    def agency_id(self) -> UUID:
        """The agency."""
        return UUID(self.agency)

    @property
    def raw_key(self) -> bytes:
        """The key. Raises :class:`Invalid` where it is none."""
        return _sized(self.key, SIGNING_BYTES)

    @property
    def raw_value(self) -> bytes:
        """The signature. Raises :class:`Invalid` where it is none."""
        return _sized(self.value, SIGNATURE_BYTES)


@dataclass(frozen=True, slots=True)
class Signatures:
    """All who vouch for it."""

    signatures: Annotated[tuple[Signature, ...], Many(Signature, 0, 64)]


@dataclass(frozen=True, slots=True)
class Folder:
    """What a folder holds, looked through: the graph and what it is made of, the passport and its bytes, and the signatures."""

    graph: bytes
    raw_passport: bytes
    raw_signatures: bytes
    passport: Passport
    looked: Looked
    signatures: tuple[Signature, ...]

    @property
    def digest(self) -> str:
        """What the model is called in records: the SHA-256 of its passport, which names its graph."""
        return digest_of(self.raw_passport)


def read_folder(path: Path) -> Folder:
    """Read a folder or a ZIP and look it through. Raises :class:`Invalid` for whatever is not a model's folder."""
    with _opened(path) as parts:
        graph, passport, signatures = (parts[name] for name in (GRAPH, PASSPORT, SIGNATURES))
    return looked_through(graph, passport, signatures)


def looked_through(graph: bytes, raw_passport: bytes, raw_signatures: bytes) -> Folder:
    """The same of bytes: the passport is read, the graph is what it says, and takes and gives what it says."""
    passport = read_passport(raw_passport)
    if sha256(graph).hexdigest() != passport.graph.sha256 or len(graph) != passport.graph.size:
        raise Invalid(_("The graph is not the one that the passport names."), remedy=_("Ask whoever made the folder for it again."))
    looked = look_through(graph)
    if not _agree(looked.taken.sides, passport.input.shape) or not _agree(looked.given.sides, (1, len(passport.labels))):
        raise Invalid(
            _("The graph takes or gives something else than the passport says."),
            remedy=_("One input as the passport describes it, and one output with a number for each label."),
        )
    return Folder(graph, raw_passport, raw_signatures, passport, looked, read_signatures(raw_signatures))


def read_signatures(raw: bytes) -> tuple[Signature, ...]:
    """The signatures of a text. Raises :class:`Invalid`."""
    try:
        found: Signatures = read(Signatures, tree_of(raw))
    except (Misshapen, Malformed) as fault:
        raise Invalid(_("The signatures cannot be read: %(why)s") % {"why": str(fault)}) from None
    return found.signatures


def signed(raw_passport: bytes, raw_signatures: bytes, own: PrivateKeys) -> bytes:
    """The signatures, with one by these keys in place of an earlier one."""
    ours = Signature(str(own.agency), text_of(own.public.signing), text_of(own.sign(_SIGNED + raw_passport)))
    others = [each for each in read_signatures(raw_signatures) if each.key != ours.key]
    return (json.dumps(told(Signatures((*others, ours))), indent=1) + "\n").encode()


def signed_bytes(raw_passport: bytes) -> bytes:
    """What a signature is over."""
    return _SIGNED + raw_passport


def digest_of(raw_passport: bytes) -> str:
    """SHA-256, in hexadecimal."""
    return sha256(raw_passport).hexdigest()


def _agree(sides: tuple[int | None, ...], wanted: tuple[int, ...]) -> bool:
    return len(sides) == len(wanted) and all(
        side in {None, each} or (side == 0 and each == 1) for side, each in zip(sides, wanted, strict=True)
    )


def _sized(text: str, size: int) -> bytes:
    raw = bytes_of(text)
    if len(raw) != size:
        raise Invalid(_("A key or a signature has the wrong length."))
    return raw


@contextmanager
def _opened(path: Path) -> Iterator[dict[str, bytes]]:
    """The three parts of a folder or a ZIP, each within its limit."""
    try:
        yield _of_folder(path) if path.is_dir() else _of_zip(path)
    except (OSError, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as fault:
        raise Invalid(
            _("This is no folder of a model."),
            remedy=_("It holds model.onnx, passport.json and signatures.json, as a folder or as a ZIP, and nothing else."),
        ) from fault


def _of_folder(path: Path) -> dict[str, bytes]:
    names = {each.name for each in path.iterdir()}
    if names | {SIGNATURES} != set(_LIMITS):
        raise ValueError("other names")
    parts = {SIGNATURES: b'{"signatures": []}'}
    for name in sorted(names):
        if (path / name).is_symlink() or not (path / name).is_file():
            raise ValueError("no plain file")
        with (path / name).open("rb") as stream:
            parts[name] = _within(stream, _LIMITS[name])
    return parts


def _of_zip(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        members = {each.filename: each for each in archive.infolist()}
        if len(members) != len(archive.infolist()) or set(members) != set(_LIMITS):
            raise ValueError("other names")
        parts = {}
        for name, member in members.items():
            with archive.open(member) as stream:
                parts[name] = _within(stream, _LIMITS[name])
        return parts


def _within(stream: IO[bytes], most: int) -> bytes:
    content = stream.read(most + 1)
    if len(content) > most:
        raise ValueError("too large")
    return content
