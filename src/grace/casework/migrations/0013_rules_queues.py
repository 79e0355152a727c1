import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0012_discipline"),
    ]

    operations = [
        migrations.AddField(
            model_name="queuerow",
            name="queues",
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddIndex(
            model_name="queuerow",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("queues", name="jsonb_path_ops"),
                condition=models.Q(("queues", []), _negated=True),
                name="queue_queues",
            ),
        ),
    ]
