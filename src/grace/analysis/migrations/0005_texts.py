import django.db.models.deletion
from django.db import migrations, models

import grace.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_match"),
        ("analysis", "0004_clustered"),
        ("referrals", "0005_attachment_pdq"),
    ]

    operations = [
        migrations.CreateModel(
            name="TextRun",
            fields=[
                ("id", models.UUIDField(default=grace.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("sha256", models.BinaryField()),
                ("analyser", models.TextField()),
                ("version", models.TextField()),
                ("model_digest", models.TextField(default="")),
                ("failed", models.TextField(default="")),
                ("milliseconds", models.IntegerField(default=0)),
                ("seen", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                (
                    "referral",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="referrals.referral"
                    ),
                ),
            ],
            options={
                "db_table": "analysis_text_run",
                "constraints": [models.UniqueConstraint(fields=("referral", "sha256", "analyser"), name="analysis_text_run_once")],
            },
        ),
        migrations.CreateModel(
            name="TextsWaiting",
            fields=[
                ("id", models.UUIDField(default=grace.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                (
                    "unit",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.unit"),
                ),
                (
                    "referral",
                    models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="referrals.referral"),
                ),
            ],
            options={
                "db_table": "analysis_texts_waiting",
                "indexes": [models.Index(fields=["unit", "id"], name="analysis_texts_waiting_unit")],
            },
        ),
    ]
