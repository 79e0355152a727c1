"""Where the database is, and as whom we speak to it: the embedded server in GRACE_HOME, or the operator's own."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from grace.host import files
from grace.host.environment import Environment
from grace.host.errors import WrongSetting

DATABASE = "grace"
LONGEST_SOCKET = 100
"""Bytes that the path of a socket may have (Linux allows 107)."""
SOCKET_NAME = ".s.PGSQL.5432"


class Role(StrEnum):
    """The three roles of the embedded server. Nothing of GRACE runs as the superuser; it only makes the other two."""

    SUPERUSER = "postgres"
    OWNER = "grace_owner"
    APP = "grace_app"


@dataclass(frozen=True, slots=True)
class Address:
    """A database and a role; ``host`` is a name or the folder of a socket. The password stays out of ``repr``."""

    host: str
    port: int
    database: str
    user: str
    password: str
    options: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        return f"Address({self.user} at {self.host}:{self.port}/{self.database})"

    @property
    def url(self) -> str:
        """The address as libpq reads it, password and all."""
        pairs = "".join(f"&{key}={quote(value, safe='')}" for key, value in self.options)
        return (
            f"postgresql://{quote(self.user, safe='')}:{quote(self.password, safe='')}@/{quote(self.database, safe='')}"
            f"?host={quote(self.host, safe='')}&port={self.port}{pairs}"
        )


def parse(url: str) -> Address:
    """Read ``postgresql://user:password@host:port/database?option=value``; ``host`` may stand among the options."""
    parts = urlsplit(url)
    options = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    host = unquote(options.pop("host", parts.hostname or ""))
    port = options.pop("port", "") or str(parts.port or 5432)
    database = unquote(parts.path.lstrip("/"))
    if not database or not parts.username:
        raise WrongSetting(
            "The address of the database lacks a user or a database.", remedy="Write postgresql://user:password@host:port/database."
        )
    rest = tuple((key, unquote(value)) for key, value in options.items())
    return Address(host, int(port), database, unquote(parts.username), unquote(parts.password or ""), rest)


def is_embedded(environment: Environment) -> bool:
    """Whether the server in GRACE_HOME is used."""
    return not environment.database_url


def address(environment: Environment, role: Role = Role.APP) -> Address:
    """The address of the installation's database for a role."""
    if is_embedded(environment):
        return embedded(environment.home, role)
    owner = environment.database_owner_url or environment.database_url
    return parse(owner if role is Role.OWNER else environment.database_url)


def embedded(home: Path, role: Role) -> Address:
    """The address of the embedded server; without a password where the server was never prepared."""
    database = "postgres" if role is Role.SUPERUSER else DATABASE
    return Address(str(socket_folder(home)), 5432, database, role, files.read(_password_file(home, role)).decode())


def make_passwords(home: Path) -> None:
    """Make the passwords of the embedded server's roles where they are missing: 32 random bytes each."""
    for role in Role:
        files.keep(_password_file(home, role), lambda: secrets.token_urlsafe(32).encode())


def _password_file(home: Path, role: Role) -> Path:
    return home / "passwords" / role


def socket_folder(home: Path) -> Path:
    """Where the socket is: inside GRACE_HOME, or where that path is too long, in a private folder with a short one."""
    inside = home / "socket"
    if len(os.fsencode(inside / SOCKET_NAME)) <= LONGEST_SOCKET:
        return inside
    name = f"grace-{os.geteuid()}-{hashlib.sha256(os.fsencode(home)).hexdigest()[:16]}"
    for parent in (os.environ.get("XDG_RUNTIME_DIR", ""), tempfile.gettempdir(), "/tmp"):
        if parent and Path(parent).is_dir() and len(os.fsencode(Path(parent, name, SOCKET_NAME))) <= LONGEST_SOCKET:
            return Path(parent, name)
    raise WrongSetting("There is no folder with a path short enough for PostgreSQL's socket.", remedy="Set GRACE_HOME to a shorter path.")
