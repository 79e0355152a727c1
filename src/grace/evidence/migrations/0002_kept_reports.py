import django.db.models.deletion
from django.db import migrations, models

import grace.kernel.clock
import grace.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("evidence", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptReport",
            fields=[
                ("id", models.UUIDField(default=grace.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("sha256", models.BinaryField()),
                ("passed", models.BooleanField()),
                ("summary", models.TextField()),
                ("kept_at", models.DateTimeField(default=grace.kernel.clock.now)),
                ("kept_by", models.TextField()),
                (
                    "object",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.sealedobject"),
                ),
                (
                    "unit",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.unit"),
                ),
            ],
            options={
                "db_table": "evidence_kept_report",
                "indexes": [models.Index(fields=["unit", "-kept_at"], name="evidence_kept_report_newest")],
                "constraints": [models.UniqueConstraint(fields=("unit", "sha256"), name="evidence_kept_report_once")],
            },
        ),
    ]
