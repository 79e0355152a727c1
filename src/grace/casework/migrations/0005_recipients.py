import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0004_lines_of_groups"),
    ]

    operations = [
        migrations.AddField(
            model_name="queuerow",
            name="recipients",
            field=models.JSONField(default=list),
        ),
        migrations.AddIndex(
            model_name="queuerow",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("recipients", name="jsonb_path_ops"), name="queue_recipients"
            ),
        ),
        migrations.AddIndex(
            model_name="queuerow",
            index=models.Index(
                models.F("unit"),
                models.F("status"),
                models.OrderBy(models.F("turn"), descending=True),
                models.OrderBy(models.F("floor"), descending=True),
                models.OrderBy(models.F("score"), descending=True),
                models.OrderBy(models.F("referral"), descending=True),
                condition=models.Q(("recipients__contains", ["europol"])),
                name="queue_europol",
            ),
        ),
    ]
