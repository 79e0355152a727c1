from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0004_remarks"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(
                condition=models.Q(("pdq__isnull", False)),
                fields=["pdq"],
                name="referrals_attachment_pdq",
            ),
        ),
    ]
