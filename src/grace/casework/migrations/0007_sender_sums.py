from django.db import migrations, models

# What was counted as actionable until now: the bound of sender_rules.json on the day of this migration.
_ACTIONABLE = """
UPDATE casework_sender_day SET actionable = (
    SELECT COALESCE(sum(number::int), 0) FROM jsonb_each_text(actionability) AS told (value, number) WHERE value::int >= 40
)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_groups"),
        ("casework", "0006_senders"),
        ("intake", "0004_over_share"),
    ]

    operations = [
        migrations.AddField(
            model_name="senderday",
            name="actionable",
            field=models.IntegerField(default=0),
            preserve_default=False,
        ),
        migrations.RunSQL(_ACTIONABLE, migrations.RunSQL.noop),
        migrations.RemoveField(
            model_name="senderday",
            name="actionability",
        ),
        migrations.RemoveIndex(
            model_name="senderday",
            name="casework_sender_day_unit",
        ),
        migrations.RemoveIndex(
            model_name="senderday",
            name="casework_sender_waiting",
        ),
        migrations.AddIndex(
            model_name="senderday",
            index=models.Index(
                fields=["unit", "day"], include=("sender", "referrals", "actionable", "with_files"), name="casework_sender_sums"
            ),
        ),
        migrations.AddIndex(
            model_name="senderday",
            index=models.Index(
                condition=models.Q(("waiting__gt", 0)), fields=["unit", "sender", "day"], include=("waiting",), name="casework_sender_waits"
            ),
        ),
    ]
