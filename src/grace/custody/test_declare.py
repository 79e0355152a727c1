from functools import wraps

import pytest

from grace.custody.declare import declares, kinds_of, nothing_personal
from grace.custody.kinds import Kind


@declares(Kind.CONSULTATION, Kind.COMBINATION)
def links_page() -> str:
    return "links"


@nothing_personal
def health() -> str:
    return "ok"


def undeclared() -> str:
    return "forgotten"


def test_a_declaration_leaves_the_function_as_it_was() -> None:
    assert links_page() == "links"
    assert kinds_of(links_page) == frozenset({Kind.CONSULTATION, Kind.COMBINATION})


def test_nothing_personal_is_told_from_nothing_declared() -> None:
    assert kinds_of(health) == frozenset()
    assert kinds_of(undeclared) is None


def test_wrappers_are_looked_through() -> None:
    @wraps(links_page)
    def outer() -> str:
        return links_page()

    del outer.__dict__["__grace_kinds__"]  # a wrapper that copies no attributes
    assert kinds_of(outer) == frozenset({Kind.CONSULTATION, Kind.COMBINATION})


def test_class_based_views_operations_and_jobs_are_looked_through() -> None:
    @declares(Kind.DISCLOSURE)
    class HandOver:
        pass

    def view() -> None:
        """What ``as_view`` returns."""

    view.view_class = HandOver  # type: ignore[attr-defined]

    class Job:
        func = staticmethod(links_page)

    assert kinds_of(view) == frozenset({Kind.DISCLOSURE})
    assert kinds_of(Job()) == frozenset({Kind.CONSULTATION, Kind.COMBINATION})


def test_a_declaration_of_no_kind_is_refused() -> None:
    with pytest.raises(TypeError, match="nothing_personal"):
        declares()
    with pytest.raises(TypeError, match="one or more of Kind"):
        declares(links_page)  # type: ignore[arg-type]
