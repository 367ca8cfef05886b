import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0002_scope"),
    ]

    operations = [
        migrations.CreateModel(
            name="Policy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.IntegerField(default=1, editable=False)),
                (
                    "second_factor",
                    models.CharField(
                        choices=[
                            ("NOBODY", "Nobody must; everybody may"),
                            ("SIGNERS", "Everybody who signs"),
                            ("EVERYBODY", "Everybody"),
                        ],
                        default="NOBODY",
                        max_length=10,
                    ),
                ),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="sponsor",
            name="sponsor_slug_not_reserved",
        ),
        migrations.AddConstraint(
            model_name="sponsor",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("slug__in", ("accounts", "api", "calendar", "healthz", "help", "media", "portal", "static")),
                    _negated=True,
                ),
                name="sponsor_slug_not_reserved",
            ),
        ),
        migrations.AddField(
            model_name="policy",
            name="tenant",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="access.sponsor"
            ),
        ),
        migrations.AddConstraint(
            model_name="policy",
            constraint=models.UniqueConstraint(
                fields=("tenant",), name="policy_once", violation_error_message="The policy is there already: amend it."
            ),
        ),
    ]
