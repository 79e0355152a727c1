"""A file's block: name, digests, the yes-or-no questions, and where the file came from."""

from __future__ import annotations

from grace.intake.formats.tip_lines.items import Item
from grace.intake.formats.tip_lines.people import Block, is_stated
from grace.intake.formats.tip_lines.vocabulary import DIGESTS, FILE_TEXTS, LABELS
from grace.sdk.intake import Attachment

_ANSWERS = {"yes": "true", "no": "false"}
_FLAGS = {"true": True, "false": False}


def take_of_file(block: Block, item: Item) -> bool:
    """Take in a line of a file's block; whether it has a place there. A second value under one label keeps a number."""
    if block.take(item):
        return True
    key, value = _answered(item) if item.key == "question" else (item.key, item.value)
    if key not in DIGESTS | FILE_TEXTS | {"tags", "viewed", "publicly_available", "exif_viewed"}:
        return False
    if is_stated(value):
        number = 2
        name = key
        while name in block.fields:
            name, number = f"{key}_{number}", number + 1
        block.fields[name] = value
    return True


def _answered(item: Item) -> tuple[str, str]:
    """The question's key, and ``true``, ``false`` or nothing: what is neither yes nor no is not stated."""
    question, _, answer = " ".join(item.pieces).partition("?")
    label = LABELS.get(" ".join(question.casefold().split()))
    word = answer.strip(" .").casefold()
    return (label.key if label else "question"), _ANSWERS.get(word.split(" ", 1)[0], "")


def file_of(block: Block) -> Attachment:
    """The file. It was uploaded when the first address was caught with it, unless the document says when."""
    said = dict(block.fields)
    name, flags = said.pop("name", None), {key: said.pop(key, "") for key in ("viewed", "publicly_available")}
    digests = {key: said.pop(key) for key in sorted(DIGESTS & said.keys())}
    texts = {key: said.pop(key, None) for key in ("original_name", "sender_file_id", "classification", "relevance", "uploaded_at")}
    caught = next((claim.at for claim in block.claims if claim.at), None)
    return Attachment(
        block.path,
        name=name,
        original_name=texts["original_name"],
        sender_file_id=texts["sender_file_id"],
        digests=digests,
        viewed=_FLAGS.get(flags["viewed"]),
        publicly_available=_FLAGS.get(flags["publicly_available"]),
        classification=texts["classification"],
        relevance=texts["relevance"],
        uploaded_at=texts["uploaded_at"] or caught,
        tags=tuple(tag.strip() for tag in said.pop("tags", "").split(",") if tag.strip()),
        fields=said,
        claims=tuple(block.claims),
        passages=tuple(block.passages),
    )
