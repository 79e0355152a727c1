from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grace.evidence.decoding import answers, wire
from grace.evidence.decoding.layers import Layer
from grace.evidence.decoding.pool import Pool
from grace.evidence.decoding.port import Decoder, Limits, NotDecoded, Printed, Reason
from grace.evidence.decoding.testing import DecoderContract, fractal, png_claiming, written
from grace.kernel.errors import Unavailable
from grace.sdk.video import Frame, Video, pack
from tests.support.films import film, scenes


class TestPool(DecoderContract):
    @classmethod
    def make(cls) -> Iterator[Decoder]:
        pool = Pool(2)
        yield pool
        pool.close()


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool(1, files_for_each=3)
    with made.together():
        yield made
    made.close()


def _worker_of(pool: Pool) -> int:
    assert isinstance(pool.fingerprint(written(fractal())), Printed)
    (worker,) = pool._decoding._idle
    return worker.process


class Killer(io.BytesIO):
    """A stream that kills the reader's decoder half-way."""

    def __init__(self, victim: int, how: signal.Signals) -> None:
        super().__init__(bytes(4 << 20))
        self.victim, self.how = victim, how

    def read(self, size: int | None = -1, /) -> bytes:
        os.kill(self.victim, self.how)
        time.sleep(0.05)
        return super().read(size)


@pytest.mark.parametrize(("how", "reason"), [(signal.SIGKILL, Reason.DIED), (signal.SIGSEGV, Reason.DIED), (signal.SIGXCPU, Reason.TIME)])
def test_a_dead_worker_costs_one_file_only(pool: Pool, how: signal.Signals, reason: Reason) -> None:
    assert pool.fingerprint(Killer(_worker_of(pool), how)) == NotDecoded(reason)
    assert isinstance(pool.fingerprint(written(fractal())), Printed)


def test_a_worker_that_hangs_is_ended_by_the_clock(pool: Pool) -> None:
    victim = _worker_of(pool)
    os.kill(victim, signal.SIGSTOP)
    started = time.monotonic()
    assert pool.fingerprint(written(fractal()), Limits(seconds=0.5)) == NotDecoded(Reason.TIME)
    assert time.monotonic() - started < 5
    assert _worker_of(pool) != victim


def test_a_worker_that_burns_is_ended_by_the_system() -> None:
    pool = Pool(1)
    try:
        bomb = png_claiming(10_000, 10_000)
        assert pool.decode(bomb, Limits(seconds=0.001)) == NotDecoded(Reason.TIME)
    finally:
        pool.close()


def test_more_memory_than_allowed_is_a_verdict() -> None:
    pool = Pool(1, memory_bytes=400 << 20)
    try:
        answer = pool.decode(png_claiming(10_900, 10_900))
        assert answer in {NotDecoded(Reason.MEMORY), NotDecoded(Reason.DIED)}
        assert isinstance(pool.fingerprint(written(fractal())), Printed)
    finally:
        pool.close()


def test_a_failing_stream_is_the_callers_and_leaves_no_worker_waiting(pool: Pool) -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(size, "the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        pool.fingerprint(Failing())
    assert isinstance(pool.fingerprint(written(fractal())), Printed)


def test_a_worker_serves_a_few_files_and_is_replaced(pool: Pool) -> None:
    served = [_worker_of(pool) for _ in range(2)]
    assert isinstance(pool.fingerprint(written(fractal())), Printed)
    assert pool._decoding._idle == []
    assert _worker_of(pool) not in served


def test_no_worker_sees_the_files_of_two_referrals() -> None:
    pool = Pool(2)
    with pool.together():
        first = _worker_of(pool)
        assert _worker_of(pool) == first
        with ThreadPoolExecutor(1) as other:
            assert isinstance(other.submit(pool.fingerprint, written(fractal())).result(), Printed)
        assert _worker_of(pool) == first
    assert pool._decoding._idle == []
    assert not Path(f"/proc/{first}").exists()
    with pool.together():
        assert _worker_of(pool) != first
    assert isinstance(pool.fingerprint(written(fractal())), Printed)
    assert pool._decoding._idle == []
    pool.close()


def test_the_program_itself_may_die(pool: Pool) -> None:
    _worker_of(pool)
    assert pool._decoding._zygote is not None
    pool._decoding._zygote._process.kill()
    pool._decoding._zygote._process.wait()
    time.sleep(0.1)
    assert pool.fingerprint(written(fractal())) == NotDecoded(Reason.DIED)
    assert isinstance(pool.fingerprint(written(fractal())), Printed)


def test_workers_end_with_the_pool() -> None:
    pool = Pool(1)
    with pool.together():
        worker = _worker_of(pool)
        pool.close()
    until = time.monotonic() + 5
    while Path(f"/proc/{worker}").exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert not Path(f"/proc/{worker}").exists()


def test_the_analysers_are_loaded_when_something_is_analysed() -> None:
    pool = Pool(1)
    try:
        assert isinstance(pool.fingerprint(written(fractal())), Printed)
        assert [workers._zygote is not None for workers in pool._all] == [True, False]
        assert pool.roll().loaded
        assert [workers._zygote is not None for workers in pool._all] == [True, True]
        assert pool._analysing.walls() == pool.walls()
    finally:
        pool.close()


def test_with_their_parent_end_both_programs_and_their_workers() -> None:
    """Killed, the parent can end nobody: the sockets close, and that is told."""
    parent = subprocess.Popen([sys.executable, "-c", _PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    started = parent.stdout.readline().split()
    assert len(started) == 4
    assert all(Path(f"/proc/{each}").exists() for each in started)
    parent.kill()
    parent.wait()
    parent.stdout.close()
    until = time.monotonic() + 20
    while time.monotonic() < until and any(_runs(each) for each in started):
        time.sleep(0.02)
    assert not any(_runs(each) for each in started)


_PARENT = """
import io, time
from grace.evidence.decoding.pool import Pool
pool = Pool(2)
with pool.together():
    pool.fingerprint(io.BytesIO()), pool.roll()
    for workers in (pool._decoding, pool._analysing):
        print(workers._zygote._process.pid, workers._idle[0].process, end=" ")
    print(flush=True)
    time.sleep(600)
"""


def _runs(process: str) -> bool:
    """Whether it is there, and not only still to be reaped by whoever took it over."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_many_threads_share_few_workers() -> None:
    pool = Pool(2)
    content = written(fractal()).getvalue()
    with ThreadPoolExecutor(6) as threads:
        answers_given = list(threads.map(lambda _: pool.fingerprint(io.BytesIO(content)), range(24)))
    pool.close()
    assert len(set(answers_given)) == 1
    assert isinstance(answers_given[0], Printed)


def test_a_fork_of_ours_starts_its_own(pool: Pool) -> None:
    before = _worker_of(pool)
    pool.abandon()
    assert _worker_of(pool) != before


def test_who_waits_for_a_pool_that_is_stopped_hears_so_and_no_file_is_blamed() -> None:
    stopped = Pool(1)

    class Stopping(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            stopped.stop()
            return super().read(size)

    for _ in range(2):
        with pytest.raises(Unavailable, match="stopped"):
            stopped.fingerprint(Stopping(written(fractal()).getvalue()))


def test_the_program_imports_nothing_of_ours_but_the_kit() -> None:
    """And nothing that compiles: what is computed in it is NumPy's, so that no file waits for a compiler that the sandbox would stop."""
    seen = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, grace.evidence.decoding.program.__main__; print(*sorted(sys.modules))",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    seen = [name for name in seen if name.startswith(("grace", "django", "numba", "llvmlite"))]
    allowed = {
        "grace",
        "grace.evidence",
        "grace.evidence.decoding",
        "grace.evidence.decoding.layers",
        "grace.evidence.decoding.port",
        "grace.evidence.decoding.slate",
        "grace.evidence.decoding.wire",
    }
    assert {name for name in seen if not name.startswith(("grace.sdk", "grace.evidence.decoding.program"))} <= allowed


def test_a_worker_has_no_network_no_new_files_and_no_secrets(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRACE_SECRET_KEY", "secret")
    worker = _worker_of(pool)
    limits = Path(f"/proc/{worker}/limits").read_text()
    for name in ("Max open files", "Max file size", "Max core file size"):
        line = next(line for line in limits.splitlines() if line.startswith(name))
        assert line.removeprefix(name).split()[:2] == ["0", "0"]
    assert "secret" not in Path(f"/proc/{worker}/environ").read_text()
    if Layer.NAMESPACES in pool.walls().layers:
        assert Path(f"/proc/{worker}/net/dev").read_text().count(":") <= 1
        assert Path(f"/proc/{worker}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()


def said(content: bytes, **header: object) -> answers.Told:
    """What a worker says that says what it likes."""
    return answers.Told({"bytes": len(content)} | header, lambda size, at: content[at : at + size])


class Sends:
    """A worker that sends what it likes."""

    def __init__(self, content: bytes) -> None:
        self.stream = io.BytesIO(content)

    def sendall(self, data: bytes, /) -> None:
        pass

    def recv(self, size: int, /) -> bytes:
        return self.stream.read(size)


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"width": "9", "height": 9, "value": "00" * 32, "quality": 9},
        {"width": True, "height": 9, "value": "00" * 32, "quality": 9},
        {"width": -9, "height": -9, "value": "00" * 32, "quality": 9},
        {"width": 9**9, "height": 9**9, "value": "00" * 32, "quality": 9},
        {"width": 9, "height": 9, "value": "zz" * 32, "quality": 9},
        {"width": 9, "height": 9, "value": "00" * 31, "quality": 9},
        {"width": 9, "height": 9, "value": "00" * 32, "quality": 101},
        {"width": 9, "height": 9, "value": "00" * 32, "quality": None},
    ],
)
def test_a_captured_worker_is_not_believed(header: dict[str, Any]) -> None:
    assert answers.read_printed(said(b"", **header), Limits()) is None


def test_a_captured_worker_lays_down_neither_more_nor_less_than_it_says() -> None:
    size: dict[str, Any] = {"width": 2, "height": 1}
    assert answers.read_picture(said(bytes(6), **size), Limits()) is not None
    assert answers.read_picture(said(bytes(5), **size), Limits()) is None
    assert answers.read_picture(said(bytes(5), **size, bytes=6), Limits()) is None
    assert answers.read_preview(said(b"<script>", **size), Limits()) is None
    for lie in (7, -1, True, 6.0, "6", None):
        with pytest.raises(answers.Nonsense):
            answers.read_picture(said(bytes(7), **size, bytes=lie), Limits())


def test_a_captured_worker_is_not_believed_about_videos() -> None:
    good = pack(Video((Frame(0, 50, bytes(32)),), 9)).value
    assert answers.read_printed_video(said(good, width=2, height=1), Limits()) is not None
    assert answers.read_printed_video(said(good, width=2), Limits()) is None
    for nonsense in (b"", good[:-1], b"?" + good[1:], good[:-33] + b"\xff" + good[-32:]):
        assert answers.read_printed_video(said(nonsense, width=2, height=1), Limits()) is None


@given(content=st.one_of(st.binary(max_size=64), st.just(b"[" * wire.MOST), st.just(b"{}" + b" " * wire.MOST)))
@settings(deadline=None)
def test_any_message_is_an_object_or_broken(content: bytes) -> None:
    with suppress(wire.Broken):
        assert isinstance(wire.receive(Sends(content)), dict)


def test_random_damage_never_stops_the_next_video() -> None:
    pool = Pool(1)
    originals = [
        film(scenes(1, 2), codec=codec, written_as=written_as)
        for codec, written_as in (("mpeg4", "mp4"), ("libvpx", "webm"), ("mpeg2video", "mpeg"), ("mjpeg", "avi"), ("flv", "flv"))
    ]

    @given(st.sampled_from(originals), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=8))
    @settings(max_examples=100, deadline=None)
    def damage(original: bytes, hits: list[tuple[int, int]]) -> None:
        content = bytearray(original)
        for place, value in hits:
            content[place % len(content)] = value
        assert isinstance(pool.fingerprint_video(io.BytesIO(bytes(content))), Printed | NotDecoded)

    try:
        damage()
        assert isinstance(pool.fingerprint_video(io.BytesIO(originals[0])), Printed)
    finally:
        pool.close()


def test_random_damage_never_stops_the_next_picture() -> None:
    pool = Pool(1)
    originals = [written(fractal(48, 32), kind).getvalue() for kind in ("JPEG", "PNG", "GIF", "WEBP", "TIFF", "AVIF", "BMP", "JPEG2000")]

    @given(st.sampled_from(originals), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=8))
    @settings(max_examples=150, deadline=None)
    def damage(original: bytes, hits: list[tuple[int, int]]) -> None:
        content = bytearray(original)
        for place, value in hits:
            content[place % len(content)] = value
        assert isinstance(pool.fingerprint(io.BytesIO(bytes(content))), Printed | NotDecoded)

    try:
        damage()
        assert isinstance(pool.fingerprint(written(fractal())), Printed)
        assert threading.active_count() < 10
    finally:
        pool.close()


def test_the_program_outlives_the_thread_that_started_it(pool: Pool) -> None:
    """The system would end it with that thread, and the file of another would read "the decoder died of it"."""
    thread = threading.Thread(target=pool.walls)
    thread.start()
    thread.join()
    time.sleep(0.1)
    assert pool._decoding._zygote is not None
    assert pool._decoding._zygote._process.poll() is None
    assert isinstance(pool.fingerprint(written(fractal())), Printed)
