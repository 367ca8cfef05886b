"""Keys for many new records at once, taken before they are written: for those that name themselves."""

from django.db import connection

from .models import Record

_TAKE = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"


def take_keys(model: type[Record], count: int) -> list[int]:
    """So many keys, rising, in one statement. Its model says KEYS_FIRST, or the database refuses."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [f'"{model._meta.db_table}"', count])
        return sorted(key for (key,) in cursor.fetchall())
