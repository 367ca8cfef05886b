"""Who is acting, at which sponsor, and why: told to the database at a transaction's start, forgotten at its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connection, transaction

from oversight.roles import capabilities_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A membership frozen for one request or task."""

    tenant: int
    sponsor: str = ""  # the slug in the path
    sponsor_name: str = ""
    membership: int | None = None
    user: int | None = None  # None: the system
    name: str = ""  # as printed beside what the person did
    role: str = "system"
    org: str = ""
    cdmo: int | None = None  # a partner's CDMO; None: the sponsor's own staff
    grants: tuple[int, ...] | None = None  # CDMOs to which a member of the sponsor's staff is narrowed; None: all
    tz: str = "UTC"
    source: str = "task"
    request: str = ""
    demo: bool = False
    lacks_factor: bool = False  # the sponsor asks for a second factor that the person does not have

    @property
    def is_partner(self) -> bool:
        return self.cdmo is not None

    @property
    def cdmos(self) -> tuple[int, ...] | None:
        """The CDMOs whose rows this actor may see; None: every CDMO of the sponsor."""
        return self.grants if self.cdmo is None else (self.cdmo,)

    @property
    def reads_as(self) -> int | None:
        """The person whose own rows are read, besides those open to all; None: the system, from which none are kept."""
        return None if self.membership is None else (self.user or -1)

    def can(self, capability: str) -> bool:
        """Whether the role carries `capability`; the system carries none."""
        return capability in capabilities_of(self.role)


class OutOfScope(RuntimeError):
    """Tenant data was touched without saying for whom, or a transaction wandered to another tenant."""


# The settings by which PostgreSQL knows the scope; `actor` and `reason` are told by a change alone.
SETTINGS = ("tenant", "cdmo", "actor", "name", "role", "org", "tz", "source", "request", "reason")
_NOBODY = ("",) * len(SETTINGS)


@dataclass(frozen=True, slots=True)
class Told:
    """What the database of this transaction knows; without a `change`, nobody is writing."""

    actor: Actor
    changing: bool = False
    reason: str = ""

    def settings(self) -> tuple[str, ...]:
        actor = self.actor
        return (
            str(actor.tenant),
            sight(actor),
            ("system" if actor.user is None else str(actor.user)) if self.changing else "",
            actor.name,
            actor.role,
            actor.org,
            actor.tz,
            actor.source,
            actor.request,
            self.reason,
        )


def sight(actor: Actor) -> str:
    """`app.cdmo`: `*` every CDMO, `17` a partner's own, `{17,23}` those granted to a narrowed member of the staff."""
    if actor.cdmo is not None:
        return str(actor.cdmo)
    if actor.grants is not None:
        return "{" + ",".join(str(cdmo) for cdmo in actor.grants) + "}"
    return "*"


_current: ContextVar[Told | None] = ContextVar("scope", default=None)


def told() -> Told | None:
    """What this transaction was told; None outside a scope."""
    return _current.get()


def current_actor() -> Actor:
    """The actor of the present scope; raises OutOfScope where there is none."""
    if (present := _current.get()) is None:
        raise OutOfScope("Enter a scope first: a request, a TenantTask, or change(by=, reason=).")
    return present.actor


@contextmanager
def forgetful_transaction() -> Iterator[None]:
    """A transaction, or a savepoint of one, at whose end the database knows what it knew before."""
    nested, before = connection.in_atomic_block, _current.get()
    with transaction.atomic():
        token = _current.set(before)
        try:
            yield
        finally:
            _current.reset(token)
        # A released savepoint keeps SET LOCAL; a commit or a rollback does not.
        if nested and not connection.needs_rollback:
            _tell(before.settings() if before else _NOBODY, afresh=False)


@contextmanager
def scope(actor: Actor, *, changing: bool = False, reason: str = "") -> Iterator[Actor]:
    """A transaction in which the database knows `actor`; raises OutOfScope when it would change tenant midway."""
    outer = _current.get()
    if outer and connection.in_atomic_block and (outer.actor.tenant, outer.actor.cdmos) != (actor.tenant, actor.cdmos):
        raise OutOfScope("One transaction acts for one sponsor and one partner; end this one first.")
    afresh = not connection.in_atomic_block
    with forgetful_transaction():
        fresh = Told(actor, changing, reason)
        _tell(fresh.settings(), afresh=afresh)
        remember(fresh)
        yield actor


def remember(fresh: Told) -> None:
    """Note for Python what the database of this transaction was already told."""
    _current.set(fresh)


def _tell(values: tuple[str, ...], *, afresh: bool) -> None:
    """One message. A transaction begun afresh knows nothing yet, so that what is empty need not be said."""
    said = [(name, value) for name, value in zip(SETTINGS, values, strict=True) if value or not afresh]
    with connection.cursor() as cursor:
        cursor.execute("; ".join(f"SET LOCAL app.{name} = %s" for name, _ in said), [value for _, value in said])
