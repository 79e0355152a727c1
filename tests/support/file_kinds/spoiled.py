"""Files with something behind them, of two types at once, or cut short; the number of bytes is known."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace

from tests.support.file_kinds.archives import TEXT, tarred, zipped
from tests.support.file_kinds.sample import Sample
from tests.support.file_kinds.texts import pdf

_EXACT = (
    "JPEG",
    "PNG",
    "GIF",
    "PDF",
    "MP4",
    "QuickTime",
    "HEIC",
    "AVIF",
    "WEBP",
    "BMP",
    "ZIP",
    "7z",
    "SQLite",
    "gzip",
    "xz",
    "RAR",
    "WAV",
    "AVI",
)
_CUT = (*_EXACT, "DOCX", "Matroska", "WebM", "FLV", "OGG", "tar", "MP3", "WMV", "TIFF", "JPEG2000", "ICO", "ELF", "JSON l", "MIDI")


def _tails(seed: int) -> Mapping[str, bytes]:
    rng = random.Random(seed)
    return {
        "a note": b"a note behind it",
        "random bytes": rng.randbytes(rng.randrange(1, 5_000)).lstrip(b"\0\r\n ") or b"x",
        "a ZIP": zipped({"a.txt": TEXT}),
        "a line": b"\x80" * rng.randrange(1, 40),
    }


def with_something_behind(whole: list[Sample]) -> Iterator[Sample]:
    """Two or three of each type whose end must be exact, each with every tail."""
    seen: dict[str, int] = {}
    for each in whole:
        kind = next((kind for kind in _EXACT if each.name.startswith(kind)), None)
        if kind is None or seen.get(kind, 0) >= 3:
            continue
        seen[kind] = seen.get(kind, 0) + 1
        for tail, content in _tails(len(each.content)).items():
            second = "application/zip" if tail == "a ZIP" and not kind.startswith("ZIP") else ""
            yield replace(
                each, name=f"{each.name} + {tail}", content=each.content + content, group="appended", appended=len(content), second=second
            )


def polyglots(whole: list[Sample]) -> Iterator[Sample]:
    """A second type that is found from the end, in the first kilobyte, or behind the first."""
    by_name = {each.name: each for each in whole}

    def first(kind: str) -> Sample | None:
        return next((each for name, each in by_name.items() if name.startswith(kind)), None)

    film, jar, script = first("MP4"), first("JAR"), first("HTML")
    for kind in ("JPEG", "PNG", "GIF", "PDF", "BMP", "WEBP", "AVIF", "MP4", "WAV", "Matroska", "SQLite", "ELF"):
        base = first(kind)
        if base is None:
            continue
        seconds = {"application/java-archive": jar, "application/pdf": first("PDF"), "video/mp4": film}
        for second, other in seconds.items():
            if other is not None and second not in base.types and not (kind == "PDF" and second == "application/pdf"):
                yield replace(
                    base,
                    name=f"{base.name} + {other.name}",
                    content=base.content + other.content,
                    group="polyglot",
                    second=second,
                    appended=len(other.content) if kind in _EXACT else 0,
                )
    picture = first("JPEG")
    if picture and script:
        comment = b"<script>1</script>"
        content = picture.content[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + picture.content[2:]
        yield replace(picture, name="JPEG with a script in its comment", content=content, group="polyglot", second="text/html")
        head = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nstartxref\n0\n%%EOF\n"
        content = picture.content[:2] + b"\xff\xfe" + (len(head) + 2).to_bytes(2, "big") + head + picture.content[2:]
        yield replace(picture, name="JPEG with a PDF in its comment", content=content, group="polyglot", second="application/pdf")
        archive = zipped({"a.txt": TEXT}, stored=True)
        content = picture.content[:2] + b"\xff\xfe" + (len(archive) + 2).to_bytes(2, "big") + archive + picture.content[2:]
        yield replace(picture, name="JPEG with a ZIP in its comment", content=content, group="polyglot", second="application/zip")
    inside = tarred(1, {"a.zip": zipped({"a.txt": TEXT}, stored=True), "b.pdf": pdf()})
    yield Sample("tar that holds a ZIP and a PDF is one type", inside, frozenset({"application/x-tar"}), "polyglot")


def cut_short(whole: list[Sample]) -> Iterator[Sample]:
    """One or two of each kind, at three places."""
    seen: dict[str, int] = {}
    for each in whole:
        kind = next((kind for kind in _CUT if each.name.startswith(kind)), None)
        if kind is None or seen.get(kind, 0) >= 2 or len(each.content) < 100 or "empty" in each.name:
            continue
        seen[kind] = seen.get(kind, 0) + 1
        for share in (0.5, 0.8, 0.97):
            filled = each.content.rstrip(b"\0") if kind == "tar" else each.content
            content = filled[: int(len(filled) * share)]
            types = each.types | ({"application/zip"} if kind == "DOCX" else set())
            yield replace(each, name=f"{each.name}, {share:.0%} of it", content=content, group="cut", types=types)
