from django.db import migrations, models

# Whose view it is was told by its membership until now.
OF_PARTNERS = """
UPDATE records_savedview v SET partners = true
  FROM access_membership m WHERE m.id = v.membership_id AND m.tenant_id = v.tenant_id AND m.cdmo_id IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0002_draft")]
    operations = [
        migrations.AddField("savedview", "partners", models.BooleanField(default=False, editable=False)),
        migrations.AddField("savedview", "owner_name", models.CharField(default="", editable=False, max_length=200)),
        migrations.RunSQL(OF_PARTNERS),
    ]
