from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("contenttypes", "0002_remove_content_type_name")]
    operations = [
        migrations.RunSQL((SQL / "scope.sql").read_text()),
        migrations.RunSQL((SQL / "doors.sql").read_text()),
    ]
