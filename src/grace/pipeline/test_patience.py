import psycopg
import pytest
from django.db import DataError, InterfaceError, OperationalError
from psycopg import errors

from grace.pipeline import patience
from grace.pipeline.patience import is_away, patiently


def caused(fault: Exception, cause: psycopg.Error | None) -> Exception:
    """An error of Django's with the driver's error behind it."""
    fault.__cause__ = cause
    return fault


@pytest.mark.parametrize("cause", [None, psycopg.OperationalError(), errors.AdminShutdown(), errors.DeadlockDetected(), errors.DiskFull()])
def test_a_database_that_is_away_or_busy_may_take_it_later(cause: psycopg.Error | None) -> None:
    assert is_away(caused(OperationalError(), cause))
    assert is_away(caused(InterfaceError(), cause))


@pytest.mark.parametrize(
    "fault",
    [
        caused(OperationalError(), errors.ProgramLimitExceeded()),
        caused(DataError(), errors.NumericValueOutOfRange()),
        ValueError(),
        TypeError(),
    ],
)
def test_a_value_that_is_refused_is_refused_for_good(fault: Exception) -> None:
    assert not is_away(fault)


def test_work_is_done_again_until_the_database_is_back() -> None:
    tries: list[int] = []

    def work() -> str:
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError
        return "done"

    assert patiently(work) == "done"
    assert len(tries) == 3


def test_patience_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    def work() -> None:
        raise OperationalError

    monkeypatch.setattr(patience, "PATIENCE", 0.3)
    with pytest.raises(OperationalError):
        patiently(work)


def test_what_is_refused_is_not_tried_again() -> None:
    tries: list[int] = []

    def work() -> None:
        tries.append(1)
        raise caused(OperationalError(), errors.ProgramLimitExceeded())

    with pytest.raises(OperationalError):
        patiently(work)
    assert len(tries) == 1
