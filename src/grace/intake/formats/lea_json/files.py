"""Uploaded files: what the provider and the clearing house say of each."""

from __future__ import annotations

from collections.abc import Iterator

from grace.intake.formats.json_values import members, notes, put, slug, stated, truth, wrapped
from grace.intake.formats.lea_json.captures import captures
from grace.intake.formats.lea_json.quirks import Quirk
from grace.sdk.intake import Attachment


def read_file(holder: dict[str, object], path: str, sender: str, quirk: Quirk) -> Attachment:
    """One file; ``verificationHash`` is its MD5."""
    digest = stated(holder.get("verificationHash"))
    metadata = dict(_metadata(holder))
    said = quirk.file([(path + below, text) for below, text in notes(holder)])
    viewed = truth(holder.get("viewedByEsp"))
    return Attachment(
        path,
        name=stated(holder.get("filename")),
        original_name=stated(holder.get("originalFilename")),
        sender_file_id=stated(holder.get("submittalId")),
        digests={"md5": digest} if digest is not None else {},
        viewed=viewed,
        classification=stated(holder.get("industryClassification")),
        uploaded_at=quirk.uploaded_at(holder),
        tags=tuple(_tags(holder)),
        fields=metadata | said.fields,
        claims=(*captures(holder, path, sender or None), *said.claims),
        passages=said.passages,
    )


def _tags(holder: dict[str, object]) -> Iterator[str]:
    """The tags of all groups in their order; readers that stop at the first group lose some."""
    for _, group in wrapped(holder, "ncmecTags", "groups"):
        for _, tag in wrapped(group, "tags"):
            text = stated(tag.get("value") if isinstance(tag, dict) else tag)
            if text is not None:
                yield text


def _metadata(holder: dict[str, object]) -> Iterator[tuple[str, str]]:
    fields: dict[str, str] = {}
    for _, item in wrapped(holder, "espMetadata", "metadatas"):
        pair = members(item)
        value = stated(pair.get("value"))
        if value is not None:
            put(fields, slug(stated(pair.get("name")) or "unnamed"), value)
    yield from fields.items()
