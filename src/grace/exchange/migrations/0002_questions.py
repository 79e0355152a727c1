import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import grace.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_contact_of_units"),
        ("agencies", "0002_questions"),
        ("exchange", "0001_initial"),
        ("referrals", "0006_words_and_occurrences"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TagSet",
            fields=[
                (
                    "agency",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to="agencies.agency"
                    ),
                ),
                ("epoch", models.TextField()),
                ("sha256", models.BinaryField()),
                ("body", models.BinaryField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "db_table": "exchange_tag_set",
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.UUIDField(default=grace.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("because", models.TextField()),
                ("number", models.IntegerField()),
                ("asked_at", models.DateTimeField()),
                ("officer", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ("referral", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, to="referrals.referral")),
                ("unit", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="accounts.unit")),
            ],
            options={
                "db_table": "exchange_question",
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("value", models.UUIDField()),
                ("says", models.TextField(choices=[("waiting", "Waiting"), ("yes", "Yes"), ("no", "No"), ("not_checked", "Not Checked")])),
                ("why", models.TextField(default="")),
                ("as_of", models.DateTimeField(null=True)),
                ("at", models.DateTimeField()),
                ("agency", models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to="agencies.agency")),
                (
                    "question",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="replies", to="exchange.question"
                    ),
                ),
                ("unit", models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to="accounts.unit")),
            ],
            options={
                "db_table": "exchange_reply",
            },
        ),
        migrations.CreateModel(
            name="Evaluated",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("number", models.IntegerField()),
                ("agency", models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="agencies.agency")),
            ],
            options={
                "db_table": "exchange_evaluated",
                "constraints": [models.UniqueConstraint(fields=("agency", "day"), name="exchange_evaluated_once")],
            },
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(fields=["referral", "-asked_at"], name="exchange_question_referral"),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(fields=["unit", "-asked_at"], name="exchange_question_unit"),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(fields=["officer", "asked_at"], name="exchange_question_officer"),
        ),
        migrations.AddIndex(
            model_name="reply",
            index=models.Index(
                condition=models.Q(("says", "yes"), ("unit__isnull", False)), fields=["unit", "-at"], name="exchange_reply_unit"
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=models.Q(("unit", None), ("agency", None), _connector="XOR"), name="exchange_reply_of_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="reply",
            constraint=models.UniqueConstraint(
                fields=("question", "unit", "agency", "value"), name="exchange_reply_once", nulls_distinct=False
            ),
        ),
    ]
