"""The fileDetails documents: one attachment each."""

from __future__ import annotations

from collections.abc import Iterator

from grace.intake.formats.cybertipline.deviations import is_raised
from grace.intake.formats.cybertipline.document import Node
from grace.intake.formats.cybertipline.people import claims_of, snake, truth
from grace.sdk.intake import Attachment, Passage

_HASHES = frozenset({"md5", "sha1", "sha256", "sha512", "pdq", "photodna"})


def read_file(node: Node) -> Attachment:
    """What the document says of its file."""
    pairs = list(_pairs(node))
    return Attachment(
        node.path,
        name=node.value("fileName"),
        original_name=node.value("originalFileName"),
        sender_file_id=node.value("fileId"),
        digests=dict(_digests(node, pairs)),
        viewed=truth(node.value("fileViewedByEsp")),
        publicly_available=truth(node.value("publiclyAvailable")),
        classification=node.value("industryClassification"),
        relevance=node.value("fileRelevance"),
        uploaded_at=node.value("uploadedToEspTimestamp"),
        tags=tuple(dict.fromkeys(_annotations(node))),
        fields=dict(_fields(node, pairs)),
        claims=tuple(claims_of(node, None)),
        passages=tuple(Passage(child.text, child.path, "note") for child in node.all("additionalInfo") if child.stated()),
    )


def _pairs(node: Node) -> Iterator[tuple[str, str, str]]:
    """Type, name and value of each detail; some clients write the type on the pair."""
    for details in node.all("details"):
        for pair in details.all("nameValuePair"):
            name, value = pair.value("name"), pair.value("value")
            if name and value:
                yield pair.attributes.get("type") or details.attributes.get("type", ""), name, value


def _digests(node: Node, pairs: list[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
    """Each algorithm once; a second value of one algorithm stands under a number behind its name."""
    stated = [(child.attributes.get("hashType", "unnamed"), child.text.strip()) for child in node.all("originalFileHash") if child.stated()]
    stated += [(name, value) for kind, name, value in pairs if kind == "HASH" and _algorithm(name) in _HASHES]
    seen: dict[str, int] = {}
    for name, value in stated:
        algorithm = _algorithm(name)
        seen[algorithm] = seen.get(algorithm, 0) + 1
        yield (algorithm if seen[algorithm] == 1 else f"{algorithm} ({seen[algorithm]})"), value


def _algorithm(name: str) -> str:
    folded = name.strip().lower()
    joined = folded.replace("-", "").replace("_", "")
    return joined if joined in _HASHES else folded


def _annotations(node: Node) -> Iterator[str]:
    annotations = node.one("fileAnnotations")
    for flag in annotations.children if annotations else ():
        if is_raised(flag):
            yield flag.name
    meme = node.one("potentialMeme")  # the older schema's own element
    if meme is not None and is_raised(meme):
        yield meme.name


def _fields(node: Node, pairs: list[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
    exif = node.value("exifViewedByEsp")
    if exif:
        yield "exif_viewed_by_esp", exif
    number = node.value("reportId")
    if number:
        yield "report_number", number
    for kind, name, value in pairs:
        if not (kind == "HASH" and _algorithm(name) in _HASHES):
            yield f"{kind.lower()}_{snake(name)}" if kind else snake(name), value
