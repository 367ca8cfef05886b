from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0005_second_factor"),
        ("clocks", "0002_late"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("status", "RUNNING")),
                fields=["tenant", "cdmo_id", "due_at"],
                name="clock_next_of_cdmo",
            ),
        ),
    ]
