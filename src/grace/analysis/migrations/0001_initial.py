import django.db.models.deletion
from django.db import migrations, models

import grace.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0003_match"),
        ("evidence", "0002_kept_reports"),
    ]

    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.UUIDField(default=grace.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("actor", models.TextField()),
                ("purpose", models.TextField()),
                ("analysers", models.JSONField()),
                ("files", models.IntegerField()),
                ("done", models.IntegerField(default=0)),
                ("found", models.IntegerField(default=0)),
                ("milliseconds", models.BigIntegerField()),
                (
                    "state",
                    models.TextField(
                        choices=[("waiting", "Waiting"), ("running", "Running"), ("done", "Done"), ("cancelled", "Cancelled")],
                        default="waiting",
                    ),
                ),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("unit", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.unit")),
            ],
            options={
                "db_table": "analysis_order",
            },
        ),
        migrations.CreateModel(
            name="Ordered",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("place", models.IntegerField()),
                ("done_at", models.DateTimeField(null=True)),
                ("file", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="evidence.file")),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="ordered", to="analysis.order"
                    ),
                ),
            ],
            options={
                "db_table": "analysis_ordered",
            },
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.UUIDField(default=grace.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("analyser", models.TextField()),
                ("version", models.TextField()),
                ("model_digest", models.TextField(default="")),
                ("failed", models.TextField(default="")),
                ("milliseconds", models.IntegerField(default=0)),
                ("at", models.DateTimeField()),
                (
                    "file",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="evidence.file"),
                ),
            ],
            options={
                "db_table": "analysis_run",
            },
        ),
        migrations.CreateModel(
            name="Descriptor",
            fields=[
                ("id", models.UUIDField(default=grace.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("algorithm", models.TextField()),
                ("value", models.BinaryField()),
                ("quality", models.SmallIntegerField()),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="descriptors", to="analysis.run"
                    ),
                ),
            ],
            options={
                "db_table": "analysis_descriptor",
            },
        ),
        migrations.CreateModel(
            name="Seen",
            fields=[
                ("id", models.UUIDField(default=grace.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("place", models.IntegerField()),
                ("kind", models.TextField()),
                ("value", models.TextField()),
                ("basis", models.TextField(choices=[("observed", "observed"), ("model", "model")])),
                ("located", models.TextField(default="")),
                ("confidence", models.FloatField(null=True)),
                ("facts", models.JSONField(default=dict)),
                (
                    "run",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="seen", to="analysis.run"),
                ),
            ],
            options={
                "db_table": "analysis_seen",
            },
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["unit", "-made_at", "-id"], name="analysis_order_newest"),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", False), ("state__in", ["done", "cancelled"])),
                    models.Q(("ended_at__isnull", True), ("state__in", ["waiting", "running"])),
                    _connector="OR",
                ),
                name="analysis_order_ends_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="ordered",
            constraint=models.UniqueConstraint(fields=("order", "place"), name="analysis_ordered_once"),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(fields=["analyser", "version", "model_digest"], name="analysis_run_by"),
        ),
        migrations.AddConstraint(
            model_name="run",
            constraint=models.UniqueConstraint(fields=("file", "analyser"), name="analysis_run_once"),
        ),
        migrations.AddConstraint(
            model_name="descriptor",
            constraint=models.UniqueConstraint(fields=("run", "algorithm"), name="analysis_descriptor_once"),
        ),
        migrations.AddConstraint(
            model_name="seen",
            constraint=models.UniqueConstraint(fields=("run", "place"), name="analysis_seen_once"),
        ),
        migrations.AddConstraint(
            model_name="seen",
            constraint=models.CheckConstraint(condition=models.Q(("basis__in", ["observed", "model"])), name="analysis_seen_basis"),
        ),
    ]
