"""A launcher of external programs that knows one more: Python, which tries to break out. Tests alone start it, by its name.

Started as the real launcher is, with the user to become behind it.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

from grace.evidence.decoding.layers import Layer
from grace.evidence.decoding.program import launcher, tools
from grace.evidence.decoding.program.landlock import EXECUTE, READ_FILE, READ_FOLDER
from tests.support import attempts

_PLACES = (sys.executable, "/usr/local/bin/python3", "/usr/bin/python3")
_ASK = "import json, sys, sysconfig; print(json.dumps([*sys.path[1:], sysconfig.get_config_var('DESTSHARED'), sysconfig.get_config_var('LIBDIR')]))"


def is_for_all(path: Path) -> bool:
    """Whether everybody may run this."""
    return path.is_file() and all(each.stat().st_mode & 0o001 for each in (path, *path.parents))


def python(user: int) -> tools.Tool:
    """A Python that the user may run, with its standard library, and the attempts as its one task."""
    places = [Path(place).resolve() for place in _PLACES]
    ours = [place for place in places if place.is_file() and user == os.getuid()]
    path = str(next(iter([*filter(is_for_all, places), *ours])))
    told = subprocess.run([path, "-I", "-S", "-c", _ASK], stdout=subprocess.PIPE, check=True)
    folders = [each for each in json.loads(told.stdout) if each and Path(each).is_dir()]
    shared = [str(each) for folder in folders for name in ("_ctypes", "mmap") for each in Path(folder).glob(f"{name}*.so")]
    files = dict.fromkeys(folders[:-1], READ_FILE | READ_FOLDER) | tools.libraries(path, *shared) | {path: READ_FILE | EXECUTE}
    source = Path(attempts.__file__).read_text(encoding="utf-8")
    return tools.Tool(path, {"attempt": ("-I", "-S", "-B", "-c", source)}, files, "", "")


if __name__ == "__main__":
    control, memory, layers, user = (int(each) for each in sys.argv[1:])
    found = {"python": python(user)}
    if user != os.getuid():
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    launcher.main(socket.socket(fileno=control), memory, Layer(layers), found)
