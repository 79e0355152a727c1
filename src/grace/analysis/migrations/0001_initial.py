import django.db.models.deletion
from django.db import migrations, models

import grace.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("evidence", "0002_kept_reports"),
    ]

    operations = [
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.UUIDField(default=grace.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("analyser", models.TextField()),
                ("version", models.TextField()),
                ("model_digest", models.TextField(default="")),
                ("failed", models.TextField(default="")),
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
