"""The database dies, and comes back by itself."""

import psutil
from django.db import InterfaceError, OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from oversight.kernel.database.roles import connection_as
from oversight.runtime.processes import wait_until


def write_down() -> None:
    """What is committed is on the disk: the cluster of the suite writes late, as none of a product does."""
    with connection_as("superuser") as superuser, superuser.cursor() as cursor:
        cursor.execute("CHECKPOINT")


def crash() -> None:
    """One server process is killed: PostgreSQL drops all others, and recovers from its log as after a power failure."""
    with connection_as("superuser") as superuser:
        with superuser.cursor() as cursor:
            cursor.execute("SELECT pid FROM pg_stat_activity WHERE usename = 'app' LIMIT 1")
            (pid,) = cursor.fetchone()
        process = psutil.Process(pid)
        assert process.name() == "postgres", "the cluster of the suite runs on this machine"
        process.kill()
        assert wait_until(lambda: not answers(superuser), seconds=60, every=0.01), "it drops everybody"
    connection.close()
    assert wait_until(lambda: answers(connection), seconds=60, every=0.05)


def answers(asked: BaseDatabaseWrapper) -> bool:
    """Whether the database does, on that connection."""
    try:
        with asked.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (OperationalError, InterfaceError):
        return False
    return True
