"""X-ARF version 4, the types ``content/csam`` and ``content/csem``: what open abuse-handling software writes.

Read after the public specification (xarf/xarf-spec); reports of other types are known as such and refused.
"""

from __future__ import annotations

from collections.abc import Mapping

from grace.intake.formats.json_document import parse
from grace.intake.formats.json_package import candidates, has_key, surest
from grace.intake.formats.room import Room
from grace.intake.formats.xarf.description import CARRIES, MARK
from grace.intake.formats.xarf.evidence import Names
from grace.intake.formats.xarf.examples import EXAMPLES
from grace.intake.formats.xarf.reading import FORMAT_NAME, other, read_document
from grace.sdk.intake import Package, Reading, Unreadable


class Xarf:
    """The format plug-in."""

    name = FORMAT_NAME
    version = "1"
    carries = CARRIES

    def recognises(self, package: Package) -> float:
        """1 where the outermost object of a member names a version of X-ARF."""
        return surest(package, _sureness)

    def read(self, package: Package) -> tuple[Reading, ...]:
        """One reading per report on children; refuses a package that holds X-ARF reports on other matters only."""
        trees, room = {}, Room()
        for name, _ in sorted(candidates(package, _sureness)):
            with package[name].open() as stream:
                trees[name] = parse(stream, room)
        refusals = {name: refusal for name, tree in trees.items() if (refusal := other(tree))}
        if len(refusals) == len(trees):
            raise next(iter(refusals.values()), Unreadable("no-report", "The package holds no report of this format."))
        names = Names(package)
        return tuple(read_document(tree, name, names, room) for name, tree in trees.items() if name not in refusals)

    def examples(self) -> tuple[Mapping[str, bytes], ...]:
        """Small invented reports."""
        return EXAMPLES


def _sureness(head: bytes) -> float:
    return 1.0 if has_key(head, MARK.encode()) else 0.0


FORMAT = Xarf()
