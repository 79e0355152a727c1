"""What a command needs before it works: keys, a database that answers, and Django set up."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psycopg

from grace.cli import present
from grace.host import database, environment, launch, postgres, secrets
from grace.host.environment import Environment
from grace.host.errors import AlreadyRunning, NoDatabase

PATIENCE = 20.0
"""Seconds for which a command waits for a server that another process is starting."""


def set_up_django() -> None:
    """Let Django read its settings. The keys must be there."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "grace.config.settings")
    django.setup()


def set_up_words() -> None:
    """Let texts be said, in English, by a command that needs no installation."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=False)


def set_up_process(parent: int) -> None:
    """Make a process that a command started ready: it ends with its parent, and has a Django of its own."""
    launch.die_with_parent(parent, signal.SIGKILL)
    set_up_django()


@contextmanager
def open_house() -> Iterator[Environment]:
    """Keys, database and Django for one command.

    The embedded server is used where it runs already (``grace up`` in another window); otherwise it is started for the
    command and brought to the present tables. Raises :class:`NoDatabase` where none answers.
    """
    found = environment.read()
    secrets.make_missing(found)
    with ExitStack() as stack:
        fresh = database.is_embedded(found) and _join_or_start(found, stack)
        set_up_django()
        if fresh and not present.is_present(found):
            from grace.cli import migration

            migration.bring_up_to_date(found)
        yield found


def answers(found: Environment) -> bool:
    """Whether the database takes our sign-in."""
    address = database.address(found)
    try:
        with psycopg.connect(address.url, connect_timeout=3):
            return True
    except psycopg.OperationalError:
        return False


def wait_for_database(found: Environment, patience: float = PATIENCE) -> None:
    """Return when the database answers; raise :class:`NoDatabase` when the patience (seconds) is over."""
    until = time.monotonic() + patience
    while not answers(found):
        if time.monotonic() > until:
            raise NoDatabase(
                "The database does not answer.", remedy="Start it: `grace up` for the embedded one, else check GRACE_DATABASE_URL."
            )
        time.sleep(0.1)


def _join_or_start(found: Environment, stack: ExitStack) -> bool:
    """Whether the server was started by us; it is stopped when the stack closes."""
    if answers(found):
        return False
    try:
        stack.enter_context(postgres.holding(found.home))
    except AlreadyRunning:
        wait_for_database(found)
        return False
    stack.callback(postgres.start(found.home, environment=found).stop)
    return True


def warm_up() -> None:
    """Compile what runs compiled, or fetch it from where it is kept, so that no question waits for a compiler."""
    from grace.matching.index import engine

    engine.warm()


def warm_up_if_needed() -> None:
    """The same where an index holds anything: else numba, a second and a hundred megabytes, waits until the first question of one that does."""
    from grace.kernel.errors import Unavailable
    from grace.matching import indexed

    try:
        needed = indexed.holds_anything()
    except (Unavailable, OSError, ValueError):  # damaged: whoever asks it is told
        needed = True
    if needed:
        warm_up()
