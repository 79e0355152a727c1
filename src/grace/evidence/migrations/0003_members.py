import django.db.models.deletion
from django.db import migrations, models

import grace.kernel.clock
import grace.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0002_kept_reports"),
    ]

    operations = [
        migrations.CreateModel(
            name="Archive",
            fields=[
                (
                    "archive",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="unpacking",
                        serialize=False,
                        to="evidence.file",
                    ),
                ),
                (
                    "root",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="evidence.file"),
                ),
                ("depth", models.SmallIntegerField()),
                ("next", models.IntegerField(default=0)),
                ("taken", models.IntegerField(default=0)),
                ("left_out", models.IntegerField(default=0)),
                ("bytes", models.BigIntegerField(default=0)),
                ("reason", models.TextField(blank=True, default="")),
                ("begun_at", models.DateTimeField(default=grace.kernel.clock.now)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "evidence_archive"},
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                ("id", models.UUIDField(default=grace.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("place", models.IntegerField()),
                ("name", models.TextField(blank=True)),
                ("reason", models.TextField(blank=True, default="")),
                (
                    "archive",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="members", to="evidence.archive"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="places",
                        to="evidence.file",
                    ),
                ),
            ],
            options={
                "db_table": "evidence_member",
                "indexes": [
                    models.Index(condition=models.Q(("file__isnull", False)), fields=["file"], name="evidence_member_file"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("archive", "place"), name="evidence_member_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("file__isnull", False), ("reason", "")),
                            models.Q(("file__isnull", True), models.Q(("reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="evidence_member_says_why",
                    ),
                ],
            },
        ),
    ]
