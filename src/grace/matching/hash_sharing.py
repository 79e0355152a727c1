"""Fetching lists by NCMEC's hash-sharing protocol, through the client of the package ``threatexchange`` (the extra ``hashsharing``).

The client is Meta's own. What stands around it here keeps a server from leading us anywhere else: no redirect, no proxy of
the environment, an answer of bounded size, and a page that goes on only below the address that the operator wrote.
"""

from __future__ import annotations

import enum
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib.util import find_spec
from typing import Any

from django.utils.translation import gettext as _

from grace.host.environment import is_webhook
from grace.kernel.errors import Invalid, Refused, Unavailable
from grace.matching.formats.item import Told
from grace.matching.formats.ncmec import Entry, tell

EXTRA = "hashsharing"
INSTALL = f"pip install 'grace-platform[{EXTRA}]'"
MOST_ANSWER = 64 << 20
MOST_FOLLOWING = 2000
_FOLLOWING = "/v2/entries?"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page: what it tells, and where it goes on (empty at the end)."""

    told: tuple[Told, ...]
    entries: int
    following: str


@dataclass(frozen=True, slots=True)
class Access:
    """Where a list is fetched from, and as whom."""

    address: str
    user: str
    password: str


Fetch = Callable[[Access, datetime, datetime, str], Fetched]


def is_installed() -> bool:
    """Whether the extra is here."""
    return find_spec("threatexchange") is not None


def fetch(access: Access, since: datetime, until: datetime, following: str = "") -> Fetched:
    """One page of what changed in a span.

    Raises :class:`Unavailable` where trying again may help, :class:`Refused` where the server does not let us in, and
    :class:`Invalid` for an address or an answer that cannot be used.
    """
    if not is_webhook(access.address):
        raise Invalid(_("The address of a list begins with https://, or is one on this machine itself."))
    if not is_installed():
        raise Invalid(_("The extra “%(extra)s” is missing.") % {"extra": EXTRA}, remedy=INSTALL)
    answer = _ask(access, since, until, following)
    told = tuple(each for number, update in enumerate(answer.updates, start=1) for each in tell(number, _entry(update)))
    return Fetched(told, len(answer.updates), _checked(answer.next))


def _ask(access: Access, since: datetime, until: datetime, following: str) -> Any:
    import requests

    try:
        client = _client(access)
        return client.get_entries(start_timestamp=int(since.timestamp()), end_timestamp=int(until.timestamp()), next_=following)
    except requests.HTTPError as fault:
        status = fault.response.status_code if fault.response is not None else 0
        if status in {401, 403}:
            raise Refused(_("The server does not let us in."), remedy=_("Check the name and the password in the secret's file.")) from fault
        raise Unavailable(_("The server answered %(status)d.") % {"status": status}) from fault
    except requests.RequestException as fault:
        raise Unavailable(_("The server cannot be reached: %(why)s.") % {"why": type(fault).__name__}) from fault
    except Unavailable:
        raise
    except Exception as fault:
        raise Unavailable(_("The server's answer cannot be read: %(why)s.") % {"why": type(fault).__name__}) from fault


def _entry(update: Any) -> Entry:
    return Entry(
        member=str(update.member_id),
        member_name="",
        kind=update.entry_type.value,
        name=str(update.id or "").strip(),
        is_deleted=bool(update.deleted),
        classification=str(update.classification or "").strip(),
        fingerprints={str(name): str(value) for name, value in update.fingerprints.items()},
    )


def _checked(following: str) -> str:
    """Where a page goes on: below the address that the operator wrote, whatever the server says."""
    if following and (not following.startswith(_FOLLOWING) or len(following) > MOST_FOLLOWING or not following.isprintable()):
        raise Invalid(_("The server's next page lies somewhere else, and is not followed."))
    return following


def _client(access: Access) -> Any:
    """The package's client, held to one address and to answers of bounded size."""
    from requests import PreparedRequest, Response, Session
    from threatexchange.exchanges.clients.ncmec.hash_api import NCMECHashAPI
    from threatexchange.exchanges.clients.utils.common import TimeoutHTTPAdapter
    from urllib3 import HTTPResponse

    class Bounded(TimeoutHTTPAdapter):
        def send(self, request: PreparedRequest, **how: Any) -> Response:
            answer = super().send(request, **(how | {"stream": True}))
            body = answer.raw.read(MOST_ANSWER + 1, decode_content=True)
            answer.raw.close()
            if len(body) > MOST_ANSWER:
                raise Unavailable(_("The server's answer is longer than %(most)d MB.") % {"most": MOST_ANSWER >> 20})
            answer.headers.pop("Content-Encoding", None)
            answer.raw = HTTPResponse(io.BytesIO(body), status=answer.status_code, preload_content=False)
            return answer

    class Held(NCMECHashAPI):
        def _get_session(self) -> Session:
            session = super()._get_session()
            usual = session.get_adapter(self._base_url)
            session.mount(self._base_url, Bounded(timeout=usual.timeout, max_retries=usual.max_retries))
            session.trust_env = False
            session.max_redirects = 0
            return session

    where = enum.Enum("where", {"there": access.address.rstrip("/")})
    return Held(access.user, access.password, where.there)
