import django.db.models.deletion
from django.db import migrations, models

# Until now each version replaced the one before it, whatever its format. Those before the newest of their format are
# marked; the moment is that of the version that replaced them. Referrals of one version, nearly all, are not touched.
_MARK = """
UPDATE referrals_version older SET replaced_at = (
    SELECT min(newer.known_at) FROM referrals_version newer
    WHERE newer.referral_id = older.referral_id AND newer.format = older.format AND newer.ordinal > older.ordinal
)
FROM referrals_referral r WHERE r.id = older.referral_id AND r.versions > 1
"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial")]

    operations = [
        migrations.AddField("version", "replaced_at", models.DateTimeField(null=True)),
        migrations.RunSQL(_MARK, migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Contradiction",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("field", models.TextField()),
                ("of", models.JSONField()),
                ("older_says", models.JSONField()),
                ("newer_says", models.JSONField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                (
                    "referral",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="referrals.referral"),
                ),
                (
                    "older",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="referrals.version"
                    ),
                ),
                (
                    "newer",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="referrals.version"
                    ),
                ),
            ],
            options={
                "db_table": "referrals_contradiction",
                "indexes": [models.Index(fields=["referral", "since"], name="referrals_contradiction_of")],
            },
        ),
    ]
