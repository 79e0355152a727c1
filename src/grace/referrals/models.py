"""Tables of what senders said. Rows are only ever added: a correction is a new version (bar a later erasure).

Foreign keys make no index of their own where a named one begins with their column: each index costs every intake.
"""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Lower

from grace.accounts.models import Unit
from grace.evidence.models import File
from grace.intake.models import Document, Sender
from grace.kernel.ids import new_id


class Referral(models.Model):
    """One report from one sender about one incident, for one unit; issuer and external number name it for good."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.BigIntegerField(unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False)
    issuer = models.TextField()
    external = models.TextField()
    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, db_index=False)
    received_at = models.DateTimeField()
    versions = models.IntegerField(default=1)

    class Meta:
        db_table = "referrals_referral"
        constraints = [models.UniqueConstraint(fields=["unit", "issuer", "external"], name="referrals_referral_once")]
        indexes = [models.Index(OpClass(Lower("external"), name="text_pattern_ops"), name="referrals_external_prefix")]

    def __str__(self) -> str:
        return f"referral {self.number}"


class Version(models.Model):
    """What one document said of a referral, and when we knew it; ``canonical`` is its canonical JSON, zlib-packed.

    ``remarks`` is what it lacked (``grace.intake.feedback``), as its sender was told; None where nobody looked.

    A version stands until a newer document of the same format replaces it (``replaced_at``). The standing versions
    together are the referral.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, db_index=False)
    ordinal = models.IntegerField()
    document = models.ForeignKey(Document, on_delete=models.PROTECT, db_index=False)
    format = models.TextField()
    known_at = models.DateTimeField()
    said_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)
    incident_type = models.TextField(default="")
    incident_kind = models.TextField()
    incident_at = models.DateTimeField(null=True)
    incident_zone = models.TextField(default="")
    escalated = models.TextField(null=True)
    canonical = models.BinaryField()
    remarks = models.JSONField(null=True)

    class Meta:
        db_table = "referrals_version"
        constraints = [models.UniqueConstraint(fields=["referral", "ordinal"], name="referrals_version_once")]
        indexes = [models.Index(fields=["document"], name="referrals_version_document")]

    def __str__(self) -> str:
        return f"version {self.ordinal} of {self.referral_id}"


class Person(models.Model):
    """A person or account as a version names it. ``category`` is never "suspect" because a sender says so (law, L7)."""

    class Category(models.TextChoices):
        """The categories that LED Article 6 tells apart."""

        UNVERIFIED = "unverified"
        SUSPECT = "suspect"
        CONVICTED = "convicted"
        VICTIM = "victim"
        OTHER = "other"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(Version, on_delete=models.CASCADE, db_index=False)
    ordinal = models.IntegerField()
    role = models.TextField()
    category = models.TextField(choices=Category.choices, default=Category.UNVERIFIED)
    basis = models.TextField(default="reported")
    fields = models.JSONField()

    class Meta:
        db_table = "referrals_person"
        indexes = [models.Index(fields=["version", "ordinal"], name="referrals_person_version")]

    def __str__(self) -> str:
        return f"person {self.ordinal} of {self.version_id}"


class Identifier(models.Model):
    """An identifier in its one normal spelling; the key is the digest of kind and value, so that nobody looks it up."""

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.TextField()
    value = models.TextField()

    class Meta:
        db_table = "referrals_identifier"

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Occurrence(models.Model):
    """That an identifier occurs in any referral of a unit, by its beginning: what a unit searches holds nothing of another's.

    The beginning only, of 200 characters: an identifier may be longer than a row of a B-tree.
    """

    id = models.BigAutoField(primary_key=True)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, db_index=False, related_name="+")
    beginning = models.TextField()
    identifier = models.ForeignKey(Identifier, on_delete=models.CASCADE, db_index=False, related_name="+")

    class Meta:
        db_table = "referrals_occurrence"
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "beginning", "identifier"],
                opclasses=["uuid_ops", "text_pattern_ops", "uuid_ops"],
                name="referrals_occurrence_once",
            )
        ]

    def __str__(self) -> str:
        return f"identifier {self.identifier_id} in unit {self.unit_id}"


class Words(models.Model):
    """The words of what a version says, in parts, for searching: texts, names of persons and of files (:mod:`grace.referrals.words`).

    Every version has a part, also one without a word; where there is none, nobody looked. One of the words is the unit's own
    mark, so that a search goes through the words of one unit only.
    """

    id = models.BigAutoField(primary_key=True)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, db_index=False, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.CASCADE, db_index=False, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, db_index=False, related_name="+")
    part = models.SmallIntegerField()
    words = SearchVectorField()

    class Meta:
        db_table = "referrals_words"
        constraints = [models.UniqueConstraint(fields=["referral", "version", "part"], name="referrals_words_once")]
        indexes = [GinIndex(fields=["words"], name="referrals_words_in", gin_pending_list_limit=1024)]

    def __str__(self) -> str:
        return f"part {self.part} of version {self.version_id}"


class Attachment(models.Model):
    """A file, or only its digest, as a version names it, with the sender's claims."""

    class State(models.TextChoices):
        """Whether the bytes are here and are what the sender said."""

        PRESENT = "present"
        CHANGED = "changed"
        MISSING = "missing"
        NAMED = "named"
        EXTRA = "extra"
        REPORT = "report"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(Version, on_delete=models.CASCADE, db_index=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, db_index=False)
    ordinal = models.IntegerField()
    file = models.ForeignKey(File, null=True, on_delete=models.SET_NULL, db_index=False)
    state = models.TextField(choices=State.choices)
    name = models.TextField(null=True)
    original_name = models.TextField(null=True)
    sender_file_id = models.TextField(null=True)
    md5 = models.BinaryField(null=True)
    sha1 = models.BinaryField(null=True)
    sha256 = models.BinaryField(null=True)
    pdq = models.BinaryField(null=True)
    viewed = models.BooleanField(null=True)
    publicly_available = models.BooleanField(null=True)
    classification = models.TextField(null=True)
    relevance = models.TextField(null=True)
    uploaded_at = models.DateTimeField(null=True)
    tags = models.JSONField(default=list)
    fields = models.JSONField(default=dict)
    path = models.TextField()

    class Meta:
        db_table = "referrals_attachment"
        indexes = [
            models.Index(fields=["version", "ordinal"], name="referrals_attachment_version"),
            models.Index(fields=["referral"], name="referrals_attachment_referral"),
            models.Index(fields=["file"], name="referrals_attachment_file"),
            models.Index(fields=["md5"], name="referrals_attachment_md5"),
            models.Index(fields=["sha1"], name="referrals_attachment_sha1", condition=models.Q(sha1__isnull=False)),
            models.Index(fields=["sha256"], name="referrals_attachment_sha256", condition=models.Q(sha256__isnull=False)),
            models.Index(fields=["pdq"], name="referrals_attachment_pdq", condition=models.Q(pdq__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"attachment {self.ordinal} of {self.version_id}"


class Sighting(models.Model):
    """The fact that an identifier occurred: where, in which event, when, and how precisely that is known.

    ``zone`` is ``stated`` or ``unknown``; ``weak`` marks an IP address without port or second (carrier-grade NAT).
    ``in_text`` marks what stands in free text only; where a search found it, ``path`` ends in its place (``#char=12,29``).
    """

    id = models.BigAutoField(primary_key=True)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, db_index=False)
    version = models.ForeignKey(Version, on_delete=models.CASCADE, db_index=False)
    identifier = models.ForeignKey(Identifier, on_delete=models.PROTECT, db_index=False)
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, db_index=False)
    attachment = models.ForeignKey(Attachment, null=True, on_delete=models.CASCADE, db_index=False)
    as_written = models.TextField()
    event = models.TextField(null=True)
    at = models.DateTimeField(null=True)
    at_written = models.TextField(null=True)
    zone = models.TextField(default="")
    precision = models.TextField(default="")
    port = models.IntegerField(null=True)
    weak = models.BooleanField(default=False)
    verified = models.BooleanField(null=True)
    basis = models.TextField(default="reported")
    path = models.TextField()
    in_text = models.BooleanField(default=False, db_default=False)

    class Meta:
        db_table = "referrals_sighting"
        indexes = [
            models.Index(fields=["version"], name="referrals_sighting_version"),
            models.Index(fields=["identifier", "referral"], name="referrals_sighting_identifier"),
        ]

    def __str__(self) -> str:
        return f"sighting {self.id}"


class Contradiction(models.Model):
    """Two documents of one referral that say different things of one matter, from ``since`` until one of them was replaced.

    ``of`` is what both speak of (``["reported 1", "192.0.2.7"]``), ``older_says`` and ``newer_says`` are lists of values.
    """

    id = models.BigAutoField(primary_key=True)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, db_index=False)
    older = models.ForeignKey(Version, on_delete=models.CASCADE, db_index=False, related_name="+")
    newer = models.ForeignKey(Version, on_delete=models.CASCADE, db_index=False, related_name="+")
    field = models.TextField()
    of = models.JSONField()
    older_says = models.JSONField()
    newer_says = models.JSONField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "referrals_contradiction"
        indexes = [models.Index(fields=["referral", "since"], name="referrals_contradiction_of")]

    def __str__(self) -> str:
        return f"contradiction {self.id} in {self.field}"
