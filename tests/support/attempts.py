"""Attempts to break out of a process, each one deed. Standard library only: a program that knows nothing of ours runs them too.

Run as a program it reads a request in JSON, makes the attempt that this names, and writes what became of it.
"""

from __future__ import annotations

import ctypes
import errno
import json
import mmap
import os
import resource
import socket
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

ALLOWED = "allowed"
_GIB = 1 << 30
_PTRACE_TRACEME, _PTRACE_SEIZE = 0, 0x4206
_CLONE_NEWUSER, _CLONE_NEWNS = 0x10000000, 0x00020000
_libc = ctypes.CDLL(None, use_errno=True)


def _must(result: int) -> None:
    if result < 0:
        raise OSError(ctypes.get_errno(), "refused")


def _read(_: dict[str, Any]) -> None:
    os.close(os.open("/etc/passwd", os.O_RDONLY))


def _write(request: dict[str, Any]) -> None:
    written = os.open(request["file"], os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        os.write(written, b"written")
    finally:
        os.close(written)


def _tcp(request: dict[str, Any]) -> None:
    with socket.socket() as ours:
        ours.connect(("127.0.0.1", request["tcp"]))


def _udp(request: dict[str, Any]) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as ours:
        ours.sendto(b"hello", ("127.0.0.1", request["udp"]))


def _local(request: dict[str, Any]) -> None:
    with socket.socket(socket.AF_UNIX) as ours:
        ours.connect("\0" + request["local"])


def _local_by_path(request: dict[str, Any]) -> None:
    with socket.socket(socket.AF_UNIX) as ours:
        ours.connect(request["path"])


def _execute(_: dict[str, Any]) -> None:
    os.execv("/bin/true", ["true"])  # noqa: S606 - that is the attempt


def _execute_by_loader(_: dict[str, Any]) -> None:
    loader = {"x86_64": "/lib64/ld-linux-x86-64.so.2", "aarch64": "/lib/ld-linux-aarch64.so.1"}[os.uname().machine]
    os.execv(loader, [loader, "/bin/true"])  # noqa: S606 - the same


def _execute_itself(_: dict[str, Any]) -> None:
    os.execv(os.path.realpath(sys.executable), [os.path.realpath(sys.executable), "-I", "-S", "-c", ""])  # noqa: S606 - the same


def _gain(_: dict[str, Any]) -> None:
    """Use a privilege of root."""
    _must(_libc.unshare(_CLONE_NEWNS))


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


def _run_input(_: dict[str, Any]) -> None:
    mmap.mmap(0, 1, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_EXEC).close()


def _change_input(_: dict[str, Any]) -> None:
    os.pwrite(0, b"changed", 0)


def _open_memory(_: dict[str, Any]) -> None:
    os.close(os.open("/proc/self/mem", os.O_RDWR))


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
            if sockets > 1 or not (stat.S_ISSOCK(mode) or stat.S_ISCHR(mode) or descriptor == 0):
                return
    raise OSError(errno.EBADF, "nothing else is open")


ATTEMPTS: dict[str, Callable[[dict[str, Any]], None]] = {
    "read a file": _read,
    "write a file": _write,
    "connect by TCP": _tcp,
    "send by UDP": _udp,
    "connect to a local socket": _local,
    "connect to a socket by its path": _local_by_path,
    "execute a program": _execute,
    "execute a program by the loader": _execute_by_loader,
    "execute itself": _execute_itself,
    "fork": _fork,
    "be traced": _trace,
    "trace the parent": _trace_parent,
    "signal the parent": _signal,
    "allocate 3 GiB": _allocate,
    "run data as code": _run_data,
    "make a name space": _unshare,
    "lift a limit": _lift_limit,
    "use what is open": _use_what_is_open,
    "use a privilege": _gain,
    "run its input as code": _run_input,
    "change its input": _change_input,
    "open its own memory": _open_memory,
}


def outcome(request: dict[str, Any]) -> str:
    """What becomes of the attempt that a request names, where the process outlives it."""
    try:
        ATTEMPTS[request["attempt"]](request)
    except OSError as refusal:
        return errno.errorcode[refusal.errno or 0]
    except ValueError as refusal:  # how Python tells that a limit may not be lifted
        return str(refusal)
    return ALLOWED


if __name__ == "__main__":
    print(outcome(json.load(sys.stdin)))
