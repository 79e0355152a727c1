"""Times on this machine, and which versions of what were at work."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client

import grace
from grace.accounts import sessions
from grace.accounts.models import Officer
from grace.cli.validation.measures import Measure, Section
from grace.cli.validation.played import Played
from grace.custody.canonical import spelled
from grace.intake.registry import formats
from grace.links.models import Definition
from grace.priority.models import RuleSet
from grace.routing.places import places
from grace.routing.weights import weights

PAGES = 20
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def section(played: Played) -> Section:
    """How fast documents came in and jobs were worked off, and how fast the queue is shown."""
    documents, took = len(played.arrived), played.seconds
    pages = sorted(_pages(played))
    measures = [
        Measure("documents taken in a second, files included", round(documents / took["intake"], 1), documents),
        Measure("seconds until all jobs were done", round(took["jobs"], 1)),
        Measure("milliseconds for a page of the queue, median", round(pages[len(pages) // 2] * 1000, 1), PAGES),
        Measure("milliseconds for a page of the queue, 95 of 100", round(pages[int(len(pages) * 0.95)] * 1000, 1), PAGES),
    ]
    return Section("times", "Times on this machine", measures)


def _pages(played: Played) -> Iterator[float]:
    """Seconds for each of some requests of the queue, in this process, signed in as an officer."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(Officer.objects.get(id=played.viewer.officer_id))
    session = client.session
    sessions.begin(session)
    session.save()
    client.get("/queue/")
    for _ in range(PAGES):
        began = time.perf_counter()
        answer = client.get("/queue/")
        yield time.perf_counter() - began
        if answer.status_code != 200:
            raise RuntimeError(f"the queue answered {answer.status_code}")


def machine() -> dict[str, Any]:
    """The machine as far as it matters for the times."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 30
    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
        "memory_gib": memory,
        "system": platform.platform(),
        "load_at_the_end": round(os.getloadavg()[0], 1),
    }


def _processor() -> str:
    """Its name, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.processor() or "unknown")


def versions() -> dict[str, Any]:
    """What was at work: our release, the language, the database, all packages with the digest of what is installed, formats and rules."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (database,) = cursor.fetchone()
    packages = {name: _installed(name) for name in sorted(_needed("grace-platform")) if name != "grace-platform"}
    rules = RuleSet.objects.get(state=RuleSet.State.PUBLISHED)
    groups = Definition.objects.order_by("-number")[0]
    return {
        "grace": grace.__version__,
        "python": platform.python_version(),
        "postgresql": str(database),
        "packages": packages,
        "formats": {each.name: str(each.version) for each in formats()},
        "rules": _named(rules.number, rules.body),
        "routing_weights": weights().id,
        "registers": places().version,
        "definition_of_groups": _named(groups.number, groups.body),
    }


def _named(number: int, body: object) -> str:
    """A numbered version of plain data, with the digest of what it says."""
    return f"{number} sha256:{hashlib.sha256(spelled(body).encode()).hexdigest()}"


def _needed(name: str) -> set[str]:
    """The package and all that it needs and that is installed."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        one = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if one in found:
            continue
        try:
            needs = metadata.requires(one) or []
        except metadata.PackageNotFoundError:
            continue
        found.add(one)
        waiting += [match[0] for each in needs if "extra ==" not in each and (match := _NAME.match(each))]
    return found


def _installed(name: str) -> str:
    """The version, and the SHA-256 of the package's own list of its files with their digests."""
    record = metadata.distribution(name).read_text("RECORD") or ""
    return f"{metadata.version(name)} sha256:{hashlib.sha256(record.encode()).hexdigest()}"
