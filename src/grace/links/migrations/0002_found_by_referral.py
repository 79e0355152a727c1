from django.db import migrations, models


class Migration(migrations.Migration):
    """Ids of referrals grow with time, so that new rows go to the end of these indexes: what is taken in hardly pays for them."""

    dependencies = [
        ("links", "0001_groups"),
    ]

    operations = [
        migrations.AddIndex(model_name="earlier", index=models.Index(fields=["referral"], name="links_earlier_referral")),
        migrations.AddIndex(model_name="occurrence", index=models.Index(fields=["referral"], name="links_occurrence_referral")),
        migrations.AddIndex(model_name="print", index=models.Index(fields=["referral"], name="links_print_referral")),
    ]
