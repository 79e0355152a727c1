"""A mail server for tests: enough of IMAP (RFC 3501, and MOVE of RFC 6851) for a client that reads one folder, on loopback only."""

from __future__ import annotations

import re
import shlex
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

USER, PASSWORD = "desk", "five quiet ferries"


@dataclass
class Stored:
    """One message of a folder."""

    uid: int
    content: bytes
    flags: set[str] = field(default_factory=set)


@dataclass
class Store:
    """What the server holds and how it behaves; tests change it while it runs."""

    folders: dict[str, list[Stored]] = field(default_factory=lambda: {"INBOX": []})
    can_move: bool = True
    keeps_keywords: bool = True
    fail: Callable[[str], bool] = lambda _: False
    """Asked of each command; True breaks the connection off before it is answered."""
    asked: list[str] = field(default_factory=list)
    port: int = 0
    next_uid: int = 7
    context: ssl.SSLContext | None = None
    claims: dict[int, int] = field(default_factory=dict)
    """Sizes that the server claims of messages, by their number, rather than the true ones."""

    def add(self, content: bytes, folder: str = "INBOX") -> Stored:
        stored = Stored(self.next_uid, content)
        self.next_uid += 1
        self.folders.setdefault(folder, []).append(stored)
        return stored

    def all(self) -> list[bytes]:
        """Every message of every folder: nothing may ever be missing."""
        return sorted(each.content for folder in self.folders.values() for each in folder)


class _Session(socketserver.StreamRequestHandler):
    server: _Server
    secure: ssl.SSLSocket | None = None

    def finish(self) -> None:
        super().finish()
        if self.secure is not None:
            self.secure.close()

    def handle(self) -> None:
        self.folder = "INBOX"
        self._say("* OK ready")
        while line := self.rfile.readline().decode().strip():
            tag, _, command = line.partition(" ")
            self.server.store.asked.append(re.sub(r"^(LOGIN \S+) .*", r"\1", command))
            if self.server.store.fail(command):
                return
            if not self._answer(tag, command):
                return

    def _answer(self, tag: str, command: str) -> bool:
        words = shlex.split(command)
        verb = words[0].upper()
        if verb == "UID":
            verb, words = f"UID {words[1].upper()}", words[1:]
        status = _VERBS.get(verb, _Session._unknown)(self, words[1:])
        self._say(f"{tag} {status} done")
        if verb == "STARTTLS" and self.server.store.context:
            self.secure = self.server.store.context.wrap_socket(self.request, server_side=True)
            self.rfile, self.wfile = self.secure.makefile("rb"), self.secure.makefile("wb")
        return verb != "LOGOUT"

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
        self.wfile.flush()

    def _unknown(self, words: list[str]) -> str:
        return "BAD unknown"

    def _capability(self, words: list[str]) -> str:
        self._say(
            f"* CAPABILITY IMAP4rev1{' MOVE' if self.server.store.can_move else ''}{' STARTTLS' if self.server.store.context else ''}"
        )
        return "OK"

    def _ok(self, words: list[str]) -> str:
        return "OK"

    def _login(self, words: list[str]) -> str:
        return "OK" if words == [USER, PASSWORD] else "NO wrong name or password"

    def _select(self, words: list[str]) -> str:
        if words[0] not in self.server.store.folders:
            return "NO no such folder"
        self.folder = words[0]
        self._say(f"* {len(self._messages())} EXISTS")
        self._say("* OK [UIDVALIDITY 42] valid")
        kept = "\\Seen \\*" if self.server.store.keeps_keywords else "\\Seen"
        self._say(f"* OK [PERMANENTFLAGS ({kept})] kept")
        return "OK [READ-WRITE]"

    def _create(self, words: list[str]) -> str:
        if words[0] in self.server.store.folders:
            return "NO it exists"
        self.server.store.folders[words[0]] = []
        return "OK"

    def _search(self, words: list[str]) -> str:
        hidden = {words[place + 1] for place, word in enumerate(words) if word == "UNKEYWORD"}
        found = [str(each.uid) for each in self._messages() if not each.flags & hidden]
        self._say(" ".join(["* SEARCH", *found]))
        return "OK"

    def _fetch(self, words: list[str]) -> str:
        wanted = {int(uid) for uid in words[0].split(",")}
        for place, each in enumerate(self._messages(), 1):
            if each.uid in wanted and "BODY.PEEK[]" in words[1]:
                self.wfile.write(
                    f"* {place} FETCH (UID {each.uid} BODY[] {{{self.server.store.claims.get(-each.uid, len(each.content))}}}\r\n".encode()
                )
                self.wfile.write(each.content + b")\r\n")
            elif each.uid in wanted:
                self._say(f"* {place} FETCH (UID {each.uid} RFC822.SIZE {self.server.store.claims.get(each.uid, len(each.content))})")
        return "OK"

    def _store(self, words: list[str]) -> str:
        for each in self._named(words[0]):
            each.flags.add(words[2].strip("()"))
        return "OK"

    def _move(self, words: list[str]) -> str:
        if words[1] not in self.server.store.folders:
            return "NO [TRYCREATE] no such folder"
        for each in self._named(words[0]):
            self._messages().remove(each)
            self.server.store.folders[words[1]].append(each)
        return "OK"

    def _messages(self) -> list[Stored]:
        return self.server.store.folders[self.folder]

    def _named(self, numbers: str) -> list[Stored]:
        wanted = {int(uid) for uid in numbers.split(",")}
        return [each for each in self._messages() if each.uid in wanted]


_VERBS: dict[str, Callable[[_Session, list[str]], str]] = {
    "CAPABILITY": _Session._capability,
    "NOOP": _Session._ok,
    "STARTTLS": _Session._ok,
    "LOGOUT": _Session._ok,
    "LOGIN": _Session._login,
    "SELECT": _Session._select,
    "CREATE": _Session._create,
    "UID SEARCH": _Session._search,
    "UID FETCH": _Session._fetch,
    "UID STORE": _Session._store,
    "UID MOVE": _Session._move,
}


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, store: Store, *, wrapped: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.store = store
        self.wrapped = wrapped
        store.port = self.server_address[1]

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Speak TLS from the first byte where the test asks for it; a client that hangs up then is nobody's fault."""
        with suppress(OSError):
            if self.wrapped and self.store.context:
                with self.store.context.wrap_socket(request, server_side=True) as secure:
                    _Session(secure, client_address, self)
            else:
                _Session(request, client_address, self)


@contextmanager
def serving(store: Store, *, wrapped: bool = False) -> Iterator[Store]:
    """The server on a port of its own, ``store.port``."""
    with _Server(store, wrapped=wrapped) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield store
        finally:
            server.shutdown()
            thread.join()
