"""Putting a signed record on file for a test, and tampering with it past every guard."""

from collections.abc import Sequence

from cdmos.models import CDMO
from oversight.kernel.access.scope import Actor, scope
from oversight.kernel.database.roles import connection_as
from oversight.kernel.esign import Method, SeenSignature, sign, signatures_of
from oversight.kernel.esign.models import Signature
from oversight.kernel.trail.change import change
from tests.support.models import Ticket

MEANING = "I have reviewed this ticket and approve its closure."
TABLES = ("support_ticket", "support_historicalticket", "esign_signature", "esign_historicalsignature")


def ticket(by: Actor, cdmo: CDMO, title: str = "Probe drifts") -> Ticket:
    """A ticket on file, not signed yet."""
    with change(by=by):
        return Ticket.objects.create(cdmo=cdmo, title=title)


def close(
    record: Ticket, by: Actor, *, title: str = "Probe drifts: closed", reason: str = "Probe replaced"
) -> Signature:
    """A change of the ticket that `by` signs."""
    with change(by=by, reason=reason):
        record.title = title
        record.save()
        return sign(record, by=by, meaning=MEANING, reason=reason, method=Method.PASSWORD)


def rename(record: Ticket, by: Actor, title: str) -> None:
    """A later change that nobody signs."""
    with change(by=by, reason="Clearer"):
        record.title = title
        record.save()


def seen(record: Ticket, by: Actor) -> tuple[SeenSignature, ...]:
    with scope(by):
        return signatures_of(record, by)


def states(record: Ticket, by: Actor) -> list[str]:
    return [signature.words for signature in seen(record, by)]


def tamper(*statements: str, values: Sequence[object] = ()) -> None:
    """As superuser, with every trigger off, and on again afterwards as if nothing had been."""
    with connection_as("superuser") as superuser, superuser.cursor() as cursor:
        cursor.execute("SET event_triggers = off; SET session_replication_role = replica")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        for statement in statements:
            cursor.execute(statement, values or None)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE 'guard%%'", [table]
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def security_log(user: int) -> list[tuple[str, int | None, str]]:
    """What the security log says of a person: only the auditor reads it."""
    with connection_as("auditor") as auditor, auditor.cursor() as cursor:
        cursor.execute("SELECT kind, status, request FROM access_securityevent WHERE user_id = %s ORDER BY id", [user])
        return cursor.fetchall()
