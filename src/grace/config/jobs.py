"""How jobs meet a database that goes away: they are tried again, and never counted as failed for it."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError
from procrastinate import App, BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

from grace.kernel.errors import GraceError

LONGEST_WAIT = 300
"""Seconds between two tries, at most."""
SHORT_WAIT = 2
"""Seconds before a job is run again that lost its database. No growing wait: only a database that is back hands out jobs."""
_LOST = ("08", "57P")
"""How the SQLSTATE begins where a connection never came about, or the server was stopped or is starting; one that broke has none."""

TRIES = 8
"""Tries of a job that fails in a way that nobody foresaw: a full disk may be emptied, a fault of the program may not."""


class Patience(BaseRetryStrategy):
    """Try again, without end, whatever may pass: a database away or too busy, or an error that says it is not permanent."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Wait 1, 2, 4 … seconds, or shortly for a lost database; None (do not try again) for a fault that would only repeat."""
        if lost_database(exception):
            return RetryDecision(retry_in={"seconds": SHORT_WAIT})
        foreseen = isinstance(exception, GraceError) or not isinstance(exception, Exception)
        if not may_pass(exception) and (foreseen or job.attempts + 1 >= TRIES):
            return None
        return RetryDecision(retry_in={"seconds": min(2**job.attempts, LONGEST_WAIT)})


def may_pass(exception: BaseException) -> bool:
    """Whether the same call may succeed later."""
    if isinstance(exception, GraceError):
        return not exception.permanent
    return isinstance(exception, OperationalError | InterfaceError)


def lost_database(exception: BaseException) -> bool:
    """Whether the database went away under the job, and not some of its resources."""
    if not isinstance(exception, OperationalError | InterfaceError):
        return False
    state = getattr(exception.__cause__, "sqlstate", None) or ""
    return not state or state.startswith(_LOST)


def make_patient(app: App) -> None:
    """Give patience to every job that states no strategy of its own."""
    for task in app.tasks.values():
        if task.retry_strategy is None:
            task.retry_strategy = Patience()
