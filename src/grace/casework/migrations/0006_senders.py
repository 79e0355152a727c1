import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_groups"),
        ("casework", "0005_recipients"),
        ("intake", "0003_notice_links"),
        ("links", "0001_groups"),
        ("referrals", "0004_remarks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SenderDay",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("referrals", models.IntegerField()),
                ("waiting", models.IntegerField()),
                ("with_files", models.IntegerField()),
                ("completeness", models.JSONField()),
                ("actionability", models.JSONField()),
                ("told", models.JSONField()),
                ("counted_at", models.DateTimeField()),
            ],
            options={
                "db_table": "casework_sender_day",
            },
        ),
        migrations.CreateModel(
            name="SenderTouched",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("rows", models.IntegerField()),
            ],
            options={
                "db_table": "casework_sender_touched",
            },
        ),
        migrations.AddField(
            model_name="queuerow",
            name="lacks",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="queuerow",
            name="over_share_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="queuerow",
            name="way",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddIndex(
            model_name="queuerow",
            index=models.Index(
                models.F("unit"),
                models.F("sender"),
                models.OrderBy(models.F("received_at"), descending=True),
                models.OrderBy(models.F("referral"), descending=True),
                name="queue_sender_received",
            ),
        ),
        migrations.AddIndex(
            model_name="queuerow",
            index=models.Index(
                models.F("unit"),
                models.F("over_share_on"),
                models.F("sender"),
                models.OrderBy(models.F("turn"), descending=True),
                models.OrderBy(models.F("floor"), descending=True),
                models.OrderBy(models.F("score"), descending=True),
                models.OrderBy(models.F("referral"), descending=True),
                condition=models.Q(("over_share_on__isnull", False)),
                name="queue_over_share",
            ),
        ),
        migrations.AddField(
            model_name="senderday",
            name="sender",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="intake.sender"),
        ),
        migrations.AddField(
            model_name="senderday",
            name="unit",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.unit"),
        ),
        migrations.AddField(
            model_name="sendertouched",
            name="sender",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="intake.sender"),
        ),
        migrations.AddField(
            model_name="sendertouched",
            name="unit",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.unit"),
        ),
        migrations.AddIndex(
            model_name="senderday",
            index=models.Index(models.F("unit"), models.F("day"), name="casework_sender_day_unit"),
        ),
        migrations.AddIndex(
            model_name="senderday",
            index=models.Index(
                condition=models.Q(("waiting__gt", 0)), fields=["unit", "sender"], include=("waiting",), name="casework_sender_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="senderday",
            constraint=models.UniqueConstraint(fields=("unit", "sender", "day"), name="casework_sender_day_once"),
        ),
        migrations.AddIndex(
            model_name="sendertouched",
            index=models.Index(fields=["unit", "sender", "day"], name="casework_sender_touched_day"),
        ),
    ]
