from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial"), ("access", "0005_second_factor")]
    operations = [migrations.RunSQL((SQL / "calendar.sql").read_text())]
