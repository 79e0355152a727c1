"""Why a package is refused: a stable code that travels back to its sender, and a sentence for whoever reads it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from grace.kernel.errors import Refused, Unavailable

REASONS: Mapping[str, Promise] = {
    "unknown-sender": gettext_lazy("The sender is not in our directory."),
    "revoked-key": gettext_lazy("The sender's keys are not in force."),
    "wrong-signature": gettext_lazy("The signature is not the sender's."),
    "wrong-recipient": gettext_lazy("The package is for another agency."),
    "expired": gettext_lazy("The package has expired."),
    "from-the-future": gettext_lazy("The package was made in the future: one of the two clocks is wrong."),
    "malformed": gettext_lazy("The package is not in the form that this version reads."),
    "tampered": gettext_lazy("The bytes are not those that were signed."),
    "not-for-our-key": gettext_lazy("The package was sealed for a key that we do not have."),
    "too-large": gettext_lazy("The package is larger than we take."),
    "replayed": gettext_lazy("The package was taken in before."),
    "differs": gettext_lazy("Another package with this number was taken in before."),
    "stale-request": gettext_lazy("The request is too old; the clocks of the two installations may differ."),
    "no-unit": gettext_lazy("This installation does not take packages in."),
    "not-agreed": gettext_lazy("Questions are not agreed between the two installations."),
    "too-many-questions": gettext_lazy("More questions were asked today than are answered in a day."),
    "not-ready": gettext_lazy("The answers are not prepared yet."),
    "unknown-package": gettext_lazy("The message speaks of a package that is not here."),
}
"""By code."""


class Rejected(Refused):
    """A package, message or request that is not taken; ``code`` is one of :data:`REASONS`."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(str(REASONS[code]), remedy=detail)
        self.code = code


class Unreached(Unavailable):
    """The other installation did not answer as it should; ``code`` says how."""

    def __init__(self, code: str) -> None:
        super().__init__("The other installation does not answer.", remedy="It is tried again by itself.")
        self.code = code


class Declined(Refused):
    """The other installation refused the package; ``code`` is its reason."""

    def __init__(self, code: str) -> None:
        super().__init__(str(REASONS.get(code, code)))
        self.code = code
