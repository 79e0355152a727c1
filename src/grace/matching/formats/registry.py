"""The forms that can be read, and which of them a file has: told by its first bytes, never by its name."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from grace.kernel.errors import Invalid
from grace.matching.formats import grace_csv, icse, ncmec, nsrl_csv, nsrl_sql, nsrl_sqlite, vics, vpdq
from grace.matching.formats.item import Tellings
from grace.matching.formats.nsrl_rows import CATEGORY
from grace.matching.formats.vics import Reading
from grace.matching.formats.vics_categories import UNCATEGORISED
from grace.matching.meaning import Meaning

HEAD = 1 << 16
AUTO = "auto"


class Source:
    """A file that is read once from its beginning, and whose SHA-256 is known at its end. The stream must be able to seek."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()

    def head(self) -> bytes:
        """The first bytes, which are read again afterwards."""
        self._stream.seek(0)
        head = self._stream.read(HEAD)
        self._stream.seek(0)
        return head

    def read(self, size: int = -1, /) -> bytes:
        """At most so many bytes."""
        found = self._stream.read(size)
        self.digest.update(found)
        return found

    def readline(self, size: int = -1, /) -> bytes:
        """A line, or as much of it as ``size`` allows."""
        found = self._stream.readline(size)
        self.digest.update(found)
        return found

    def drain(self) -> None:
        """Read what is left, so that the digest is that of the whole."""
        while self.read(HEAD):
            pass

    @contextmanager
    def as_file(self) -> Iterator[Path]:
        """The content as a file, for readers that need one: the open file itself, or a private copy of what lies in memory."""
        try:
            opened = Path(f"/proc/self/fd/{self._stream.fileno()}")
        except OSError:
            opened = None
        if opened is not None and os.access(opened, os.R_OK):
            yield opened
            return
        with tempfile.NamedTemporaryFile(prefix="grace-list-") as file:
            shutil.copyfileobj(self, file, HEAD)
            file.flush()
            yield Path(file.name)


@dataclass(frozen=True, slots=True)
class Format:
    """One form.

    Its name, what officers call it, how it is known and read, which lists it may fill (the first by default), and the
    category of what states none. ``is_whole`` tells that an item of a key is told with all its digests each time: those it no longer has are gone.
    """

    name: str
    label: str
    knows: Callable[[bytes], bool]
    read: Callable[[Source, Reading], Tellings]
    meanings: tuple[Meaning, ...] = (Meaning.ALERT,)
    category: str = ""
    is_whole: bool = False


def _read_sqlite(source: Source, _reading: Reading) -> Tellings:
    with source.as_file() as path:
        yield from nsrl_sqlite.read(path)


FORMATS: tuple[Format, ...] = (
    Format("csv", "GRACE CSV", grace_csv.knows, lambda source, _: grace_csv.read_lines(source), tuple(Meaning)),
    Format("vics", "VICS JSON", vics.knows, vics.read, (Meaning.ALERT, Meaning.NEGATIVE), category=UNCATEGORISED),
    Format("icse", "ICSE CSV", icse.knows, lambda source, _: icse.read(source), category="ICSE"),
    Format("ncmec", "NCMEC XML", ncmec.knows, lambda source, _: ncmec.read(source), category="NCMEC", is_whole=True),
    Format(
        "vpdq",
        "vPDQ",
        vpdq.knows,
        lambda source, reading: vpdq.read(source, reading.video),
        (Meaning.ALERT, Meaning.NEGATIVE),
        is_whole=True,
    ),
    Format("nsrl2", "NSRL RDS 2", nsrl_csv.knows, lambda source, _: nsrl_csv.read(source), (Meaning.KNOWN,), CATEGORY),
    Format("nsrl3", "NSRL RDS 3", nsrl_sqlite.knows, _read_sqlite, (Meaning.KNOWN,), CATEGORY),
    Format("nsrl3-delta", "NSRL RDS 3 delta", nsrl_sql.knows, lambda source, _: nsrl_sql.read(source), (Meaning.KNOWN,), CATEGORY),
)
"""Every form, in the order in which they are asked."""

NAMES = (AUTO, *(each.name for each in FORMATS))


def format_of(name: str, head: bytes) -> Format:
    """The form of this name, or with ``auto`` the one that knows the first bytes. Raises :class:`Invalid`."""
    if name == AUTO:
        found = next((each for each in FORMATS if each.knows(head)), None)
    else:
        found = next((each for each in FORMATS if each.name == name), None)
    if found is None:
        remedy = _("Known are: %(all)s.") % {"all": ", ".join(each.label for each in FORMATS)}
        if head.startswith((b"PK\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf")):
            remedy = _("It is packed: unpack it first.")
        raise Invalid(_("This is no hash list of a form that is known."), remedy=remedy)
    return found
