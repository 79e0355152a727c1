"""Landlock by its system calls: no file but those named, no TCP port, no signal and no abstract socket beyond this process (Linux 5.13 and later).

The numbers are of ``include/uapi/linux/landlock.h``. Each version of Landlock knows a few rights more; what is handled
and never allowed again is forbidden for good, to this process and all that it starts.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Mapping

EXECUTE, READ_FILE, READ_FOLDER = 1, 4, 8
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_PATH_BENEATH = 1
_VERSION = 1
_FILES_FROM = ((1, (1 << 13) - 1), (2, 1 << 13), (3, 1 << 14), (5, 1 << 15))
"""Rights to files by the version that brought them: thirteen, then to link elsewhere, to cut short, to command devices."""
_TCP_FROM, _TCP = 4, 0b11
_SCOPES_FROM, _SCOPES = 6, 0b11
_libc = ctypes.CDLL(None, use_errno=True)


def version() -> int:
    """The kernel's version of Landlock; 0 where it has none, or does not let us use it."""
    return max(0, int(_libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION)))


def ruleset(known: int) -> bytes:
    """The rights that a kernel of that version is told to handle: all that it knows and we know."""
    files = sum(rights for since, rights in _FILES_FROM if known >= since)
    return struct.pack("=QQQ", files, _TCP if known >= _TCP_FROM else 0, _SCOPES if known >= _SCOPES_FROM else 0)


def enter(kept: Mapping[str, int]) -> int:
    """Give up all rights but those kept, by file or folder; the version by which that was done, or 0. Needs free descriptors and no new privileges."""
    known = version()
    if not known:
        return 0
    rights = ruleset(known)
    descriptor = int(_libc.syscall(_CREATE_RULESET, rights, ctypes.c_size_t(len(rights)), 0))
    if descriptor < 0:
        return 0
    try:
        for path, allowed in kept.items():
            _keep(descriptor, path, allowed)
        return known if _libc.syscall(_RESTRICT_SELF, descriptor, 0) == 0 else 0
    finally:
        os.close(descriptor)


def _keep(ruleset_: int, path: str, allowed: int) -> None:
    """Keep these rights to a file, or to all that lies in a folder. Nothing where there is no such thing."""
    try:
        beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(beneath).st_mode):
            allowed &= ~READ_FOLDER
        _libc.syscall(_ADD_RULE, ruleset_, _PATH_BENEATH, struct.pack("=Qi", allowed, beneath), 0)
    finally:
        os.close(beneath)
