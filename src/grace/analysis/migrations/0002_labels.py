import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import grace.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_match"),
        ("analysis", "0001_initial"),
        ("evidence", "0002_kept_reports"),
    ]

    operations = [
        migrations.CreateModel(
            name="Label",
            fields=[
                ("id", models.UUIDField(default=grace.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("analyser", models.TextField()),
                ("version", models.TextField()),
                ("model_digest", models.TextField(default="")),
                ("kind", models.TextField()),
                ("value", models.TextField()),
                ("verdict", models.TextField(choices=[("right", "Right"), ("wrong", "Wrong")])),
                ("instead", models.TextField(default="")),
                ("actor", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "file",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="evidence.file"),
                ),
                ("unit", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.unit")),
            ],
            options={
                "db_table": "analysis_label",
                "constraints": [
                    models.UniqueConstraint(
                        models.F("file"),
                        models.F("unit"),
                        models.F("analyser"),
                        models.F("kind"),
                        django.db.models.functions.text.MD5("value"),
                        name="analysis_label_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("verdict", "wrong"), ("instead", ""), _connector="OR"), name="analysis_label_instead"
                    ),
                ],
            },
        ),
    ]
