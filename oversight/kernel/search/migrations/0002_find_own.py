from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("search", "0001_find")]
    operations = [migrations.RunSQL((SQL / "find.sql").read_text())]
