"""Text in pictures: character error rate by script, kind and size over the fonts that are installed, and what is read where there is no text.

Run ``python benchmarks/bench_ocr.py [--every N] [FOLDER …]``. Bar: at most 0.05 in Latin, Greek and Cyrillic over at least 10 fonts, as pages and as
screenshots of chats, 14 to 40 pixels; nothing in pictures without text. The pictures of the folders named are taken to be without
text. Everything runs behind its walls, as in the product. With ``--every N`` every Nth picture is read. Needs Tesseract and its scripts.
"""

from __future__ import annotations

import io
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from ground import machine

sys.path.insert(0, str(Path(__file__).parent.parent))

from PIL import Image

from grace.evidence.decoding.pool import Pool
from grace.evidence.decoding.port import Limits, NotDecoded
from grace.sdk.analysis import Finding
from tests.support.written_pictures import LANGUAGES, SIZES, WITHOUT_TEXT, Written, chat, fonts, page, without_text

BAR, FEWEST_FONTS = 0.05, 10
LIMITS = Limits(seconds=120.0)


def distance(one: str, other: str) -> int:
    """The fewest characters to put in, leave out or change (Levenshtein 1966)."""
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, wanted in enumerate(other, 1):
            current.append(min(above[column] + 1, current[-1] + 1, above[column - 1] + (letter != wanted)))
        above = current
    return above[-1]


def plain(text: str) -> str:
    return unicodedata.normalize("NFKC", " ".join(text.split()))


def read(pool: Pool, picture: Image.Image) -> tuple[list[Finding], int]:
    """The lines that were read, and milliseconds of a processor."""
    content = io.BytesIO()
    picture.save(content, "PNG")
    content.seek(0)
    told = pool.analyse(content, "image/png", ["text_in_pictures"], LIMITS)
    assert not isinstance(told, NotDecoded), told
    assert told[0].failed is None, told[0].failed
    return [each for each in told[0].seen if isinstance(each, Finding) and each.kind == "writing"], told[0].milliseconds


def cases() -> Iterator[tuple[str, str, int, str, Written]]:
    for script in LANGUAGES:
        for name in fonts():
            for size in SIZES:
                for make in (page, chat):
                    yield script, make.__name__, size, name, make(script, name, size)


def measure(pool: Pool, every: int) -> bool:
    errors: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
    spent = []
    for script, kind, size, name, written in list(cases())[::every]:
        lines, milliseconds = read(pool, written.picture)
        truth = plain(" ".join(written.lines))
        pair = distance(plain(" ".join(each.value for each in lines)), truth), len(truth)
        spent.append(milliseconds)
        keys: list[tuple[str, ...]] = [(script,), (script, kind), (script, f"{size} px"), (script, name)]
        for key in keys:
            errors[key].append(pair)
    good = True
    for key, pairs in errors.items():
        rate = sum(wrong for wrong, _ in pairs) / sum(letters for _, letters in pairs)
        worst = max(wrong / letters for wrong, letters in pairs)
        good &= len(key) > 1 or rate <= BAR
        print(
            f"{' '.join(key):40} {len(pairs):4} pictures {sum(letters for _, letters in pairs):8,} characters   error {rate:.4f}   worst picture {worst:.3f}"
        )
    print(f"{len(spent)} pictures in {len(fonts())} fonts; {sum(spent) / len(spent):,.0f} ms of a processor a picture")
    return good and len(fonts()) >= FEWEST_FONTS


def nothing(pool: Pool, folders: list[Path]) -> bool:
    made = {f"{name} {seed}": without_text(name, seed) for name in WITHOUT_TEXT for seed in range(3)}
    photos = {path.name: path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in {".jpg", ".png"}}
    told, spent = {}, []
    for name, picture in [*made.items(), *((name, Image.open(path).convert("RGB")) for name, path in photos.items())]:
        lines, milliseconds = read(pool, picture)
        spent.append(milliseconds)
        if lines:
            told[name] = [(each.value, each.confidence) for each in lines]
    print(
        f"{len(spent)} pictures without text; {sum(spent) / len(spent):,.0f} ms of a processor a picture; text read in {len(told)}: {told or 'none'}"
    )
    return not told


if __name__ == "__main__":
    arguments = sys.argv[1:]
    step = int(arguments.pop(arguments.index("--every") + 1)) if "--every" in arguments else 1
    print(machine())
    pool = Pool(1)
    print(f"Tesseract {getattr(pool._tools.roll()['tesseract'], 'version', 'is missing')}")  # noqa: SLF001 - for the line that says what was measured
    good = [measure(pool, step), nothing(pool, [Path(each) for each in arguments if not each.startswith("--")])]
    pool.close()
    sys.exit(not all(good))
