"""seccomp: the system calls that decoding needs are allowed, a few are answered with a refusal, any other one ends the process.

The filter is a program for the kernel's classic BPF machine, assembled here from tables: each entry is a name with its
numbers on x86-64 and on 64-bit ARM. ``make soak`` shows that no codec needs more; what one needs is added here by name.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

Numbers = tuple[int | None, int | None]
"""On x86-64 and on 64-bit ARM; None where there is no such call."""

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
_CLONE3: Numbers = (435, 435)
"""Its flags lie in memory, out of a filter's sight; told that there is no such call, the C library uses ``clone``."""

_LOAD, _AND, _RETURN = 0x20, 0x54, 0x06
_IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT = 0x15, 0x35, 0x45
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER_AT, _MACHINE_AT, _ARGUMENTS_AT = 0, 4, 16
_X32 = 0x40000000
_PROT_EXEC = 4
_CLONE_THREAD, _CLONE_APART = 0x00010000, 0x7E020080
"""A thread of this process; and what would give it name spaces of its own."""
_PR_SET_NAME, _PR_SET_VMA = 15, 0x53564D41
_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_STEP_BYTES = 8
_TO_BE_NAMED = 0x7FFFFFFE
"""No process has so large an id, and nothing else in the filter is this number."""
_libc = ctypes.CDLL(None, use_errno=True)

Step = tuple[int, int, int, int]
"""Code, how far to jump when true and when false, and a constant."""


@dataclass(frozen=True, slots=True)
class Machine:
    """Its number in the kernel's audit, and which of the two numbers of a call is its own."""

    audit: int
    column: int


MACHINES = {"x86_64": Machine(0xC000003E, 0), "aarch64": Machine(0xC00000B7, 1)}


def assembled(machine: Machine, process: int) -> list[Step]:
    """The filter of the process with that id."""
    steps = [(_LOAD, 0, 0, _MACHINE_AT), (_IF_EQUAL, 1, 0, machine.audit), _end(_KILL), (_LOAD, 0, 0, _NUMBER_AT)]
    if machine.column == 0:
        steps += [(_IF_AT_LEAST, 0, 1, _X32), _end(_KILL)]
    for names, verdict in ((ALLOWED, _ALLOW), (REFUSED, _ERROR | errno.EACCES), ({"clone3": _CLONE3}, _ERROR | errno.ENOSYS)):
        for numbers in names.values():
            steps += _when(machine, numbers, [_end(verdict)])
    for numbers, looked_at in _looked_at(process):
        steps += _when(machine, numbers, looked_at)
    return [*steps, _end(_KILL)]


@cache
def code() -> bytes | None:
    """The filter as bytes, for a process that is named when it enters; None where the machine is not known."""
    machine = MACHINES.get(platform.machine())
    return None if machine is None else b"".join(struct.pack("=HBBI", *step) for step in assembled(machine, _TO_BE_NAMED))


def enter(process: int) -> bool:
    """Put the filter in force for this process, whose id is given; whether that was done. Needs no new privileges."""
    steps = code()
    if steps is None:
        return False
    own = ctypes.create_string_buffer(steps.replace(struct.pack("=I", _TO_BE_NAMED), struct.pack("=I", process)))
    program = ctypes.create_string_buffer(struct.pack("@HP", len(steps) // _STEP_BYTES, ctypes.addressof(own)))
    return bool(_libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, program, 0, 0) == 0)


def _looked_at(process: int) -> Iterator[tuple[Numbers, list[Step]]]:
    """The calls that are allowed with some arguments only; for the kernel, all of these but addresses are 32 bits wide."""
    yield (157, 167), [*_only(0, _PR_SET_NAME), *_only(0, _PR_SET_VMA), _end(_KILL)]  # prctl: dav1d and glibc name what is theirs
    yield (56, 220), [_argument(0), (_AND, 0, 0, _CLONE_THREAD | _CLONE_APART), *_equal(_CLONE_THREAD), _end(_KILL)]  # clone
    for numbers in ((9, 222), (10, 226)):  # mmap, mprotect: nothing that can be run
        yield numbers, [_argument(2), (_IF_ANY_BIT, 0, 1, _PROT_EXEC), _end(_KILL), _end(_ALLOW)]
    yield (302, 261), [*_only(0, 0), _end(_KILL)]  # prlimit64: of this process
    yield (234, 131), [*_only(0, process), _end(_KILL)]  # tgkill: to this process, so that abort() is told as what it is
    yield (44, 206), [_argument(4), (_IF_EQUAL, 0, 3, 0), _argument(4, upper=True), *_equal(0), _end(_KILL)]  # sendto: to no address


def _when(machine: Machine, numbers: Numbers, steps: list[Step]) -> list[Step]:
    """The steps, which end with a verdict, for the call with these numbers."""
    number = numbers[machine.column]
    return [] if number is None else [(_IF_EQUAL, 0, len(steps), number), *steps]


def _only(argument: int, value: int) -> list[Step]:
    return [_argument(argument), *_equal(value)]


def _equal(value: int) -> list[Step]:
    return [(_IF_EQUAL, 0, 1, value), _end(_ALLOW)]


def _argument(which: int, *, upper: bool = False) -> Step:
    return (_LOAD, 0, 0, _ARGUMENTS_AT + 8 * which + 4 * upper)


def _end(verdict: int) -> Step:
    return (_RETURN, 0, 0, verdict)
