"""How jobs meet a database that goes away: they are tried again, and never counted as failed for it."""

from __future__ import annotations

from django.db import InterfaceError, OperationalError
from procrastinate import App, BaseRetryStrategy, RetryDecision
from procrastinate.jobs import Job

from grace.kernel.errors import GraceError

LONGEST_WAIT = 300
"""Seconds between two tries, at most."""


TRIES = 8
"""Tries of a job that fails in a way that nobody foresaw: a full disk may be emptied, a fault of the program may not."""


class Patience(BaseRetryStrategy):
    """Try again, without end, whatever may pass: a database away, or an error that says it is not permanent."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Wait 1, 2, 4 … seconds; None (do not try again) for a fault that would only repeat."""
        foreseen = isinstance(exception, GraceError) or not isinstance(exception, Exception)
        if not may_pass(exception) and (foreseen or job.attempts + 1 >= TRIES):
            return None
        return RetryDecision(retry_in={"seconds": min(2**job.attempts, LONGEST_WAIT)})


def may_pass(exception: BaseException) -> bool:
    """Whether the same call may succeed later."""
    if isinstance(exception, GraceError):
        return not exception.permanent
    return isinstance(exception, OperationalError | InterfaceError)


def make_patient(app: App) -> None:
    """Give patience to every job that states no strategy of its own."""
    for task in app.tasks.values():
        if task.retry_strategy is None:
            task.retry_strategy = Patience()
