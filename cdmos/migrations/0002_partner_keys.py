from django.db import migrations

REFERENCE = """ALTER TABLE {table} ADD CONSTRAINT {table}_cdmo_tenant FOREIGN KEY (tenant_id, cdmo_id)
  REFERENCES cdmos_cdmo (tenant_id, id) DEFERRABLE INITIALLY DEFERRED"""


class Migration(migrations.Migration):
    """The kernel names a partner by its CDMO's key and knows no CDMO: the reference is made here."""

    dependencies = [("cdmos", "0001_initial")]
    operations = [migrations.RunSQL(REFERENCE.format(table=table)) for table in ("access_membership", "access_share")]
