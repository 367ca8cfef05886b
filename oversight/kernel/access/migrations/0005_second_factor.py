from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("access", "0004_tries"), ("mfa", "0003_authenticator_type_uniq")]
    operations = [migrations.RunSQL((SQL / "second_factor.sql").read_text())]
