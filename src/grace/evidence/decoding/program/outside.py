"""What is left to an external program: its own files to read, itself to execute once, and the calls that such programs need.

The same four walls as around a worker, with these differences. Landlock lets the files of the one program be read, and the
program and its loader be executed. The filter lets files be opened for reading, and code be mapped from files, but not from what it
was handed; and one execution, of the path that stands at an address which nobody knows who was not there before: with the new
program the address is gone. What else is not on the list is refused and ends nothing, since such programs differ by system; only what none
does by itself ends it.
"""

from __future__ import annotations

import ctypes
import errno
import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from grace.evidence.decoding.program import seccomp
from grace.evidence.decoding.program.bpf import (
    ALLOW,
    IF_ANY_BIT,
    IF_EQUAL,
    KILL,
    Calls,
    Numbers,
    Step,
    argument,
    end,
    equal,
    not_there,
    packed,
    refusal,
)

DESCRIPTORS = 64
_ROOM = 1 << 20
ALLOWED: dict[str, Numbers] = {
    # files that Landlock lets it see
    "stat": (4, None),
    "lstat": (6, None),
    "newfstatat": (262, 79),
    "statx": (332, 291),
    "access": (21, None),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "readlink": (89, None),
    "readlinkat": (267, 78),
    "getcwd": (79, 17),
    "getdents64": (217, 61),
    "pread64": (17, 67),
    "readv": (19, 65),
    "fadvise64": (221, 223),
    # the start of a program
    "arch_prctl": (158, None),
    "set_tid_address": (218, 96),
    "getrlimit": (97, 163),
    "uname": (63, 160),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "getppid": (110, 173),
    "times": (100, 153),
}
_WRITING = 0x1 | 0x2 | 0x40 | 0x200 | 0x400 | 0x400000
"""Flags of ``open``: to write, both, to create, to cut short, to append, without a name."""
_PROT_WRITE, _MAP_ANONYMOUS = 2, 0x20
_F_GETFD, _F_GETFL = 1, 3
_EXECVE: Numbers = (59, 221)
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(slots=True)
class Start:
    """A program about to be started: its path lies at a place drawn by chance, and whoever does not know the place starts nothing."""

    path: str
    _room: ctypes.Array[ctypes.c_char] = field(init=False)
    address: int = field(init=False)

    def __post_init__(self) -> None:
        path = os.fsencode(self.path) + b"\0"
        self._room = ctypes.create_string_buffer(_ROOM)
        at = secrets.randbelow(_ROOM - len(path))
        self.address = ctypes.addressof(self._room) + at
        ctypes.memmove(self.address, path, len(path))

    def start(self, arguments: Sequence[str], environment: Sequence[str]) -> None:
        """Become the program. Returns only where that failed; allocates nothing that the filter would refuse."""
        _libc.execve(ctypes.c_void_p(self.address), _strings(arguments), _strings(environment))


def calls(process: int, start: Start) -> Calls:
    """Those of the program that the process with that id starts."""
    by_verdict = {ALLOW: seccomp.ALLOWED | ALLOWED, not_there(): seccomp.CLONE3}
    return Calls(by_verdict, [*_looked_at(start.address), *seccomp.own(process, refusal(errno.EPERM))], refusal(errno.EPERM))


def code_of(process: int, start: Start) -> bytes | None:
    """The filter of that program; None where the machine is not known."""
    return packed(calls(process, start))


def _looked_at(address: int) -> Iterator[tuple[Numbers, list[Step]]]:
    lower, upper = address & 0xFFFFFFFF, address >> 32
    yield _EXECVE, [argument(0), (IF_EQUAL, 0, 3, lower), argument(0, upper=True), *equal(upper), end(KILL)]
    for numbers, flags in (((2, None), 1), ((257, 56), 2)):  # open, openat
        yield numbers, [argument(flags), (IF_ANY_BIT, 0, 1, _WRITING), end(refusal(errno.EACCES)), end(ALLOW)]
    yield (
        (9, 222),
        [  # mmap: code from a file only, and not from the one that it was handed
            *(argument(2), (IF_ANY_BIT, 1, 0, seccomp.PROT_EXEC), end(ALLOW)),
            *((IF_ANY_BIT, 0, 1, _PROT_WRITE), end(KILL)),
            *(argument(3), (IF_ANY_BIT, 0, 1, _MAP_ANONYMOUS), end(KILL)),
            *(argument(4), (IF_EQUAL, 0, 1, 0), end(KILL), end(ALLOW)),
        ],
    )
    yield (10, 226), [argument(2), (IF_ANY_BIT, 0, 1, seccomp.PROT_EXEC), end(KILL), end(ALLOW)]  # mprotect
    yield (
        (72, 25),
        [argument(1), *(step for command in range(_F_GETFD, _F_GETFL + 1) for step in equal(command)), end(refusal(errno.EPERM))],
    )


def _strings(texts: Sequence[str]) -> ctypes.Array[ctypes.c_char_p]:
    return (ctypes.c_char_p * (len(texts) + 1))(*(os.fsencode(text) for text in texts), None)
