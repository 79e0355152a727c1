"""Tables of agencies and of the enrolment of their keys."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from grace.agencies.keys import PublicKeys
from grace.kernel.ids import new_id


class Agency(models.Model):
    """An installation that we exchange or learn with. Its id is the one that it gave itself.

    ``transfer_basis`` is why data may go to a state outside the European Economic Area (law, L17); empty means that they may not.
    ``questions_because`` is why blinded questions are asked of it and answered; empty means that they are not.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    name = models.TextField(unique=True)
    state = models.TextField()
    address = models.TextField(default="")
    is_contact_point = models.BooleanField(default=False)
    transfer_basis = models.TextField(default="")
    transfer_because = models.TextField(default="")
    questions_because = models.TextField(default="", db_default="")
    added_at = models.DateTimeField()

    class Meta:
        db_table = "agencies_agency"
        constraints = [
            models.UniqueConstraint(fields=["state"], name="agencies_one_contact_point_a_state", condition=Q(is_contact_point=True)),
        ]

    def __str__(self) -> str:
        return self.name


class Enrolment(models.Model):
    """Keys of an agency: proposed by one person, confirmed by another, ended with a reason. At most one is in force."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="enrolments")
    name = models.TextField()
    state = models.TextField()
    address = models.TextField(default="")
    signing = models.BinaryField()
    sealing = models.BinaryField()
    proposed_by = models.TextField()
    proposed_at = models.DateTimeField()
    confirmed_by = models.TextField(default="")
    confirmed_at = models.DateTimeField(null=True)
    ended_by = models.TextField(default="")
    ended_at = models.DateTimeField(null=True)
    ended_because = models.TextField(default="")

    class Meta:
        db_table = "agencies_enrolment"
        constraints = [
            models.CheckConstraint(condition=~Q(confirmed_by=F("proposed_by")), name="agencies_enrolment_two_persons"),
            models.UniqueConstraint(
                fields=["agency"], name="agencies_enrolment_one_in_force", condition=Q(confirmed_at__isnull=False, ended_at=None)
            ),
            models.UniqueConstraint(
                fields=["agency"], name="agencies_enrolment_one_proposed", condition=Q(confirmed_at=None, ended_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"keys of {self.agency_id}"

    @property
    def keys(self) -> PublicKeys:
        """The public keys."""
        return PublicKeys(bytes(self.signing), bytes(self.sealing))

    @property
    def fingerprint(self) -> str:
        """What two persons compare."""
        return self.keys.fingerprint(self.agency_id)
