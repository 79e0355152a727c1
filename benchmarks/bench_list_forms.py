"""Hash lists in the field's forms: how fast each is read and written, and that memory does not grow with the file.

    .venv/bin/python benchmarks/bench_list_forms.py [megabytes]

Each form is written to a temporary folder, once small and once large, and read in a process of its own, whose largest memory is
told. The peer is reading the same VICS file at once with the standard library's ``json``.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

SMALL = 4
LARGE = 400
_MB = 1 << 20
_RECORD = {
    "Category": 2,
    "MediaSize": 20481,
    "VictimIdentified": "false",
    "IsDistributed": "true",
    "Series": "Synthetic",
    "Tags": "one, two",
}
_FILE = {"FileName": "IMG_0001.JPG", "FilePath": "\\\\somewhere\\\\else", "Created": "2026-02-11T20:12:41Z", "Unallocated": "false"}


def vics(number: int) -> str:
    record = {"MediaID": number, "MD5": f"{number:032X}", "SHA1": f"{number:040X}", **_RECORD, "MediaFiles": [_FILE] * 2}
    return ("," if number else "") + json.dumps(record)


FORMS: dict[str, tuple[str, Callable[[int], str], str]] = {
    "vics": ('{"@odata.context": "x/2.0.xml/US/$metadata#Media", "value": [', vics, "]}"),
    "csv": ("algorithm,value,category,source,note\n", lambda number: f"md5,{number:032x},A,,\n", ""),
    "icse": ("MD5;SHA1;Image ID;Victim identified\n", lambda number: f"{number:032X};{number:040X};{number};true\n", ""),
    "nsrl2": ('"SHA-1","MD5","CRC32","FileName","FileSize","ProductCode","OpSystemCode","SpecialCode"\n',
              lambda number: f'"{number:040X}","{number:032X}","00000000","a.dll",4096,228,"362",""\n', ""),
    "nsrl3-delta": ("BEGIN;\n", lambda number: f"INSERT INTO FILE VALUES ('','{number:040X}','{number:032X}','','a.dll',4096,228);\n", "COMMIT;\n"),
}  # fmt: skip


def write(form: str, megabytes: int, path: Path) -> None:
    head, record, tail = FORMS[form]
    with path.open("w", encoding="utf-8") as file:
        file.write(head)
        number = 0
        while file.tell() < megabytes * _MB:
            file.writelines(record(each) for each in range(number, number + 2000))
            number += 2000
        file.write(tail)


def read(form: str, path: Path) -> dict[str, Any]:
    """Read a file in this process."""
    if form == "json":
        started = time.process_time()
        records = len(json.loads(path.read_bytes())["value"])
    else:
        from django.conf import settings

        settings.configure(USE_I18N=False)
        from grace.matching.formats.registry import Source, format_of
        from grace.matching.formats.vics import Reading
        from grace.matching.formats.vics_categories import scales

        with path.open("rb") as stream:
            source = Source(stream)
            chosen = format_of("auto", source.head())
            started = time.process_time()
            records = sum(1 for _ in chosen.read(source, Reading(scales())))
            assert chosen.name == form
    seconds = time.process_time() - started
    return {"records": records, "seconds": seconds, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def measured(form: str, path: Path) -> dict[str, Any]:
    done = subprocess.run([sys.executable, __file__, "--read", form, str(path)], capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def rows(megabytes: int) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        for form in FORMS:
            small, large = Path(folder) / "small", Path(folder) / "large"
            write(form, SMALL, small)
            write(form, megabytes, large)
            first, second = measured(form, small), measured(form, large)
            rate = second["records"] / second["seconds"]
            yield f"{form:12} {megabytes} MB: {rate:10,.0f} records/s of CPU, {first['peak_mb']:.0f} MB of memory at {SMALL} MB, {second['peak_mb']:.0f} MB at {megabytes}"
            if form == "vics":
                peer = measured("json", large)
                yield f"{'json, whole':12} {megabytes} MB: {peer['records'] / peer['seconds']:10,.0f} records/s of CPU, {peer['peak_mb']:.0f} MB of memory"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--read"]:
        print(json.dumps(read(sys.argv[2], Path(sys.argv[3]))))
    else:
        for line in rows(int(sys.argv[1]) if sys.argv[1:] else LARGE):
            print(line, flush=True)
