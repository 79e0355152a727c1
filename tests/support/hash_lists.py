"""Lists of our own that are served, readers of them, and a server of the protocol that answers as it is told to."""

from __future__ import annotations

import enum
import http.server
import io
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from grace.accounts.viewer import operator
from grace.matching import hash_sharing
from grace.matching.lists import About
from grace.matching.models import HashList
from grace.pipeline import lists, senders, sharing
from tests.support.people import make_unit

needs_client = pytest.mark.skipif(not hash_sharing.is_installed(), reason="the extra hashsharing (threatexchange) is not installed")

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def md5(number: int) -> str:
    return f"{number:032x}"


def csv(*numbers: int, category: str = "A1") -> io.BytesIO:
    return io.BytesIO("\n".join(["algorithm,value,category,source,note", *(f"md5,{md5(each)},{category},," for each in numbers)]).encode())


def serve(*numbers: int) -> HashList:
    """A list that may be passed on, served under the name ``ours``."""
    loaded = lists.import_list(operator(), csv(*numbers), "Ours", source="Example Agency")
    made = lists.describe(operator(), loaded.list_id, About(may_pass_on=True))
    sharing.serve(operator(), made.id, "ours")
    return made


def reader(made: HashList, login: str = "north") -> str:
    """A sender that may read the list; its secret."""
    row = senders.add_login(operator(), login, f"Agency {login}", make_unit("Harbour Unit"), "agency")
    _secret, word = senders.add_secret(operator(), row, timedelta(days=1))
    sharing.enrol(operator(), made.id, login)
    return word


def api(site: str, secret: str, login: str = "north") -> Any:
    """The package's client, as it is, pointed at us."""
    from threatexchange.exchanges.clients.ncmec.hash_api import NCMECHashAPI

    where = enum.Enum("where", {"ours": f"{site}/hash-sharing/ours"})
    return NCMECHashAPI(login, secret, where.ours)


def everything(client: Any, since: int = 0, until: int = 0) -> list[Any]:
    return [update for page in client.get_entries_iter(start_timestamp=since, end_timestamp=until) for update in page.updates]


class Stand:
    """A server of the protocol on loopback that answers as it is told to, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answers: list[Callable[[http.server.BaseHTTPRequestHandler], None]] = []
        stand = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                stand.asked.append(self.path)
                stand.answers.pop(0)(self) if stand.answers else say(200, page())(self)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def say(status: int, body: bytes = b"", **headers: str) -> Callable[[http.server.BaseHTTPRequestHandler], None]:
    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def page(*entries: str, following: str = "") -> bytes:
    paging = f"<paging><next>{following}</next></paging>" if following else ""
    told = f'<images count="{len(entries)}" maxTimestamp="2026-11-01T00:00:00Z">{"".join(entries)}</images>' if entries else ""
    return f'<queryResult xmlns="https://hashsharing.ncmec.org/hashsharing/v2">{told}{paging}</queryResult>'.encode()


def image(name: str, number: int, member: int = 42) -> str:
    prints = f"<fingerprints><md5>{md5(number)}</md5></fingerprints>"
    return f'<image><member id="{member}">M</member><timestamp>2026-11-01T00:00:00Z</timestamp><id>{name}</id><classification>A1</classification>{prints}</image>'


def gone(name: str, member: int = 42) -> str:
    return f'<deletedImage><member id="{member}">M</member><timestamp>2026-11-01T00:00:00Z</timestamp><id>{name}</id></deletedImage>'
