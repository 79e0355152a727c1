"""Two public clients of the CyberTipline, unmodified but for the base URL, report to a running installation.

``tests/clients/install.sh`` fetches them; where it was not run, or what they run on is missing, the test is skipped and says so.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.house import House, living_in
from tests.support.kills import sql, web_children
from tests.support.reporting import REPORT

CLIENTS = Path(__file__).parents[1] / "clients"
INSTALLED = Path(__file__).parents[2] / "build" / "clients"
NODE = shutil.which("node")
FETCH = "run tests/clients/install.sh first"


@dataclass(frozen=True)
class Site:
    """A running installation, and a login of a provider at its only unit."""

    house: House
    login: str
    secret: str

    @property
    def arguments(self) -> list[str]:
        return [f"http://127.0.0.1:{self.house.port}/ispws", self.login, self.secret]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Everything is made by commands, as an operator would."""
    with living_in(tmp_path_factory.mktemp("clients") / "home") as house:
        house.start()
        assert house.run("accounts", "unit", "add", "Harbour Unit").returncode == 0
        made = house.run("senders", "add", "chat", "--sender", "Chat Example", "--unit", "harbour-unit")
        assert made.returncode == 0, made.stderr
        yield Site(house, "chat", made.stdout.strip())


def run(command: list[str], **environment: str) -> Any:
    """What a client's program printed."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env={**os.environ, **environment})
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def python_for_client() -> list[str] | None:
    """A Python on which the PyPI client runs: this one, one that the environment names, or one on the path."""
    if importlib.util.find_spec("ncmec_cybertip"):
        return [sys.executable]
    named = os.environ.get("PYTHON_FOR_CLIENTS") or shutil.which("python3.14") or shutil.which("python3.13")
    return named.split() if named else None


def assert_taken_in(site: Site, said: Any) -> None:
    """The report that the client finished is one referral with its files, and nothing is left of the one it retracted."""
    house, number = site.house, said["id"]
    assert sql(house, "SELECT count(*) FROM referrals_referral WHERE issuer = 'grace.localhost' AND external = %s", str(number)) == [(1,)]
    held = sql(
        house,
        "SELECT a.original_name, a.sender_file_id, encode(f.md5, 'hex'), a.state FROM referrals_attachment a JOIN evidence_file f ON f.id = a.file_id "
        "JOIN referrals_referral r ON r.id = a.referral_id WHERE r.external = %s ORDER BY a.ordinal",
        str(number),
    )
    names = ("one.txt", "two.txt")
    assert held == [(name, each["fileId"], each["hash"], "present") for name, each in zip(names, said["uploads"], strict=True)]
    for each in said["uploads"]:
        assert each["hash"] == hashlib.md5(each["text"].encode(), usedforsecurity=False).hexdigest()
    assert sql(house, "SELECT number FROM intake_incoming_report WHERE number = %s", said["other"]) == []
    assert sql(house, "SELECT count(*) FROM intake_document WHERE state <> 'read'") == [(0,)]
    assert "chat" in said["status"]


def multipart(number: int, size: int) -> Iterator[bytes]:
    """An upload form, piece by piece; the file is as large as wished."""
    yield f'--e\r\nContent-Disposition: form-data; name="id"\r\n\r\n{number}\r\n'.encode()
    yield b'--e\r\nContent-Disposition: form-data; name="file"; filename="large.bin"\r\n\r\n'
    for place in range(size >> 20):
        yield place.to_bytes(4, "big") * (1 << 18)
    yield b"\r\n--e--\r\n"


def ask(site: Site, path: str, body: bytes | Iterator[bytes], kind: str) -> str:
    """What is answered; a body that comes in pieces goes in chunks, without its length."""
    line = http.client.HTTPConnection("127.0.0.1", site.house.port, timeout=120)
    login = base64.b64encode(f"{site.login}:{site.secret}".encode()).decode()
    with closing(line):
        line.request("POST", f"/ispws/{path}", body, {"Authorization": f"Basic {login}", "Content-Type": kind})
        answer = line.getresponse()
        assert answer.status == 200
        return answer.read().decode()


def most_memory(site: Site) -> int:
    """The most that a process of the web server has held, in MiB."""
    lines = [Path(f"/proc/{pid}/status").read_text() for pid in web_children(site.house)]
    return max(int(found[1]) >> 10 for found in (re.search(r"VmHWM:\s+(\d+) kB", each) for each in lines) if found)


def test_a_large_file_in_chunks_is_never_whole_in_memory(site: Site) -> None:
    size = 192 << 20
    number = int(ask(site, "submit", REPORT.encode(), "text/xml").partition("<reportId>")[2].partition("<")[0])
    before = most_memory(site)
    uploaded = ask(site, "upload", multipart(number, size), "multipart/form-data; boundary=e")
    finished = ask(site, "finish", f"id={number}".encode(), "application/x-www-form-urlencoded")
    grown = most_memory(site) - before
    print(f"{size >> 20} MiB uploaded and taken in, {grown} MiB more memory")
    assert "<responseCode>0<" in uploaded
    assert "<responseCode>0<" in finished
    assert grown < size >> 21
    digest = hashlib.md5(usedforsecurity=False)
    for place in range(size >> 20):
        digest.update(place.to_bytes(4, "big") * (1 << 18))
    assert digest.hexdigest() in uploaded
    assert sql(site.house, "SELECT count(*) FROM evidence_file WHERE encode(md5, 'hex') = %s AND size = %s", digest.hexdigest(), size) == [
        (1,)
    ]


def test_the_npm_client_completes_the_cycle(site: Site) -> None:
    folder = INSTALLED / "node"
    if not NODE:
        pytest.skip("Node is missing")
    if not (folder / "node_modules" / "cybertipline-tools").is_dir():
        pytest.skip(f"cybertipline-tools is not installed: {FETCH}")
    said = run([NODE, str(CLIENTS / "report.mjs"), str(folder), *site.arguments])
    assert_taken_in(site, said)
    assert said["finished"]["reportId"] == said["id"]
    assert said["finished"]["files"]["fileId"] == [each["fileId"] for each in said["uploads"]]
    assert (said["again"], said["retracted"], said["retractedAgain"]) == (5102, 0, 5101)
    assert len(said["requestId"]) == 32
    assert "401" in said["stranger"]
    assert said["invalid"]
    (kind,) = sql(
        site.house,
        "SELECT v.incident_kind FROM referrals_version v JOIN referrals_referral r ON r.id = v.referral_id WHERE r.external = %s",
        str(said["id"]),
    )
    assert kind == ("enticement",)


def test_the_pypi_client_completes_the_cycle(site: Site) -> None:
    python = python_for_client()
    if python is None:
        pytest.skip("ncmec-cybertip needs Python 3.13, which is missing (PYTHON_FOR_CLIENTS names one)")
    if not importlib.util.find_spec("ncmec_cybertip") and not (INSTALLED / "python" / "ncmec_cybertip").is_dir():
        pytest.skip(f"ncmec-cybertip is not installed: {FETCH}")
    said = run([*python, str(CLIENTS / "report.py"), *site.arguments], PYTHONPATH=str(INSTALLED / "python"))
    assert_taken_in(site, said)
    assert said["finished"] == [each["fileId"] for each in said["uploads"]]
    assert (said["again"], said["retracted"], said["retractedAgain"], said["unknown"]) == (5102, 0, 5101, 5001)
    assert said["stranger"] == 401
    assert said["schema"] > 1000
