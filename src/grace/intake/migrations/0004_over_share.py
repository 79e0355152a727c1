from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_groups"),
        ("intake", "0003_notice_links"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="senderday",
            index=models.Index(condition=models.Q(("over_share__gt", 0)), fields=["unit", "day"], name="intake_over_share"),
        ),
    ]
