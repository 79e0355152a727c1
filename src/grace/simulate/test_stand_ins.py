from __future__ import annotations

import numpy as np
import pytest

from grace.simulate.stand_ins import StandIn, draw


@pytest.mark.parametrize("what", list(StandIn))
def test_the_same_key_draws_the_same_picture(what: StandIn) -> None:
    one, same, other = (np.asarray(draw(what, "a key", number)) for number in (1, 1, 2))
    assert one.shape[2] == 3
    assert max(one.shape) <= 300
    assert np.array_equal(one, same)
    assert one.shape != other.shape or not np.array_equal(one, other)


def test_small_things_are_another_picture() -> None:
    assert draw(StandIn.BOAT, 1).tobytes() != draw(StandIn.BOAT, 1, small=True).tobytes()
