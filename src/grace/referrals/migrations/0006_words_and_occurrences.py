import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

_OCCURRENCES = """
INSERT INTO referrals_occurrence (unit_id, beginning, identifier_id)
SELECT DISTINCT r.unit_id, left(i.value, 200), i.id FROM referrals_sighting g
JOIN referrals_referral r ON r.id = g.referral_id JOIN referrals_identifier i ON i.id = g.identifier_id
"""


class Migration(migrations.Migration):
    """What is looked up by its beginning is looked up within a unit. The words of older versions are added by ``grace catch-up``."""

    dependencies = [
        ("accounts", "0004_manage_models"),
        ("referrals", "0005_attachment_pdq"),
    ]

    operations = [
        migrations.CreateModel(
            name="Occurrence",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("beginning", models.TextField()),
            ],
            options={
                "db_table": "referrals_occurrence",
            },
        ),
        migrations.CreateModel(
            name="Words",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("part", models.SmallIntegerField()),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "db_table": "referrals_words",
            },
        ),
        migrations.RemoveIndex(
            model_name="identifier",
            name="referrals_identifier_prefix",
        ),
        migrations.AddField(
            model_name="occurrence",
            name="identifier",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="referrals.identifier"
            ),
        ),
        migrations.AddField(
            model_name="occurrence",
            name="unit",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.unit"),
        ),
        migrations.AddField(
            model_name="words",
            name="referral",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="referrals.referral"),
        ),
        migrations.AddField(
            model_name="words",
            name="unit",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.unit"),
        ),
        migrations.AddField(
            model_name="words",
            name="version",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="referrals.version"),
        ),
        migrations.RunSQL(_OCCURRENCES, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="occurrence",
            constraint=models.UniqueConstraint(
                fields=("unit", "beginning", "identifier"),
                name="referrals_occurrence_once",
                opclasses=["uuid_ops", "text_pattern_ops", "uuid_ops"],
            ),
        ),
        migrations.AddIndex(
            model_name="words",
            index=django.contrib.postgres.indexes.GinIndex(fields=["words"], gin_pending_list_limit=1024, name="referrals_words_in"),
        ),
        migrations.AddConstraint(
            model_name="words",
            constraint=models.UniqueConstraint(fields=("referral", "version", "part"), name="referrals_words_once"),
        ),
    ]
