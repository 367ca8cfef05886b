"""Empties the test database between committing tests. It lives in the suite: production has no such command."""

from typing import Any

from django.core.management.commands import flush

from oversight.kernel.database.roles import connection_as

KEPT = ("django_migrations", "django_content_type", "auth_permission", "trail_incarnation")
EMPTY = """
SET event_triggers = off;
DO $$
DECLARE used text; place text;
BEGIN
  SELECT string_agg(format('public.%%I', relname), ', ') INTO used FROM pg_class
   WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0 AND relname <> ALL (%s);
  IF used IS NULL THEN RETURN; END IF;
  FOR place IN SELECT tgrelid::regclass FROM pg_trigger WHERE tgname = 'guard_all' LOOP
    EXECUTE format('ALTER TABLE %%s DISABLE TRIGGER guard_all', place);
  END LOOP;
  EXECUTE 'TRUNCATE ' || used || ' CASCADE';
  FOR place IN SELECT tgrelid::regclass FROM pg_trigger WHERE tgname = 'guard_all' LOOP
    EXECUTE format('ALTER TABLE %%s ENABLE ALWAYS TRIGGER guard_all', place);
  END LOOP;
END $$
"""


class Command(flush.Command):
    def handle(self, **options: Any) -> None:
        """Signs in as a superuser: nobody else gets past the guards."""
        with connection_as("superuser", options["database"]) as connection, connection.cursor() as cursor:
            cursor.execute(EMPTY, [list(KEPT)])
