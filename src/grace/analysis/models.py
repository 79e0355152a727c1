"""Tables of what analysers saw. A run is kept for each file and analyser, with its outcome; what it saw hangs on it."""

from __future__ import annotations

from django.db import models

from grace.evidence.models import File
from grace.kernel.ids import new_id
from grace.sdk.signals import Basis


class Run(models.Model):
    """One analyser's latest look at one file: by which version and model, when, and where nothing came of it, why."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file = models.ForeignKey(File, on_delete=models.CASCADE, related_name="+", db_index=False)
    analyser = models.TextField()
    version = models.TextField()
    model_digest = models.TextField(default="")
    failed = models.TextField(default="")
    at = models.DateTimeField()

    class Meta:
        db_table = "analysis_run"
        constraints = [models.UniqueConstraint(fields=["file", "analyser"], name="analysis_run_once")]

    def __str__(self) -> str:
        return f"{self.analyser} {self.version}"


class Seen(models.Model):
    """One finding. ``located`` is :class:`grace.sdk.analysis.Finding`'s ``where``; ``place`` keeps the order in which it was said."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="seen", db_index=False)
    place = models.IntegerField()
    kind = models.TextField()
    value = models.TextField()
    basis = models.TextField(choices=[(Basis.OBSERVED.value, Basis.OBSERVED.value), (Basis.MODEL.value, Basis.MODEL.value)])
    located = models.TextField(default="")
    confidence = models.FloatField(null=True)
    facts = models.JSONField(default=dict)

    class Meta:
        db_table = "analysis_seen"
        constraints = [
            models.UniqueConstraint(fields=["run", "place"], name="analysis_seen_once"),
            models.CheckConstraint(condition=models.Q(basis__in=["observed", "model"]), name="analysis_seen_basis"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.value}"


class Descriptor(models.Model):
    """What a file looks or sounds like, as numbers that an analyser made."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="descriptors", db_index=False)
    algorithm = models.TextField()
    value = models.BinaryField()
    quality = models.SmallIntegerField()

    class Meta:
        db_table = "analysis_descriptor"
        constraints = [models.UniqueConstraint(fields=["run", "algorithm"], name="analysis_descriptor_once")]

    def __str__(self) -> str:
        return self.algorithm
