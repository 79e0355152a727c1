import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import grace.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("referrals", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Route",
            fields=[
                (
                    "referral",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to="referrals.referral"
                    ),
                ),
                ("ordinal", models.IntegerField()),
                ("recipients", models.JSONField()),
                ("weights", models.TextField()),
                ("registers", models.TextField()),
                ("routed_at", models.DateTimeField()),
            ],
            options={"db_table": "routing_route"},
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("ordinal", models.IntegerField()),
                ("state", models.TextField()),
                ("criterion", models.TextField()),
                ("confidence", models.FloatField()),
                ("reasons", models.JSONField()),
                ("referral", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="referrals.referral")),
            ],
            options={
                "db_table": "routing_proposal",
                "indexes": [models.Index(fields=["referral", "ordinal"], name="routing_proposal_referral")],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.UUIDField(default=grace.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("act", models.TextField(choices=[("add", "Add"), ("confirm", "Confirm"), ("remove", "Remove")])),
                ("recipient", models.TextField()),
                ("criterion", models.TextField(default="")),
                ("reason", models.TextField()),
                ("ordinal", models.IntegerField()),
                ("proposed", models.FloatField(null=True)),
                ("weights", models.TextField()),
                ("corrected_at", models.DateTimeField()),
                ("officer", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ("referral", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="referrals.referral")),
            ],
            options={
                "db_table": "routing_correction",
                "indexes": [models.Index(fields=["referral", "corrected_at"], name="routing_correction_referral")],
            },
        ),
    ]
