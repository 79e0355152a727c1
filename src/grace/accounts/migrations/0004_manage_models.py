from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_match"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="apitoken",
            name="accounts_api_token_capability_known",
        ),
        migrations.RemoveConstraint(
            model_name="officer",
            name="accounts_officer_capability_known",
        ),
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "capabilities__contained_by",
                        [
                            "read",
                            "decide",
                            "open_files",
                            "edit_rules",
                            "publish_rules",
                            "match",
                            "manage_lists",
                            "manage_lanes",
                            "manage_models",
                            "receive",
                            "quarantine",
                            "audit",
                            "administer",
                        ],
                    )
                ),
                name="accounts_api_token_capability_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="officer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "capabilities__contained_by",
                        [
                            "read",
                            "decide",
                            "open_files",
                            "edit_rules",
                            "publish_rules",
                            "match",
                            "manage_lists",
                            "manage_lanes",
                            "manage_models",
                            "receive",
                            "quarantine",
                            "audit",
                            "administer",
                        ],
                    )
                ),
                name="accounts_officer_capability_known",
            ),
        ),
    ]
