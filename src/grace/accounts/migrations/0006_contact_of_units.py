from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_manage_models"),
    ]

    operations = [
        migrations.AddField(
            model_name="unit",
            name="contact",
            field=models.TextField(db_default="", default=""),
        ),
    ]
