"""Every route and job says which kinds of processing it does, or that it shows nothing personal; a test reads it back.

>>> @declares(Kind.CONSULTATION)
... def queue_page(request): ...
>>> sorted(kinds_of(queue_page))
[<Kind.CONSULTATION: 'CONSULTATION'>]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from grace.custody.kinds import Kind

T = TypeVar("T")

_MARK = "__grace_kinds__"
_INSIDE = ("__wrapped__", "view_class", "view_func", "func")
"""Where wraps, class-based views, API operations and jobs keep the thing that they wrap."""


def declares(*kinds: Kind) -> Callable[[T], T]:
    """Declare that the view, operation or job does processing of these kinds. Raises ``TypeError`` for none at all."""
    if not kinds or not all(isinstance(kind, Kind) for kind in kinds):
        raise TypeError("declares() takes one or more of Kind; where nothing personal is touched, use @nothing_personal")
    return _marks(frozenset(kinds))


def nothing_personal(target: T) -> T:
    """Declare that the view, operation or job touches no personal data."""
    return _marks(frozenset())(target)


def kinds_of(target: object) -> frozenset[Kind] | None:
    """What ``target`` declares: kinds, the empty set for nothing personal, or None where it declares nothing."""
    for layer in _layers(target):
        declared: frozenset[Kind] | None = getattr(layer, _MARK, None)
        if declared is not None:
            return declared
    return None


def _marks(kinds: frozenset[Kind]) -> Callable[[T], T]:
    def mark(target: T) -> T:
        setattr(target, _MARK, kinds)
        return target

    return mark


def _layers(target: object) -> Iterator[object]:
    """``target``, then what it wraps, and so on; each once."""
    waiting: list[Any] = [target]
    seen: set[int] = set()
    while waiting:
        layer = waiting.pop()
        if layer is None or id(layer) in seen:
            continue
        seen.add(id(layer))
        yield layer
        waiting.extend(getattr(layer, name, None) for name in reversed(_INSIDE))
