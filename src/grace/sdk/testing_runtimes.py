"""The contract of a runtime of models as a test, to inherit as those of :mod:`grace.sdk.testing` are."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from grace.sdk.analysis import Sound, Subject
from grace.sdk.models import ModelInput, Runtime


class RuntimeContract:
    """For a runtime of models: name it, a graph that it can load, how that graph's input is made, and a subject for it."""

    runtime: Runtime
    content: bytes
    made: ModelInput
    outputs: int
    subject: Subject
    other: Subject = Sound(16_000, b"")

    def test_the_same_graph_gives_the_same_numbers(self) -> None:
        """One finite number for each output, and the digest of the tensor; twice, and from a graph loaded anew."""
        self.runtime.warm_up()
        assert self.runtime.name
        first, anew = (self.runtime.load(self.content, self.made, self.outputs) for _ in range(2))
        told = first.compute(self.subject)
        assert len(told.outputs) == self.outputs
        assert all(math.isfinite(each) for each in told.outputs)
        assert len(bytes.fromhex(told.tensor)) == 32
        assert told == first.compute(self.subject) == anew.compute(self.subject)

    def test_what_is_no_graph_or_no_subject_is_refused(self) -> None:
        """By raising: nothing is made up."""
        self.runtime.warm_up()
        for damaged in (b"", b"no graph", self.content[: len(self.content) // 2]):
            assert _raises(partial(self.runtime.load, damaged, self.made, self.outputs))
        loaded = self.runtime.load(self.content, self.made, self.outputs)
        assert _raises(lambda: loaded.compute(self.other))
        assert _raises(lambda: self.runtime.load(self.content, self.made, self.outputs + 1).compute(self.subject))


def _raises(deed: Callable[[], object]) -> bool:
    with suppress(Exception):  # which it is, is the library's business
        deed()
        return False
    return True
