from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    initial = True
    dependencies = [("access", "0002_scope")]
    operations = [migrations.RunSQL((SQL / "search.sql").read_text())]
