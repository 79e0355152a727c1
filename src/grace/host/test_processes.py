from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from grace.host import account, processes
from grace.host.processes import Child, Supervisor

PROGRAMS = {
    "stays": "import time; time.sleep(60)",
    "stubborn": "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)",
    "fails": "raise SystemExit(3)",
}


def child(program: str, folder: Path, patience: float = 5.0) -> Child:
    command = account.launching(Path(sys.executable), "-c", PROGRAMS[program], sign=signal.SIGKILL)
    return Child(program, lambda: processes.spawn(command, folder / f"{program}.log"), patience=patience)


def run_for(supervisor: Supervisor, seconds: float) -> None:
    until = time.monotonic() + seconds
    supervisor.run(every=0.02, until=lambda: time.monotonic() > until)


def test_a_dead_child_is_started_again(tmp_path: Path) -> None:
    supervisor, stays = Supervisor(), child("stays", tmp_path)
    supervisor.add(stays)
    assert stays.process is not None
    first = stays.process.pid
    os.kill(first, signal.SIGKILL)
    run_for(supervisor, 0.6)
    assert stays.process is not None
    assert stays.process.pid != first
    assert stays.process.poll() is None
    supervisor.stop()
    assert stays.process is None


def test_a_child_that_always_fails_is_started_ever_more_slowly(tmp_path: Path) -> None:
    supervisor, fails = Supervisor(), child("fails", tmp_path)
    supervisor.add(fails)
    run_for(supervisor, 1.5)
    supervisor.stop()
    assert processes.FIRST_WAIT < fails.wait <= processes.LONGEST_WAIT


def test_a_stubborn_child_is_killed(tmp_path: Path) -> None:
    supervisor, stubborn = Supervisor(), child("stubborn", tmp_path, patience=0.3)
    supervisor.add(stubborn)
    while b"deaf" not in (tmp_path / "stubborn.log").read_bytes():
        time.sleep(0.01)
    begun = time.monotonic()
    supervisor.stop()
    assert 0.3 <= time.monotonic() - begun < 3


def test_a_wish_to_stop_ends_the_watch() -> None:
    supervisor = Supervisor()
    before = {sign: signal.getsignal(sign) for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    supervisor.listen()
    try:
        os.kill(os.getpid(), signal.SIGTERM)
        supervisor.run()
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
    assert supervisor.asked_to_stop


def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    """The parent starts a child by the launcher, tells its number, and is killed."""
    parent = (
        "import subprocess, sys, time; from pathlib import Path; from grace.host import account\n"
        "child = subprocess.Popen(account.launching(Path(sys.executable), '-c', 'import time; time.sleep(60)', sign=9))\n"
        "time.sleep(0.3); print(child.pid, flush=True); time.sleep(60)"
    )
    log = tmp_path / "parent.log"
    process = processes.spawn(account.launching(Path(sys.executable), "-c", parent, sign=signal.SIGKILL), log)
    while not log.read_text().strip():
        assert process.poll() is None
        time.sleep(0.02)
    child_pid = int(log.read_text())
    process.kill()
    process.wait()
    for _ in range(100):
        state = Path(f"/proc/{child_pid}/stat")
        if not state.exists() or state.read_text().split()[2] == "Z":
            return
        time.sleep(0.02)
    pytest.fail("the child outlived its parent")


def test_a_log_that_has_grown_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LARGEST_LOG", 10)
    log = tmp_path / "web.log"
    log.write_bytes(b"more than ten bytes")
    with log.open("ab") as writer:
        processes.trim(log)
        writer.write(b"new")
    assert log.read_bytes() == b"new"
    assert (tmp_path / "web.log.1").read_bytes() == b"more than ten bytes"
