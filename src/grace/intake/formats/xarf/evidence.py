"""Evidence inside the document: base64 to files of the package."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass

from grace.intake.formats.json_values import stated, wrapped
from grace.intake.formats.xarf.description import ALGORITHMS
from grace.sdk.intake import Attachment, Bytes, Note, Passage

MOST_ITEMS = 200
"""Payloads of one document that become files; the specification allows 50."""
LONGEST_SHOWN = 4096
"""Characters up to which a payload stands among the leaves as written; a longer one is shown as the file that it became."""
_ENDINGS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "video/mp4": "mp4",
    "application/pdf": "pdf",
    "application/json": "json",
    "application/zip": "zip",
    "message/rfc822": "eml",
    "text/plain": "txt",
    "text/html": "html",
    "text/csv": "csv",
}


class Names:
    """Names for files inside documents that no member of the package and no other such file has."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)

    def free(self, stem: str, ending: str) -> str:
        """``stem.ending``, with the first free number behind the stem where that is taken."""
        name, count = f"{stem}.{ending}", 1
        while name in self._taken:
            count += 1
            name = f"{stem} ({count}).{ending}"
        self._taken.add(name)
        return name


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the document's evidence says and holds; ``shown`` tells of long payloads, by their path, which file they became."""

    attachments: tuple[Attachment, ...]
    files: tuple[Bytes, ...]
    notes: tuple[Note, ...]
    shown: dict[str, str]


def read_evidence(tree: dict[str, object], names: Names) -> Evidence:
    """The evidence of a document, in its order; a payload that is no base64 stays a text among the leaves."""
    attachments: list[Attachment] = []
    files: list[Bytes] = []
    notes: list[Note] = []
    shown: dict[str, str] = {}
    for place, (below, item) in enumerate(wrapped(tree, "evidence")):
        if not isinstance(item, dict):
            continue
        path = f"${below}"
        if place >= MOST_ITEMS:
            notes.append(Note("too-much-evidence", path, f"Of the evidence only the first {MOST_ITEMS} payloads became files."))
            break
        payload = stated(item.get("payload"))
        content = _decoded(payload) if payload is not None else None
        name = None
        if content is not None and payload is not None:
            name = names.free(f"evidence-{place + 1}", _ENDINGS.get(_media_type(item), "bin"))
            files.append(Bytes(name, content))
            if len(payload) > LONGEST_SHOWN:
                shown[f"{path}.payload"] = f"{len(payload)} characters of base64: the file {name}"
        elif payload is not None:
            notes.append(Note("bad-payload", f"{path}.payload", "The payload is no base64; it is shown as it stands."))
        attachments.append(_attachment(item, path, name))
    return Evidence(tuple(attachments), tuple(files), tuple(notes), shown)


def _decoded(payload: str) -> bytes | None:
    try:
        return base64.b64decode("".join(payload.split()).encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None


def _media_type(item: dict[str, object]) -> str:
    return (stated(item.get("content_type")) or "").partition(";")[0].strip().lower()


def _attachment(item: dict[str, object], path: str, name: str | None) -> Attachment:
    algorithm, colon, value = (stated(item.get("hash")) or "").partition(":")
    known = algorithm.strip().lower()
    said = stated(item.get("description"))
    fields = {key: text for key in ("content_type", "size") if (text := stated(item.get(key))) is not None}
    return Attachment(
        path,
        name=name,
        digests={known: value.strip()} if colon and known in ALGORITHMS else {},
        fields=fields,
        passages=(Passage(said, f"{path}.description", "note"),) if said is not None else (),
    )
