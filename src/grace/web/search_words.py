"""The words of the search: as what something was read, and by what a referral was found."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

KINDS: Mapping[str, Promise] = {
    "number": gettext_lazy("number of a referral"),
    "md5": gettext_lazy("MD5 of a file"),
    "sha1": gettext_lazy("SHA-1 of a file"),
    "sha256": gettext_lazy("SHA-256 of a file"),
    "pdq": gettext_lazy("fingerprint of a picture (PDQ)"),
    "email": gettext_lazy("e-mail address"),
    "phone": gettext_lazy("telephone number"),
    "ip": gettext_lazy("IP address"),
    "url": gettext_lazy("web address"),
    "device": gettext_lazy("device"),
    "payment": gettext_lazy("payment account"),
    "screen_name": gettext_lazy("screen name"),
}
WAYS: Mapping[str, Promise] = {
    "number": gettext_lazy("its number"),
    "report": gettext_lazy("the sender's number of the report"),
    "identifier": gettext_lazy("an identifier"),
    "digest": gettext_lazy("the digest of a file"),
    "picture": gettext_lazy("the look of a picture"),
    "words": gettext_lazy("words of the report"),
}
