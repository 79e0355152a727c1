from django.db import migrations, models


class Migration(migrations.Migration):
    """A column with a default of the database: no row is rewritten."""

    dependencies = [("referrals", "0002_versions_stand_until_replaced")]

    operations = [
        migrations.AddField(
            model_name="sighting",
            name="in_text",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
