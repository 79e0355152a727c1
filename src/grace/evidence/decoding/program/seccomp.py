"""seccomp for a worker: the system calls that decoding needs are allowed, a few are answered with a refusal, any other one ends it.

``make soak`` shows that no codec needs more; what one needs is added here by name.
"""

from __future__ import annotations

import errno
import struct
from collections.abc import Iterator
from functools import cache

from grace.evidence.decoding.program.bpf import (
    ALLOW,
    AND,
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
    only,
    packed,
    refusal,
)

ALLOWED: dict[str, Numbers] = {
    # the connection, and descriptors that are open
    "read": (0, 63),
    "write": (1, 64),
    "writev": (20, 66),
    "recvfrom": (45, 207),
    "close": (3, 57),
    "lseek": (8, 62),
    "fstat": (5, 80),
    # memory that cannot be run; mmap and mprotect are looked at below
    "munmap": (11, 215),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "brk": (12, 214),
    # threads, and their waiting for each other
    "futex": (202, 98),
    "set_robust_list": (273, 99),
    "rseq": (334, 293),
    "membarrier": (324, 283),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "getcpu": (309, 168),
    # signals that come to us
    "rt_sigprocmask": (14, 135),
    "rt_sigaction": (13, 134),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "restart_syscall": (219, 128),
    # what time it is, who we are, what we have used
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "nanosleep": (35, 101),
    "gettimeofday": (96, 169),
    "time": (201, None),
    "getpid": (39, 172),
    "gettid": (186, 178),
    "getrusage": (98, 165),
    "sysinfo": (99, 179),
    "getrandom": (318, 278),
    # the end
    "exit": (60, 93),
    "exit_group": (231, 94),
}
REFUSED: dict[str, Numbers] = {
    # libraries look for files and terminals of their own accord, and do without
    "open": (2, None),
    "openat": (257, 56),
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
    "ioctl": (16, 29),
    "uname": (63, 160),
}
CLONE3: dict[str, Numbers] = {"clone3": (435, 435)}
"""Its flags lie in memory, out of a filter's sight; told that there is no such call, the C library uses ``clone``."""
PROT_EXEC = 4
_CLONE_THREAD, _CLONE_APART = 0x00010000, 0x7E020080
"""A thread of this process; and what would give it name spaces of its own."""
_PR_SET_NAME, _PR_SET_VMA = 15, 0x53564D41
_TO_BE_NAMED = 0x7FFFFFFE
"""No process has so large an id, and nothing else in the filter is this number."""


def calls(process: int) -> Calls:
    """Those of the worker with that process id."""
    by_verdict = {ALLOW: ALLOWED, refusal(errno.EACCES): REFUSED, not_there(): CLONE3}
    return Calls(by_verdict, [*_looked_at(), *own(process, KILL)], KILL)


@cache
def code() -> bytes | None:
    """The filter as bytes, for a process that is named when it enters; None where the machine is not known."""
    return packed(calls(_TO_BE_NAMED))


def code_of(process: int) -> bytes | None:
    """The filter of the worker with that process id."""
    made = code()
    return made and made.replace(struct.pack("=I", _TO_BE_NAMED), struct.pack("=I", process))


def own(process: int, otherwise: int) -> Iterator[tuple[Numbers, list[Step]]]:
    """What concerns the process alone: threads, its limits, signals to itself so that ``abort()`` is told as what it is."""
    yield (56, 220), [argument(0), (AND, 0, 0, _CLONE_THREAD | _CLONE_APART), *equal(_CLONE_THREAD), end(otherwise)]  # clone
    yield (302, 261), [*only(0, 0), end(otherwise)]  # prlimit64
    yield (234, 131), [*only(0, process), end(otherwise)]  # tgkill


def _looked_at() -> Iterator[tuple[Numbers, list[Step]]]:
    """The calls that are allowed with some arguments only."""
    yield (157, 167), [*only(0, _PR_SET_NAME), *only(0, _PR_SET_VMA), end(KILL)]  # prctl: dav1d and glibc name what is theirs
    for numbers in ((9, 222), (10, 226)):  # mmap, mprotect: nothing that can be run
        yield numbers, [argument(2), (IF_ANY_BIT, 0, 1, PROT_EXEC), end(KILL), end(ALLOW)]
    yield (44, 206), [argument(4), (IF_EQUAL, 0, 3, 0), argument(4, upper=True), *equal(0), end(KILL)]  # sendto: to no address
