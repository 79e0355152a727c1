"""Compiled loops where numba is at hand; without it they are never called: each has a twin in NumPy that gives the same answer.

No compiler is needed at install. What was compiled is kept in the data folder (or where ``NUMBA_CACHE_DIR`` says), so that it
happens once a machine and version. To be imported late: numba takes most of a second and a hundred megabytes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np

from grace.host import environment

try:
    import numba
    from numba.extending import intrinsic
except ImportError:  # pragma: no cover - the tests run the other engine by name
    AVAILABLE = False
else:
    AVAILABLE = True
    if not numba.config.CACHE_DIR:
        numba.config.CACHE_DIR = str(environment.read().home / "kernels")

Loop = TypeVar("Loop", bound=Callable[..., Any])

if TYPE_CHECKING:

    def popcount(word: np.unsignedinteger[Any]) -> int:
        """The bits that are set in a word: one instruction."""

    def whole(number: np.integer[Any] | np.floating[Any] | int) -> int:
        """A number in 64 bits with a sign."""

elif AVAILABLE:
    whole = np.int64

    @intrinsic
    def popcount(_typing, _word):  # noqa: ANN001, ANN201 - numba reads the signature that is returned
        """The bits that are set in a word, in a number of its width: one instruction."""
        return _word(_word), lambda _context, builder, _signature, arguments: builder.ctpop(arguments[0])

else:
    popcount, whole = np.bitwise_count, np.int64


def compiled(loop: Loop) -> Loop:
    """The loop, compiled at its first call; it gives up the interpreter's lock."""
    return cast("Loop", numba.njit(cache=True, nogil=True)(loop)) if AVAILABLE else loop


def prepare(loop: Callable[..., Any], *examples: object) -> None:
    """Compile a loop for arguments like these, or fetch it from where it is kept, without running it."""
    if AVAILABLE:
        dispatcher: Any = loop
        dispatcher.compile(tuple(map(numba.typeof, examples)))
