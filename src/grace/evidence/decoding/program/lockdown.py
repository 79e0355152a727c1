"""What a process gives up before it sees a hostile byte. Each step may only take away; none can be taken back.

Four layers (:mod:`grace.evidence.decoding.layers`), each of which the machine may refuse: then the rest stand, and it is told.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from grace.evidence.decoding.layers import Layer, Walls, unpacked
from grace.evidence.decoding.program import bpf, landlock, seccomp

_CLONE_NEWUTS, _CLONE_NEWIPC, _CLONE_NEWUSER, _CLONE_NEWNET = 0x04000000, 0x08000000, 0x10000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_CAPABILITIES_V3 = 0x20080522
_MANY_DESCRIPTORS = 4096
_LARGEST_GAP, _SMALLEST_GAP = 16 << 20, 16 << 10
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Left:
    """What is left to a process: rights to files by path, how many descriptors it may have, and by its id the filter of its calls."""

    files: Mapping[str, int] = field(default_factory=dict)
    descriptors: int = 0
    filter: Callable[[int], bytes | None] = seccomp.code_of


NOTHING = Left()
"""What is left to a worker: no file, no further descriptor, the calls that decoding needs."""


def leave_network(asked: Layer) -> bool:
    """Move into a network of our own without any interface, where that is asked for; whether the system allowed it."""
    apart = _CLONE_NEWNET | _CLONE_NEWIPC | _CLONE_NEWUTS
    return Layer.NAMESPACES in asked and any(_libc.unshare(flags) == 0 for flags in (_CLONE_NEWUSER | apart, apart))


def end_with_parent(parent: int) -> None:
    """Be killed when the parent, whose process id is given, ends; at once where it ended before this was said."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def return_memory() -> None:
    """Give the system back what is free: a worker that used a page of it would have to copy it first."""
    if hasattr(_libc, "malloc_trim"):  # glibc's
        _libc.malloc_trim(0)


def close_gaps() -> None:
    """Use up what is free between things in memory, without touching it: what a worker makes then lies in new memory, in large pages.

    In a gap each small page would be fetched by itself, a thousand of them for a picture.
    """
    if not hasattr(_libc, "malloc_trim"):  # another allocator than glibc's
        return
    _libc.malloc.restype = _libc.sbrk.restype = ctypes.c_void_p
    _libc.malloc.argtypes, _libc.free.argtypes = [ctypes.c_size_t], [ctypes.c_void_p]
    end, size = _libc.sbrk(0) - _SMALLEST_GAP, _LARGEST_GAP
    while size >= _SMALLEST_GAP:
        taken = _libc.malloc(size)
        if not taken or taken >= end:
            _libc.free(taken)
            size //= 2
    _libc.malloc_trim(0)


def keep_only(*descriptors: int) -> None:
    """Close whatever else was inherited, but for the three that lead nowhere."""
    begin = 3
    for descriptor in sorted(descriptors):
        os.closerange(begin, descriptor)
        begin = descriptor + 1
    os.closerange(begin, _MANY_DESCRIPTORS)


def give_up(memory_bytes: int, asked: Layer, left: Left = NOTHING) -> Walls:
    """Privileges, then each layer that is asked for and can be had; which ones these are.

    The order is the only one that works: Landlock needs a descriptor, which the limits forbid, and the filter forbids all of this.
    """
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    _libc.capset(struct.pack("=Ii", _CAPABILITIES_V3, 0), bytes(24))
    known = landlock.enter(left.files) if Layer.LANDLOCK in asked else 0
    layers = Layer.LANDLOCK if known else Layer(0)
    if Layer.LIMITS in asked:
        _limit(memory_bytes, left.descriptors)
        layers |= Layer.LIMITS
    if Layer.SECCOMP in asked and bpf.enter(left.filter(os.getpid())):
        layers |= Layer.SECCOMP
    return Walls(layers, known)


def tried_out(memory_bytes: int, asked: Layer, left: Left = NOTHING) -> Walls:
    """What :func:`give_up` comes to on this machine: a child gives up, tells, and ends."""
    seccomp.code()  # made once, for this child and all that come
    ours, theirs = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            os.write(theirs, struct.pack("=q", give_up(memory_bytes, asked, left).packed()))
        finally:
            os._exit(0)
    os.close(theirs)
    told = os.read(ours, 8)
    os.close(ours)
    os.waitpid(process, 0)
    return unpacked(*struct.unpack("=q", told)) if told else Walls(Layer(0))


def allow_cpu(seconds: int) -> None:
    """Let this process use that many more seconds of processor time; then the system ends it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, resource.RLIM_INFINITY))


def _limit(memory_bytes: int, descriptors: int) -> None:
    """No core file (it would hold pixels), no writing, no more descriptors and memory than this."""
    for limit, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_NOFILE, descriptors),
    ):
        resource.setrlimit(limit, (most, most))
