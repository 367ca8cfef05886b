from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("trail", "0001_initial"), ("access", "0002_scope")]
    operations = [migrations.RunSQL((SQL / "trail.sql").read_text())]
