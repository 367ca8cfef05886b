from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0005_second_factor"),
        ("techtransfer", "0010_exchange"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="simulation",
            index=models.Index(
                condition=models.Q(("status__in", ("QUEUED", "RUNNING"))),
                fields=["tenant", "programme"],
                name="simulation_waited_for",
            ),
        ),
        migrations.RunSQL((SQL / "simulations.sql").read_text()),
    ]
