"""Start a program that dies with its parent, and as root under an account that is not root.

Standard library only, run as a file: ``python -I -S launch.py PARENT SIGNAL ACCOUNT PROGRAM ARG…`` where ``ACCOUNT`` is ``-``
(as we are), ``map:UID:GID`` (a user namespace in which we bear that name; the files stay ours) or ``become:UID:GID``.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
CLONE_NEWUSER = 0x10000000
CANNOT = 70


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent: int, sign: int) -> None:
    """Ask the kernel (Linux) for ``sign`` when ``parent`` dies; leave at once if it is gone already."""
    if sys.platform != "linux":
        return
    _libc().prctl(PR_SET_PDEATHSIG, sign)
    if os.getppid() != parent:
        sys.exit(CANNOT)


def enter_namespace(uid: int, gid: int) -> None:
    """Appear as ``uid`` and ``gid`` while staying who we are for files. Raises ``OSError`` where that is forbidden."""
    outside = (os.geteuid(), os.getegid())
    if _libc().unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "user namespaces are forbidden here")
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{uid} {outside[0]} 1\n", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{gid} {outside[1]} 1\n", encoding="ascii")


def become(uid: int, gid: int) -> None:
    """Turn from root into another account, for good."""
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def take_account(account: str) -> None:
    """Take the account that the second argument names."""
    if account == "-":
        return
    how, uid, gid = account.split(":")
    {"map": enter_namespace, "become": become}[how](int(uid), int(gid))


def main(arguments: list[str]) -> None:
    """Take the account, tie our life to the parent's (a change of account would untie it), and become the program."""
    parent, sign, account, *program = arguments
    os.umask(0o077)
    try:
        take_account(account)
    except OSError as failure:
        sys.stderr.write(f"cannot take the account {account}: {failure}\n")
        sys.exit(CANNOT)
    die_with_parent(int(parent), int(sign))
    try:
        os.execv(program[0], program)
    except OSError as failure:
        sys.stderr.write(f"cannot start {program[0]}: {failure.strerror}\n")
        sys.exit(CANNOT)


if __name__ == "__main__":
    main(sys.argv[1:])
