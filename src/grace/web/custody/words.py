"""Words of the ledger's screen."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from grace.custody.kinds import Kind

KINDS: Mapping[Kind, Promise] = {
    Kind.COLLECTION: gettext_lazy("collection"),
    Kind.ALTERATION: gettext_lazy("alteration"),
    Kind.CONSULTATION: gettext_lazy("consultation"),
    Kind.DISCLOSURE: gettext_lazy("disclosure"),
    Kind.COMBINATION: gettext_lazy("combination"),
    Kind.ERASURE: gettext_lazy("erasure"),
}
"""The six kinds of Directive (EU) 2016/680, Article 25(1), as officers read them."""
