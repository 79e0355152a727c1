"""The ground of every test: one embedded PostgreSQL a session, a database a worker, and no network but loopback."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import django
import hypothesis
import pytest
from django.conf import settings
from PIL import Image

from tests.support import ground

# A shell starts what runs in its background with SIGINT ignored, and programs pass that on: what tests interrupt would not notice.
signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes says how busy the machine is.
hypothesis.settings.register_profile("grace", deadline=None)
hypothesis.settings.load_profile("grace")

_IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ
_session = ExitStack()
_PIXELS = Image.MAX_IMAGE_PIXELS
_home = ground.present_home() if _IS_WORKER else ground.make_home()
os.environ["DJANGO_SETTINGS_MODULE"] = "grace.config.settings"  # not in pytest's settings: the home must be made before they are read
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # nothing is collected in tests
settings.DATABASES["default"]["CONN_MAX_AGE"] = 0  # a thread of a test ends, and must not leave a connection behind
django.setup()
settings.PASSWORD_HASHERS = ["tests.support.hashing.QuickArgon2"]
if not _IS_WORKER:
    ground.collect_static()

pytest_plugins = ["tests.support.people", "tests.support.sealed", "tests.support.networks", "tests.support.agencies", "tests.support.site"]


def pytest_configure(config: pytest.Config) -> None:
    """With several workers, the main process starts the server for all of them."""
    if not _IS_WORKER and getattr(config.option, "numprocesses", None):
        _start()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes comes first, so that no worker is left alone with it in the end."""
    items.sort(key=lambda item: item.get_closest_marker("timeout") is None)


def pytest_collection_finish() -> None:
    """Thousands of tests stay until the end: the collector of garbage need not look at them each time."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Stop the server and remove its home."""
    if not _IS_WORKER:
        _session.close()
        ground.remove_home(_home)


def _start() -> None:
    _session.callback(ground.start_server().stop)


def pytest_runtest_teardown() -> None:
    """Undo what libraries that a test calls do to its whole process, which else is that of the decoding program alone.

    The AV1 encoder that makes films for tests turns whoever calls it as root into a real-time process, which then starves all
    others; the decoding program sets Pillow's limit.
    """
    if hasattr(os, "sched_getscheduler") and os.sched_getscheduler(0) != os.SCHED_OTHER:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    Image.MAX_IMAGE_PIXELS = _PIXELS


@pytest.fixture(scope="session")
def postgres_server() -> None:
    """The session's server, started at the first need; with several workers it runs already."""
    if not _IS_WORKER and not (ground.present_home() / "postgres" / "data" / "postmaster.pid").exists():
        _start()


@pytest.fixture(scope="session")
def django_db_setup(postgres_server: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """Give this worker its migrated database, reached as the role that runs (replaces pytest-django's own)."""
    from django.db import connection

    name = f"grace_{os.environ.get('PYTEST_XDIST_WORKER', 'only')}"
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django keeps the blocker's type private
        ground.make_database(name)
        connection.close()
        connection.settings_dict["NAME"] = name


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """The database with real commits; afterwards the owner puts it back to what the migrations made."""
    from django.db import connection

    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django keeps the blocker's type private
        try:
            yield
        finally:
            connection.close()
            ground.empty(connection.settings_dict["NAME"])


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder with a short path, for homes that hold a socket."""
    import shutil
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="g-", dir="/tmp"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
