"""What the reason codes of unread documents mean, and what helps."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

WORDS: Mapping[str, tuple[Promise, Promise]] = {
    "ambiguous": (gettext_lazy("several reports in one package"), gettext_lazy("Put each report into a folder or ZIP of its own.")),
    "damaged-zip": (gettext_lazy("the ZIP is damaged"), gettext_lazy("Ask the sender for it again.")),
    "dtd": (gettext_lazy("refused unread: it has a DTD"), gettext_lazy("No genuine report has one. Tell whoever guards the network.")),
    "empty": (gettext_lazy("there is nothing in it"), gettext_lazy("Ask the sender for it again.")),
    "encrypted": (
        gettext_lazy("it is encrypted, and no password of the list opens it"),
        gettext_lazy("Ask the sender for the password, have it added to the list of passwords, and read it again."),
    ),
    "format-failed": (
        gettext_lazy("the reader failed"),
        gettext_lazy("This is a fault of the reader: tell your administrator, and read it again after the next update."),
    ),
    "malformed": (gettext_lazy("it breaks the rules of its own format"), gettext_lazy("Ask the sender for a correct copy.")),
    "no-report": (gettext_lazy("no report in it"), gettext_lazy("Look whether it belongs to a report that came on its own.")),
    "not-a-zip": (gettext_lazy("the ZIP is cut off or damaged"), gettext_lazy("Ask the sender for it again.")),
    "not-an-object": (gettext_lazy("JSON, but no report"), gettext_lazy("Look whether it was handed in by mistake.")),
    "no-text": (
        gettext_lazy("a PDF without text, as a scanner makes it"),
        gettext_lazy("Ask the sender for the document as it was made, not as it was scanned."),
    ),
    "not-decoded": (
        gettext_lazy("it could not be decoded within the limits of time and memory"),
        gettext_lazy("Read it again; if it fails again, ask the sender for another copy."),
    ),
    "not-storable": (
        gettext_lazy("a value in it is too long or too large to store"),
        gettext_lazy("Look whether it is genuine; tell your administrator, and read it again after the next update."),
    ),
    "not-unicode": (gettext_lazy("the text cannot be decoded"), gettext_lazy("Ask the sender for a copy in UTF-8.")),
    "other-category": (
        gettext_lazy("X-ARF about another kind of abuse"),
        gettext_lazy("Look whether it was handed in by mistake; put it aside if nobody here needs it."),
    ),
    "other-version": (gettext_lazy("X-ARF of another version"), gettext_lazy("Ask the sender for version 4.")),
    "too-deep": (gettext_lazy("it nests too deep"), gettext_lazy("No genuine report does. Tell whoever guards the network.")),
    "too-large": (gettext_lazy("it is too large"), gettext_lazy("Ask the sender to split it.")),
    "too-many-members": (gettext_lazy("too many files in it"), gettext_lazy("Ask the sender to split it.")),
    "too-many-values": (gettext_lazy("too many values in it"), gettext_lazy("No genuine report has so many. Ask the sender.")),
    "truncated": (gettext_lazy("it ends in the middle"), gettext_lazy("Ask the sender for it again.")),
    "unfinished": (
        gettext_lazy("its sender opened it and did not finish it"),
        gettext_lazy("It may be urgent all the same: read it again to take in what came, and ask the sender for the rest."),
    ),
    "unknown-compression": (gettext_lazy("packed in a way that is not read"), gettext_lazy("Ask the sender for an ordinary ZIP.")),
    "unreachable": (gettext_lazy("it could not be opened on this machine"), gettext_lazy("Tell your administrator, and read it again.")),
    "unrecognised": (gettext_lazy("no reader knows this format"), gettext_lazy("A newer reader may: read it again after the next update.")),
    "unsafe-name": (gettext_lazy("a file name in it is not safe"), gettext_lazy("Ask the sender for a package with plain names.")),
    "zip-bomb": (
        gettext_lazy("it unpacks to far more than its size"),
        gettext_lazy("Do not unpack it elsewhere. Tell whoever guards the network."),
    ),
}
"""By the code that a reader gives: what is wrong, and what to do next."""

_OTHER = (gettext_lazy("it could not be read"), gettext_lazy("The reader's own words stand beside."))

WAYS: Mapping[str, Promise] = {
    "api": gettext_lazy("through the API"),
    "exchange": gettext_lazy("from another agency"),
    "cli": gettext_lazy("on the command line"),
    "folder": gettext_lazy("by the watched folder"),
    "notice-form": gettext_lazy("by the form for notices"),
    "mail": gettext_lazy("by mail"),
    "ispws": gettext_lazy("through the reporting interface"),
    "web": gettext_lazy("by hand"),
}


def told(code: str) -> tuple[Promise, Promise]:
    """What a code means and what helps; a plug-in's own code is told in general words."""
    return WORDS.get(code, _OTHER)
