"""Counting failures in the database, so that the limit holds across processes and machines."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from grace.accounts.models import Throttle
from grace.accounts.secrets import keyed_digest
from grace.kernel import clock


@dataclass(frozen=True, slots=True)
class Limit:
    """After ``failures`` within ``window`` the key rests for ``rest``."""

    failures: int
    window: timedelta
    rest: timedelta


_QUARTER = timedelta(minutes=15)
_KEPT = timedelta(days=1)
BY_NAME = Limit(5, _QUARTER, _QUARTER)
BY_ADDRESS = Limit(30, _QUARTER, _QUARTER)  # many officers may share one address


@dataclass(frozen=True, slots=True)
class Counted:
    """A key under its limit."""

    key: str
    limit: Limit


def by_name(name: str) -> Counted:
    """Failures of one sign-in name, known to us or not: both rest alike, so that resting tells nothing."""
    return Counted(f"name:{keyed_digest(name)}", BY_NAME)


def by_code(officer_id: object) -> Counted:
    """Wrong codes of one officer's second factor."""
    return Counted(f"code:{keyed_digest(str(officer_id))}", BY_NAME)


def by_address(address: str) -> Counted:
    """Failures from one address; in IPv6 from one /64, which is what a single subscriber has."""
    return Counted(f"address:{keyed_digest(_network(address))}", BY_ADDRESS)


# Counting comes before checking: of many attempts at the same moment no more than the limit get as far as the check.
_COUNT = """
INSERT INTO accounts_throttle AS t (key, failures, began_at, rests_until)
VALUES (%(key)s, 1, %(now)s, NULL)
ON CONFLICT (key) DO UPDATE SET
  failures = CASE WHEN t.rests_until > %(now)s THEN %(limit)s + 1
                  WHEN t.rests_until IS NOT NULL OR t.began_at < %(since)s THEN 1
                  ELSE t.failures + 1 END,
  began_at = CASE WHEN t.rests_until > %(now)s THEN t.began_at
                  WHEN t.rests_until IS NOT NULL OR t.began_at < %(since)s THEN %(now)s
                  ELSE t.began_at END,
  rests_until = CASE WHEN t.rests_until > %(now)s THEN t.rests_until
                     WHEN t.rests_until IS NOT NULL OR t.began_at < %(since)s THEN NULL
                     WHEN t.failures + 1 >= %(limit)s THEN %(rests)s
                     ELSE NULL END
RETURNING failures
"""


def count(keys: Iterable[Counted]) -> bool:
    """Count one attempt against every key; False where one of them rests and the attempt must be refused unread."""
    may_try = [_count(counted) for counted in keys]  # every key is counted, also after one that rests
    return all(may_try)


def forgive(name: Counted, *others: Counted) -> None:
    """An attempt succeeded: the name starts afresh, and every other key gets this one attempt back."""
    Throttle.objects.filter(key=name.key).delete()
    give_back(*others)


def give_back(*counted: Counted) -> None:
    """An attempt succeeded: every key gets this one attempt back."""
    keys = [each.key for each in counted]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_throttle SET failures = failures - 1 WHERE key = ANY(%s) AND failures > 0 AND rests_until IS NULL", [keys]
        )


def rests_until(counted: Counted) -> datetime | None:
    """When the key may try again; None where it may now."""
    return Throttle.objects.filter(key=counted.key, rests_until__gt=clock.now()).values_list("rests_until", flat=True).first()


def release(*keys: Counted) -> None:
    """Let the keys try again at once."""
    Throttle.objects.filter(key__in=[counted.key for counted in keys]).delete()


def forget_old() -> None:
    """Remove counts that decide nothing any more."""
    Throttle.objects.filter(began_at__lt=clock.now() - _KEPT).delete()


def _count(counted: Counted) -> bool:
    now = clock.now()
    limit = counted.limit
    values: dict[str, str | int | datetime] = {
        "key": counted.key,
        "now": now,
        "since": now - limit.window,
        "limit": limit.failures,
        "rests": now + limit.rest,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        (failures,) = cursor.fetchone()
    return bool(failures <= limit.failures)


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "no address"
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)
