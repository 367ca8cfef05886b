import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0005_second_factor"),
        ("techtransfer", "0007_early_warning"),
    ]

    operations = [
        migrations.CreateModel(
            name="SimulationResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("inputs_sha256", models.CharField(editable=False, max_length=64)),
                ("runs", models.IntegerField(editable=False)),
                ("seed", models.BigIntegerField(editable=False)),
                ("model", models.CharField(editable=False, max_length=20)),
                ("numpy_version", models.CharField(editable=False, max_length=40)),
                ("python_version", models.CharField(editable=False, max_length=40)),
                ("result", models.TextField(editable=False)),
                ("result_sha256", models.CharField(editable=False, max_length=64)),
                ("computed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "programme",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=(
                            "tenant",
                            "programme",
                            "inputs_sha256",
                            "runs",
                            "seed",
                            "model",
                            "numpy_version",
                            "python_version",
                        ),
                        name="simulation_result_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Simulation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("QUEUED", "Waiting"),
                            ("RUNNING", "Running"),
                            ("DONE", "Done"),
                            ("FAILED", "Not possible"),
                        ],
                        default="QUEUED",
                        editable=False,
                        max_length=7,
                    ),
                ),
                ("problem", models.CharField(default="", editable=False, max_length=300)),
                (
                    "why",
                    models.CharField(
                        choices=[("PERSON", "Asked for"), ("CASCADE", "Dates moved")], editable=False, max_length=7
                    ),
                ),
                ("runs", models.IntegerField(default=2000, editable=False)),
                ("runs_done", models.IntegerField(default=0, editable=False)),
                ("seed", models.BigIntegerField(editable=False)),
                ("asked_by", models.BigIntegerField(default=0, editable=False)),
                ("asked_name", models.CharField(default="", editable=False, max_length=200)),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("done_at", models.DateTimeField(editable=False, null=True)),
                ("is_reused", models.BooleanField(default=False, editable=False)),
                (
                    "programme",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="simulations",
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
                (
                    "result",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="techtransfer.simulationresult",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("tenant"),
                        models.F("programme"),
                        models.OrderBy(models.F("id"), descending=True),
                        name="simulation_of_programme",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("runs__gte", 500), ("runs__lte", 20000)), name="simulation_runs_in_range"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "DONE"), _negated=True), ("result__isnull", False), _connector="OR"
                        ),
                        name="simulation_has_result",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("status", "QUEUED"), ("why", "CASCADE")),
                        fields=("tenant", "programme"),
                        name="simulation_refreshed_once",
                    ),
                ],
            },
        ),
    ]
