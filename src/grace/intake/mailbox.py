"""A mailbox as a way in, over IMAP: what waits there is handed out, and put away once it is taken in; nothing is ever deleted."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from grace.host.environment import Environment
from grace.host.errors import WrongSetting
from grace.kernel.errors import Unavailable

TAKEN = "$GraceTaken"
"""The keyword of a mail that was taken in and stays where it is."""
MOST_BYTES = 128 << 20
"""Bytes of a mail that are fetched; above the limit of what is read, so that one that is too large is sealed and told as such."""
TIMEOUT = 60.0
_UID = re.compile(rb"\bUID (\d{1,10})\b")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d{1,19})\b")
_HERE = frozenset({"127.0.0.1", "::1", "localhost"})


class MailboxAway(Unavailable):
    """The mail server does not answer, or breaks off."""


class MailboxRefused(WrongSetting):
    """The mail server answers and says no; the settings do not fit it."""


@dataclass(frozen=True, slots=True)
class Account:
    """Where the mailbox is and how it is opened; ``taken`` empty means that mails are marked, not moved."""

    host: str
    port: int
    tls: str
    user: str
    password: str
    folder: str
    taken: str

    def __repr__(self) -> str:
        return f"Account({self.host}:{self.port})"


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that waits: its number in the folder and its size in bytes, as the server says."""

    uid: int
    size: int


def account_of(found: Environment) -> Account:
    """The mailbox of the settings. Raises :class:`WrongSetting` where they name none, or one that would be read in the open."""
    if not found.imap_host:
        raise WrongSetting("No mailbox is set.", remedy="Set GRACE_IMAP_HOST, GRACE_IMAP_USER and GRACE_IMAP_PASSWORD_FILE.")
    if found.imap_tls == "no" and found.imap_host not in _HERE:
        raise WrongSetting(
            "The mailbox is on another machine and would be read in the open.", remedy="Set GRACE_IMAP_TLS to tls or starttls."
        )
    for name in (found.imap_folder, found.imap_taken):
        if not name.isascii() or not (name.isprintable()):
            raise WrongSetting(
                "A folder's name has other characters than ASCII.", remedy="Write it as the server lists it (modified UTF-7)."
            )
    return Account(
        found.imap_host,
        found.imap_port,
        found.imap_tls,
        found.imap_user,
        found.imap_password,
        found.imap_folder,
        found.imap_taken,
    )


class _Plain(imaplib.IMAP4):
    """Without TLS, or before STARTTLS."""

    def read(self, size: int) -> bytes:
        """Read exactly so many bytes."""
        return super().read(_within(size))


class _Secure(imaplib.IMAP4_SSL):
    """With TLS from the first byte."""

    def read(self, size: int) -> bytes:
        """Read exactly so many bytes."""
        return super().read(_within(size))


def _within(size: int) -> int:
    """No server makes us take more into memory than any mail that is fetched."""
    if size > MOST_BYTES:
        raise imaplib.IMAP4.abort("the server sends more than was asked for")
    return size


class Mailbox:
    """An open folder of a mailbox."""

    def __init__(self, server: imaplib.IMAP4, account: Account, validity: int) -> None:
        self._server = server
        self._account = account
        self._validity = validity

    def waiting(self) -> list[Letter]:
        """The mails that were not taken in yet, oldest first."""
        asked = ["UNDELETED"] if self._account.taken else ["UNDELETED", "UNKEYWORD", TAKEN]
        found = b" ".join(row for row in self._ask("SEARCH", *asked) if isinstance(row, bytes))
        uids = sorted({int(word) for word in found.split() if word.isdigit()})
        return [letter for start in range(0, len(uids), 500) for letter in self._sized(uids[start : start + 500])]

    def fetch(self, letter: Letter) -> bytes | None:
        """The bytes of a mail, which stays unread for whoever looks into the mailbox; None where it has gone meanwhile."""
        rows = self._ask("FETCH", str(letter.uid), "(BODY.PEEK[])")
        return next((row[1] for row in rows if isinstance(row, tuple) and b"BODY[]" in row[0].upper()), None)

    def put_away(self, letters: Sequence[Letter]) -> None:
        """Move or mark mails that were taken in. Doing it twice does nothing twice."""
        uids = ",".join(str(letter.uid) for letter in letters)
        if self._account.taken:
            self._ask("MOVE", uids, _quoted(self._account.taken))
        else:
            self._ask("STORE", uids, "+FLAGS.SILENT", f"({TAKEN})")

    def name_of(self, letter: Letter) -> str:
        """A name for the mail: its number, for what it is called is written by strangers."""
        return f"mail-{self._validity}-{letter.uid}.eml"

    def _sized(self, uids: Sequence[int]) -> Iterator[Letter]:
        for row in self._ask("FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE)"):
            said = row[0] if isinstance(row, tuple) else row
            if isinstance(said, bytes) and (uid := _UID.search(said)) and (size := _SIZE.search(said)):
                yield Letter(int(uid[1]), int(size[1]))

    def _ask(self, command: str, *arguments: str) -> list[Any]:
        with _telling():
            status, rows = self._server.uid(command, *arguments)
        if status != "OK":
            raise MailboxRefused(f"The mail server refuses {command}.", remedy="Ask whoever runs it.")
        return rows


@contextmanager
def open_mailbox(account: Account) -> Iterator[Mailbox]:
    """Sign in and open the folder. Raises :class:`MailboxAway` or :class:`MailboxRefused`, as the mailbox's methods do."""
    with _telling():
        server = _connected(account)
    try:
        with _telling():
            mailbox = _opened(server, account)
        yield mailbox
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            server.logout()
        _close(server)


@contextmanager
def _telling() -> Iterator[None]:
    """Turns what imaplib and the network raise into our own errors."""
    try:
        yield
    except imaplib.IMAP4.abort as fault:
        raise MailboxAway("The mail server broke off.", remedy="It is tried again.") from fault
    except imaplib.IMAP4.error as fault:
        raise MailboxRefused("The mail server refuses.", remedy="Check GRACE_IMAP_USER, its password and GRACE_IMAP_FOLDER.") from fault
    except ssl.SSLError as fault:
        raise MailboxRefused(
            "The mail server's certificate or TLS cannot be used.", remedy="Check GRACE_IMAP_HOST and GRACE_IMAP_TLS."
        ) from fault
    except OSError as fault:
        raise MailboxAway("The mail server does not answer.", remedy="Check GRACE_IMAP_HOST and GRACE_IMAP_PORT.") from fault


def _connected(account: Account) -> imaplib.IMAP4:
    if account.tls == "tls":
        return _Secure(account.host, account.port, ssl_context=ssl.create_default_context(), timeout=TIMEOUT)
    server = _Plain(account.host, account.port, timeout=TIMEOUT)
    if account.tls == "starttls":
        try:
            server.starttls(ssl.create_default_context())
        except (imaplib.IMAP4.error, OSError):
            _close(server)
            raise
    return server


def _close(server: imaplib.IMAP4) -> None:
    """Let go of the connection, whatever state it is in; signing out does so only where the server answers."""
    with suppress(OSError):
        server.shutdown()


def _opened(server: imaplib.IMAP4, account: Account) -> Mailbox:
    """Sign in, and make sure that mails can be put away before any is taken."""
    server.login(account.user, account.password)
    status, _ = server.select(_quoted(account.folder))
    if status != "OK":
        raise MailboxRefused("The mailbox has no such folder.", remedy="Check GRACE_IMAP_FOLDER.")
    if account.taken:
        _, said = server.capability()
        if b"MOVE" not in b" ".join(said).upper().split():
            raise MailboxRefused("The mail server cannot move mails.", remedy="Leave GRACE_IMAP_TAKEN empty: mails are marked then.")
        server.create(_quoted(account.taken))  # says NO where it is there already
    elif b"\\*" not in b" ".join(row for row in server.response("PERMANENTFLAGS")[1] if row):
        raise MailboxRefused("The folder keeps no marks.", remedy="Set GRACE_IMAP_TAKEN to a folder to move mails to.")
    validity = [row for row in server.response("UIDVALIDITY")[1] if row]
    return Mailbox(server, account, int(validity[0]) if validity and validity[0].isdigit() else 0)


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
