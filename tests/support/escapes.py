"""A decoding program whose workers also try to break out. Tests alone start it, by its name; nothing in the product knows it.

Started as the real program is, with the user to become behind it. It is the real program in all but one more operation,
and that no codec is warmed up.
"""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import resource
import socket
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from grace.evidence.decoding.layers import Layer
from grace.evidence.decoding.port import Limits
from grace.evidence.decoding.program import __main__ as program
from grace.evidence.decoding.program import worker

ALLOWED = "allowed"
_GIB = 1 << 30
_PTRACE_TRACEME, _PTRACE_SEIZE = 0, 0x4206
_CLONE_NEWUSER = 0x10000000
_libc = ctypes.CDLL(None, use_errno=True)


def _must(result: int) -> None:
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")


def _read(_: dict[str, Any]) -> None:
    os.close(os.open("/etc/passwd", os.O_RDONLY))


def _write(request: dict[str, Any]) -> None:
    os.close(os.open(request["file"], os.O_WRONLY | os.O_CREAT, 0o600))


def _tcp(request: dict[str, Any]) -> None:
    with socket.socket() as ours:
        ours.connect(("127.0.0.1", request["tcp"]))


def _udp(request: dict[str, Any]) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as ours:
        ours.sendto(b"hello", ("127.0.0.1", request["udp"]))


def _local(request: dict[str, Any]) -> None:
    with socket.socket(socket.AF_UNIX) as ours:
        ours.connect("\0" + request["local"])


def _execute(_: dict[str, Any]) -> None:
    os.execv("/bin/true", ["true"])  # noqa: S606 - that is the attempt


def _fork(_: dict[str, Any]) -> None:
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)


def _trace(_: dict[str, Any]) -> None:
    _must(_libc.ptrace(_PTRACE_TRACEME, 0, None, None))


def _trace_parent(_: dict[str, Any]) -> None:
    _must(_libc.ptrace(_PTRACE_SEIZE, os.getppid(), None, None))


def _signal(_: dict[str, Any]) -> None:
    os.kill(os.getppid(), 0)


def _allocate(_: dict[str, Any]) -> None:
    mmap.mmap(-1, 3 * _GIB, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000).close()  # MAP_NORESERVE: no page is touched


def _run_data(_: dict[str, Any]) -> None:
    mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()


def _unshare(_: dict[str, Any]) -> None:
    _must(_libc.unshare(_CLONE_NEWUSER))


def _lift_limit(_: dict[str, Any]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (8 * _GIB, 8 * _GIB))


def _use_what_is_open(_: dict[str, Any]) -> None:
    """Use another descriptor than the connection and the three that lead nowhere."""
    sockets = 0
    for descriptor in range(4096):
        with suppress(OSError):
            mode = os.fstat(descriptor).st_mode
            sockets += stat.S_ISSOCK(mode)
            if sockets > 1 or not (stat.S_ISSOCK(mode) or stat.S_ISCHR(mode)):
                return
    raise OSError(errno.EBADF, "nothing else is open")


ATTEMPTS: dict[str, Callable[[dict[str, Any]], None]] = {
    "read a file": _read,
    "write a file": _write,
    "connect by TCP": _tcp,
    "send by UDP": _udp,
    "connect to a local socket": _local,
    "execute a program": _execute,
    "fork": _fork,
    "be traced": _trace,
    "trace the parent": _trace_parent,
    "signal the parent": _signal,
    "allocate 3 GiB": _allocate,
    "run data as code": _run_data,
    "make a name space": _unshare,
    "lift a limit": _lift_limit,
    "use what is open": _use_what_is_open,
}


def _escape(content: bytes, limits: Limits, request: dict[str, Any]) -> worker.Answer:
    del content, limits
    try:
        ATTEMPTS[request["attempt"]](request)
    except OSError as refusal:
        return {"outcome": errno.errorcode[refusal.errno or 0]}, b""
    except ValueError as refusal:  # how Python tells that a limit may not be lifted
        return {"outcome": str(refusal)}, b""
    return {"outcome": ALLOWED}, b""


if __name__ == "__main__":
    control, memory, layers, user = (int(each) for each in sys.argv[1:])
    if user != os.getuid():
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    worker._OPERATIONS["escape"] = _escape
    program.main(socket.socket(fileno=control), memory, Layer(layers), lambda: None)  # nothing is decoded, and this is much faster
