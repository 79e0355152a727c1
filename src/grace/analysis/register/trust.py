"""Whose signature under a passport counts: our own, that of an agency whose keys are in force here, or GRACE's own under what comes with it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from grace.agencies import directory
from grace.agencies.identity import all_own
from grace.agencies.keys import PublicKeys, text_of
from grace.agencies.models import Agency
from grace.analysis.register import shipped
from grace.analysis.register.folder import Signature, signed_bytes
from grace.kernel.errors import Refused


def signer_of(raw_passport: bytes, signatures: Sequence[Signature]) -> UUID:
    """The first signer that counts. Raises :class:`Refused` where nobody that we trust signed, or any signature is false."""
    if not signatures:
        raise Refused(_("Nobody has signed this model."), remedy=_("Read its card. Where you vouch for it: grace models sign FOLDER."))
    for each in signatures:
        if not _verifies(each, raw_passport):
            raise Refused(_("A signature under this passport is false."), remedy=_("Ask whoever made the folder for it again."))
    trusted = [each for each in signatures if is_trusted(each)]
    if not trusted:
        raise Refused(
            _("None of those who signed this model is trusted here."),
            remedy=_("Enrol the agency first (grace agencies), or read the card and sign it yourself: grace models sign FOLDER."),
        )
    return trusted[0].agency_id


def is_trusted(signature: Signature) -> bool:
    """Whether the key counts here and now."""
    if signature.key in shipped.keys() | {text_of(each.public.signing) for each in all_own()}:
        return True
    enrolment = directory.in_force(signature.agency_id)
    return enrolment is not None and bytes(enrolment.signing) == signature.raw_key


def name_of(signer: UUID) -> str:
    """Who that is, for people."""
    if any(signer == each.agency for each in all_own()):
        return _("this installation")
    found = Agency.objects.filter(id=signer).values_list("name", flat=True).first()
    return found or _("the GRACE project")


def _verifies(signature: Signature, raw_passport: bytes) -> bool:
    return PublicKeys(signature.raw_key, bytes(1216)).verifies(signature.raw_value, signed_bytes(raw_passport))
