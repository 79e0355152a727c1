"""What Ray is given: every batch, once."""

from __future__ import annotations

from uuid import uuid4

import pytest

from grace.cli.on_ray import portions


@pytest.mark.parametrize("number", [0, 1, 3, 4, 7])
def test_no_batch_is_lost_between_two_portions(number: int) -> None:
    batches = [[uuid4()] for _ in range(number)]
    given = list(portions(iter(batches), 3))
    assert [each["files"] for some in given for each in some] == [[str(file)] for (file,) in batches]
    assert all(len(some) <= 3 for some in given)
