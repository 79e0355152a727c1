"""Tables of what analysers saw. A run is kept for each file and analyser, with its outcome; what it saw hangs on it."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import MD5

from grace.accounts.models import Unit
from grace.evidence.models import File, SealedObject
from grace.kernel.ids import new_id
from grace.referrals.models import Referral
from grace.sdk.signals import Basis


class Run(models.Model):
    """One analyser's latest look at one file: by which version and model, when, how long it took, and where nothing came of it, why."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file = models.ForeignKey(File, on_delete=models.CASCADE, related_name="+", db_index=False)
    analyser = models.TextField()
    version = models.TextField()
    model_digest = models.TextField(default="")
    failed = models.TextField(default="")
    milliseconds = models.IntegerField(default=0)
    at = models.DateTimeField()

    class Meta:
        db_table = "analysis_run"
        constraints = [models.UniqueConstraint(fields=["file", "analyser"], name="analysis_run_once")]
        indexes = [models.Index(fields=["analyser", "version", "model_digest"], name="analysis_run_by")]

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


class State(models.TextChoices):
    """How far an order is; it ends once, done or cancelled."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"


class Order(models.Model):
    """What an officer asked to be analysed: some files and the texts of some referrals, by some analysers, for a purpose; and how far that is.

    ``files`` and ``referrals`` count these; ``done`` counts both.
    ``analysers`` are their names. ``milliseconds`` is what it was thought to cost of one processor.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False)
    actor = models.TextField()
    purpose = models.TextField()
    analysers = models.JSONField()
    files = models.IntegerField()
    referrals = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    found = models.IntegerField(default=0)
    milliseconds = models.BigIntegerField()
    state = models.TextField(choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "analysis_order"
        indexes = [models.Index(fields=["unit", "-made_at", "-id"], name="analysis_order_newest")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=False, state__in=["done", "cancelled"])
                | models.Q(ended_at__isnull=True, state__in=["waiting", "running"]),
                name="analysis_order_ends_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.files} files, {self.state}"

    @property
    def items(self) -> int:
        """How many files, and referrals with texts."""
        return self.files + self.referrals


class Ordered(models.Model):
    """One file of an order, or a referral whose texts are in it, in its place; ``done_at`` once it was shown to the analysers."""

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="ordered", db_index=False)
    file = models.ForeignKey(File, on_delete=models.CASCADE, null=True, related_name="+")
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, null=True, related_name="+")
    place = models.IntegerField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "analysis_ordered"
        constraints = [
            models.UniqueConstraint(fields=["order", "place"], name="analysis_ordered_once"),
            models.CheckConstraint(
                condition=models.Q(file__isnull=False, referral__isnull=True) | models.Q(file__isnull=True, referral__isnull=False),
                name="analysis_ordered_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place} of {self.order_id}"


_OF_ONE = models.Q(file__isnull=False, referral__isnull=True, sha256=b"") | models.Q(file__isnull=True, referral__isnull=False)
"""Of a file, or of a text of a referral."""


class Verdict(models.TextChoices):
    """What an officer thinks of a finding."""

    RIGHT = "right"
    WRONG = "wrong"


class Label(models.Model):
    """What an officer of a unit says of a finding: right, or wrong and perhaps what it is instead. It stays when the finding goes.

    The finding is of a file, or of the text of a referral that ``sha256`` names as :class:`TextRun` does.
    With the outcomes of referrals these are what may be learnt from; what a model says never becomes one by itself.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    file = models.ForeignKey(File, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    sha256 = models.BinaryField(default=b"")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, db_index=False)
    analyser = models.TextField()
    version = models.TextField()
    model_digest = models.TextField(default="")
    kind = models.TextField()
    value = models.TextField()
    verdict = models.TextField(choices=Verdict.choices)
    instead = models.TextField(default="")
    actor = models.TextField()
    at = models.DateTimeField()

    class Meta:
        db_table = "analysis_label"
        constraints = [
            models.UniqueConstraint("file", "unit", "analyser", "kind", MD5("value"), name="analysis_label_once"),
            models.UniqueConstraint("referral", "sha256", "unit", "analyser", "kind", MD5("value"), name="analysis_label_of_text_once"),
            models.CheckConstraint(condition=_OF_ONE, name="analysis_label_of_one"),
            models.CheckConstraint(condition=models.Q(verdict="wrong") | models.Q(instead=""), name="analysis_label_instead"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.verdict}"


class ModelState(models.TextChoices):
    """What a model may do. ``STOPPED`` says that nothing it ever said counts; ``RETIRED``, that a later version took its place."""

    IMPORTED = "imported"
    SHADOW = "shadow"
    PROMOTED = "promoted"
    RETIRED = "retired"
    STOPPED = "stopped"


class Model(models.Model):
    """A model in the register: its passport and signatures as they came, its graph in the vault, and what it may do.

    ``digest`` is the SHA-256 of the passport, which names that of the graph. ``signer`` is the agency whose signature was trusted.
    ``before`` is what was promoted before it, to which a roll-back returns.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.TextField(unique=True)
    name = models.TextField()
    version = models.TextField()
    passport = models.BinaryField()
    signatures = models.BinaryField()
    signer = models.UUIDField()
    graph = models.OneToOneField(SealedObject, on_delete=models.PROTECT, related_name="+")
    state = models.TextField(choices=ModelState.choices, default=ModelState.IMPORTED)
    before = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    imported_at = models.DateTimeField()
    promoted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "analysis_model"
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="analysis_model_once"),
            models.UniqueConstraint(fields=["name"], condition=models.Q(state="promoted"), name="analysis_model_one_promoted"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Inference(models.Model):
    """What one model made of one file, or one text of a referral, once: enough to make it again and compare (AI Act, Article 12).

    A text is named by its ``sha256``, as by :class:`TextRun`; it stands in the referral's versions.
    ``rule`` names what decoded and what computed, ``tensor`` is the SHA-256 of what the graph was given. ``outputs`` are bare, ``scores``
    calibrated, ``thresholds`` those in force, each by place of the label. A ``shadow`` one was shown to nobody but stewards.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    model = models.ForeignKey(Model, on_delete=models.PROTECT, related_name="inferences", db_index=False)
    file = models.ForeignKey(File, on_delete=models.CASCADE, null=True, related_name="+")
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, null=True, related_name="+")
    sha256 = models.BinaryField(default=b"")
    rule = models.TextField()
    tensor = models.BinaryField()
    outputs = models.JSONField()
    scores = models.JSONField()
    thresholds = models.JSONField()
    shadow = models.BooleanField()
    milliseconds = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "analysis_inference"
        constraints = [models.CheckConstraint(condition=_OF_ONE, name="analysis_inference_of_one")]
        indexes = [models.Index(fields=["model", "-at", "-id"], name="analysis_inference_newest")]

    def __str__(self) -> str:
        return f"{self.model_id} of {self.subject}"

    @property
    def subject(self) -> str:
        """What it was made of, as the ledger names it: a text by its referral."""
        return f"referral:{self.referral_id}" if self.file is None else f"file:{bytes(self.file.sha256).hex()}"


class Clustered(models.Model):
    """To which cluster of a unit a file belongs: ``centre`` is the file that names the cluster, itself for a centre.

    Units have clusters of their own, of what they hold, so that none learns of what another holds. ``seen`` is a digest of the looks by
    which it was put there. No foreign key leads to the centre: where that was erased, the next job finds the others another one.
    """

    id = models.BigAutoField(primary_key=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    file = models.ForeignKey(File, on_delete=models.CASCADE, related_name="+")
    centre = models.UUIDField()
    seen = models.BinaryField()

    class Meta:
        db_table = "analysis_clustered"
        constraints = [models.UniqueConstraint(fields=["unit", "file"], name="analysis_clustered_once")]
        indexes = [models.Index(fields=["unit", "centre"], name="analysis_clustered_together")]

    def __str__(self) -> str:
        return f"{self.file_id} with {self.centre}"


class TextRun(models.Model):
    """One analyser's latest look at one text of a referral, as :class:`Run` is at a file; ``seen`` holds the findings as they were said.

    The text itself stands in the referral's versions; here its SHA-256 (of UTF-8) names it, however often it is repeated there.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="+", db_index=False)
    sha256 = models.BinaryField()
    analyser = models.TextField()
    version = models.TextField()
    model_digest = models.TextField(default="")
    failed = models.TextField(default="")
    milliseconds = models.IntegerField(default=0)
    seen = models.JSONField(default=list)
    at = models.DateTimeField()

    class Meta:
        db_table = "analysis_text_run"
        constraints = [models.UniqueConstraint(fields=["referral", "sha256", "analyser"], name="analysis_text_run_once")]

    def __str__(self) -> str:
        return f"{self.analyser} {self.version}"


class TextsWaiting(models.Model):
    """A referral whose texts are still to be shown to analysers; ``id`` is another one each time that it is noted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    referral = models.OneToOneField(Referral, on_delete=models.CASCADE, related_name="+")

    class Meta:
        db_table = "analysis_texts_waiting"
        indexes = [models.Index(fields=["unit", "id"], name="analysis_texts_waiting_unit")]

    def __str__(self) -> str:
        return f"{self.referral_id} waits"
