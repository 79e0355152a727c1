"""Tables of senders with their logins, of reports on their way in, and of the documents that came in."""

from __future__ import annotations

from django.db import models

from grace.accounts.models import Unit
from grace.evidence.models import SealedObject
from grace.kernel.ids import new_id


class Sender(models.Model):
    """Who reports: a provider, a hotline or an agency, by the name that its documents carry."""

    class SenderKind(models.TextChoices):
        """What sort of sender; unknown until an administrator says."""

        PROVIDER = "provider"
        HOTLINE = "hotline"
        AGENCY = "agency"
        UNKNOWN = "unknown"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.TextField(unique=True)
    kind = models.TextField(choices=SenderKind.choices, default=SenderKind.UNKNOWN)

    class Meta:
        db_table = "intake_sender"

    def __str__(self) -> str:
        return self.name


class SenderDay(models.Model):
    """How much a sender reported and escalated on one day (UTC): the ground of its daily escalation share."""

    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False)
    day = models.DateField()
    received = models.IntegerField(default=0)
    counted = models.IntegerField(default=0)
    over_share = models.IntegerField(default=0)

    class Meta:
        db_table = "intake_sender_day"
        constraints = [models.UniqueConstraint(fields=["sender", "unit", "day"], name="intake_sender_day_once")]
        indexes = [models.Index(fields=["unit", "day"], name="intake_over_share", condition=models.Q(over_share__gt=0))]

    def __str__(self) -> str:
        return f"{self.sender_id} {self.day}"


class Document(models.Model):
    """One original as it came in: sealed first, then read, or kept in quarantine with the reason."""

    class State(models.TextChoices):
        """Where the document stands."""

        READ = "read"
        QUARANTINED = "quarantined"
        DISMISSED = "dismissed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False)
    sha256 = models.BinaryField()
    size = models.BigIntegerField()
    object = models.OneToOneField(SealedObject, on_delete=models.PROTECT)
    way = models.TextField()
    name = models.TextField()
    received_at = models.DateTimeField()
    state = models.TextField(choices=State.choices)
    format = models.TextField(default="")
    format_version = models.TextField(default="")
    reason_code = models.TextField(default="")
    reason = models.TextField(default="")
    attempts = models.IntegerField(default=1)
    dismissed_because = models.TextField(default="")

    class Meta:
        db_table = "intake_document"
        constraints = [models.UniqueConstraint(fields=["unit", "sha256"], name="intake_document_once")]
        indexes = [
            models.Index(
                fields=["unit", "state", "-received_at", "-id"],
                name="intake_quarantine",
                condition=models.Q(state__in=["quarantined", "dismissed"]),
            )
        ]

    def __str__(self) -> str:
        return f"document {self.id}"


class SenderLogin(models.Model):
    """The name under which a sender reports to a unit over the reporting interface; its reports are its own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.TextField(unique=True)
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, related_name="logins")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.TextField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "intake_sender_login"

    def __str__(self) -> str:
        return self.name


class SenderSecret(models.Model):
    """A secret of a login; several work at a time, so that a sender can change over. Only its digest is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    login = models.ForeignKey(SenderLogin, on_delete=models.PROTECT, related_name="secrets")
    digest = models.BinaryField(unique=True)
    created_at = models.DateTimeField()
    created_by = models.TextField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "intake_sender_secret"

    def __str__(self) -> str:
        return f"secret {self.id}"


class IncomingReport(models.Model):
    """A report that a sender hands in piece by piece; what it says lies sealed in the vault until it becomes a document.

    The number is ours, and never given twice. A retracted report leaves no row.
    """

    class State(models.TextChoices):
        """Where it stands: ``unfinished`` is one that its sender left, and that lies in quarantine."""

        OPEN = "open"
        FINISHED = "finished"
        UNFINISHED = "unfinished"

    number = models.BigAutoField(primary_key=True)
    login = models.ForeignKey(SenderLogin, on_delete=models.PROTECT, db_index=False)
    state = models.TextField(choices=State.choices, default=State.OPEN)
    object = models.OneToOneField(SealedObject, on_delete=models.PROTECT, null=True)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    document = models.OneToOneField(Document, on_delete=models.PROTECT, null=True)

    class Meta:
        db_table = "intake_incoming_report"
        indexes = [
            models.Index(fields=["login", "changed_at"], name="intake_open_reports", condition=models.Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"report {self.number}"


class IncomingFile(models.Model):
    """A file of a report on its way in, sealed as it came, and what its sender says of it; both go into the document."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    report = models.ForeignKey(IncomingReport, on_delete=models.PROTECT, related_name="files")
    key = models.TextField(unique=True)
    name = models.TextField()
    object = models.OneToOneField(SealedObject, on_delete=models.PROTECT)
    size = models.BigIntegerField()
    md5 = models.BinaryField()
    sha1 = models.BinaryField()
    sha256 = models.BinaryField()
    media_type = models.TextField()
    details = models.OneToOneField(SealedObject, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        db_table = "intake_incoming_file"

    def __str__(self) -> str:
        return f"file {self.key}"


class NoticeLink(models.Model):
    """A link by which a provider without software of its own gives notices to a unit. Only the digest of its word is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    digest = models.BinaryField(unique=True)
    created_at = models.DateTimeField()
    created_by = models.TextField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "intake_notice_link"

    def __str__(self) -> str:
        return f"notice link {self.id}"
