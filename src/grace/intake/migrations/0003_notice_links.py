import django.db.models.deletion
from django.db import migrations, models

import grace.kernel.ids

_PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("intake", "0002_incoming_reports"),
    ]

    operations = [
        migrations.CreateModel(
            name="NoticeLink",
            fields=[
                ("id", models.UUIDField(default=grace.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("digest", models.BinaryField(unique=True)),
                ("created_at", models.DateTimeField()),
                ("created_by", models.TextField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("sender", models.ForeignKey(on_delete=_PROTECT, related_name="+", to="intake.sender")),
                ("unit", models.ForeignKey(on_delete=_PROTECT, related_name="+", to="accounts.unit")),
            ],
            options={"db_table": "intake_notice_link"},
        ),
    ]
