"""Tables of sealed objects, files, who holds them, and what their content showed. Bytes and keys are elsewhere."""

from __future__ import annotations

from django.db import models

from grace.accounts.models import Unit
from grace.kernel.clock import now
from grace.kernel.ids import new_id


class SealedObject(models.Model):
    """Bytes in the vault. Deleting the row destroys the only copy of the data key outside backups."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    size = models.BigIntegerField()
    sha256 = models.BinaryField()
    wrapped_key = models.BinaryField()
    agency_key_id = models.TextField()
    sealed_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "evidence_object"
        constraints = [models.CheckConstraint(condition=models.Q(size__gte=0), name="evidence_object_size_not_negative")]

    def __str__(self) -> str:
        return str(self.id)


class File(models.Model):
    """Bytes, once, by their SHA-256; digests are raw."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sha256 = models.BinaryField(unique=True)
    sha1 = models.BinaryField()
    md5 = models.BinaryField()
    size = models.BigIntegerField()
    media_type = models.TextField()
    object = models.OneToOneField(SealedObject, on_delete=models.PROTECT, related_name="file")
    since = models.DateTimeField(default=now)

    class Meta:
        db_table = "evidence_file"
        indexes = [models.Index(fields=["md5"], name="evidence_file_md5"), models.Index(fields=["sha1"], name="evidence_file_sha1")]

    def __str__(self) -> str:
        return bytes(self.sha256).hex()


class Holding(models.Model):
    """A unit holds a file, since when and why. The gate asks for it; bytes go when the last one ends."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="holdings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(default=now)
    why = models.TextField()

    class Meta:
        db_table = "evidence_holding"
        constraints = [models.UniqueConstraint(fields=["file", "unit"], name="evidence_holding_once")]

    def __str__(self) -> str:
        return f"{self.unit_id} holds {self.file_id}"


class Fingerprint(models.Model):
    """A perceptual hash of a file's picture (``pdq``) or of a video's pictures (``vpdq``), kept whatever its quality."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file = models.ForeignKey(File, on_delete=models.CASCADE, related_name="fingerprints")
    algorithm = models.TextField()
    value = models.BinaryField()
    quality = models.SmallIntegerField()
    made_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "evidence_fingerprint"
        constraints = [
            models.UniqueConstraint(fields=["file", "algorithm"], name="evidence_fingerprint_once"),
            models.CheckConstraint(condition=models.Q(quality__range=(0, 100)), name="evidence_fingerprint_quality"),
        ]

    def __str__(self) -> str:
        return f"{self.algorithm}:{bytes(self.value).hex()}"


class Examination(models.Model):
    """Whether a file's content could be decoded, by what, and if not, why: ``not decoded: …``."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file = models.OneToOneField(File, on_delete=models.CASCADE, related_name="examination")
    decoded = models.BooleanField()
    reason = models.TextField(blank=True, default="")
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    decoder = models.TextField()
    at = models.DateTimeField(default=now)

    class Meta:
        db_table = "evidence_examination"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decoded=True, reason="") | models.Q(decoded=False, reason__startswith="not decoded: "),
                name="evidence_examination_says_why",
            )
        ]

    def __str__(self) -> str:
        return self.reason or "decoded"


class Archive(models.Model):
    """A file that holds others, and how far it was unpacked: ``next`` is the place of the first member not looked at, until ``ended_at``.

    ``root`` is the archive for whose sake it is unpacked, itself or one that it is in, and ``depth`` how deep in that: 1 for itself.
    What comes of all that is in one root has limits of its own. ``reason`` says why nothing, or not all, was looked at.
    """

    archive = models.OneToOneField(File, primary_key=True, on_delete=models.CASCADE, related_name="unpacking")
    root = models.ForeignKey(File, null=True, on_delete=models.SET_NULL, related_name="+")
    depth = models.SmallIntegerField()
    next = models.IntegerField(default=0)
    taken = models.IntegerField(default=0)
    left_out = models.IntegerField(default=0)
    bytes = models.BigIntegerField(default=0)
    reason = models.TextField(blank=True, default="")
    begun_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "evidence_archive"

    def __str__(self) -> str:
        return f"archive {self.archive_id}"


class Member(models.Model):
    """A place in an archive: the name that stands there, never a path to anything, and the file, or the reason why there is none."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    archive = models.ForeignKey(Archive, on_delete=models.CASCADE, related_name="members", db_index=False)
    place = models.IntegerField()
    name = models.TextField(blank=True)
    file = models.ForeignKey(File, null=True, on_delete=models.PROTECT, related_name="places", db_index=False)
    reason = models.TextField(blank=True, default="")

    class Meta:
        db_table = "evidence_member"
        constraints = [
            models.UniqueConstraint(fields=["archive", "place"], name="evidence_member_once"),
            models.CheckConstraint(
                condition=models.Q(file__isnull=False, reason="") | models.Q(file__isnull=True) & ~models.Q(reason=""),
                name="evidence_member_says_why",
            ),
        ]
        indexes = [models.Index(fields=["file"], name="evidence_member_file", condition=models.Q(file__isnull=False))]

    def __str__(self) -> str:
        return f"place {self.place} of {self.archive_id}"


class KeptReport(models.Model):
    """A signed report of this installation on itself, kept for a unit; its bytes lie sealed like everything else."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    sha256 = models.BinaryField()
    object = models.OneToOneField(SealedObject, on_delete=models.PROTECT, related_name="+")
    passed = models.BooleanField()
    summary = models.TextField()
    kept_at = models.DateTimeField(default=now)
    kept_by = models.TextField()

    class Meta:
        db_table = "evidence_kept_report"
        constraints = [models.UniqueConstraint(fields=["unit", "sha256"], name="evidence_kept_report_once")]
        indexes = [models.Index(fields=["unit", "-kept_at"], name="evidence_kept_report_newest")]

    def __str__(self) -> str:
        return f"report {self.id}"
