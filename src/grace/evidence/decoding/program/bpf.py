"""Filters for the kernel's classic BPF machine: which system calls a process may make, assembled from tables by name.

Each entry of a table is a name with its numbers on x86-64 and on 64-bit ARM.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Numbers = tuple[int | None, int | None]
"""On x86-64 and on 64-bit ARM; None where there is no such call."""
Step = tuple[int, int, int, int]
"""Code, how far to jump when true and when false, and a constant."""

ALLOW, KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
LOAD, AND, _RETURN = 0x20, 0x54, 0x06
IF_EQUAL, IF_AT_LEAST, IF_ANY_BIT = 0x15, 0x35, 0x45
_NUMBER_AT, _MACHINE_AT, _ARGUMENTS_AT = 0, 4, 16
_X32 = 0x40000000
_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_STEP_BYTES = 8
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Machine:
    """Its number in the kernel's audit, and which of the two numbers of a call is its own."""

    audit: int
    column: int


MACHINES = {"x86_64": Machine(0xC000003E, 0), "aarch64": Machine(0xC00000B7, 1)}


@dataclass(frozen=True, slots=True)
class Calls:
    """What becomes of a process's system calls: by verdict those with whatever arguments, then those whose arguments are looked at, then all others."""

    by_verdict: Mapping[int, Mapping[str, Numbers]]
    looked_at: Sequence[tuple[Numbers, Sequence[Step]]]
    otherwise: int


def refusal(number: int) -> int:
    """The verdict that answers a call with this error."""
    return _ERROR | number


def assembled(machine: Machine, calls: Calls) -> list[Step]:
    """The filter. A call by another machine's numbers ends the process."""
    steps = [(LOAD, 0, 0, _MACHINE_AT), (IF_EQUAL, 1, 0, machine.audit), end(KILL), (LOAD, 0, 0, _NUMBER_AT)]
    if machine.column == 0:
        steps += [(IF_AT_LEAST, 0, 1, _X32), end(KILL)]
    for verdict, table in calls.by_verdict.items():
        for numbers in table.values():
            steps += _when(machine, numbers, [end(verdict)])
    for numbers, looked_at in calls.looked_at:
        steps += _when(machine, numbers, looked_at)
    return [*steps, end(calls.otherwise)]


def packed(calls: Calls) -> bytes | None:
    """The filter for this machine as bytes; None where the machine is not known."""
    machine = MACHINES.get(platform.machine())
    return None if machine is None else b"".join(struct.pack("=HBBI", *step) for step in assembled(machine, calls))


def enter(code: bytes | None) -> bool:
    """Put a filter in force for this process; whether that was done. Needs no new privileges."""
    if code is None:
        return False
    own = ctypes.create_string_buffer(code)
    program = ctypes.create_string_buffer(struct.pack("@HP", len(code) // _STEP_BYTES, ctypes.addressof(own)))
    return bool(_libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, program, 0, 0) == 0)


def only(argument_: int, value: int) -> list[Step]:
    """Allowed where the lower half of an argument has this value; further steps follow."""
    return [argument(argument_), *equal(value)]


def equal(value: int) -> list[Step]:
    """Allowed where what is loaded has this value; further steps follow."""
    return [(IF_EQUAL, 0, 1, value), end(ALLOW)]


def argument(which: int, *, upper: bool = False) -> Step:
    """Load one half of an argument; for the kernel, all that is not an address is 32 bits wide."""
    return (LOAD, 0, 0, _ARGUMENTS_AT + 8 * which + 4 * upper)


def end(verdict: int) -> Step:
    """The verdict."""
    return (_RETURN, 0, 0, verdict)


def not_there() -> int:
    """The verdict that there is no such call."""
    return refusal(errno.ENOSYS)


def _when(machine: Machine, numbers: Numbers, steps: Sequence[Step]) -> list[Step]:
    """The steps, which end with a verdict, for the call with these numbers."""
    number = numbers[machine.column]
    return [] if number is None else [(IF_EQUAL, 0, len(steps), number), *steps]
