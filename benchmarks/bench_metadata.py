"""What files say of themselves: planted values that come back, and milliseconds a file, beside exifread and Pillow in one run.

Run ``python benchmarks/bench_metadata.py [FOLDER …]``. Bar: every planted value of at least 20 files. The peers read EXIF only, so they are
held against the planted tags of EXIF. The pictures of each folder named are held against what exifread says of them. A peer that is not
installed is left out.
"""

from __future__ import annotations

import io
import logging
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from ground import machine

sys.path.insert(0, str(Path(__file__).parent.parent))

from PIL import Image

from grace.analysis.analysers.metadata.analyser import ANALYSER
from grace.sdk.analysis import Content, Finding
from tests.support.file_kinds.planted import Planted, with_exif, with_other_forms, with_tags

FEWEST, ROUNDS = 20, 5
_TAGS = {
    "Image Make": (0, 0x10F, "device.make"),
    "Image Model": (0, 0x110, "device.model"),
    "Image Software": (0, 0x131, "software"),
    "EXIF BodySerialNumber": (0x8769, 0xA431, "device.serial"),
    "EXIF LensSerialNumber": (0x8769, 0xA435, "device.serial"),
    "EXIF ImageUniqueID": (0x8769, 0xA420, "image.id"),
    "EXIF DateTimeOriginal": (0x8769, 0x9003, "taken_at"),
}
"""The name that exifread has for it, where Pillow finds it, and the kind that it is here."""
Reader = Callable[[bytes], Mapping[str, str]]


def told(content: bytes) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for each in ANALYSER.examine(Content("", content)):
        if isinstance(each, Finding):
            found.setdefault(each.kind, set()).add(each.value)
    return found


def of_pillow(content: bytes) -> Mapping[str, str]:
    exif = Image.open(io.BytesIO(content)).getexif()
    parts = {0: exif, 0x8769: exif.get_ifd(0x8769)}
    return {name: str(parts[part][tag]) for name, (part, tag, _) in _TAGS.items() if tag in parts[part]}


def peers() -> Iterator[tuple[str, Reader]]:
    with suppress(ImportError):
        import exifread

        logging.getLogger("exifread").disabled = True  # it speaks of every picture without EXIF

        def of_exifread(content: bytes) -> Mapping[str, str]:
            found = exifread.process_file(io.BytesIO(content), details=False)
            return {name: str(found[name]) for name in _TAGS if name in found}

        yield f"exifread {version('exifread')}", of_exifread
    yield f"Pillow {version('pillow')}", of_pillow


def milliseconds(deed: Callable[[bytes], object], contents: Sequence[bytes]) -> float:
    """Of processor time for each file; the best of some rounds."""
    spent = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for content in contents:
            with suppress(ValueError, OSError, KeyError):
                deed(content)
        spent.append(time.process_time() - start)
    return min(spent) * 1_000 / len(contents)


def _planted(files: Sequence[Planted]) -> None:
    values = [(each, kind, value) for each in files for kind, planted in each.values.items() for value in planted]
    come_back = {each.name: told(each.content) for each in files}
    lost = [(each.name, kind, value) for each, kind, value in values if value not in come_back[each.name].get(kind, set())]
    print(f"metadata: {len(values) - len(lost)} of {len(values)} values in {len(files)} files (bar: all of at least {FEWEST}) {lost[:9]}")
    print(f"metadata: {milliseconds(told, [each.content for each in files]):.3f} ms a file, all forms")


def _beside(files: Sequence[Planted]) -> None:
    tags = sum(len(each.tags) for each in files)
    contents = [each.content for each in files]
    print(f"{'EXIF only':24}{'planted tags':>14}{'ms a file':>11}")
    print(f"{'metadata':24}{tags:14}{milliseconds(told, contents):11.3f}   (all its other values too)")
    for name, reader in peers():
        right = 0
        for each in files:
            with suppress(ValueError, OSError, KeyError):
                found = reader(each.content)
                right += sum(found.get(tag) == value for tag, value in each.tags.items())
        print(f"{name:24}{right:14}{milliseconds(reader, contents):11.3f}")


def _agreement(folder: Path) -> None:
    """What exifread reads of real pictures, and whether it is told here too."""
    pictures = [path for ending in ("jpg", "jpeg", "tif", "tiff", "png", "webp") for path in sorted(folder.rglob(f"*.{ending}"))]
    reader = dict(peers()).get(next((name for name, _ in peers() if name.startswith("exifread")), ""))
    same, other = 0, list[tuple[str, str, str]]()
    for path in pictures if reader else ():
        content = path.read_bytes()
        with suppress(ValueError, OSError, KeyError, RuntimeError):
            ours = {text for values in told(content).values() for text in values}
            for name, text in reader(content).items() if reader else ():
                plain = text.strip("\0 ")
                if name == "EXIF DateTimeOriginal":
                    plain = plain.replace(":", "-", 2).replace(" ", "T")
                if plain and any(each.startswith(plain) for each in ours):
                    same += 1
                elif plain:
                    other.append((path.name, name, text))
    print(f"{folder}: {len(pictures)} pictures; {same} values that exifread reads are told here too, {len(other)} are not {other[:20]}")


def main() -> None:
    print(machine())
    exif = list(with_exif())
    others = list(with_other_forms())
    with suppress(ImportError):
        others += with_tags()
    _planted([*exif, *others])
    _beside(exif)
    for folder in map(Path, sys.argv[1:]):
        _agreement(folder)


if __name__ == "__main__":
    main()
