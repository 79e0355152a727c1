"""The external programs that GRACE uses where they are installed: which files are theirs, and the few things that they are asked to do."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from grace.evidence.decoding.program.landlock import EXECUTE, READ_FILE, READ_FOLDER

ENVIRONMENT = ("LC_ALL=C", "OMP_THREAD_LIMIT=1", "TZ=UTC0")
"""All that a program is told of the world; the same everywhere, so that it says the same."""
_PLACES = "/usr/local/bin:/usr/bin:/bin"
_SECONDS = 20
_READ, _RUN = READ_FILE | READ_FOLDER, READ_FILE | EXECUTE
_LIBRARY = re.compile(r"(?:=>\s*)?(/\S+) \(0x[0-9a-f]+\)")
_OF_THE_SYSTEM = ("/etc/ld.so.cache", "/dev/null", "/dev/urandom", "/sys/devices/system/cpu")
"""What every program looks into as it starts, and what tells it nothing of this house."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that is here: what is executed, the arguments of each task, its rights to files, and who it is."""

    path: str
    tasks: Mapping[str, tuple[str, ...]]
    files: Mapping[str, int]
    version: str
    digest: str
    """Of program and data, in hexadecimal digits: what it says may change with it."""

    def told(self) -> dict[str, object]:
        """What the other side learns."""
        return {"version": self.version, "digest": self.digest, "tasks": sorted(self.tasks)}


@dataclass(frozen=True, slots=True)
class Missing:
    """A program that is not here, or not whole: what is missing, and how to get it."""

    why: str
    remedy: str

    def told(self) -> dict[str, object]:
        """What the other side learns."""
        return {"missing": self.why, "remedy": self.remedy}


def find(name: str) -> Tool | Missing:
    """The program of that name. Asks it for its version and the system for its libraries; no hostile byte is near."""
    try:
        return _FINDERS[name]()
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError) as error:
        return Missing(f"it cannot be asked what it needs ({type(error).__name__})", "Run it by hand to see why.")


def libraries(*paths: str) -> dict[str, int]:
    """The rights to the libraries that these programs and libraries need, as the system's loader finds them; the loader may be executed."""
    told = _said("ldd", *paths)
    found = {os.path.realpath(match): READ_FILE for match in _LIBRARY.findall(told)}
    return found | {path: _RUN for path in found if Path(path).name.startswith("ld-")}


def _exiftool() -> Tool | Missing:
    script, perl = _place("exiftool"), _place("perl")
    if not script or not perl:
        return Missing("exiftool is not installed", "apt install libimage-exiftool-perl")
    folders = _said(perl, "-e", 'print "$_\\n" for @INC').splitlines()
    shared = _said(
        perl,
        "-e",
        "eval qq{require $_} for qw(POSIX Encode Compress::Zlib Digest::MD5 Digest::SHA); print qq{$_\\n} for @DynaLoader::dl_shared_objects",
    )
    files = dict.fromkeys([*_OF_THE_SYSTEM, script, *(each for each in folders if each.startswith("/"))], _READ)
    beside = Path(script).parent / "lib"  # where it was unpacked by hand, its modules lie beside it
    files |= {str(beside): _READ} if beside.is_dir() and beside.parent != Path("/usr") else {}
    files |= libraries(perl, *shared.splitlines()) | {perl: _RUN}
    version = _said(perl, script, "-ver").strip()
    tags = (
        script,
        "-json",
        "-groupNames:1",
        "-coordFormat",
        "%+.8f",
        "-api",
        "QuickTimeUTC",
        "-all",
        "-DigitalSourceType#",
        "--System:all",
        "--ExifTool:all",
        "-",
    )
    return Tool(perl, {"tags": tags, "version": (script, "-ver")}, files, version, _digest([perl, script], version))


def _tesseract() -> Tool | Missing:
    path = _place("tesseract")
    if not path:
        return Missing("tesseract is not installed", f"apt install {' '.join(('tesseract-ocr', *_SCRIPTS.values()))}")
    told = _said(path, "--list-langs").splitlines()
    folder = Path(re.findall(r'"(/[^"]+)"', told[0])[0]) if told and '"' in told[0] else Path("/usr/share/tessdata")
    models = {script: next((name for name in (script, f"script/{script}") if name in told), "") for script in _SCRIPTS}
    away = [script for script, name in models.items() if not name]
    if away:
        return Missing(f"tesseract lacks the models of {', '.join(away)}", f"apt install {' '.join(_SCRIPTS[script] for script in away)}")
    files = dict.fromkeys([*_OF_THE_SYSTEM, str(folder)], _READ) | libraries(path) | {path: _RUN}
    version = _said(path, "--version").splitlines()[0].removeprefix("tesseract ")
    always = ("stdin", "stdout", "--tessdata-dir", str(folder), "--oem", "1", "--psm", "6")
    tasks = {script: (*always, "-l", name, "tsv") for script, name in models.items()}
    data = [str(folder / f"{name}.traineddata") for name in models.values()]
    return Tool(path, tasks | {"version": ("--version",)}, files, version, _digest([path, *data], version))


_SCRIPTS: Mapping[str, str] = {
    "Latin": "tesseract-ocr-script-latn",
    "Greek": "tesseract-ocr-script-grek",
    "Cyrillic": "tesseract-ocr-script-cyrl",
}
"""The scripts of the Union, each with the package of Debian that has the model."""
_FINDERS: Mapping[str, Callable[[], Tool | Missing]] = {"exiftool": _exiftool, "tesseract": _tesseract}
NAMES = tuple(_FINDERS)


def _place(name: str) -> str:
    found = shutil.which(name, path=_PLACES)
    return os.path.realpath(found) if found else ""


def _said(*command: str) -> str:
    """What a command of the system says, told nothing of us. Raises ``OSError`` or ``SubprocessError`` where it cannot be run."""
    place = _place(command[0]) if "/" not in command[0] else command[0]
    if not place:
        raise FileNotFoundError(command[0])
    done = subprocess.run(  # noqa: S603 - a program of the system, by its full path
        [place, *command[1:]],
        env={"LC_ALL": "C", "PATH": _PLACES},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd="/",
        timeout=_SECONDS,
        check=False,
    )
    return done.stdout.decode()


def _digest(paths: Iterable[str], version: str) -> str:
    digest = hashlib.sha256(version.encode())
    for path in paths:
        with Path(path).open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
