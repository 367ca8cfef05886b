from pathlib import Path

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0002_scope"), ("records", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("membership_id", models.BigIntegerField(editable=False)),
                ("cdmo_id", models.BigIntegerField(editable=False, null=True)),
                ("path", models.CharField(editable=False, max_length=400)),
                ("values", models.JSONField(editable=False)),
                ("seen", models.IntegerField(editable=False, null=True)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "tenant",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="access.sponsor",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "membership_id", "cdmo_id", "path"),
                        name="draft_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.RunSQL((Path(__file__).parents[1] / "sql" / "drafts.sql").read_text()),
    ]
