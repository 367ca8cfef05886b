import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import techtransfer.models.plan_import


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0005_second_factor"),
        ("cdmos", "0003_contact"),
        ("techtransfer", "0009_scenarios"),
    ]

    operations = [
        migrations.CreateModel(
            name="PlanImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("membership_id", models.BigIntegerField(editable=False)),
                ("cdmo_id", models.BigIntegerField(editable=False, null=True)),
                ("user_id", models.BigIntegerField(editable=False)),
                ("user_name", models.CharField(editable=False, max_length=200)),
                ("file_name", models.CharField(editable=False, max_length=180)),
                (
                    "format",
                    models.CharField(
                        choices=[("MSPDI", "Microsoft Project XML"), ("XLSX", "Excel workbook"), ("CSV", "CSV")],
                        editable=False,
                        max_length=5,
                    ),
                ),
                ("size", models.IntegerField(editable=False)),
                ("sha256", models.CharField(editable=False, max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("STAGED", "Waits for you"),
                            ("COMMITTED", "Imported"),
                            ("REFUSED", "Has errors"),
                            ("EXPIRED", "Expired"),
                        ],
                        default="STAGED",
                        editable=False,
                        max_length=9,
                    ),
                ),
                ("report", models.JSONField(default=dict, editable=False)),
                ("digest", models.CharField(editable=False, max_length=64)),
                ("plan_seen", models.CharField(editable=False, max_length=64)),
                ("reason", models.CharField(blank=True, editable=False, max_length=1000)),
                ("staged_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("expires_at", models.DateTimeField(default=techtransfer.models.plan_import.expiry, editable=False)),
                ("committed_at", models.DateTimeField(editable=False, null=True)),
                (
                    "programme",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plan_imports",
                        to="techtransfer.programme",
                    ),
                ),
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
                "indexes": [models.Index(fields=["tenant", "programme", "-id"], name="plan_import_of_programme")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("STAGED", "COMMITTED", "REFUSED", "EXPIRED"))),
                        name="plan_import_state_known",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="historicalmilestone",
            name="external_id",
            field=models.CharField(
                blank=True, editable=False, max_length=60, null=True, verbose_name="ID in the plan file"
            ),
        ),
        migrations.AddField(
            model_name="milestone",
            name="external_id",
            field=models.CharField(blank=True, editable=False, max_length=60, verbose_name="ID in the plan file"),
        ),
        migrations.AddConstraint(
            model_name="milestone",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    models.Q(("external_id", ""), _negated=True), models.Q(("status", "VOID"), _negated=True)
                ),
                fields=("tenant", "programme", "external_id"),
                name="milestone_external_id_once",
                violation_error_message="Another step of this programme has this ID already.",
            ),
        ),
    ]
