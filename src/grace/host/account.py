"""Under which account the embedded PostgreSQL runs: it refuses root, so root takes another name."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from grace.host.errors import NoDatabase

_LAUNCH = Path(__file__).with_name("launch.py")


@dataclass(frozen=True, slots=True)
class Account:
    """How :mod:`grace.host.launch` is to take the account; ``uid`` and ``gid`` own the files as seen from outside."""

    spelling: str
    uid: int
    gid: int

    @property
    def is_other(self) -> bool:
        """Whether the files belong to somebody else than us."""
        return self.uid != os.geteuid()


def launching(program: Path, *arguments: str, account: Account | None = None, sign: int = 0) -> list[str]:
    """The command that starts ``program`` tied to this process; ``sign`` is the signal it gets when we die."""
    spelling = account.spelling if account else "-"
    return [sys.executable, "-I", "-S", str(_LAUNCH), str(os.getpid()), str(sign), spelling, str(program), *arguments]


@cache
def namespaces_allowed() -> bool:
    """Whether this machine lets us open a user namespace."""
    command = launching(Path("/bin/true"), account=_mapped())
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def choose(postgres_user: str = "") -> Account:
    """The account for the server: ourselves, or as root a user namespace, or the system user asked for."""
    if os.geteuid() != 0:
        return Account("-", os.geteuid(), os.getegid())
    if postgres_user:
        return _system_user(postgres_user)
    if namespaces_allowed():
        return _mapped()
    raise NoDatabase(
        "PostgreSQL refuses to run as root, and user namespaces are forbidden here.",
        remedy="Run GRACE as an ordinary user, or set GRACE_POSTGRES_USER to a system user (useradd --system grace).",
    )


def _mapped() -> Account:
    """A namespace in which root bears the first ordinary name of the machine (initdb asks for a name)."""
    names = [entry for entry in pwd.getpwall() if entry.pw_uid != 0]
    if not names:
        raise NoDatabase("This machine has no user but root.", remedy="Add one: useradd --system grace.")
    name = min(names, key=lambda entry: entry.pw_uid)
    return Account(f"map:{name.pw_uid}:{name.pw_gid}", os.geteuid(), os.getegid())


def _system_user(name: str) -> Account:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise NoDatabase(f"There is no system user {name!r} (GRACE_POSTGRES_USER).", remedy=f"Add it: useradd --system {name}.") from None
    if entry.pw_uid == 0:
        raise NoDatabase("GRACE_POSTGRES_USER may not be root.", remedy="Name another system user.")
    return Account(f"become:{entry.pw_uid}:{entry.pw_gid}", entry.pw_uid, entry.pw_gid)
