import django.db.models.deletion
from django.db import migrations, models

import grace.kernel.ids

_KEY = {"default": grace.kernel.ids.new_id, "editable": False, "primary_key": True, "serialize": False}
_PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("evidence", "0001_initial"),
        ("intake", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="SenderLogin",
            fields=[
                ("id", models.UUIDField(**_KEY)),
                ("name", models.TextField(unique=True)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.TextField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("sender", models.ForeignKey(on_delete=_PROTECT, related_name="logins", to="intake.sender")),
                ("unit", models.ForeignKey(on_delete=_PROTECT, related_name="+", to="accounts.unit")),
            ],
            options={"db_table": "intake_sender_login"},
        ),
        migrations.CreateModel(
            name="SenderSecret",
            fields=[
                ("id", models.UUIDField(**_KEY)),
                ("digest", models.BinaryField(unique=True)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.TextField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("login", models.ForeignKey(on_delete=_PROTECT, related_name="secrets", to="intake.senderlogin")),
            ],
            options={"db_table": "intake_sender_secret"},
        ),
        migrations.CreateModel(
            name="IncomingReport",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "state",
                    models.TextField(choices=[("open", "Open"), ("finished", "Finished"), ("unfinished", "Unfinished")], default="open"),
                ),
                ("opened_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("document", models.OneToOneField(null=True, on_delete=_PROTECT, to="intake.document")),
                ("login", models.ForeignKey(db_index=False, on_delete=_PROTECT, to="intake.senderlogin")),
                ("object", models.OneToOneField(null=True, on_delete=_PROTECT, to="evidence.sealedobject")),
            ],
            options={
                "db_table": "intake_incoming_report",
                "indexes": [
                    models.Index(condition=models.Q(("state", "open")), fields=["login", "changed_at"], name="intake_open_reports")
                ],
            },
        ),
        # The numbers have eight digits from the first: a shorter one would be found by chance in the names of files.
        migrations.RunSQL("ALTER TABLE intake_incoming_report ALTER COLUMN number SET START WITH 10000001 RESTART", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="IncomingFile",
            fields=[
                ("id", models.UUIDField(**_KEY)),
                ("key", models.TextField(unique=True)),
                ("name", models.TextField()),
                ("size", models.BigIntegerField()),
                ("md5", models.BinaryField()),
                ("sha1", models.BinaryField()),
                ("sha256", models.BinaryField()),
                ("media_type", models.TextField()),
                ("uploaded_at", models.DateTimeField()),
                ("details", models.OneToOneField(null=True, on_delete=_PROTECT, related_name="+", to="evidence.sealedobject")),
                ("object", models.OneToOneField(on_delete=_PROTECT, to="evidence.sealedobject")),
                ("report", models.ForeignKey(on_delete=_PROTECT, related_name="files", to="intake.incomingreport")),
            ],
            options={"db_table": "intake_incoming_file"},
        ),
    ]
