"""Django's PostgreSQL backend, except that no migration ends with a table unguarded, and that clocks are compared."""

from types import TracebackType

from django.db.backends.postgresql import base, schema

from . import clock


class SchemaEditor(schema.DatabaseSchemaEditor):
    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            if exc_type is None and not self.collect_sql:
                from oversight.kernel.trail import guards  # models are not loaded yet when Django imports its backends

                guards.install(self.connection)
        except BaseException as refusal:
            super().__exit__(type(refusal), refusal, refusal.__traceback__)  # roll the migration back
            raise
        super().__exit__(exc_type, exc, traceback)


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = SchemaEditor

    def init_connection_state(self) -> None:
        super().init_connection_state()
        with self.connection.cursor() as cursor:
            clock.compare(cursor)
        self.connection.rollback()
