"""The analysers that come with GRACE say the same behind closed doors: after ``warm_up`` no file is opened and no thread lives."""

import json
import os
import subprocess
import sys
from importlib.metadata import entry_points

import pytest

from tests.support.snippets import snippets

GROUP = "grace.analysers"
LEFT_OUT = 77
PROGRAM = """
import json, os, resource, sys
from importlib.metadata import entry_points
from grace.sdk.analysis import Sound, Text
from grace.sdk.testing import SUBJECTS
name, closed, texts = json.load(sys.stdin)
analyser = next(point for point in entry_points(group="grace.analysers") if point.name == name).load()
try:
    analyser.warm_up()
except ImportError:
    sys.exit(77)
threads = len(os.listdir("/proc/self/task"))
sounds = [Sound(rate, bytes(range(256)) * 500) for rate in (8_000, 16_000, 44_100)]
subjects = [*SUBJECTS, *sounds, *(Text(str(number), text) for number, text in enumerate(texts))]
if os.fork() == 0:
    status = 1
    try:
        if closed:
            resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
            resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
            resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
        said = []
        for subject in subjects:
            try:
                said.append(repr(analyser.examine(subject)))
            except (TypeError, ValueError) as refused:
                said.append(type(refused).__name__)
        os.write(1, json.dumps([threads, said]).encode())
        status = 0
    finally:
        os._exit(status)
sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))
"""


def said(name: str, *, closed: bool) -> tuple[int, list[str]]:
    texts = [snippet.text for snippet in snippets("first")]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps([name, closed, texts]),
        env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode == LEFT_OUT:
        pytest.skip(f"{name} needs an extra that is not installed: it was not tried")
    assert done.returncode == 0, done.stderr
    threads, answers = json.loads(done.stdout)
    return threads, answers


@pytest.mark.parametrize("name", sorted(point.name for point in entry_points(group=GROUP)))
def test_nothing_is_opened_after_warming_up(name: str) -> None:
    threads, behind = said(name, closed=True)
    assert threads == 1
    assert behind == said(name, closed=False)[1]
