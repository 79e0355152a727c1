from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0003_sightings_in_text"),
    ]

    operations = [
        migrations.AddField(
            model_name="version",
            name="remarks",
            field=models.JSONField(null=True),
        ),
    ]
