"""The carrier over HTTPS: in parts, from where the recipient's copy ends, with a time-out for each; the receipt is the answer."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

from grace.exchange import request as signing
from grace.exchange.carrier import CHUNK, Parcel, path_of
from grace.exchange.errors import Declined, Unreached
from grace.exchange.request import Asked
from grace.host.environment import is_webhook
from grace.kernel import clock

TIMEOUT = 30.0
"""Seconds to wait for an answer to one part; the last one waits until the recipient has checked the whole."""
LAST_TIMEOUT = 600.0
MOST_ANSWER = 16_384
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_OUT_OF_STEP = 409


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The directory names one address, and no other is told anything."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Http:
    """Carries parcels to the recipient's address, straight: no redirect, no proxy of the environment."""

    timeout: float = TIMEOUT

    def carry(self, parcel: Parcel) -> str:
        """Send what the recipient does not have yet; its receipt."""
        said = self._ask(parcel, "GET", path_of(parcel.label.package))
        steps = 2 * (parcel.size // CHUNK + 4)
        while "receipt" not in said:
            at = said.get("bytes")
            if not isinstance(at, int) or not 0 <= at <= parcel.size or steps <= 0:
                raise Unreached("odd-answer")
            part = parcel.read(at, CHUNK)
            said = self._ask(parcel, "POST", f"{path_of(parcel.label.package)}?at={at}", part, is_last=at + len(part) == parcel.size)
            steps -= 1
        return str(said["receipt"])

    def _ask(self, parcel: Parcel, method: str, path: str, body: bytes = b"", *, is_last: bool = False) -> dict[str, Any]:
        asked = Asked(method, path, parcel.label.recipient, body)
        try:
            return read(fetch(parcel.address, asked, LAST_TIMEOUT if is_last else self.timeout))
        except Answered as refusal:
            if refusal.status == _OUT_OF_STEP and "bytes" in refusal.said:
                return refusal.said
            raise refusal.told() from refusal


class Answered(Exception):
    """The other installation answered with an error: its status, and what it says."""

    def __init__(self, status: int, said: dict[str, Any]) -> None:
        super().__init__(status)
        self.status, self.said = status, said

    def told(self) -> Unreached | Declined:
        """Whether another try may help, or why not."""
        code = self.said.get("code")
        if self.status in _AGAIN or not isinstance(code, str):
            return Unreached(f"answered-{self.status}")
        return Declined(code)


def fetch(address: str, asked: Asked, timeout: float, most: int = MOST_ANSWER) -> bytes:
    """One signed request; the answer's body, of at most so many bytes and one. Raises :class:`Answered` and :class:`Unreached`."""
    if not is_webhook(address):
        raise Unreached("wrong-address")
    headers = {**signing.headers(asked, clock.now()), "Content-Type": "application/octet-stream"}
    request = urllib.request.Request(  # noqa: S310 - is_webhook has checked the scheme
        address + asked.path, asked.body if asked.method == "POST" else None, headers, method=asked.method
    )
    opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=timeout) as answer:
            return bytes(answer.read(most + 1))
    except urllib.error.HTTPError as refusal:
        with refusal:
            raise Answered(refusal.code, _said(refusal)) from refusal
    except TimeoutError as fault:
        raise Unreached("timeout") from fault
    except (OSError, HTTPException) as fault:
        raise Unreached("unreachable") from fault


def _said(refusal: urllib.error.HTTPError) -> dict[str, Any]:
    try:
        return read(refusal.read(MOST_ANSWER + 1))
    except (OSError, HTTPException, Unreached):
        return {}


def read(raw: bytes) -> dict[str, Any]:
    """What an answer says. Raises :class:`Unreached` for what is no object of JSON, or too long."""
    try:
        said = json.loads(raw) if len(raw) <= MOST_ANSWER else None
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise Unreached("odd-answer")
    return said
