from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("techtransfer", "0001_initial")]
    operations = [migrations.RunSQL((SQL / "programmes.sql").read_text())]
